// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace brink {

class StudyWorkspace;
class TransferWorkspace;

/// Definition, formula and source of every number of the two workspaces, for What's this.
void addStudyHelp(const StudyWorkspace& study, const TransferWorkspace& transfer);

} // namespace brink
