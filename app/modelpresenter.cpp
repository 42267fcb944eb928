// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/modelpresenter.h"

#include "app/cardtext.h"
#include "app/modeltext.h"
#include "app/qtext.h"
#include "core/base/error.h"
#include "core/model/cardfile.h"
#include "widgets/controls/modelspanel.h"

#include <QTimer>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace brink {

namespace {

/// Long enough for a hand that types, short enough to feel live.
constexpr int pauseMs = 350;
constexpr std::size_t classesShown = 3;

QStringList resizeRules()
{
    QStringList names;
    for (const ResizeRule rule : {ResizeRule::Refuse, ResizeRule::Stretch, ResizeRule::CropCentre, ResizeRule::Fit})
        names << qtext(resizeRuleName(rule));
    return names;
}

std::vector<double> softmax(const std::vector<double>& logits)
{
    const double largest = logits.empty() ? 0 : std::ranges::max(logits);
    std::vector<double> shares;
    for (const double logit : logits)
        shares.push_back(std::exp(logit - largest));
    const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    for (double& share : shares)
        share /= sum;
    return shares;
}

/// The likeliest classes now, and the likeliest one before.
std::vector<std::size_t> likeliest(const std::vector<double>& now, const std::vector<double>& before)
{
    std::vector<std::size_t> classes(now.size());
    std::iota(classes.begin(), classes.end(), std::size_t(0));
    std::ranges::stable_sort(classes, std::greater{}, [&now](std::size_t c) { return now[c]; });
    classes.resize(std::min(classes.size(), classesShown));
    const auto old = std::size_t(std::ranges::max_element(before) - before.begin());
    if (old < now.size() && std::ranges::find(classes, old) == classes.end())
        classes.push_back(old);
    return classes;
}

} // namespace

ModelPresenter::ModelPresenter(Session& session, Controller& controller, ModelsPanel* panel, QObject* parent)
    : QObject(parent), m_session(session), m_controller(controller), m_panel(panel), m_timer(new QTimer(this))
{
    m_timer->setSingleShot(true);
    m_timer->setInterval(pauseMs);
    connect(m_timer, &QTimer::timeout, this, [this] { load(m_typed); });
    connect(&session, &Session::modelsChanged, this, &ModelPresenter::showChecks);
    connect(&session, &Session::modelPicked, this, &ModelPresenter::showChecks);
    connect(&session, &Session::modelPicked, this, [this] {
        if (isEditing())
            showCard();
    });
    connect(&session, &Session::resultChanged, this, &ModelPresenter::showPrediction);
    connect(panel, &ModelsPanel::cardWanted, this, &ModelPresenter::editCard);
    showChecks();
}

void ModelPresenter::showChecks()
{
    const bool hasModel = m_session.currentModel() >= 0;
    m_panel->setModelShown(hasModel);
    if (hasModel)
        m_panel->checks()->setChips(checkChips(m_session.models()[std::size_t(m_session.currentModel())].report));
}

void ModelPresenter::editCard()
{
    if (!m_session.classifier())
        return;
    if (!m_editor) {
        m_editor = new CardEditor(resizeRules(), m_panel->window());
        connect(m_editor, &CardEditor::fieldsEdited, this, &ModelPresenter::takeFields);
        connect(m_editor, &CardEditor::saveWanted, this, &ModelPresenter::save);
        connect(m_editor, &CardEditor::revertWanted, this, &ModelPresenter::revert);
    }
    if (!isEditing())
        showCard();
    m_editor->show();
    m_editor->raise();
    m_editor->activateWindow();
}

/// Begins with the card as it is in use.
void ModelPresenter::showCard()
{
    m_timer->stop();
    const auto model = m_session.classifier();
    if (!model) {
        m_editor->close();
        return;
    }
    m_path = model->path();
    m_typed = Json();
    m_before.clear();
    m_beforeImage = -1;
    m_editor->setFields(qtext(model->card().name), cardFields(model->card()), model->classes());
    m_editor->setUnsaved(model->card().origin.find("options") != std::string::npos);
    m_editor->setStatus(tr("From: %1.").arg(qtext(model->card().origin)));
    showPrediction();
}

void ModelPresenter::takeFields(const CardFields& fields)
{
    const auto model = m_session.classifier();
    if (!model || model->path() != m_path)
        return;
    const ParsedCard parsed = parseCard(fields, model->classes());
    m_editor->setErrors(parsed.errors);
    m_editor->setUnsaved(parsed.isValid());
    if (!parsed.isValid()) {
        m_timer->stop();
        m_editor->setStatus(tr("Not in use: correct the marked fields."), true);
        return;
    }
    m_typed = parsed.json;
    m_editor->setStatus(tr("Loading the model with this card..."));
    m_timer->start();
}

void ModelPresenter::load(const Json& card)
{
    m_controller.reloadModel(qtext(m_path), card, [this](const QString& failure) {
        if (!m_editor)
            return;
        if (failure.isEmpty())
            m_editor->setStatus(m_typed.empty() ? tr("In use, as the card file says.") : tr("In use, not saved."));
        else
            m_editor->setStatus(failure, true);
    });
}

void ModelPresenter::save()
{
    const auto model = m_session.classifier();
    if (!model || model->path() != m_path)
        return;
    try {
        saveModelCard(m_path, parseCard(m_editor->fields(), model->classes()).json);
    } catch (const Error& error) {
        m_editor->setStatus(qtext(error.message()), true);
        return;
    }
    m_editor->setUnsaved(false);
    m_editor->setStatus(tr("Saved as %1.").arg(qtext(modelCardPath(m_path))));
    Q_EMIT noticed(tr("The card of %1 is saved as %2.").arg(m_editor->fields().name, qtext(modelCardPath(m_path))));
}

/// The card file again, or what is found without one.
void ModelPresenter::revert()
{
    m_timer->stop();
    m_typed = Json();
    m_editor->setStatus(tr("Loading the model with its card file..."));
    m_controller.reloadModel(qtext(m_path), Json::object(), [this](const QString& failure) {
        if (!failure.isEmpty())
            return m_editor->setStatus(failure, true);
        showCard();
    });
}

void ModelPresenter::showPrediction()
{
    if (!isEditing() && !(m_editor && m_before.empty()))
        return;
    const auto& result = m_session.result();
    if (!result || result->logits.empty()) {
        if (!m_session.image())
            m_editor->setPrediction(tr("Open an image to see what the model says of it."), {});
        return;
    }
    if (m_beforeImage != result->index || m_before.size() != result->logits.size()) {
        m_before = result->logits;
        m_beforeImage = result->index;
    }
    const std::vector<double> now = softmax(result->logits);
    const std::vector<double> before = softmax(m_before);
    QList<CardPrediction> classes;
    for (const std::size_t index : likeliest(now, before)) {
        const bool hasName = index < result->classNames.size();
        classes.push_back({hasName ? qtext(result->classNames[index]) : QString::number(index), before[index], now[index]});
    }
    m_editor->setPrediction(tr("Prediction of image %1").arg(result->index), classes);
}

} // namespace brink
