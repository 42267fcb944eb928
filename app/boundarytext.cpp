// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/boundarytext.h"

#include "app/qtext.h"
#include "core/base/text.h"
#include "core/report/figureparts.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <numeric>

namespace brink {

namespace {

constexpr std::size_t rowsShown = 10;
constexpr double leastInBox = 1e-3; ///< share worth a number

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Boundary)
};

QString number(double value) { return qtext(report::threeDigits(value)); }

QString percent(double share) { return QStringLiteral("%1 %").arg(QLocale().toString(100 * share, 'f', 1)); }

/// As the slice names its classes; a class that the picture does not show by its number.
QString nameOf(const SliceResult& slice, std::int64_t label)
{
    return std::size_t(label) < slice.classNames.size() ? qtext(slice.classNames[std::size_t(label)]) : QString::number(label);
}

} // namespace

QString sliceDetail(const BoundaryDesk& desk)
{
    switch (desk.state()) {
    case ViewState::Running:
    case ViewState::Partial:
        if (!desk.slice())
            return Words::tr("finding the plane");
        return Words::tr("%1 × %1 of %2 × %2").arg(desk.slice()->grid->size).arg(desk.slice()->wanted);
    case ViewState::Complete: return Words::tr("%1 × %1").arg(desk.slice()->grid->size);
    case ViewState::Failed: return desk.failure();
    default: return {};
    }
}

QString sliceSummary(const SliceResult& slice)
{
    QStringList parts;
    const auto classes = int(slice.classes.size());
    parts << (classes == 1 ? Words::tr("1 class") : Words::tr("%n classes in %1 regions", nullptr, classes).arg(slice.components));
    parts << Words::tr("%1 of the points computed").arg(percent(slice.computedShare));
    if (slice.insideBox < 1)
        parts << (slice.insideBox >= leastInBox ? Words::tr("%1 inside the pixel box").arg(percent(slice.insideBox)) : Words::tr("nearly all outside of the pixel box"));
    for (const Warning& warning : slice.warnings)
        parts << qtext(warning.text);
    return parts.join(QStringLiteral(" · "));
}

QString pointTitle(const SliceResult& slice, const SlicePoint& point)
{
    return Words::tr("%1 · %2 · margin %3").arg(nameOf(slice, point.label), percent(point.confidence), number(point.margin));
}

QString pointPlace(const SliceResult& slice, const BoundaryPlace& place, const SlicePoint& point)
{
    QString text = Words::tr("at %1, %2 · %3 from the centre (%4)")
                       .arg(number(place.a), number(place.b), number(lengthInPlane(*slice.plane, place.a, place.b)), qtext(normLabel(slice.plane->norm)));
    if (!point.isInBox)
        text += slice.clipsToBox ? Words::tr(" · clipped to the pixel box") : Words::tr(" · outside of the pixel box");
    return text;
}

std::vector<TableColumn> pointColumns()
{
    return {{Words::tr("Class"), Words::tr("What the model can say"), false}, {Words::tr("Logit"), Words::tr("Output of the model before the softmax")},
        {Words::tr("Probability"), Words::tr("Softmax of the logits")}};
}

std::vector<TableRow> pointRows(const SliceResult& slice, const SlicePoint& point)
{
    const std::vector<double> shares = report::probabilities(point.logits);
    std::vector<std::size_t> order(point.logits.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return point.logits[i]; });
    order.resize(std::min(order.size(), rowsShown));
    std::vector<TableRow> rows;
    for (const std::size_t label : order) {
        const bool isFirst = label == order.front();
        rows.push_back({QString::number(label), {{nameOf(slice, std::int64_t(label)), {}, {}, isFirst},
            {number(point.logits[label]), point.logits[label], {}, isFirst}, {percent(shares[label]), shares[label], {}, isFirst}}});
    }
    return rows;
}

QString pathSummary(const RegionPath& path)
{
    const QString pair = Words::tr("images %1 and %2 of class %3").arg(path.fromIndex).arg(path.toIndex).arg(qtext(path.className));
    if (!path.isFound)
        return Words::tr("%1: %2").arg(pair, qtext(path.failure));
    const QString verified = Words::tr("verified at %1 points").arg(qtext(report::countText(path.gridPoints)));
    if (path.isStraight)
        return Words::tr("%1: the straight line stays inside, smallest margin %2, %3").arg(pair, number(path.smallestMargin), verified);
    const auto corners = int(path.anchors.size()) - 2;
    return Words::tr("%1: %2, %3 times as long, smallest margin %4, %5")
        .arg(pair, corners == 1 ? Words::tr("1 corner") : Words::tr("%n corners", nullptr, corners), qtext(formatReal(path.lengthRatio(), 4)), number(path.smallestMargin), verified);
}

} // namespace brink
