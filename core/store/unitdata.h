// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/data/image.h"
#include "core/study/studyresults.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

// The units of a study as bytes: a version, then one column after the other, little-endian; and back, bit for bit.
// Reading throws Error(Format) for bytes that do not fit together.

/// Which images of the study were predicted, their classes and what else the output says. Units of files before 0.2 have no scores.
struct CleanUnit {
    std::vector<std::int32_t> image;
    std::vector<std::int32_t> predicted;
    std::vector<OutputScores> scores;
};

[[nodiscard]] std::string bytesOf(const CleanUnit& unit);
[[nodiscard]] CleanUnit cleanUnitFrom(std::string_view bytes);

[[nodiscard]] std::string bytesOf(std::span<const StudyAttackRow> rows);
[[nodiscard]] std::vector<StudyAttackRow> attackRowsFrom(std::string_view bytes);

[[nodiscard]] std::string bytesOf(std::span<const StudyCleverRow> rows);
[[nodiscard]] std::vector<StudyCleverRow> cleverRowsFrom(std::string_view bytes);

/// Here StudyTransfer::row holds the image's place in the study, since a unit does not know its cell.
[[nodiscard]] std::string bytesOf(const StudyTransfer& transfer);
[[nodiscard]] StudyTransfer transferFrom(std::string_view bytes);

/// Text or bytes in less space, and back; what is not such bytes throws.
[[nodiscard]] std::string deflated(const std::string& bytes);
[[nodiscard]] std::string inflated(std::string_view bytes);

/// Images of one size, float32 without loss: the bytes of equal weight together, deflated. Entries without pixels stay so.
[[nodiscard]] std::string packImages(std::span<const Image> images);
/// One of them, or all; their `source` is empty. An absent image was packed without pixels.
[[nodiscard]] std::optional<Image> unpackImage(std::string_view bytes, std::size_t place);
[[nodiscard]] std::vector<Image> unpackImages(std::string_view bytes);

} // namespace brink
