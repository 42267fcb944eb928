// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace brink {

class BoundaryWorkspace;
class SurveyPage;
enum class SurveyKind;

/// What's this? of the Boundary workspace: definitions, formulas and sources.
void addBoundaryHelp(const BoundaryWorkspace& workspace);
/// Of a survey over many images, wherever it is shown.
void addSurveyHelp(SurveyPage& page, SurveyKind kind);

} // namespace brink
