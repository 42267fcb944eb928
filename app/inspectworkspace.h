// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session.h"

#include <QWidget>

#include <string>
#include <vector>

class QCheckBox;
class QLabel;
class QTimer;
class QToolButton;

namespace brink {

class ElidedLabel;
class FigurePane;
class ImageCompare;
class ResultTable;
class Segmented;
class StatusBadge;
class StepScrubber;
class WhatIfButton;

/// One image at a glance: comparison and class bars, the distance ladder, the CLEVER fit, the
/// attack trace and the tables.
class InspectWorkspace : public QWidget {
    Q_OBJECT
public:
    explicit InspectWorkspace(QWidget* parent = nullptr);

    /// Shows what the session holds; cheap when little changed. The user's zoom and selection stay.
    void showSession(const Session& session);
    /// All figures, for menus and tests.
    [[nodiscard]] const std::vector<FigurePane*>& panes() const { return m_panes; }
    [[nodiscard]] ImageCompare* images() const { return m_compare; }

Q_SIGNALS:
    void readoutChanged(const QString& text);
    void exportRequested(const std::string& figure);
    void copyRequested(const std::string& figure);
    void targetPicked(qint64 target);
    void attackPicked(const QString& name);
    /// Of the trace shown; -1: the image that was kept.
    void stepPicked(int step);
    void penaltyPicked(bool isOn);
    void whatIfPicked(const brink::WhatIf& whatIf);
    /// The user asks why an order on the ladder does not hold.
    void diagnosisWanted();

private:
    QWidget* makeHeadline();
    QWidget* makeTop();
    FigurePane* makeWeibull();
    FigurePane* makeTrace();
    FigurePane* makeCost();
    void addPanelChoice(FigurePane* pane, const std::vector<std::string>& panels, const QStringList& labels, const QStringList& toolTips);
    QWidget* makeScores();
    QWidget* makeTables();
    FigurePane* addPane(const char* name, const QString& title, const QString& emptyText);
    void showState(const Session& session);
    void showStep(const Session& session);
    void showFigures(const Session& session);
    void refreshNextPane();
    void showTables(const Session& session);

    QLabel* m_headline = nullptr;
    StatusBadge* m_state = nullptr;
    ImageCompare* m_compare = nullptr;
    std::vector<FigurePane*> m_panes;
    FigurePane* m_ladder = nullptr;
    FigurePane* m_weibull = nullptr;
    FigurePane* m_trace = nullptr;
    ResultTable* m_targets = nullptr;
    ResultTable* m_attacks = nullptr;
    ElidedLabel* m_note = nullptr;
    StepScrubber* m_scrubber = nullptr;
    QCheckBox* m_penalty = nullptr;
    WhatIfButton* m_whatIf = nullptr;
    QToolButton* m_diagnose = nullptr; ///< there while an alarm is
    QTimer* m_refresh = nullptr;
    std::vector<FigurePane*> m_stalePanes; ///< still to be drawn anew
    std::shared_ptr<const InspectResult> m_shownResult;
    ResultState m_shownState = ResultState::None;
    FigureSelection m_shownSelection;
};

} // namespace brink
