// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/restoring.h"

#include "app/imagecache.h"
#include "app/imageset.h"
#include "app/qtext.h"
#include "core/base/error.h"
#include "widgets/plot/provenance.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace brink {

namespace {

QString say(const char* sentence) { return QCoreApplication::translate("Restoring", sentence); }

QString fileName(const ModelRef& model) { return model.path.isEmpty() ? qtext(model.name) : QFileInfo(model.path).fileName(); }

Json cardWithoutOrigin(const ModelIdentity& identity)
{
    Json card = identity.card;
    card.erase("origin");
    return card;
}

std::shared_ptr<const Classifier> openAlready(const ModelRef& wanted, const OpenNow& now)
{
    for (const auto& model : now.models)
        if (model->sha256() == wanted.identity.sha256 && cardWithoutOrigin(identityOf(*model)) == cardWithoutOrigin(wanted.identity))
            return model;
    return nullptr;
}

void findModel(Restored& result, const OpenNow& now, const LoadOptions& options, bool isFigure)
{
    const SessionState& state = result.restoration.state;
    for (int i = 0; i < int(state.models.size()); ++i) {
        const ModelRef& wanted = state.models[std::size_t(i)];
        auto model = openAlready(wanted, now);
        const bool isCurrent = i == state.currentModel;
        const bool isThere = !wanted.path.isEmpty() && QFileInfo::exists(wanted.path);
        if (!isCurrent && (model || isThere)) {
            result.others.emplace_back(i, wanted);
            continue;
        }
        try {
            if (!model)
                model = loadReferenced(wanted, options);
            result.restoration.model = model;
        } catch (const Error& error) {
            result.restoration.absentModels.push_back(wanted);
            result.remarks << qtext(error.message()) + (isFigure ? QString() : QLatin1Char(' ') + say("Its stored results are shown."));
        }
    }
}

void findImages(Restored& result, const OpenNow& now)
{
    Restoration& restoration = result.restoration;
    if (!restoration.state.images)
        return;
    const ImagesRef& wanted = *restoration.state.images;
    const bool isOpen = now.dataset && (wanted.paths.isEmpty() || wanted.paths == now.imagePaths);
    try {
        std::vector<std::string> paths;
        for (const QString& path : wanted.paths)
            paths.push_back(path.toStdString());
        if (!isOpen && paths.empty())
            throw Error(ErrorCode::Io, say("The file does not say where its images are; open them first, then the file again.").toStdString());
        restoration.dataset = isOpen ? now.dataset : openImageSet(paths);
        if (isOpen)
            restoration.state.images->paths = now.imagePaths;
        if (wanted.index >= 0)
            restoration.image = readCurrentImage(*restoration.dataset, wanted.index);
    } catch (const Error& error) {
        restoration.image.reset();
        result.remarks << qtext(error.message());
        return;
    }
    if (restoration.image && !wanted.sha256.empty() && restoration.image->sha256 != wanted.sha256)
        result.remarks << say("Image %1 is not the one it was; results of the old one stay stored, press Run for the new one.").arg(wanted.index);
}

} // namespace

Remembered readSessionFile(const QString& path)
{
    SessionContent content = readSession(path.toStdString());
    Remembered remembered;
    remembered.path = path;
    try {
        remembered.state = sessionStateFromJson(content.state, QFileInfo(path).absolutePath());
    } catch (const Error& error) {
        throw error.withContext(path.toStdString());
    }
    remembered.results = std::move(content.results);
    remembered.trust = trustResultsFrom(content.documents);
    if (const int damaged = content.damagedResults + remembered.trust.unreadable; damaged > 0)
        remembered.remarks << QCoreApplication::translate("Restoring", "%n stored results are damaged and were left out; press Run to compute them again.",
            nullptr, damaged);
    return remembered;
}

Remembered readFigureFile(const QString& path)
{
    const Json document = readProvenance(path);
    Remembered remembered;
    remembered.path = path;
    remembered.isFigure = true;
    remembered.figure = document.value("figure", std::string());
    const Json provenance = document.value("provenance", Json::object());
    if (!provenance.contains("session"))
        throw Error(ErrorCode::Format,
            path.toStdString() + ": this figure does not say what it was made from; open its model and image yourself.");
    try {
        remembered.state = sessionStateFromJson(provenance.at("session"), QFileInfo(path).absolutePath());
    } catch (const Error& error) {
        throw error.withContext(path.toStdString());
    }
    return remembered;
}

Restored restored(Remembered remembered, const OpenNow& now, const LoadOptions& options)
{
    Restored result;
    result.restoration.state = std::move(remembered.state);
    result.restoration.results = std::move(remembered.results);
    result.trust = std::move(remembered.trust);
    result.restoration.replacesModels = !remembered.isFigure;
    result.remarks = std::move(remembered.remarks);
    findModel(result, now, options, remembered.isFigure);
    findImages(result, now);
    return result;
}

std::shared_ptr<const Classifier> loadReferenced(const ModelRef& model, const LoadOptions& options)
{
    const auto fail = [&](const char* sentence) {
        throw Error(ErrorCode::Io, say(sentence).arg(fileName(model), QFileInfo(model.path).absolutePath()).toStdString());
    };
    if (model.path.isEmpty())
        fail("The file does not say where the model %1 is; open the model first, then the file again.");
    if (!QFileInfo::exists(model.path))
        fail("The model %1 is no longer in %2; put it back there, or beside the file you opened, and open that again.");
    LoadOptions own = options;
    own.cardOverrides = cardWithoutOrigin(model.identity);
    auto classifier = loadClassifier(model.path.toStdString(), own);
    if (classifier->sha256() != model.identity.sha256)
        fail("The model %1 in %2 has changed; put the old file back, or open the new one as a model of its own.");
    return classifier;
}

} // namespace brink
