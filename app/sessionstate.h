// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/analysissettings.h"
#include "core/base/json.h"
#include "core/report/registry.h"
#include "core/store/studykey.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace brink {

class Session;

/// Axis ranges that the user chose, by panel id: x low, x high, y low, y high.
using FigureZoom = std::map<std::string, std::array<double, 4>>;

/// A model by place and content.
struct ModelRef {
    QString path;
    std::string name;
    ModelIdentity identity;
};

/// The image set by place, and its chosen image by content.
struct ImagesRef {
    QStringList paths;
    std::int64_t index = -1;
    std::string sha256; ///< of the chosen image as read; empty: not known
};

/// What was open and chosen: the part of a session that is not results. Session files hold it, and figures carry it, so
/// that both open again.
struct SessionState {
    std::vector<ModelRef> models;
    int currentModel = -1;
    std::optional<ImagesRef> images;
    AnalysisSettings settings;
    std::optional<std::int64_t> target;
    WhatIf whatIf;
    FigureSelection selection;
    std::string resultKey;               ///< of the result in sight; empty: none
    std::map<std::string, FigureZoom> zooms; ///< by figure name
    QByteArray layout;                   ///< of the docks
    std::string workspace = "inspect";   ///< name of the tab in sight
    Json boundary = Json::object();      ///< what the Boundary workspace shows
    Json trust = Json::object();         ///< what the Trust workspace asks; "diagnosis" names its surrogate by path
    Json studies = Json::object();       ///< what the Study and Transfer workspaces show; "path" is the study's file
};

[[nodiscard]] Json toJson(const AnalysisSettings& settings);
/// The preset's values with those of the document put over them; names that are not known here are read over.
/// @throws Error(Format) for values that do not fit.
[[nodiscard]] AnalysisSettings analysisSettingsFromJson(const Json& json);

/// How paths are written down.
enum class PathChoice { Include, Omit };

/// Schema "brink.session/1". Paths are written as they are and as seen from `folder`, so that a folder can move whole.
[[nodiscard]] Json toJson(const SessionState& state, const QString& folder, PathChoice paths = PathChoice::Include);
/// Paths that lead nowhere are tried as seen from `folder`, then by name in it.
/// @throws Error(Format) for a document that does not fit together, Error(Unsupported) for one of a later version.
[[nodiscard]] SessionState sessionStateFromJson(const Json& json, const QString& folder);

/// What the session has open. Zooms and layout are the window's and stay empty.
[[nodiscard]] SessionState stateOf(const Session& session);

} // namespace brink
