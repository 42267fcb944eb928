// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studydraft.h"

#include "app/inspecttext.h"
#include "app/qtext.h"
#include "core/study/boundaryanalysis.h"
#include "core/study/studycost.h"
#include "widgets/controls/listparamform.h"

#include <QCoreApplication>

#include <algorithm>

namespace brink {

namespace {

QString text(const char* sentence) { return QCoreApplication::translate("StudyDraft", sentence); }

std::int64_t blocksOf(std::int64_t images, std::int64_t block) { return (images + block - 1) / block; }

Json settingsOf(const AnalysisDraft& draft)
{
    Json settings = Json::object();
    const Params standard = standardParams(draft);
    for (const auto& [key, typed] : draft.texts) {
        Json values = Json::array();
        for (const QString& value : listValues(standard, key, typed))
            values.push_back(value.toStdString());
        settings[key] = values.size() == 1 ? values.front() : values;
    }
    return settings;
}

Json analysisJson(const AnalysisDraft& draft)
{
    Json json = Json::object();
    if (!draft.boundary.empty()) {
        json["boundary"] = draft.boundary;
    } else if (draft.attack.empty()) {
        json["clever"] = normName(draft.norm);
    } else {
        json["attack"] = draft.attack;
        json["norm"] = normName(draft.norm);
    }
    json["preset"] = draft.preset == Preset::Paper ? "paper" : "preview";
    if (const Json settings = settingsOf(draft); !settings.empty())
        json["set"] = settings;
    if (draft.boundary.empty())
        json["target"] = draft.targets.size() == 1 ? Json(draft.targets.front()) : Json(draft.targets);
    if (draft.images > 0)
        json["images"] = draft.images;
    if (draft.transfers && !draft.attack.empty())
        json["transfers"] = true;
    return json;
}

Json modelJson(const ModelDraft& model)
{
    Json json{{"path", model.path.toStdString()}, {"name", model.name.toStdString()}};
    if (!model.family.isEmpty())
        json["family"] = model.family.toStdString();
    if (model.classOffset != 0)
        json["classOffset"] = model.classOffset;
    return json;
}

} // namespace

Params standardParams(const AnalysisDraft& draft)
{
    if (!draft.boundary.empty())
        return Params(boundaryAnalysis(draft.boundary).parameters, draft.preset);
    return Params(draft.attack.empty() ? cleverParameters() : attackInfo(draft.attack).parameters, draft.preset);
}

QString analysisTitle(const AnalysisDraft& draft)
{
    const bool isSurvey = !draft.boundary.empty();
    const QString name = isSurvey ? qtext(boundaryAnalysis(draft.boundary).label) : draft.attack.empty() ? text("CLEVER") : qtext(attackInfo(draft.attack).label);
    qsizetype combinations = qsizetype(draft.targets.size());
    for (const auto& [key, typed] : draft.texts)
        combinations *= typed.count(QLatin1Char(',')) + 1;
    const QString norm = qtext(normLabel(draft.norm));
    QStringList parts{isSurvey || name.endsWith(norm) ? name : QStringLiteral("%1 %2").arg(name, norm)};
    if (combinations > 1)
        parts << text("%1 analyses").arg(combinations);
    if (draft.transfers)
        parts << text("transfer");
    return parts.join(QStringLiteral(" · "));
}

Json studyJson(const StudyDraft& draft)
{
    Json json{{"schema", "brink.study/1"}, {"name", draft.name.trimmed().toStdString()}, {"seed", draft.seed}, {"models", Json::array()}};
    for (const ModelDraft& model : draft.models)
        if (model.isChosen)
            json["models"].push_back(modelJson(model));
    json["images"] = {{"path", draft.images.toStdString()}};
    if (!draft.range.trimmed().isEmpty())
        json["images"]["range"] = draft.range.trimmed().toStdString();
    if (!draft.labels.isEmpty())
        json["images"]["labels"] = draft.labels.toStdString();
    json["entry"] = entryRuleName(draft.entry);
    json["analyses"] = Json::array();
    for (const AnalysisDraft& analysis : draft.analyses)
        json["analyses"].push_back(analysisJson(analysis));
    json["keepAdversarials"] = draft.keepsAdversarials;
    return json;
}

StudyEstimate estimateOf(const Study& study, std::int64_t images)
{
    StudyEstimate estimate;
    const auto models = std::int64_t(study.models.size());
    estimate.analyses = std::int64_t(study.analyses.size());
    estimate.units = models * blocksOf(images, imagesPerCleanUnit(study));
    estimate.forwards = double(models * images);
    for (const StudyAnalysis& analysis : study.analyses) {
        const std::int64_t entering = analysis.images > 0 ? std::min(images, analysis.images) : images;
        const std::int64_t units = models * blocksOf(entering, imagesPerUnit(study, analysis));
        estimate.units += units;
        estimate.gradients += double(models * entering) * expectedGradients(analysis);
        if (analysis.transfers) {
            estimate.units += units * models;
            estimate.forwards += double(models * models * entering);
        }
    }
    return estimate;
}

QString estimateText(const Study& study, std::int64_t images)
{
    const StudyEstimate estimate = estimateOf(study, images);
    const QString gradients = estimate.gradients >= 1e9 ? text("%1 billion").arg(shownNumber(estimate.gradients / 1e9))
        : estimate.gradients >= 1e6                     ? text("%1 million").arg(shownNumber(estimate.gradients / 1e6))
                                                        : shownCount(std::int64_t(estimate.gradients));
    return text("%1 models × %2 images × %3 analyses: at most %4 units, about %5 gradients and %6 more forwards")
        .arg(shownCount(std::int64_t(study.models.size())), shownCount(images), shownCount(estimate.analyses), shownCount(estimate.units), gradients,
            shownCount(std::int64_t(estimate.forwards)));
}

} // namespace brink
