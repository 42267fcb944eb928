// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/figure/figure.h"
#include "core/report/registry.h"
#include "core/study/inspect.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace brink::report {

/// Words and choices that the figures of an Inspect result share.

/// The class's name, or its number.
[[nodiscard]] std::string className(const InspectResult& result, std::int64_t index);
/// Three significant digits with trailing zeros, so that numbers of one kind line up: 2.1 -> "2.10".
[[nodiscard]] std::string threeDigits(double value);
/// "[2.10, 2.58]".
[[nodiscard]] std::string intervalText(const std::array<double, 2>& interval);
/// With thousands separated: "1,024".
[[nodiscard]] std::string countText(std::int64_t count);
/// "distance, L2 (pixel range [0,1])".
[[nodiscard]] std::string distanceAxis(Norm norm);
/// "CLEVER estimate, L2 (pixel range [0,1])".
[[nodiscard]] std::string estimateAxis(Norm norm);
/// "Model cnn, image digits.png (index 3, classified as 7)." The end of every caption.
[[nodiscard]] std::string subjectSentence(const InspectResult& result);
/// "500 maxima of 1,024 samples each, radius 5, paper sampling, seed 1."
[[nodiscard]] std::string cleverSettings(const InspectResult& result);
/// "This class was ruled out after 20 of them. "; empty for a class that was sampled to the end.
[[nodiscard]] std::string ruledOutSentence(const CleverTargetResult& target);

/// The attack as users know it ("C&W L2"), its own colour wherever it appears; unknown names stand for themselves.
[[nodiscard]] std::string attackLabel(const std::string& name);
[[nodiscard]] ColourRole attackRole(const std::string& name);
/// Attacks that share a colour differ in their marker.
[[nodiscard]] Marker attackMarker(const std::string& name);

/// The CLEVER target to show: the selected one, else that of the smallest score; null without results.
[[nodiscard]] const CleverTargetResult* chosenTarget(const InspectResult& result, const FigureSelection& selection);
/// The attack whose trace to show: the selected one, else the best, else the first that has a trace; null without a trace.
[[nodiscard]] const AttackOutcome* tracedAttack(const InspectResult& result, const FigureSelection& selection);
/// Softmax.
[[nodiscard]] std::vector<double> probabilities(const std::vector<double>& logits);

/// The figure of `make` with what every figure carries: the result's warnings and provenance.
template <std::optional<Figure> (*make)(const InspectResult&, const FigureSelection&)>
std::optional<Figure> withProvenance(const InspectResult& result, const FigureSelection& selection)
{
    std::optional<Figure> figure = make(result, selection);
    if (figure) {
        figure->warnings = result.warnings;
        figure->provenance = provenanceJson(result);
    }
    return figure;
}

} // namespace brink::report
