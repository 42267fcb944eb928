// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/boundaryhelp.h"

#include "app/boundarytools.h"
#include "app/curvaturepanel.h"
#include "app/boundaryworkspace.h"
#include "app/figurepane.h"
#include "app/pathpanel.h"
#include "app/pointpanel.h"
#include "app/surveypanel.h"
#include "widgets/controls/resulttable.h"

#include <QCoreApplication>

namespace brink {

namespace {

QString text(const char* sentence) { return QCoreApplication::translate("WhatsThis", sentence); }

struct SurveyTexts {
    SurveyKind kind;
    const char* what;
    const char* images;
};
const SurveyTexts surveyTexts[] = {
    {SurveyKind::Curvature,
        "<b>Curvature over images</b><p>Profile: sorted principal curvatures, their mean over images and the middle 80 %. Shared: the leading singular vectors of the most curved directions of every "
        "second image, tried on the others (rho: curvature along them over that along random directions). Noise: share of the draws that change the class, in all directions and in three "
        "subspaces. Fawzi et al. 2017, arXiv 1705.09552.</p>",
        "<b>Curvature at each image</b><p>L2 distance to the boundary point that DeepFool and bisection find, the most negative and the most positive principal curvature there (one over a radius, 1/L2), "
        "and the negative share of the summed magnitudes at both ends.</p>"},
    {SurveyKind::Regions,
        "<b>Connected regions</b><p>Paths between pairs of images of one class, drawn with the seed (Fawzi et al. 2017, algorithm 1), verified on grids of points, not proven. Convexity: share of "
        "random convex combinations of k images of a class, weights uniform on the simplex, that stay in it, with Wilson's 95 % interval.</p>",
        "<b>Path of each pair</b><p>Corners where the path bends, its L2 length over that of the straight line, and the smallest margin along it in logits. Pairs are drawn at random, so one may come twice.</p>"},
    {SurveyKind::Detection,
        "<b>Detection by curvature</b><p>Mean curvature of the level sets of f<sub>k</sub> − f<sub>i</sub> at the image, by differences of gradients along random directions. Sign and threshold come from every "
        "second image and DeepFool; rates are counted on the others. The recovered label is the class i whose curvature stands out most (Fawzi et al. 2017, algorithm 2). An adaptive attacker was not considered.</p>",
        "<b>Statistic of each image</b><p>Before and after DeepFool's perturbation, 1/L2, whether it lies beyond the threshold that the other images chose, and the label recovered from the perturbed image.</p>"},
};

} // namespace

void addSurveyHelp(SurveyPage& page, SurveyKind kind)
{
    for (const SurveyTexts& each : surveyTexts)
        if (each.kind == kind) {
            page.setWhatsThis(text(each.what));
            page.images()->setWhatsThis(text(each.images));
        }
}

void addBoundaryHelp(const BoundaryWorkspace& workspace)
{
    SurveyPanel& survey = *workspace.survey();
    survey.setWhatsThis(
        text("<b>Many images</b><p>The first so many images of the set, those that the model classifies as labelled unless others are let in. What is measured equals brink curvature, brink "
             "connect and brink detect for the same images and seed.</p>"));
    for (const SurveyKind kind : surveyKinds)
        addSurveyHelp(*survey.page(kind), kind);
    workspace.tools()->setWhatsThis(
        text("<b>Planes</b><p>Every plane goes through the image: x + a u + b v with u and v orthogonal (in L2); a and b are lengths in the norm chosen above. Gradient: u against the "
             "gradient of the margin f<sub>c</sub> − max f<sub>j</sub>, v random. Sign: u against its sign. Adversarials: through the nearest adversarial image and a second one. "
             "Three images: Somepalli et al., CVPR 2022 (arXiv 2203.08124). Tangent: two random directions in the tangent space of the nearest boundary point. Turn: v turns towards "
             "another random direction of the same seed.</p><p>A plane shows the distance to the boundary only where it holds the shortest way to it.</p>"));
    workspace.slicePane()->setWhatsThis(
        text("<b>Decision slice</b><p>Colour: the class of the largest logit at each point; deeper where its margin over the second largest is larger. Thick lines: where the class "
             "changes, along the edges of the points; nothing is smoothed. Thin lines: equal margin. Pictures come from coarse to fine; from the second on the model is asked only where "
             "a change of class is near, and the read-out says where margin and confidence are interpolated. Paler: outside of the pixel box [0,1]. A marker drawn open lies off the plane, by the "
             "distance beside it.</p><p>Wheel and drag choose the part of the plane; the handles turn and stretch it; a click keeps a point.</p>"));
    workspace.point()->logits()->setWhatsThis(
        text("<b>Logits at the point</b><p>What the model returns for the image at the point (log-probabilities where it returns probabilities), the largest first, and their softmax. "
             "The margin in the heading is the largest minus the second largest; the class changes where it is 0.</p>"));
    workspace.point()->setWhatsThis(
        text("<b>The image at a point</b><p>x + a u + b v under the pointer, else at the place that was clicked. The distance from the centre is its length in the norm of the axes, in pixel "
             "units (black 0, white 1). Values outside of [0,1] are shown as black and white, and given to the model as they are unless clipping is chosen.</p>"));
    workspace.curvature()->setWhatsThis(
        text("<b>Curvature of the boundary</b><p>At the point z where the boundary is nearest (DeepFool, then bisection): eigenvalues of P H P / |∇F| on the tangent space, F the predicted "
             "class's logit minus the other's, H its Hessian, P the projection that takes the normal away (Fawzi et al. 2017, arXiv 1705.09552). One over a radius, in units of the L2 "
             "distance. Negative: the boundary bends towards the image. ReLU nets have no second derivatives: gradients on either side are compared, at half the distance to the "
             "boundary.</p><p>Both ends of the spectrum by Lanczos; the mean over random tangents with its standard error.</p>"));
    workspace.path()->setWhatsThis(
        text("<b>Path inside the region</b><p>Where the straight line between two images of a class leaves it, the middle is moved back into the class along linearised boundaries, and both "
             "halves are treated in the same way, up to depth 8 (Fawzi et al. 2017, arXiv 1705.09552, algorithm 1). Length ratio: length of the path over the straight line, L2. "
             "Smallest margin: of the class's logit over the largest other, at all points looked at. A path is verified on that grid, which is doubled until the smallest margin is "
             "stable; it is not proven.</p>"));
}

} // namespace brink
