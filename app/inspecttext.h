// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session.h"
#include "widgets/controls/statusbadge.h"
#include "widgets/image/imagecompare.h"

#include <QString>

#include <vector>

namespace brink {

/// Three significant digits in the user's locale.
[[nodiscard]] QString shownNumber(double value);
/// "12,400"
[[nodiscard]] QString shownCount(std::int64_t value);
/// "2.10–2.58"
[[nodiscard]] QString shownInterval(const std::array<double, 2>& interval);

/// "FAB" for "fab".
[[nodiscard]] QString attackLabel(const std::string& name);
/// Class name for people: "7", or "cat".
[[nodiscard]] QString shownClass(const InspectResult& result, std::int64_t index);
/// exp(logit) normalised, in percent: "99.9 %".
[[nodiscard]] QString probabilityText(const std::vector<double>& logits, std::int64_t index);

/// The images and titles of the comparison; `result` may be null, then only the image is shown.
[[nodiscard]] ImagePair imagePair(const InspectResult* result, const CurrentImage* image, ResultState state, const FigureSelection& selection);

/// The one glance: "7 becomes 3 at L2 3.13 (FAB) · CLEVER estimate 2.29 [2.10–2.58]".
[[nodiscard]] QString headline(const InspectResult& result);
/// Whether the order bound <= estimate <= attacks holds, and how much to trust it.
struct Finding {
    StatusBadge::Grade grade = StatusBadge::Grade::Neutral;
    QString text;
    QString toolTip;
};
[[nodiscard]] Finding ladderFinding(const InspectResult& result);
/// "312 of 500 maxima · 1,024 samples each · radius 5"
[[nodiscard]] QString weibullSubtitle(const InspectResult& result, const FigureSelection& selection);

} // namespace brink
