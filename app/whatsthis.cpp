// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/whatsthis.h"

#include "app/figurepane.h"
#include "app/inspectworkspace.h"
#include "app/parameterspanel.h"
#include "app/presenter.h"
#include "widgets/controls/imagespanel.h"
#include "widgets/controls/joblist.h"
#include "widgets/controls/modellist.h"
#include "widgets/controls/resulttable.h"
#include "widgets/controls/thumbnaillist.h"
#include "widgets/image/imagecompare.h"

#include <QCoreApplication>
#include <QMainWindow>
#include <QMenuBar>
#include <QStatusBar>

#include <map>
#include <string>

namespace brink {

namespace {

QString text(const char* sentence) { return QCoreApplication::translate("WhatsThis", sentence); }

/// By name of the figure.
std::map<std::string, QString> figureTexts()
{
    return {
        {"ladder",
            text("<b>Distance ladder</b><p>All distances of this image to another class, in the chosen norm and in pixel units (black 0, white 1). "
                 "Certified bound: a radius within which interval or linear bounds prove that no image is of another class (Gowal et al. 2018, Zhang et al. 2018). "
                 "CLEVER: min(g / L, R), an estimate of a lower bound (Weng et al., ICLR 2018). "
                 "g/‖∇g‖: the distance if the model were linear, with g the margin and the norm dual to the one chosen: 1/p + 1/q = 1 "
                 "(the first step of DeepFool, Moosavi-Dezfooli et al., CVPR 2016). "
                 "Attacks: the distance of an image that really has another class, an upper bound, confirmed by a fresh forward. "
                 "Random directions: where straight lines into random directions leave the class, 5 to 95 % quantile.</p>"
                 "<p>An order that must hold is checked: the estimate must not exceed any attack. A breach means too few samples or masked gradients.</p>")},
        {"weibull",
            text("<b>Weibull fit</b><p>Points are drawn in the ball of radius R around the image; of each batch the largest gradient norm "
                 "‖∇(f<sub>c</sub> − f<sub>j</sub>)‖<sub>q</sub> is kept. By extreme value theory these maxima follow a reverse Weibull law "
                 "F(y) = exp(−((a − y)/b)<sup>c</sup>) for y &lt; a; its end point a is the estimate of the local Lipschitz constant L. "
                 "Weng et al., ICLR 2018. The interval of a is from the profile likelihood.</p>"
                 "<p>KS: the largest distance of the empirical from the fitted distribution function. Its p is optimistic, because the law was "
                 "fitted to the same data.</p>"
                 "<p>Where a certified bound was asked for, the table of targets has a certified constant of the same ball beside it (slope ≤), which L cannot exceed.</p>")},
        {"clever-batches",
            text("<b>Score against batches</b><p>The CLEVER estimate from the first n batches, with its interval. Once the line is flat, more "
                 "samples change little. As the largest gradient found can only grow, the estimate tends to fall.</p>")},
        {"clever-radius",
            text("<b>Score against radius</b><p>The CLEVER estimate for smaller sampling balls. Scores on the dotted line score = radius are "
                 "capped: no more than the radius can be claimed from samples inside it.</p>")},
        {"trace",
            text("<b>Attack trace</b><p>Margin of the class, f<sub>c</sub> − max<sub>j≠c</sub> f<sub>j</sub>, or distance from the image, at each step of the attack. "
                 "Below margin 0 the iterate is adversarial. The diamond marks the nearest adversarial step.</p>")},
        {"classes",
            text("<b>Class probabilities</b><p>Softmax of the logits, exp(z<sub>i</sub>) / Σ exp(z<sub>k</sub>), for the original and for the adversarial image.</p>")},
    };
}

QString targetsText()
{
    return text("<b>CLEVER per target</b><p>margin: g = f<sub>c</sub>(x) − f<sub>j</sub>(x), logit of the predicted class minus logit of this one. "
                "score: min(g / L, R), with L the end point of the Weibull fit and R the sampling radius; ≥ marks scores capped at R, a star those "
                "from the sample maximum, where no fit was acceptable. interval: 95 %, from the profile likelihood of the end point. "
                "Weng et al., ICLR 2018.</p>");
}

QString attacksText()
{
    return text("<b>Attacks</b><p>The distance ‖x' − x‖ of the nearest image x' of another class that each attack found, in pixel units, confirmed by a fresh "
                "forward pass. 8 bit: whether x' stays adversarial when its pixels are rounded to k/255. gradients: input gradients computed, "
                "one for each image and step. Papers of the attacks: tool tips in Parameters.</p>");
}

} // namespace

void addWhatsThis(const Views& views, const QMainWindow& window)
{
    window.statusBar()->setWhatsThis(
        text("<b>Status</b><p>Left: the value under the pointer, before and after, in pixel units (black 0, white 1), or the coordinates in a figure. Then model, image "
             "set and image (counted from 0). Right: device, analyses at a time × threads inside each, and what is suspicious about this result.</p>"));
    if (QWidget* bar = window.menuBar()->cornerWidget(Qt::TopRightCorner))
        bar->setWhatsThis(
            text("<b>Run, target and norm</b><p>Norms of the change d = x' − x in pixel units: L1 = Σ|d|, L2 = √Σd², L∞ = max|d|. Without a target class the attacks search "
                 "the nearest image of any other class (untargeted); with one, only of that class.</p>"));
    const auto figures = figureTexts();
    for (FigurePane* pane : views.inspect->panes())
        if (const auto found = figures.find(pane->name()); found != figures.end())
            pane->setWhatsThis(found->second);
    for (ResultTable* table : views.inspect->findChildren<ResultTable*>())
        table->setWhatsThis(table->accessibleName() == InspectWorkspace::tr("Attacks") ? attacksText() : targetsText());
    views.inspect->images()->setWhatsThis(
        text("<b>Original, adversarial image, perturbation</b><p>The perturbation is x' − x, drawn signed (red: brighter, blue: darker) and multiplied by the factor "
             "printed, since it is often too small to see. Percentages are softmax probabilities.</p>"));
    views.inspect->setWhatsThis(
        text("<b>Finding</b><p>The nearest image of another class that an attack found, its distance in the chosen norm (pixel units) and its class, "
             "and the CLEVER estimate with its 95 % interval.</p>"));
    views.models->setWhatsThis(
        text("<b>Models</b><p>Right: clean accuracy, the share of the labelled open images whose predicted class is their label, and how many these are; "
             "the tool tip has the 95 % Wilson score interval (Wilson 1927). The sign is the worst of the sanity checks below.</p>"));
    views.images->setWhatsThis(
        text("<b>Images</b><p>First line: the true class. Second: the predicted class, with a tick if right and a cross if wrong. "
             "Logit margin: largest logit minus the second largest; on many robust models it ranks images like their distance to the boundary, but not on "
             "all (margin consistency, arXiv 2406.18451). Confidence: the largest softmax probability.</p>"));
    views.parameters->setWhatsThis(
        text("<b>Parameters</b><p>Paper: the values of the publications. Preview: coarse values that take seconds. A changed value makes the result out of date; "
             "Run computes it anew. The tool tip of a field has its unit, range, default and source.</p>"));
    views.jobs->setWhatsThis(
        text("<b>Jobs</b><p>Forwards and backwards are counted in images: a batch of 64 counts 64. Remaining time: time so far × (1 − done) / done.</p>"));
}

} // namespace brink
