// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/diagnosis/diagnosis.h"
#include "widgets/controls/statusbadge.h"

#include <QWidget>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

class QAction;
class QComboBox;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QToolButton;

namespace brink {

class ElidedLabel;
class EmptyPage;
class FigurePane;
class FormArea;
class LightDetail;
class LightList;
class ParamForm;

/// What the user chose to look at.
struct DiagnosisChoices {
    AttackRequest attack;             ///< under scrutiny
    int images = 24;                  ///< the first so many of the set that the model classifies right
    Preset preset = Preset::Preview;  ///< effort of the attacks it is held against
    std::string surrogate{};          ///< path of the model whose images are tried, too; empty: none
    int cleverImages = 0;             ///< CLEVER is held against attacks on so many images
};
[[nodiscard]] bool asksTheSame(const DiagnosisChoices& one, const DiagnosisChoices& other);

/// What the panel shows.
struct DiagnosisView {
    DiagnosisChoices choices;
    std::shared_ptr<const Diagnosis> diagnosis; ///< null: none yet
    ViewState state = ViewState::Empty;
    QString failure;
    QString model;                              ///< name; empty: none
    bool hasImages = false;
    bool usesBpda = false;
    std::vector<std::pair<std::string, QString>> others{}; ///< path and name of the other open models that take the same images
};

/// Traffic lights about a model and an attack on it: a list from cause to consequence, and of the chosen light the evidence and
/// what to do about it.
class DiagnosisPanel : public QWidget {
    Q_OBJECT
public:
    explicit DiagnosisPanel(QWidget* parent = nullptr);

    void showView(const DiagnosisView& view);
    [[nodiscard]] LightList* list() const { return m_list; }
    [[nodiscard]] FigurePane* pane() const; ///< of the evidence
    /// The light whose evidence is in sight.
    [[nodiscard]] std::string light() const;
    void showLight(const std::string& code);

Q_SIGNALS:
    void choicesEdited(const brink::DiagnosisChoices& choices);
    void diagnoseWanted();
    void stopWanted();
    /// Put this attack under scrutiny.
    void attackWanted(const brink::AttackRequest& attack);
    /// Load the model with gradients through closed steps.
    void bpdaWanted();
    /// Use this attack on the chosen image.
    void inspectWanted(const brink::AttackRequest& attack);
    void imagePicked(qint64 index);

private:
    QWidget* makeForm();
    QWidget* makeChoiceRow();
    QWidget* makeRunRow();
    void connectControls();
    void edit(const std::function<void(DiagnosisChoices&)>& change);
    void showChoices();
    void showMore();
    void showDetail();

    DiagnosisView m_view;
    QAction* m_start;
    QComboBox* m_attack;
    ElidedLabel* m_summary;
    QToolButton* m_parameters;
    QSpinBox* m_images;
    QComboBox* m_effort;
    QWidget* m_runRow = nullptr;
    QPushButton* m_diagnose;
    QPushButton* m_stop;
    StatusBadge* m_state;
    ElidedLabel* m_headline;
    EmptyPage* m_empty = nullptr;
    QStackedWidget* m_stack;
    ParamForm* m_form = nullptr;
    QComboBox* m_surrogate = nullptr;
    QSpinBox* m_clever = nullptr;
    FormArea* m_formArea = nullptr;
    LightList* m_list;
    LightDetail* m_detail;
};

} // namespace brink
