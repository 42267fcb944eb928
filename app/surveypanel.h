// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/surveytext.h"

#include <QStringList>
#include <QWidget>

#include <memory>
#include <utility>
#include <vector>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QPushButton;
class QSpinBox;
class QStackedWidget;

namespace brink {

class FigurePane;
class Segmented;

/// What a survey panel shows.
struct SurveyView {
    SurveyChoices choices;
    ModelSurveys surveys;                            ///< of the current model
    std::shared_ptr<const CurvatureSurvey> beside;   ///< of the second model; null: none, or not measured
    ViewState state = ViewState::Empty;
    QString failure;
    bool canStart = false;
    std::vector<std::pair<std::string, QString>> models; ///< that can stand beside the current one: SHA-256 and name
};

/// One kind of survey: its figures, what was found, and the images, one at a time.
class SurveyPage : public QWidget {
    Q_OBJECT
public:
    explicit SurveyPage(SurveyKind kind, QWidget* parent = nullptr);

    void showSurveys(const SurveyView& view);
    [[nodiscard]] const std::vector<FigurePane*>& panes() const { return m_panes; }
    [[nodiscard]] StatementList* findings() const { return m_findings; }
    [[nodiscard]] ResultTable* images() const { return m_images; }
    /// Figures first, then the findings, then the images.
    [[nodiscard]] int shown() const;
    void showPart(int index);

Q_SIGNALS:
    void surveyWanted();
    void imagePicked(const brink::SurveyPick& pick);
    void partShown();

private:
    SurveyKind m_kind;
    std::vector<FigurePane*> m_panes;
    StatementList* m_findings;
    ResultTable* m_images;
    Segmented* m_switch;
    QStackedWidget* m_parts;
};

/// What holds over many images of the set: curvature, connected regions, detection.
class SurveyPanel : public QWidget {
    Q_OBJECT
public:
    explicit SurveyPanel(QWidget* parent = nullptr);

    /// Emits nothing.
    void showSurveys(const SurveyView& view);
    [[nodiscard]] SurveyPage* page(SurveyKind kind) const { return m_pages[std::size_t(kind)]; }
    /// Puts it in sight within its kind; nothing for a figure of somebody else's.
    void showFigure(const std::string& name);
    /// Of all kinds.
    [[nodiscard]] std::vector<FigurePane*> panes() const;

Q_SIGNALS:
    /// @param field equal ones in a row are one step to take back; empty: never.
    void choicesEdited(const brink::SurveyChoices& choices, const QString& field);
    void surveyWanted();
    void stopWanted();
    void imagePicked(const brink::SurveyPick& pick);

private:
    QWidget* makeChoiceRow();
    QWidget* makeScaleRow();
    QWidget* makeRunRow();
    void connectControls();
    void showModels(const SurveyView& view);
    void edit(const SurveyChoices& choices, const QString& field);

    SurveyView m_view;
    Segmented* m_kind;
    QSpinBox* m_images;
    QCheckBox* m_rightOnly;
    QSpinBox* m_pairs;
    QDoubleSpinBox* m_step;
    QCheckBox* m_full;
    QWidget* m_scaleRow = nullptr;
    QComboBox* m_beside;
    QWidget* m_pairsRow = nullptr;
    QWidget* m_besideRow = nullptr;
    QPushButton* m_measure;
    QPushButton* m_stop;
    StatusBadge* m_state;
    std::vector<SurveyPage*> m_pages;
    QStackedWidget* m_stack;
};

} // namespace brink
