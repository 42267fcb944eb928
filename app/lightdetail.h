// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/diagnosis/diagnosis.h"
#include "widgets/controls/statusbadge.h"

#include <QWidget>

#include <memory>
#include <string>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace brink {

class FigurePane;

/// One light in full: its finding, what it may follow from, the remedy with the buttons that start it, the images it is about, the
/// evidence, and who asks for the check.
class LightDetail : public QWidget {
    Q_OBJECT
public:
    explicit LightDetail(QWidget* parent = nullptr);

    /// @param diagnosis null while nothing was found. @param usesBpda the model is loaded with it already.
    void showLight(const std::shared_ptr<const Diagnosis>& diagnosis, const std::string& code, ViewState state, bool usesBpda);
    [[nodiscard]] FigurePane* pane() const { return m_pane; }

Q_SIGNALS:
    /// Put this attack under scrutiny.
    void attackWanted(const brink::AttackRequest& attack);
    /// Load the model with gradients through closed steps.
    void bpdaWanted();
    /// Use this attack on the chosen image.
    void inspectWanted(const brink::AttackRequest& attack);
    /// Show this light instead.
    void causeWanted(const std::string& code);
    void imagePicked(qint64 index);

private:
    void addHead(QVBoxLayout* layout);
    void addRemedy(QVBoxLayout* layout);
    void connectButtons();
    [[nodiscard]] const Light* light() const;
    void showFinding(const LightInfo& info);
    void showRemedy(bool isRunning, bool usesBpda);

    std::shared_ptr<const Diagnosis> m_diagnosis; ///< of the figure in sight
    std::string m_code;
    QLabel* m_title;
    StatusBadge* m_grade;
    QLabel* m_finding;
    QPushButton* m_cause;
    QWidget* m_remedy = nullptr;
    QLabel* m_remedyText = nullptr;
    QPushButton* m_try = nullptr;
    QPushButton* m_bpda = nullptr;
    QPushButton* m_inspect = nullptr;
    QLabel* m_links;
    QLabel* m_source;
    FigurePane* m_pane;
};

} // namespace brink
