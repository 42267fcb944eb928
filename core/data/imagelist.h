// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// Image files with labels, decoded on demand.
struct ImageList {
    std::string name;
    std::vector<std::string> paths;
    std::vector<std::optional<std::int64_t>> labels; ///< one per path
    std::vector<std::string> classNames;
};

/// @param decodesFirst reads the first image at once, so that a bad file is refused when the set is opened.
[[nodiscard]] std::shared_ptr<const Dataset> makeImageListDataset(ImageList list, bool decodesFirst = false);

/// Endings of the picture formats, lower case with the dot.
[[nodiscard]] std::vector<std::string> imageEndings();
/// The name ends like a picture, upper or lower case.
[[nodiscard]] bool hasImageEnding(const std::string& path);

} // namespace brink
