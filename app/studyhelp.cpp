// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studyhelp.h"

#include "app/boundaryhelp.h"
#include "app/figurepane.h"
#include "app/studycertifiedpage.h"
#include "app/studysurveypage.h"
#include "app/studyworkspace.h"
#include "app/transferworkspace.h"
#include "widgets/controls/pairgallery.h"
#include "widgets/controls/resulttable.h"

#include <QCoreApplication>

#include <map>
#include <string>

namespace brink {

namespace {

QString text(const char* sentence) { return QCoreApplication::translate("WhatsThis", sentence); }

/// By name of the figure.
std::map<std::string, QString> figureTexts()
{
    return {
        {"pareto",
            text("<b>Accuracy against robustness</b><p>One point a model, size by its number of weights, colour and marker by its family. A model is on the frontier when no "
                 "other is at least as accurate and as robust and better in one of the two. Lines: distance = a + b ln(1 − accuracy), least squares over the frontier and "
                 "over all models; bands: the images are drawn again with replacement (bootstrap), and frontier and fit are made anew each time. A line through a frontier "
                 "chosen from the same data looks better than it is. Su et al., ECCV 2018 (arXiv 1808.01688), section 4.</p>")},
        {"success",
            text("<b>Success</b><p>Adversarial images found, of the images that entered, with the Wilson score interval (Wilson 1927), 95 %. An attack with a target succeeds "
                 "only when the model says that target. Su et al., ECCV 2018, figure 1.</p>")},
        {"robust-accuracy",
            text("<b>Robust accuracy</b><p>Share of the images that are classified correctly and whose adversarial image is farther than the perturbation size on the axis. "
                 "From the distances found by an attack, so an upper bound of the true robust accuracy.</p>")},
    };
}

} // namespace

void addStudyHelp(const StudyWorkspace& study, const TransferWorkspace& transfer)
{
    const auto figures = figureTexts();
    for (FigurePane* pane : study.panes())
        if (const auto found = figures.find(pane->name()); found != figures.end())
            pane->setWhatsThis(found->second);
    for (StudySurveyPage* page : study.surveys()) {
        addSurveyHelp(*page->survey(), page->kind());
        page->table()->setWhatsThis(
            text("<b>Survey of each model</b><p>One row a model (of detection one an attack and scale): medians over images, of shares means, with 95 % bootstrap intervals; of counts "
                 "Wilson's. The numbers are those of brink export --table. A row picked is shown below; a second one's curvature profile lies over it.</p>"));
    }
    study.certified()->table()->setWhatsThis(
        text("<b>Certified radii of the models</b><p>One row a model: median over its images of the largest ball, in the analysis' norm and pixel units, that is proved to hold no image of another "
             "class, with its 95 % bootstrap interval; and how the radii stand to the nearest adversarial image that the study's attacks found in the same norm. A radius above it would be a "
             "fault of one of the two. A model with an operator that bounds cannot pass says so in its last column.</p>"));
    study.certified()->pane()->setWhatsThis(
        text("<b>Certified accuracy</b><p>Solid: share of the images that are classified correctly and proved to keep their class within the radius on the axis (IBP, CROWN, "
             "alpha-CROWN; Gowal et al. 2018, Zhang et al. 2018, Xu et al. 2021). Dashed: share that the best of the study's attacks in the same norm leaves at that distance, on "
             "the same images. Robust accuracy lies in the band between them.</p>"));
    study.table()->setWhatsThis(
        text("<b>Models of the study</b><p>Accuracy: correct images of all, Wilson score interval (Wilson 1927). Success: adversarial images of those that entered. Distance: "
             "median or mean of ‖x' − x‖ in pixel units (black 0, white 1) over successes only, interval by percentile bootstrap over images; where success is below 100 % "
             "the hard images are missing from it. CLEVER: the estimate of a lower bound of the distance (Weng et al., ICLR 2018), not a certificate; capped scores equal "
             "the sampling radius and are at least that.</p>"));
    transfer.pane()->setWhatsThis(
        text("<b>Transfer</b><p>Row i: the model the adversarial images were made on (source). Column j: the model they are shown to (target). Untargeted: the share that the "
             "target misclassifies (error rate); with a target class: the share that it takes for that class (match rate). The diagonal is the attack's own success. Bars: "
             "means of rows (source strength) and columns (target vulnerability) without the diagonal. Clustering: average linkage on 1 − (T<sub>ij</sub> + T<sub>ji</sub>)/2. "
             "Su et al., ECCV 2018 (arXiv 1808.01688), section 3.3.</p><p>Which images count is a choice, and the numbers depend on it: all; those whose clean image the target "
             "classifies correctly (the survey's); and the source too; or those that fool their source.</p>"));
    transfer.gallery()->setWhatsThis(
        text("<b>Images behind the cells</b><p>Each adversarial image as one target sees it. First line: true class → class on the source. Margin: the target's largest logit minus "
             "the second largest, negative where the image does not transfer. The interval of the head line is the Wilson score interval, 95 %, of all pairs taken as independent; "
             "pairs of one image are not, so it is too narrow for several cells.</p>"));
}

} // namespace brink
