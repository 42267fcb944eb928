// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/params/params.h"

#include <QWidget>

#include <map>

class QFormLayout;
class QLabel;
class QToolButton;

namespace brink {

/// A form made from parameter specifications: one row a parameter with label, editor and unit, the help as tool tip.
/// A value that cannot be used is marked where it is typed, with the reason; params() keeps the last good values.
class ParamForm : public QWidget {
    Q_OBJECT
public:
    explicit ParamForm(QWidget* parent = nullptr);

    /// Shows these values; builds the rows anew only when the parameters are others. Emits nothing.
    /// @param standard what a parameter can be reset to; those of other keys, and all without it, cannot.
    void setParams(const Params& params, const Params& standard = {});
    /// The button that resets a parameter, for tests; shown while its value is another.
    [[nodiscard]] QWidget* resetButton(const std::string& key) const;
    [[nodiscard]] const Params& params() const { return m_params; }
    [[nodiscard]] bool isValid() const { return m_errors.empty(); }
    /// The editor of a parameter, for tests and for keyboard focus; null for an unknown key.
    [[nodiscard]] QWidget* editor(const std::string& key) const;

Q_SIGNALS:
    void paramsEdited(const brink::Params& params);
    void validityChanged(bool isValid);

private:
    void rebuild();
    QWidget* makeEditor(const ParamSpec& spec);
    QWidget* makeChoice(const ParamSpec& spec);
    QWidget* makeSwitch(const ParamSpec& spec);
    QWidget* makeEntry(const ParamSpec& spec);
    void addRow(const ParamSpec& spec);
    void showValue(const ParamSpec& spec);
    void showReset(const ParamSpec& spec);
    void reset(const ParamSpec& spec);
    QToolButton* makeReset(const ParamSpec& spec);
    void retint();
    void changeEvent(QEvent* event) override;
    [[nodiscard]] QString toolTipOf(const ParamSpec& spec) const;
    void showError(const std::string& key, const QString& message);
    void editText(const ParamSpec& spec, const QString& text);
    void edit(const std::string& key, const ParamValue& value);

    Params m_params;
    Params m_standard;
    QFormLayout* m_layout = nullptr;
    std::map<std::string, QWidget*> m_editors;
    std::map<std::string, QLabel*> m_errorLabels;
    std::map<std::string, QToolButton*> m_resets;
    std::map<std::string, QString> m_errors;
};

} // namespace brink
