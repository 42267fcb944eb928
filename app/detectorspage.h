// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/detectorsdesk.h"
#include "app/detectorstext.h"
#include "core/figure/figure.h"

#include <QWidget>

#include <optional>
#include <vector>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QStackedWidget;

namespace brink {

class FigurePane;
class Segmented;
class StatementList;

/// What the page of detectors shows.
struct DetectorsPageView {
    DetectorsChoices choices;
    std::shared_ptr<const DetectorSurvey> survey;
    std::shared_ptr<const DetectorSummary> summary;
    ViewState state = ViewState::Empty;
    QString failure;
    QString whyNot; ///< why nothing can be started; empty: it can
    QString published; ///< the configuration for the model's images, "MNIST"
};

/// Detectors of perturbed images side by side: choices above, figures left, rates and findings right.
class DetectorsPage : public QWidget {
    Q_OBJECT
public:
    explicit DetectorsPage(QWidget* parent = nullptr);

    /// Emits nothing.
    void showView(const DetectorsPageView& view);
    /// ROC, rates, squeezed images.
    [[nodiscard]] const std::vector<FigurePane*>& panes() const { return m_panes; }
    [[nodiscard]] ResultTable* table() const { return m_table; }
    [[nodiscard]] StatementList* findings() const { return m_findings; }
    [[nodiscard]] QComboBox* images() const { return m_image; }
    void showPart(int index);
    [[nodiscard]] QPushButton* runButton() const { return m_run; }
    [[nodiscard]] QPushButton* stopButton() const { return m_stop; }

Q_SIGNALS:
    void choicesEdited(const brink::DetectorsChoices& choices);
    void runWanted();
    void stopWanted();
    void imageOpened(qint64 index); ///< in Inspect
    void readoutChanged(const QString& text);
    void exportRequested(const std::string& figure);
    void copyRequested(const std::string& figure);

private:
    QWidget* makeDetectorRow();
    QWidget* makeImageRow();
    QWidget* makeRunRow();
    QWidget* makeFigures();
    QWidget* makeNumbers();
    void connectControls();
    void edit(const DetectorsChoices& choices);
    void showChoices();
    void showResults();
    void showImages();
    void showFigures();
    [[nodiscard]] std::optional<Figure> figure(std::size_t place) const;
    [[nodiscard]] DetectorPick pick() const;

    DetectorsPageView m_view;
    QCheckBox *m_squeezing, *m_curvature;
    QComboBox* m_squeezers;
    QDoubleSpinBox* m_rate;
    QSpinBox *m_clean, *m_attacked;
    QCheckBox *m_published, *m_ddn, *m_fmn, *m_adaptive;
    QPushButton *m_run, *m_stop;
    StatusBadge* m_state;
    QLabel* m_reason;
    Segmented* m_switch = nullptr;
    QStackedWidget* m_parts = nullptr;
    std::vector<FigurePane*> m_panes;
    QComboBox* m_image = nullptr; ///< whose squeezed images are shown
    QPushButton* m_open = nullptr;
    ResultTable* m_table = nullptr;
    StatementList* m_findings = nullptr;
};

} // namespace brink
