// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/studydesk.h"
#include "core/store/studyrun.h"
#include "widgets/controls/pairgallery.h"
#include "widgets/controls/statusbadge.h"

#include <QString>

namespace brink {

/// "94.8" of a share, three significant digits, no unit.
[[nodiscard]] QString percentNumber(double share);
/// "[40.7, 50.2] %": Wilson interval of a proportion, 95 %.
[[nodiscard]] QString wilsonText(std::int64_t hits, std::int64_t total);
/// Class of the data set for people: "cat", or "7".
[[nodiscard]] QString studyClass(const StudyResults& results, std::int64_t index);
[[nodiscard]] QString modelName(const StudyResults& results, int model);
/// Names of all models without the part that all of them begin with ("cifar10_"), for narrow places.
[[nodiscard]] QStringList shownNames(const StudyResults& results);
/// "L∞ 0.031"
[[nodiscard]] QString distanceText(const StudyResults& results, int analysis, double distance);

/// Name of the study and how far it is: "412 of 480 units · 3 models × 100 images × 5 analyses".
[[nodiscard]] QString studyTitle(const StudyDesk& desk);
[[nodiscard]] QString progressText(const StudyResults& results);
[[nodiscard]] ViewState viewState(StudyState state);
/// What did not go as it should: models left out, failed units, warnings; empty when all went well.
[[nodiscard]] QStringList studyRemarks(const StudyResults& results);
/// How a run ended, one sentence. @param file its name.
[[nodiscard]] QString endSentence(const QString& file, const StudyRunEnd& end);

/// All about one cell of the heatmap: numerator, denominator, rule, interval, conversions; or why there is none.
[[nodiscard]] QString cellHint(const StudyResults& results, int analysis, int source, int target, TransferRule rule);
/// "2 sources × 3 targets", or "resnet20 → lenet".
[[nodiscard]] QString cellsTitle(const StudyResults& results, const CellSelection& cells);
/// "187 of 412 pairs transfer, [40.7, 50.2] %".
[[nodiscard]] QString pairsHeadline(const PairList& list, bool isContrast);
/// What a pair looks like in the gallery. @param names of the models, short.
[[nodiscard]] PairItem pairItem(const StudyResults& results, const QStringList& names, int analysis, const TransferPair& pair);

} // namespace brink
