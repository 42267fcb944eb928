// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

class QStackedWidget;
class QTabBar;

namespace brink {

/// How far numbers about the current model can be trusted, one page a question. Pages are the caller's.
class TrustWorkspace : public QWidget {
    Q_OBJECT
public:
    explicit TrustWorkspace(QWidget* parent = nullptr);

    /// @param name not translated: "diagnosis".
    void addPage(const QString& name, const QString& title, const QString& toolTip, QWidget* page);
    /// Name of the one in sight; empty without pages.
    [[nodiscard]] QString page() const;
    [[nodiscard]] QWidget* currentPage() const;
    /// Nothing where there is none of this name.
    void showPage(const QString& name);

Q_SIGNALS:
    void pageShown(const QString& name);

private:
    QTabBar* m_tabs;
    QStackedWidget* m_pages;
    QStringList m_names;
};

} // namespace brink
