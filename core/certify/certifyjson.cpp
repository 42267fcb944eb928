// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/certify.h"

#include "core/base/error.h"
#include "core/base/text.h"

namespace brink {

const std::vector<CertifyMethod>& certifyMethods()
{
    static const std::vector<CertifyMethod> all{CertifyMethod::Ibp, CertifyMethod::CrownIbp, CertifyMethod::Crown, CertifyMethod::AlphaCrown, CertifyMethod::BetaCrown};
    return all;
}

std::string certifyMethodLabel(CertifyMethod method)
{
    switch (method) {
    case CertifyMethod::Ibp: return "IBP";
    case CertifyMethod::CrownIbp: return "CROWN-IBP";
    case CertifyMethod::Crown: return "CROWN";
    case CertifyMethod::AlphaCrown: return "α-CROWN";
    case CertifyMethod::BetaCrown: return "β-CROWN";
    }
    throw Error(ErrorCode::Domain, "Unknown method of certified bounds.");
}

std::string certifyMethodName(CertifyMethod method)
{
    switch (method) {
    case CertifyMethod::Ibp: return "ibp";
    case CertifyMethod::CrownIbp: return "crown-ibp";
    case CertifyMethod::Crown: return "crown";
    case CertifyMethod::AlphaCrown: return "alpha-crown";
    case CertifyMethod::BetaCrown: return "beta-crown";
    }
    return "crown";
}

CertifyMethod certifyMethodFromName(std::string_view name)
{
    std::vector<std::string> known;
    for (const CertifyMethod method : certifyMethods()) {
        known.push_back(certifyMethodName(method));
        if (known.back() == name)
            return method;
    }
    throw Error(ErrorCode::Usage, unknownName("method", name, known));
}

Json toJson(const CertifyResult& result)
{
    Json json{{"method", certifyMethodName(result.method)}, {"norm", normName(result.norm)}, {"reference", result.reference}, {"eps", result.eps},
        {"proved", result.isProved}, {"slack", result.slack}, {"balls", result.balls}, {"partial", result.isPartial}, {"seconds", result.seconds}};
    setIfPresent(json, "radius", result.radius);
    setIfPresent(json, "nextFailed", result.nextFailed);
    if (result.counterexample)
        json["counterexample"] = {{"distance", result.counterexample->distance}, {"class", result.counterexample->predicted}};
    if (result.radius)
        json["capped"] = result.isCapped;
    if (result.method == CertifyMethod::BetaCrown)
        json["domains"] = result.domains;
    json["targets"] = Json::array();
    for (const CertifiedMargin& each : result.margins)
        json["targets"].push_back({{"class", each.target}, {"margin", each.margin}, {"lowerBound", each.lowerBound}, {"lipschitz", each.lipschitz}});
    return json;
}

} // namespace brink
