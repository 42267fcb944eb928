// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/detectors/detectorrun.h"
#include "widgets/controls/statusbadge.h"

#include <QObject>
#include <QString>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// What the user wants to know of detectors.
struct DetectorsChoices {
    bool hasSqueezing = true, hasCurvature = false;
    std::string squeezers; ///< a published configuration or squeezers by name; empty: the published ones for the model's images
    double falsePositiveRate = 0.05;
    int clean = 1000;      ///< images that choose the thresholds, and as many others that are counted
    int attacked = 50;
    bool hasPublished = true, hasDdn = true, hasFmn = false; ///< attacks
    bool isAdaptive = true;

    bool operator==(const DetectorsChoices&) const = default;
};
/// For a model whose images have this shape. @throws Error(Usage|Domain) where the squeezers are none.
[[nodiscard]] DetectorRunRequest detectorsRequest(const DetectorsChoices& choices, int channels, int height, std::uint64_t seed);

/// What was found, and what it was asked with.
struct KeptDetectors {
    std::shared_ptr<const DetectorSurvey> survey; ///< null: none
    std::shared_ptr<const DetectorSummary> summary; ///< null: too few images
    DetectorsChoices asked;
};

/// The single truth about detectors: choices, what is known of each model on the open set, and what is being computed.
class DetectorsDesk : public QObject {
    Q_OBJECT
public:
    explicit DetectorsDesk(QObject* parent = nullptr) : QObject(parent) {}

    [[nodiscard]] const DetectorsChoices& choices() const { return m_choices; }
    void setChoices(const DetectorsChoices& choices);
    /// Of this model; empty where nothing is known.
    [[nodiscard]] const KeptDetectors& of(const std::string& modelSha256) const;
    void keep(const std::string& modelSha256, KeptDetectors kept);
    void forgetAll();
    [[nodiscard]] const std::map<std::string, KeptDetectors>& all() const { return m_kept; } ///< by SHA-256 of the model

    /// SHA-256 of the model being looked at; empty: none.
    [[nodiscard]] const std::string& running() const { return m_running; }
    void setRunning(const std::string& modelSha256);
    [[nodiscard]] QString failure(const std::string& modelSha256) const;
    void setFailure(const std::string& modelSha256, const QString& sentence);
    [[nodiscard]] ViewState state(const std::string& modelSha256) const;

Q_SIGNALS:
    void changed();
    void resultsChanged();

private:
    DetectorsChoices m_choices;
    std::map<std::string, KeptDetectors> m_kept;
    std::string m_running, m_failed;
    QString m_failure;
};

} // namespace brink
