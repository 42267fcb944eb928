// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monitor.h"
#include "core/boundary/surveyimages.h"
#include "core/certify/certify.h"
#include "core/params/params.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// What the analysis "certified" of a study asks for.
struct CertificationRequest {
    Norm norm = Norm::Linf;
    CertifyMethod method = CertifyMethod::Crown;
    double tolerance = 0.01; ///< relative, of the radius
    int iterations = 20;     ///< of alpha-CROWN
    std::int64_t domains = 1000; ///< of beta-CROWN, a ball
};
/// Norm, method, tolerance, iterations and domains.
[[nodiscard]] ParamSpecs certificationParameters();
[[nodiscard]] CertificationRequest certificationRequest(const Params& parameters);

/// One image and the largest ball around it that was proved to hold no image of another class.
struct CertifiedImage {
    std::int64_t index = 0;           ///< in the data set
    std::int64_t reference = 0;       ///< class of the model that stays: the predicted one
    double margin = 0;                ///< smallest logit lead of it over another class, at the image
    double radius = 0;                ///< pixel units, rounded down; 0: nothing could be proved
    std::optional<double> nextFailed; ///< the smallest radius that was tried in vain, or was ruled out by a counterexample
    std::optional<double> found;      ///< distance of the nearest counterexample that beta-CROWN met
    bool isCapped = false;            ///< everything up to the size of the pixel box was proved
    double seconds = 0;
};

/// Certified radii of many images of one model. A value: what tables and figures are made of.
struct CertifiedSurvey {
    std::string modelName, modelSha256;
    CertificationRequest request;
    double disagreement = 0; ///< between the logits of the network read and the model's, relative to the largest
    std::vector<CertifiedImage> images;
};

/// @throws Error(Unsupported) naming the operator that bounds cannot be carried through.
[[nodiscard]] std::shared_ptr<const CertifiableModel> certifiableModel(const std::shared_ptr<const Classifier>& classifier);
/// Absent when stopped before the search had ended. @throws Error(Shape|Domain|Resource).
[[nodiscard]] std::optional<CertifiedImage> certifyImage(const std::shared_ptr<const CertifiableModel>& model, const SurveyImages& images,
    std::int64_t index, const CertificationRequest& request, Monitor& monitor);

// As bytes (CBOR) and back, bit for bit. Reading throws Error(Format) for bytes that are something else.
[[nodiscard]] std::string bytesOf(const CertifiedImage& image);
[[nodiscard]] std::string bytesOf(const CertifiedSurvey& survey);
[[nodiscard]] CertifiedImage certifiedImageFrom(std::string_view bytes);
[[nodiscard]] CertifiedSurvey certifiedSurveyFrom(std::string_view bytes);

} // namespace brink
