// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/params/params.h"

#include <QStringList>
#include <QWidget>

#include <map>
#include <string>

class QFormLayout;
class QLabel;
class QLineEdit;

namespace brink {

/// As ParamForm, but every parameter may have several values, "10, 30, 50", for studies that try them all. What cannot be used
/// is marked where it is typed, with the reason.
class ListParamForm : public QWidget {
    Q_OBJECT
public:
    explicit ListParamForm(QWidget* parent = nullptr);

    /// @param standard values of parameters that are not in `texts`. @param texts by key, as typed. Emits nothing.
    void setParams(const Params& standard, const std::map<std::string, QString>& texts);
    /// What differs from the standard values, as typed.
    [[nodiscard]] const std::map<std::string, QString>& texts() const { return m_texts; }
    [[nodiscard]] bool isValid() const { return m_errors.empty(); }
    [[nodiscard]] QLineEdit* editor(const std::string& key) const; ///< null for an unknown key
    [[nodiscard]] QString error(const std::string& key) const;

Q_SIGNALS:
    void edited();

private:
    void addRow(const ParamSpec& spec);
    void edit(const ParamSpec& spec, const QString& text);
    void showError(const std::string& key, const QString& message);

    Params m_standard;
    std::map<std::string, QString> m_texts;
    std::map<std::string, QString> m_errors;
    std::map<std::string, QLineEdit*> m_editors;
    std::map<std::string, QLabel*> m_errorLabels;
    QFormLayout* m_layout;
};

/// The values of a list as typed: split at commas, spaces around them taken off, each checked by `params`.
/// @throws Error(Usage|Domain) naming what is wrong.
[[nodiscard]] QStringList listValues(const Params& params, const std::string& key, const QString& text);

} // namespace brink
