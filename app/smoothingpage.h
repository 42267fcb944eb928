// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/smoothing/smoothing.h"
#include "widgets/controls/statusbadge.h"

#include <QWidget>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace brink {

class FigurePane;
class ResultTable;

/// What the user wants to know of the smoothed model.
struct SmoothingChoices {
    std::string sigmas = "0.12, 0.25"; ///< as typed; each is a classifier of its own
    int images = 20;
    int samples = 1000;
    int selection = 100;
    double alpha = 0.001;

    bool operator==(const SmoothingChoices&) const = default;
};
/// One request a sigma. @throws Error(Usage|Domain) for what is no list of standard deviations.
[[nodiscard]] std::vector<SmoothingRequest> smoothingRequests(const SmoothingChoices& choices, std::uint64_t seed);

/// What the page shows.
struct SmoothingPageView {
    SmoothingChoices choices;
    std::shared_ptr<const std::vector<SmoothingSurvey>> surveys; ///< one a sigma; null: none
    ViewState state = ViewState::Empty;
    QString failure;
    QString whyNot; ///< why nothing can be started; empty: it can
    std::function<QString(std::int64_t)> className; ///< of the model; empty: numbers
};

/// Certified accuracy of the current model smoothed by Gaussian noise: choices above, the curve left, sigmas and images right.
class SmoothingPage : public QWidget {
    Q_OBJECT
public:
    explicit SmoothingPage(QWidget* parent = nullptr);

    /// Emits nothing.
    void showView(const SmoothingPageView& view);
    [[nodiscard]] FigurePane* pane() const { return m_pane; }
    [[nodiscard]] ResultTable* sigmas() const { return m_sigmas; }
    [[nodiscard]] ResultTable* images() const { return m_images; }
    [[nodiscard]] QPushButton* runButton() const { return m_run; }
    [[nodiscard]] QPushButton* stopButton() const { return m_stop; }

Q_SIGNALS:
    void choicesEdited(const brink::SmoothingChoices& choices);
    void runWanted();
    void stopWanted();
    void imageOpened(qint64 index); ///< in Inspect
    void readoutChanged(const QString& text);
    void exportRequested(const std::string& figure);
    void copyRequested(const std::string& figure);

private:
    QWidget* makeChoices();
    QWidget* makeTables();
    void edit();
    void showChoices();
    void showResults();
    void showImages();

    SmoothingPageView m_view;
    QLineEdit* m_sigma;
    QSpinBox *m_count, *m_samples, *m_selection;
    QDoubleSpinBox* m_alpha;
    QPushButton *m_run, *m_stop;
    StatusBadge* m_state;
    QLabel* m_reason;
    FigurePane* m_pane;
    ResultTable* m_sigmas = nullptr;
    ResultTable* m_images = nullptr;
};

} // namespace brink
