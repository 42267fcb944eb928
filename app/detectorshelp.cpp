// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/detectorshelp.h"

#include "app/detectorspage.h"
#include "app/figurepane.h"
#include "widgets/controls/resulttable.h"
#include "widgets/controls/statementlist.h"

#include <QCoreApplication>

namespace brink {

namespace {

QString text(const char* sentence) { return QCoreApplication::translate("WhatsThis", sentence); }

} // namespace

void addDetectorsHelp(DetectorsPage& page)
{
    page.setWhatsThis(
        text("<b>Detectors</b><p>A detector gives every image a score and calls it perturbed above a threshold: the ⌈n (1 − rate)⌉-th smallest score of n clean images, drawn at random with the "
             "seed. False alarms are counted on other clean images, detection on images of these that were attacked and that the model then takes for another class.</p><p>Feature squeezing: the "
             "largest L1 distance, in [0, 2], between softmax(x) and softmax(s(x)) over the squeezers s: fewer bits a channel, a median, non-local means. Xu, Evans and Qi, NDSS 2018 (arXiv "
             "1704.01155). Curvature: mean curvature of the pairwise level sets at the image; sign and scale from DeepFool on clean images that choose the threshold (Fawzi et al. 2017, arXiv "
             "1705.09552).</p>"));
    page.panes()[0]->setWhatsThis(
        text("<b>Receiver operating characteristic</b><p>Through all thresholds: attacked images that fool and are found, against held-out clean images called perturbed. Every detector on the same "
             "images. Dashed: an attack in the same norm with the same budget that knows the detector. Diamonds: at the threshold in use, with 95 % Wilson intervals. AUC: the chance that an image that "
             "fools scores above a clean one.</p>"));
    page.panes()[1]->setWhatsThis(
        text("<b>Detection rates</b><p>Left: found, of the attacked images that fool the model. Right: those that fool it and pass, of all attacked; that is what a detector is to prevent. Open markers: "
             "an attack that knows the detector and its threshold. 95 % Wilson intervals.</p>"));
    page.panes()[2]->setWhatsThis(
        text("<b>Squeezed images</b><p>What the detector compares: the image and the image through each squeezer, clean left, perturbed in the middle, with the class and the distance d of the outputs. "
             "Right: the perturbation, and what each squeezer changes of the perturbed image.</p>"));
    page.table()->setWhatsThis(
        text("<b>Rates of each detector and attack</b><p>The attack that knows feature squeezing minimises Σ max(0, κ − margin) over the image and its squeezed versions plus max(0, score − threshold), "
             "with gradients passed through the squeezers unchanged (BPDA, Athalye et al. 2018, arXiv 1802.00420); without a budget it looks for the nearest image that fools and passes. Against "
             "curvature perturbations are only made longer or shorter. What the other attacks found in the same norm within the budget counts as found, too. All of it is confirmed by the "
             "detector itself on a fresh pass.</p>"));
    page.findings()->setWhatsThis(
        text("<b>Findings</b><p>A rate against attacks that do not know the detector says nothing about one that does. Chance: with n images that choose the threshold and m that are counted, the number "
             "of false alarms is beta-binomial, whatever the scores.</p>"));
}

} // namespace brink
