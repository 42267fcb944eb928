// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace brink {

class BoundaryWorkspace;

/// What's this? of the Boundary workspace: definitions, formulas and sources.
void addBoundaryHelp(const BoundaryWorkspace& workspace);

} // namespace brink
