// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/image.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace brink {

/// Labels of a one-dimensional .npy of whole numbers. @throws Error(Io|Format|Shape) naming the file.
[[nodiscard]] std::vector<std::int64_t> readNpyLabels(const std::string& path);

/// Images of equal shape as float32 [N,C,H,W] in [0,1]. The file appears only when it is complete.
/// @throws Error(Shape) when shapes differ, Error(Io) when the file cannot be written.
void writeNpy(const std::string& path, std::span<const Image> images);
/// Labels as int64 [N]. @throws Error(Io).
void writeNpyLabels(const std::string& path, std::span<const std::int64_t> labels);

} // namespace brink
