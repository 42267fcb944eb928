// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/marginshelp.h"

#include "app/figurepane.h"
#include "app/marginsworkspace.h"
#include "widgets/controls/resulttable.h"

#include <QCoreApplication>

namespace brink {

namespace {

QString text(const char* sentence) { return QCoreApplication::translate("WhatsThis", sentence); }

} // namespace

void addMarginsHelp(const MarginsWorkspace& margins)
{
    margins.panes()[0]->setWhatsThis(
        text("<b>Input margin against the output</b><p>One point an image. Across: the input margin, the smallest ‖x' − x‖ in pixel units (black 0, white 1) at which an attack of "
             "the study found another class than the predicted one; an upper bound of the true distance. Up: the logit margin, largest logit minus the second, or another score. "
             "A model is margin-consistent when both order the images alike; Kendall's tau-b says how far, 1 for the same order. Images with an input margin of at most ε are "
             "brittle; those below the dotted threshold are called so. Line and band: median and quartiles of the score in bins of the margin. Ngnawé et al., NeurIPS 2024 "
             "(arXiv 2406.18451).</p>"));
    margins.panes()[1]->setWhatsThis(
        text("<b>Finding brittle images</b><p>Positive: the input margin is at most ε. An image is called brittle when its score is at most a threshold; the curves run through all "
             "thresholds, the diamond is the one in use. AUROC: the chance that a brittle image scores below another, ties count one half. Precision: of those called brittle, "
             "the share that is. Ngnawé et al., NeurIPS 2024, section 4.</p>"));
    margins.panes()[2]->setWhatsThis(
        text("<b>Margin consistency</b><p>Kendall's tau-b between score and input margin for every model, over the images whose margin is known, with the 95 % percentile interval "
             "of a bootstrap over images; AUROC for images within ε; and the robust accuracy there: images that are right and farther than ε, of all. The paper finds tau high on "
             "robustly trained models; of others it says nothing, as all their margins are near zero.</p>"));
    margins.table()->setWhatsThis(
        text("<b>Images by input margin</b><p>Nearest first; margins within ε are bold. Muted labels are images that the model classifies wrongly: their margin is the distance to "
             "any other class than the predicted one. “None found” means that every attack failed, not that the image is safe. Enter or a double-click opens the image in "
             "Inspect.</p>"));
}

} // namespace brink
