// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/options.h"

namespace brink::cli {

/// `brink detect --calibrated FILE`: is each of the images perturbed, by the sign, threshold and scale that an earlier run of brink detect
/// chose for this model? Returns the exit status. @throws Error(Format|Usage) for a file that is no such result, or of another model.
int applyDetector(const Options& options);

} // namespace brink::cli
