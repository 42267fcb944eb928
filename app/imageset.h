// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"

#include <memory>
#include <string>
#include <vector>

namespace brink {

/// Several sources opened together as one set, in the order given.
/// @throws Error of the first source that cannot be opened.
[[nodiscard]] std::shared_ptr<const Dataset> openImageSet(const std::vector<std::string>& paths);

/// What a list of names opens: the set, its files, and the image to begin with.
struct OpenedImages {
    std::shared_ptr<const Dataset> dataset;
    std::vector<std::string> paths; ///< without ranges
    std::int64_t first = 0;
};

/// As the command line names images: a range behind a single name ("FILE#17", "FILE#20:40") says where to begin; the set is whole.
/// @throws Error(Usage) for a range behind one of several names, Error(Domain) where the set has no such image, and openImageSet()'s.
[[nodiscard]] OpenedImages openNamedImages(const std::vector<std::string>& names);

} // namespace brink
