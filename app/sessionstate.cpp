// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sessionstate.h"

#include "app/qtext.h"
#include "app/session.h"
#include "core/base/error.h"
#include "core/params/knownvalues.h"
#include "core/study/resultjson.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace brink {

namespace {

const char* const schemaName = "brink.session/";
constexpr int schemaVersion = 1;

Error misfit() { return Error(ErrorCode::Format, "The session's description does not fit together; open an earlier copy of it."); }

const char* presetName(Preset preset) { return preset == Preset::Paper ? "paper" : "preview"; }

/// Empty when there is none.
const Json& listAt(const Json& json, const char* key)
{
    static const Json none = Json::array();
    const auto found = json.find(key);
    return found == json.end() ? none : *found;
}

Json pathJson(const QString& path, const QString& folder)
{
    return {{"path", path.toStdString()}, {"relative", QDir(folder).relativeFilePath(path).toStdString()}};
}

QString existingPath(const Json& json, const QString& folder)
{
    const QString path = qtext(json.value("path", std::string()));
    if (path.isEmpty() || QFileInfo::exists(path))
        return path;
    const QDir base(folder);
    for (const QString& relative : {qtext(json.value("relative", std::string())), QFileInfo(path).fileName()})
        if (!relative.isEmpty() && base.exists(relative))
            return QDir::cleanPath(base.absoluteFilePath(relative));
    return path;
}

Json modelJson(const ModelRef& model, const QString& folder, PathChoice paths)
{
    Json json = paths == PathChoice::Include ? pathJson(model.path, folder) : Json::object();
    json["name"] = model.name;
    json["sha256"] = model.identity.sha256;
    json["card"] = model.identity.card;
    return json;
}

ModelRef modelFromJson(const Json& json, const QString& folder)
{
    return {existingPath(json, folder), json.value("name", std::string()), {json.at("sha256").get<std::string>(), json.at("card")}};
}

Json imagesJson(const ImagesRef& images, const QString& folder, PathChoice paths)
{
    Json json{{"index", images.index}, {"sha256", images.sha256}};
    if (paths == PathChoice::Include)
        for (const QString& path : images.paths)
            json["files"].push_back(pathJson(path, folder));
    return json;
}

Json studiesJson(Json studies, const QString& folder)
{
    const QString path = qtext(studies.value("path", std::string()));
    studies.erase("path");
    if (!path.isEmpty())
        studies["file"] = pathJson(path, folder);
    return studies;
}

Json trustJson(Json trust, const QString& folder)
{
    if (const QString path = qtext(trust.value("diagnosis", Json::object()).value("surrogate", std::string())); !path.isEmpty())
        trust["diagnosis"]["surrogate"] = pathJson(path, folder);
    return trust;
}

Json trustFromJson(Json trust, const QString& folder)
{
    // What does not fit is as at first, and no reason to refuse the session.
    if (!trust.is_object())
        return Json::object();
    if (const auto diagnosis = trust.find("diagnosis"); diagnosis != trust.end() && diagnosis->is_object())
        if (const auto surrogate = diagnosis->find("surrogate"); surrogate != diagnosis->end() && surrogate->is_object())
            *surrogate = existingPath(*surrogate, folder).toStdString();
    return trust;
}

ImagesRef imagesFromJson(const Json& json, const QString& folder)
{
    ImagesRef images;
    images.index = json.at("index").get<std::int64_t>();
    images.sha256 = json.value("sha256", std::string());
    for (const Json& file : listAt(json, "files"))
        images.paths << existingPath(file, folder);
    return images;
}

template <typename T> std::optional<T> optionalAt(const Json& json, const char* key)
{
    const auto found = json.find(key);
    return found == json.end() ? std::nullopt : std::optional<T>(found->template get<T>());
}

/// Files of earlier versions have the tab's place: Inspect, Study, Transfer, Boundary, Margins.
std::string workspaceFromJson(const Json& json)
{
    const Json written = json.value("workspace", Json());
    static const std::array<std::string, 5> places{"inspect", "study", "transfer", "boundary", "margins"};
    if (written.is_number_integer())
        return places[std::size_t(std::clamp(written.get<int>(), 0, int(places.size()) - 1))];
    return written.is_string() ? written.get<std::string>() : SessionState().workspace;
}

SessionState stateFromJson(const Json& json, const QString& folder)
{
    SessionState state;
    for (const Json& model : listAt(json, "models"))
        state.models.push_back(modelFromJson(model, folder));
    state.currentModel = json.value("currentModel", -1);
    if (state.currentModel < -1 || state.currentModel >= int(state.models.size()))
        throw misfit();
    if (json.contains("images"))
        state.images = imagesFromJson(json.at("images"), folder);
    state.settings = analysisSettingsFromJson(json.at("settings"));
    state.target = optionalAt<std::int64_t>(json, "target");
    const Json selection = json.value("selection", Json::object());
    state.selection = {optionalAt<std::int64_t>(selection, "target"), optionalAt<std::string>(selection, "attack"),
        optionalAt<int>(selection, "step"), selection.value("unpenalised", false)};
    state.whatIf = whatIfFromJson(json.value("whatIf", Json::object()));
    state.resultKey = json.value("result", std::string());
    const Json zooms = json.value("zooms", Json::object());
    for (const auto& [figure, panels] : zooms.items())
        for (const auto& [panel, range] : panels.items())
            state.zooms[figure][panel] = range.get<std::array<double, 4>>();
    state.layout = QByteArray::fromBase64(QByteArray::fromStdString(json.value("layout", std::string())));
    state.workspace = workspaceFromJson(json);
    state.boundary = json.value("boundary", Json::object());
    state.trust = trustFromJson(json.value("trust", Json::object()), folder);
    state.studies = json.value("studies", Json::object());
    if (state.studies.contains("file"))
        state.studies["path"] = existingPath(state.studies.at("file"), folder).toStdString();
    state.studies.erase("file");
    return state;
}

} // namespace

Json toJson(const AnalysisSettings& settings)
{
    Json json{{"norm", normName(settings.norm)}, {"preset", presetName(settings.preset)}, {"edited", settings.isEdited},
        {"computesClever", settings.computesClever}, {"clever", settings.clever.toJson()}, {"computesBound", settings.computesBound}, {"bound", settings.bound.toJson()}, {"attacks", Json::array()},
        {"randomDirections", settings.randomDirections}, {"seed", settings.seed}};
    for (const AttackChoice& attack : settings.attacks)
        json["attacks"].push_back({{"name", attack.name}, {"chosen", attack.isChosen}, {"parameters", attack.params.toJson()}});
    return json;
}

AnalysisSettings analysisSettingsFromJson(const Json& json)
{
    try {
        AnalysisSettings settings = standardSettings(
            normFromName(json.at("norm").get<std::string>()), presetFromName(json.at("preset").get<std::string>()), json.at("seed").get<std::uint64_t>());
        settings.isEdited = json.value("edited", false);
        settings.computesClever = json.value("computesClever", true);
        settings.computesBound = json.value("computesBound", false); // sessions of earlier versions did without
        setKnown(settings.bound, json.value("bound", Json::object()));
        settings.randomDirections = json.value("randomDirections", settings.randomDirections);
        setKnown(settings.clever, json.value("clever", Json::object()));
        for (const Json& written : listAt(json, "attacks")) {
            const auto found = std::ranges::find(settings.attacks, written.at("name").get<std::string>(), &AttackChoice::name);
            if (found == settings.attacks.end())
                continue;
            found->isChosen = written.at("chosen").get<bool>();
            setKnown(found->params, written.at("parameters"));
        }
        return settings;
    } catch (const Json::exception&) {
        throw misfit();
    } catch (const Error& error) {
        throw Error(ErrorCode::Format, error.message());
    }
}

Json toJson(const SessionState& state, const QString& folder, PathChoice paths)
{
    Json json{{"schema", schemaName + std::to_string(schemaVersion)}, {"models", Json::array()}, {"currentModel", state.currentModel}};
    for (const ModelRef& model : state.models)
        json["models"].push_back(modelJson(model, folder, paths));
    if (state.images)
        json["images"] = imagesJson(*state.images, folder, paths);
    json["settings"] = toJson(state.settings);
    setIfPresent(json, "target", state.target);
    json["selection"] = Json::object();
    setIfPresent(json["selection"], "target", state.selection.target);
    setIfPresent(json["selection"], "attack", state.selection.attack);
    setIfPresent(json["selection"], "step", state.selection.step);
    if (state.selection.isUnpenalised)
        json["selection"]["unpenalised"] = true;
    if (!state.whatIf.isNothing())
        json["whatIf"] = toJson(state.whatIf);
    if (!state.resultKey.empty())
        json["result"] = state.resultKey;
    for (const auto& [figure, zoom] : state.zooms)
        for (const auto& [panel, range] : zoom)
            json["zooms"][figure][panel] = range;
    if (state.workspace != SessionState().workspace)
        json["workspace"] = state.workspace;
    if (!state.boundary.empty())
        json["boundary"] = state.boundary;
    if (!state.trust.empty() && paths == PathChoice::Include)
        json["trust"] = trustJson(state.trust, folder);
    if (!state.studies.empty() && paths == PathChoice::Include)
        json["studies"] = studiesJson(state.studies, folder);
    if (!state.layout.isEmpty())
        json["layout"] = state.layout.toBase64().toStdString();
    return json;
}

SessionState sessionStateFromJson(const Json& json, const QString& folder)
{
    const bool hasSchema = json.is_object() && json.contains("schema") && json.at("schema").is_string();
    const std::string schema = hasSchema ? json.at("schema").get<std::string>() : std::string();
    if (!schema.starts_with(schemaName))
        throw misfit();
    if (schema != schemaName + std::to_string(schemaVersion))
        throw Error(ErrorCode::Unsupported, "This was saved by a newer Brink; update Brink to open it.");
    try {
        return stateFromJson(json, folder);
    } catch (const Json::exception&) {
        throw misfit();
    }
}

SessionState stateOf(const Session& session)
{
    SessionState state;
    for (const LoadedModel& model : session.models())
        state.models.push_back({qtext(model.classifier->path()), model.classifier->card().name, identityOf(*model.classifier)});
    state.currentModel = session.currentModel();
    for (const ModelRef& absent : session.absentModels())
        state.models.push_back(absent);
    if (state.currentModel < 0 && session.standIn())
        state.currentModel = int(session.models().size()) + *session.standIn();
    if (session.dataset())
        state.images = ImagesRef{session.imagePaths(), session.imageIndex(), session.image() ? session.image()->sha256 : std::string()};
    state.settings = session.settings();
    state.target = session.target();
    state.whatIf = session.whatIf();
    state.selection = session.selection();
    state.resultKey = session.inquiry().key;
    return state;
}

} // namespace brink
