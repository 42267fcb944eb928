// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace brink {

class DetectorsPage;

/// What's-this of the page of detectors: definition, formula, source.
void addDetectorsHelp(DetectorsPage& page);

} // namespace brink
