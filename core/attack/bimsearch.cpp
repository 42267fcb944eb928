// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/budgetsearch_torch.h"
#include "core/attack/common_torch.h"

namespace brink {

AttackInfo bimsearchInfo()
{
    AttackInfo info;
    info.name = "bim-search";
    info.label = "I-FGSM search";
    info.summary = "I-FGSM with a search of the smallest successful budget of each image.";
    info.source = "Su et al. 2018, arXiv 1808.01688, released code";
    info.kind = AttackKind::MinimumNorm;
    info.norms = {Norm::Linf};
    info.parameters = {stepsParameter(50, 10, "Su et al. 2018: 10, 30 or 50; of each attempt"),
        {"attempts", "Attempts", "", 9LL, {}, 1.0, 100.0, {}, "Budgets tried (Su et al. 2018)"},
        {"initial-eps", "First budget", "pixel [0,1]", 0.02, {}, 1e-6, 1.0, {}, "Budget of the first attempt (Su et al. 2018)"},
        lossParameter("logit")};
    return info;
}

/// As in the survey, an attempt succeeds by its last iterate.
void bimsearchAttack(AttackSession& session)
{
    const Params& parameters = session.parameters();
    const auto steps = parameters.integer("steps");
    const auto attempts = parameters.integer("attempts");
    BudgetSearch search(session.full(parameters.real("initial-eps")), 1.0);
    for (long long attempt = 0; attempt < attempts && !session.stopRequested(); ++attempt) {
        Descent descent{lossOf(session), search.eps(), search.eps() / double(steps), steps, attempt * steps, attempts * steps};
        descent.isRecorded = false;
        const DescentEnd end = descend(session, session.x0(), descent);
        const Observation seen = session.observe(end.x, end.logits, descent.loss(end.logits).value);
        search.update(seen.isAdversarial);
    }
}

} // namespace brink
