// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/studydrawing.h"

#include <QWidget>

#include <string>
#include <vector>

namespace brink {

class FigurePane;
class ResultTable;

/// Certified radii of the models of a study: a table of them, and how much accuracy is proved below what the attacks leave.
class StudyCertifiedPage : public QWidget {
    Q_OBJECT
public:
    explicit StudyCertifiedPage(QWidget* parent = nullptr);

    /// @param picked models by name; only they are drawn.
    void showDrawing(const StudyDrawing& drawing, const std::vector<std::string>& picked);
    [[nodiscard]] ResultTable* table() const { return m_table; }
    [[nodiscard]] FigurePane* pane() const { return m_pane; }

Q_SIGNALS:
    void modelsPicked(const QStringList& names);
    void readoutChanged(const QString& text);
    void exportRequested(const std::string& figure);
    void copyRequested(const std::string& figure);

private:
    ResultTable* m_table;
    FigurePane* m_pane;
};

} // namespace brink
