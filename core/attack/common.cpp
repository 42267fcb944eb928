// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/common_torch.h"

namespace brink {

ParamSpec epsParameter()
{
    return {"eps", "Budget", "pixel [0,1]", 0.0, {}, 0.0, 1e9, {},
        "Largest perturbation in the attack's norm; 0 takes the customary L∞ 8/255, L2 0.5, L1 12 (RobustBench)"};
}

ParamSpec stepsParameter(long long standard, long long preview, std::string source)
{
    ParamSpec spec{"steps", "Steps", "steps", standard, {}, 1.0, 1e6, {}, "Iterations (" + std::move(source) + ")"};
    if (preview != standard)
        spec.preview = preview;
    return spec;
}

ParamSpec lossParameter(std::string standard)
{
    return {"loss", "Loss", "", std::move(standard), {}, {}, {}, {"cross-entropy", "logit", "margin"},
        "What is driven: cross-entropy, the class logit alone (Su et al. 2018), or the margin to the best other class"};
}

AttackLoss lossOf(const AttackSession& session)
{
    const std::string& name = session.parameters().text("loss");
    if (name == "logit")
        return [&session](const at::Tensor& logits) { return session.anchorLogit(logits); };
    if (name == "margin")
        return [&session](const at::Tensor& logits) { return session.margin(logits); };
    // The steps of these attacks are normalised, so the log odds give the cross-entropy's path without its underflow.
    return [&session](const at::Tensor& logits) { return session.logOdds(logits); };
}

} // namespace brink
