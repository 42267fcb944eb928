// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/studydraft.h"

#include <QList>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QSpinBox;

namespace brink {

class ListParamForm;

/// Edits one entry of a study: what it is, norm, targets, parameters with lists, how many images, transfer.
class AnalysisForm : public QWidget {
    Q_OBJECT
public:
    explicit AnalysisForm(QWidget* parent = nullptr);

    /// Emits nothing.
    void setDraft(const AnalysisDraft& draft);
    [[nodiscard]] const AnalysisDraft& draft() const { return m_draft; }
    /// Why the entry cannot be used, one sentence; empty when it can.
    [[nodiscard]] QString problem() const;
    [[nodiscard]] ListParamForm* parameters() const { return m_parameters; }

Q_SIGNALS:
    void edited(const brink::AnalysisDraft& draft);

private:
    void fillKinds();
    void showDraft();
    void pickKind(const std::string& attack, const std::string& boundary);
    void takeTargets();
    void publish();

    AnalysisDraft m_draft;
    QComboBox* m_kind;
    QComboBox* m_norm;
    QComboBox* m_preset;
    QList<QCheckBox*> m_targets;
    QLabel* m_targetProblem;
    QSpinBox* m_images;
    QCheckBox* m_transfers;
    ListParamForm* m_parameters;
};

} // namespace brink
