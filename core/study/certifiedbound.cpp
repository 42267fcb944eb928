// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/certifiedbound.h"

#include "core/base/error.h"

namespace brink {

CertifyMethod quickMethod(const CertifiableModel& model)
{
    constexpr double quick = 2e9; // multiplications
    return model.crownCost() <= quick ? CertifyMethod::Crown : CertifyMethod::CrownIbp;
}

ParamSpecs boundParameters()
{
    const BoundRequest standard;
    const std::string automatic = methodText({.method = {}});
    std::vector<std::string> methods{automatic};
    for (const CertifyMethod each : certifyMethods())
        methods.push_back(certifyMethodName(each));
    return {{"method", "Method", "", certifyMethodName(*standard.method), automatic, {}, {}, methods,
                "auto: CROWN where it is quick, else linear over interval bounds. From loose and quick to tight and slow: interval bounds (Gowal 2018), linear over interval bounds, CROWN (Zhang 2018), alpha-CROWN (Xu 2021), beta-CROWN (Wang 2021)"},
        {"tolerance", "Tolerance", "", standard.tolerance, {}, 1e-6, 0.5, {}, "Relative, of the radius, which is rounded down"},
        {"iterations", "Iterations", "steps", (long long)standard.iterations, {}, 1.0, 10'000.0, {},
            "Of the search for better slopes by alpha-CROWN and, in each domain, beta-CROWN; the others have none"},
        {"domains", "Domains", "", (long long)standard.domains, {}, 1.0, 10'000'000.0, {},
            "That beta-CROWN divides a ball into at most; more of them prove more and take longer"}};
}

BoundRequest boundRequest(const Params& parameters)
{
    const std::string method = parameters.text("method");
    return {method == methodText({.method = {}}) ? std::nullopt : std::optional(certifyMethodFromName(method)), parameters.real("tolerance"), int(parameters.integer("iterations")), parameters.integer("domains")};
}

Json toJson(const BoundRequest& request)
{
    Json json{{"method", methodText(request)}, {"tolerance", request.tolerance}, {"iterations", request.iterations}};
    if (request.method == CertifyMethod::BetaCrown)
        json["domains"] = request.domains;
    return json;
}

CertifiedBound certifiedBound(const std::shared_ptr<const Classifier>& model, const Image& image, std::int64_t reference,
    std::optional<std::int64_t> target, Norm norm, std::optional<double> ballRadius, const BoundRequest& request, Monitor& monitor)
{
    if (norm == Norm::L0)
        return {{}, {}, "Bounds are for L1, L2 and L∞."};
    try {
        CertifyRequest ball;
        ball.model = std::make_shared<const CertifiableModel>(model);
        ball.images = {image};
        ball.references = {reference};
        ball.target = target;
        ball.norm = norm;
        ball.method = request.method.value_or(quickMethod(*ball.model));
        ball.tolerance = request.tolerance;
        ball.iterations = request.iterations;
        ball.domains = request.domains;
        CertifyResult proof = runCertify(ball, monitor).front();
        if (!proof.radius || (proof.isPartial && *proof.radius <= 0))
            return {}; // stopped before anything was proved
        CertifiedBound bound{std::move(proof), {}, {}};
        if (ballRadius && !monitor.stopRequested()) {
            // Better slopes would prove more and leave the constants as they are.
            if (!request.method)
                ball.method = CertifyMethod::CrownIbp; // in a ball as large as that CROWN takes its full cost
            else if (ball.method == CertifyMethod::AlphaCrown || ball.method == CertifyMethod::BetaCrown)
                ball.method = CertifyMethod::Crown;
            ball.eps = ballRadius;
            CertifyResult there = runCertify(ball, monitor).front();
            if (!there.isPartial)
                bound.ball = std::move(there);
        }
        return bound;
    } catch (const Error& error) {
        // No answer is an answer here: the rest of the ladder does not depend on it.
        if (error.code() != ErrorCode::Unsupported && error.code() != ErrorCode::Resource)
            throw;
        return {{}, {}, error.message()};
    }
}

} // namespace brink
