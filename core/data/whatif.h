// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/image.h"

#include <optional>
#include <string>
#include <vector>

namespace brink {

/// What happens to the model's input image before the model sees it, in the order of the fields; by default nothing. To see
/// what everyday handling of an image does to its distance from other classes.
struct WhatIf {
    double scale = 1;               ///< side lengths shrink by this factor and are brought back (bilinear), in (0, 1]
    double blur = 0;                ///< standard deviation of a Gaussian, pixels, in [0, 50]
    std::optional<int> bits;        ///< bits a channel, 1 to 8: values are rounded to k / (2^bits - 1)
    std::optional<int> jpegQuality; ///< 1 to 100; colour is subsampled 4:2:0, as is customary

    [[nodiscard]] bool isNothing() const { return *this == WhatIf{}; }
    bool operator==(const WhatIf&) const = default;
};

/// @throws Error(Domain) for values outside their ranges, Error(Shape) unless C is 1 or 3.
[[nodiscard]] Image applyWhatIf(const Image& image, const WhatIf& whatIf);

/// One entry a step, for conversion records: "what if: JPEG quality 75".
[[nodiscard]] std::vector<std::string> whatIfRecord(const WhatIf& whatIf);

/// Encoded as JPEG and decoded again; values come back as k/255. @throws Error as applyWhatIf.
[[nodiscard]] Image throughJpeg(const Image& image, int quality);

} // namespace brink
