// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/verifyproof.h"

#include <algorithm>

namespace brink {

VerifyAttempt proveBall(const VerifyProving& proving, CertifyMethod method, const VerifyInstance& instance, const Image& image, Monitor& monitor)
{
    CertifyRequest request{.model = proving.model, .images = {image}, .references = {instance.criterion.reference}, .norm = Norm::Linf, .method = method,
        .eps = instance.eps, .domains = proving.domains};
    if (instance.criterion.isTargeted())
        request.target = instance.criterion.target;
    CertifyResult result = runCertify(request, monitor).front();
    const double lowest = std::ranges::min_element(result.margins, {}, &CertifiedMargin::lowerBound)->lowerBound;
    return {{method, result.isProved, lowest - result.slack, result.domains, result.seconds, result.isPartial}, std::move(result.counterexample)};
}

Json toJson(const VerifyProof& proof)
{
    Json json{{"method", certifyMethodName(proof.method)}, {"proved", proof.isProved}, {"bound", proof.bound}, {"seconds", proof.seconds}};
    if (proof.domains > 0)
        json["domains"] = proof.domains;
    if (proof.isPartial)
        json["partial"] = true;
    return json;
}

Json toJson(const VerifyProofCounts& counts)
{
    Json json{{"method", certifyMethodName(counts.method)}, {"verifiedRobust", counts.robust}, {"proved", counts.proved}, {"wrong", counts.wrong}};
    if (counts.robust > 0)
        json["provedShare"] = double(counts.proved) / double(counts.robust);
    json["seconds"] = counts.seconds;
    return json;
}

} // namespace brink
