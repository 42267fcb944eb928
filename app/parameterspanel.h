// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/analysissettings.h"

#include <QWidget>

#include <vector>

class QCheckBox;
class QComboBox;
class QPushButton;
class QSpinBox;
class QToolButton;
class QVBoxLayout;

namespace brink {

class ParamForm;

/// The Parameters dock: preset, CLEVER, and the attacks of the norm, each with its own parameters to unfold.
class ParametersPanel : public QWidget {
    Q_OBJECT
public:
    explicit ParametersPanel(QWidget* parent = nullptr);

    /// Emits nothing.
    void setSettings(const AnalysisSettings& settings);

Q_SIGNALS:
    void settingsEdited(const brink::AnalysisSettings& settings);
    void presetPicked(brink::Preset preset);
    /// False while a value that cannot be used is typed: Run has to wait.
    void validityChanged(bool isValid);

private:
    struct AttackRow {
        QCheckBox* box = nullptr;
        QToolButton* unfold = nullptr;
        ParamForm* form = nullptr;
    };
    void buildHeader(QVBoxLayout* layout);
    void buildBound(QVBoxLayout* layout);
    void buildClever(QVBoxLayout* layout);
    void buildOthers(QVBoxLayout* layout);
    void rebuildAttacks();
    AttackRow makeAttackRow(std::size_t index);
    void publish();
    void showValidity();

    AnalysisSettings m_settings;
    QComboBox* m_preset = nullptr;
    QPushButton* m_reset = nullptr;
    QCheckBox* m_computesBound = nullptr;
    ParamForm* m_bound = nullptr;
    QCheckBox* m_computesClever = nullptr;
    ParamForm* m_clever = nullptr;
    QVBoxLayout* m_attackLayout = nullptr;
    std::vector<AttackRow> m_attackRows;
    QSpinBox* m_directions = nullptr;
    QSpinBox* m_seed = nullptr;
    bool m_wasValid = true;
};

} // namespace brink
