// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/classifier_torch.h"

namespace brink {

/// Seconds of one forward plus input gradient of a batch, the least of `repeats`.
[[nodiscard]] double gradientSeconds(const Classifier::Impl& impl, const at::Tensor& pixels, int repeats);

/// Largest difference of logits and input gradients of images between batches of several sizes, relative to the largest
/// value. 0 means the same bits. @param secondsPerImage of a gradient; slow models are compared at fewer sizes.
[[nodiscard]] double batchDifference(const Classifier::Impl& impl, double secondsPerImage);

/// Finds the smallest number of images that batches must be padded to a multiple of for equal bits, and sets rowTile and
/// batchDifference. Leaves rowTile 1 when no tile helps.
void calibrateRowTile(Classifier::Impl& impl);

/// Sets bestBatch: the largest of 16, 32 ... 512 within 3 % of the fastest, in a memory budget of 1 GiB of activations and
/// their gradients (fewer when the budget asks for it), with what an attack adds to a step. Takes about 0.3 s; models slower than 10 ms an image get 16
/// without measuring. What is chosen does not change results, see Evaluator.
void calibrateBatch(Classifier::Impl& impl);

} // namespace brink
