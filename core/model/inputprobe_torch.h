// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/classifier_torch.h"

namespace brink {

/// Sets input, classes and givesProbabilities of a model by running it on probe images. With a shape in the card only that
/// one is tried. Without, customary sizes are; where several fit, the one customary for the number of classes is taken if
/// no pooling leaves pixels out there, and one of the others is kept in `otherInputs` to say that the choice was not forced.
/// @param channels of the first convolution, if known.
/// @throws Error(Shape|Format|Domain), one sentence naming the file: no fitting input, output not [N,K], K = 1, NaN or infinite.
void probeInput(Classifier::Impl& impl, std::optional<int> channels);

/// Seeded smooth probe images [count,C,H,W] in [0,1]: low-frequency noise, more like pictures than white noise is.
[[nodiscard]] at::Tensor probeImages(std::array<int, 3> input, int count, std::uint64_t seed);

/// The first line of a LibTorch message, without its backtrace and stack of source lines.
[[nodiscard]] std::string torchReason(const std::exception& error);

} // namespace brink
