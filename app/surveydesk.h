// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/boundary/curvaturesurvey.h"
#include "core/boundary/detection.h"
#include "core/boundary/pathpairs.h"
#include "widgets/controls/statusbadge.h"

#include <QObject>
#include <QString>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace brink {

/// What is asked about many images.
enum class SurveyKind { Curvature, Regions, Detection };
inline constexpr std::array surveyKinds{SurveyKind::Curvature, SurveyKind::Regions, SurveyKind::Detection};

/// Scales of the differences that make sense, as parts of the distance to the boundary.
inline constexpr double leastSurveyStep = 0.001, mostSurveyStep = 10;

/// What the user chose to survey.
struct SurveyChoices {
    SurveyKind kind = SurveyKind::Curvature;
    int images = 50;                       ///< the first so many of the set that enter
    bool onlyRight = true;                 ///< classified as labelled
    int pairs = 50;                        ///< Regions: paths that are looked for
    double step = CurvatureRequest().step; ///< Curvature: scale of the differences, as a part of the distance to the boundary
    bool isFull = false;                   ///< Curvature: all principal curvatures instead of both ends
    std::string beside;                    ///< Curvature: SHA-256 of the model whose profile is drawn over the current one's; empty: none

    bool operator==(const SurveyChoices&) const = default;
};

/// A survey and what it was asked with.
template <typename Survey> struct KeptSurvey {
    std::shared_ptr<const Survey> survey; ///< null: none
    SurveyChoices asked;
};

/// What is known of one model on the open set.
struct ModelSurveys {
    KeptSurvey<CurvatureSurvey> curvature;
    KeptSurvey<RegionSurvey> regions;
    KeptSurvey<DetectionSurvey> detection;
};

/// Whether an answer to one question is one to the other: the other kinds' settings do not count, nor does the second model.
[[nodiscard]] bool asksTheSame(const SurveyChoices& one, const SurveyChoices& other, SurveyKind kind);

/// The single truth about surveys over many images: what is known of each model, and what is being computed. Everything is about
/// one set; another one begins empty.
class SurveyDesk : public QObject {
    Q_OBJECT
public:
    explicit SurveyDesk(QObject* parent = nullptr) : QObject(parent) {}

    /// Of this model; empty where nothing is known.
    [[nodiscard]] const ModelSurveys& of(const std::string& modelSha256) const;
    template <typename Survey> void keep(const std::string& modelSha256, KeptSurvey<Survey> ModelSurveys::*part, KeptSurvey<Survey> survey)
    {
        m_surveys[modelSha256].*part = std::move(survey);
        Q_EMIT changed();
    }
    void forgetAll();

    /// The one being computed.
    struct Running {
        std::string modelSha256;
        SurveyKind kind = SurveyKind::Curvature;
        bool operator==(const Running&) const = default;
    };
    [[nodiscard]] const std::optional<Running>& running() const { return m_running; }
    void setRunning(std::optional<Running> running);
    /// Why the last one of this model and kind did not end; empty: it did.
    [[nodiscard]] QString failure(const Running& what) const;
    void setFailure(const Running& what, const QString& sentence);

    /// How the answer to these choices stands.
    [[nodiscard]] ViewState state(const std::string& modelSha256, const SurveyChoices& choices) const;

Q_SIGNALS:
    void changed();

private:
    std::map<std::string, ModelSurveys> m_surveys; ///< by model
    std::optional<Running> m_running;
    std::optional<Running> m_failed;
    QString m_failure;
};

} // namespace brink
