// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace brink {

class MarginsWorkspace;

/// Definition, formula and source of every number of the Margins workspace, for What's this.
void addMarginsHelp(const MarginsWorkspace& margins);

} // namespace brink
