// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/proofoutcome.h"

#include "core/data/whatif.h"
#include "core/model/classifier_torch.h"

#include <array>

namespace brink {

std::optional<AttackOutcome> proofOutcome(
    const std::shared_ptr<const Classifier>& model, const Image& clean, const CertifyResult& proof, const Criterion& criterion)
{
    if (!proof.counterexample)
        return {};
    const Image& found = proof.counterexample->image;
    const std::array images{found, throughJpeg(found, survivalJpegQuality)};
    at::Tensor x = tensorFromImages(images);
    x = at::cat({x, x.narrow(0, 0, 1).mul(255).round().div(255)});
    const at::Tensor predicted = Evaluator(model).logits(x).argmax(1).to(at::kCPU);
    const auto classOf = [&](std::int64_t row) { return predicted[row].item<std::int64_t>(); };
    if (!criterion.isSatisfiedBy(classOf(0)))
        return {};
    AttackOutcome outcome;
    outcome.name = certifyMethodName(proof.method);
    outcome.norm = proof.norm;
    outcome.reference = criterion.reference;
    outcome.target = criterion.target;
    outcome.success = true;
    outcome.adversarialClass = classOf(0);
    outcome.survivesJpeg = criterion.isSatisfiedBy(classOf(1));
    outcome.survives8bit = criterion.isSatisfiedBy(classOf(2));
    outcome.distance = distancesBetween(clean, found);
    outcome.adversarial = found;
    outcome.stopped = proof.isPartial;
    outcome.seconds = proof.seconds;
    outcome.parameters = {{"domains", proof.domains}};
    return outcome;
}

bool isOfProof(const AttackOutcome& outcome) { return outcome.name == certifyMethodName(CertifyMethod::BetaCrown); }

} // namespace brink
