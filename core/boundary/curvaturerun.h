// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/boundary/curvaturesurvey.h"
#include "core/boundary/surveyimages.h"

namespace brink {

struct CurvatureRunRequest {
    CurvatureRequest curvature;       ///< its seed is replaced by one an image
    std::string attack = "deepfool";  ///< what finds the boundary
    int subspace = 10;                ///< shared directions kept and compared on held-out images; 0: none
    int noiseDraws = 10;              ///< of noise an image, kind and norm; 0: none
    std::uint64_t seed = 1;
};

/// A survey of curvature in steps, for whoever spreads them over threads: measure() every image, endMeasuring(), test() every
/// held-out image, endTesting(). What comes out does not depend on the order within a step.
class CurvatureRun {
public:
    CurvatureRun(std::shared_ptr<const Classifier> model, SurveyImages images, const CurvatureRunRequest& request);

    [[nodiscard]] std::int64_t images() const { return std::int64_t(m_images.indices.size()); }
    /// Each unit once, from any thread. A unit that is stopped leaves nothing: what is half done would bend the averages.
    void measure(std::int64_t unit, Monitor& monitor);
    /// What measure() gave, null where it was stopped; and put back into a run with the same request, instead of measuring.
    [[nodiscard]] const SurveyImage* measured(std::int64_t unit) const;
    void restore(std::int64_t unit, SurveyImage image) { m_survey.images[std::size_t(unit)] = std::move(image); }
    /// Unless stopped, every second image chooses shared directions. @return the held-out images, to be tested.
    std::int64_t endMeasuring(bool wasStopped);
    void test(std::int64_t unit, Monitor& monitor);
    void endTesting(bool wasStopped);

    /// Images that are measured so far; call it between steps, or between units when none runs.
    [[nodiscard]] CurvatureSurvey measuredSoFar() const;
    [[nodiscard]] const CurvatureSurvey& survey() const { return m_survey; }

private:
    [[nodiscard]] bool shareDirectionsOfImages();
    void chooseNoiseNorms();
    void warnOfImages();

    std::shared_ptr<const Classifier> m_model;
    SurveyImages m_images;
    CurvatureRunRequest m_request;
    CurvatureSurvey m_survey;
    std::vector<std::size_t> m_heldOut; ///< places in the survey
};

/// All steps, with the help of threads that are free. @param publish gets what is measured every few images, from the worker thread.
[[nodiscard]] CurvatureSurvey surveyCurvature(std::shared_ptr<const Classifier> model, SurveyImages images, const CurvatureRunRequest& request,
    Monitor& monitor, const std::function<void(std::shared_ptr<const CurvatureSurvey>)>& publish = {});

} // namespace brink
