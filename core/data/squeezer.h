// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/image.h"

#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// One operation of feature squeezing (Xu, Evans and Qi 2018, arXiv 1704.01155), with the semantics of the authors' code (EvadeML-Zoo).
struct Squeezer {
    enum class Kind { BitDepth, Median, NonLocalMeans };

    Kind kind = Kind::BitDepth;
    int bits = 1;               ///< BitDepth: values are rounded to k / (2^bits - 1), a tie to the even k; 1 to 8
    int height = 2, width = 2;  ///< Median: the window, 1 to 31 pixels
    int search = 13, patch = 3; ///< NonLocalMeans: side lengths of the search window and of the patches compared, odd, in pixels
    int strength = 2;           ///< NonLocalMeans: h, in grey levels of 255

    bool operator==(const Squeezer&) const = default;
};

/// The image through the squeezer, values in [0,1].
/// Median: the value of rank floor(n/2) (from 0) of the n values of the window, which begins floor(side/2) pixels before the pixel, the
/// image mirrored with its edge repeated: scipy.ndimage.median_filter in mode "reflect". A 2 x 2 window takes the third smallest of four.
/// NonLocalMeans: OpenCV's fastNlMeansDenoising, of three channels fastNlMeansDenoisingColored, on the image rounded to 8 bits; red and
/// blue are handed over as the authors do, in this order, where OpenCV takes them the other way round.
/// @throws Error(Domain) for settings outside their ranges, Error(Shape) unless C is 1 or 3.
[[nodiscard]] Image squeezed(const Image& image, const Squeezer& squeezer);

/// "bit-depth-5", "median-2-2", "nlm-13-3-2": the spelling of command line and JSON.
[[nodiscard]] std::string squeezerName(const Squeezer& squeezer);
/// "5 bit", "median 2 × 2", "NLM 13-3-2": the spelling of figures and window.
[[nodiscard]] std::string squeezerLabel(const Squeezer& squeezer);
/// From squeezerName(), or as the authors write it: "bit_depth_5", "median_filter_2_2", "non_local_means_color_13_3_2".
/// @throws Error(Usage) for another name, Error(Domain) for settings outside their ranges.
[[nodiscard]] Squeezer squeezerFromName(std::string_view name);

/// A joint configuration that was published for a kind of images: its squeezers are asked together.
struct SqueezeConfiguration {
    std::string name;  ///< "mnist", "cifar10", "imagenet"
    std::string label; ///< "MNIST"
    std::vector<Squeezer> squeezers;
};
/// Those of the authors' reproduction script.
[[nodiscard]] const std::vector<SqueezeConfiguration>& squeezeConfigurations();
/// A configuration's name, or squeezers by name, separated by commas. @throws Error(Usage|Domain).
[[nodiscard]] std::vector<Squeezer> squeezersFromText(std::string_view text);
/// The published configuration for images of this shape: 1 x 28 x 28 MNIST, 3 x up to 64 CIFAR-10, larger ImageNet, other grey ones MNIST.
[[nodiscard]] const SqueezeConfiguration& configurationFor(int channels, int height);

} // namespace brink
