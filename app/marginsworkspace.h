// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/margindrawing.h"
#include "app/studyheader.h"
#include "app/studyview.h"
#include "core/margins/pseudomargin.h"

#include <QByteArray>
#include <QWidget>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSlider;
class QSplitter;
class QStackedLayout;

namespace brink {

class ElidedLabel;
class FigurePane;
class MarginThreshold;
class ResultTable;
class Segmented;
class StackedPanes;
class StudyDesk;

/// Whether a model's output knows how close its images are to another class (Ngnawé et al. 2024): input margin against logit margin,
/// how well a threshold finds the images that a budget breaks, and those images.
class MarginsWorkspace : public QWidget {
    Q_OBJECT
public:
    explicit MarginsWorkspace(const StudyActions& actions, QWidget* parent = nullptr);

    void showDesk(const StudyDesk& desk);
    void showDrawing(MarginDrawing drawing);
    [[nodiscard]] const MarginDrawing& drawing() const { return m_drawing; }
    [[nodiscard]] const std::array<FigurePane*, 3>& panes() const { return m_panes; }
    [[nodiscard]] FigurePane* learnedPane() const { return m_learned; }
    /// The pseudo-margin that was learned; absent: none yet for what is shown. While one is being learned nothing else can be started.
    void showLearned(const std::optional<Figure>& figure, const QString& sentence, bool isLearning);
    [[nodiscard]] ResultTable* table() const { return m_table; }
    [[nodiscard]] MarginThreshold* threshold() const { return m_threshold; }
    [[nodiscard]] QByteArray splits() const;
    void setSplits(const QByteArray& splits);

Q_SIGNALS:
    void viewEdited(const brink::StudyView& view);
    /// Learn the input margin of the model from features or logits.
    void learningWanted(int model, brink::PseudoMarginInput input);
    /// The image shall be seen in Inspect, under the model; both are places in the study.
    void imageOpened(int model, int image);
    void readoutChanged(const QString& text);
    void exportRequested(const std::string& figure);
    void copyRequested(const std::string& figure);

private:
    QWidget* makeFigures();
    QWidget* makeSide();
    QWidget* makeChoices();
    QWidget* makeBudget();
    FigurePane* makeLearned();
    void connectPane(FigurePane* pane);
    void edit(const std::function<void(StudyView&)>& change);
    void showModels(const StudyDesk& desk);
    void showAttacks(const StudyDesk& desk);
    void showBudget();
    void showTable();
    void showEmptyText();
    void pickRow(const QString& key);

    StudyView m_view;
    MarginDrawing m_drawing;
    QStackedLayout* m_stack;
    StudyHeader* m_header;
    QSplitter* m_columns = nullptr;
    QSplitter* m_rows = nullptr;
    QComboBox* m_model = nullptr;
    QComboBox* m_attack = nullptr;
    QComboBox* m_score = nullptr;
    Segmented* m_norm = nullptr;
    QSlider* m_eps = nullptr;
    QDoubleSpinBox* m_epsValue = nullptr;
    QCheckBox* m_correctOnly = nullptr;
    ElidedLabel* m_countsLabel = nullptr;
    std::array<FigurePane*, 3> m_panes{};     ///< as marginFigureNames()
    FigurePane* m_learned = nullptr;
    StackedPanes* m_overview = nullptr;       ///< all models, or what was learned for one
    Segmented* m_learnFrom = nullptr;
    QPushButton* m_learn = nullptr;
    bool m_isLearning = false;
    ResultTable* m_table = nullptr;
    QLabel* m_tableTitle = nullptr;
    MarginThreshold* m_threshold = nullptr;
};

} // namespace brink
