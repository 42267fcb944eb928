// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pairinspector.h"

#include "app/controller.h"
#include "app/qtext.h"
#include "app/session.h"

#include <QFileInfo>

namespace brink {

namespace {

bool isSameFile(const QString& a, const QString& b) { return QFileInfo(a).absoluteFilePath() == QFileInfo(b).absoluteFilePath(); }

} // namespace

PairInspector::PairInspector(Session& session, Controller& controller, QObject* parent)
    : QObject(parent), m_session(session), m_controller(controller)
{
    // Queued: a set is opened on its first image, and a model takes its place, before the choice falls on another.
    connect(&session, &Session::datasetOpened, this, &PairInspector::advance, Qt::QueuedConnection);
    connect(&session, &Session::modelsChanged, this, &PairInspector::advance, Qt::QueuedConnection);
}

void PairInspector::inspect(Wish wish)
{
    m_wish = std::move(wish);
    const bool isSetOpen = m_session.imagePaths().size() == 1 && isSameFile(m_session.imagePaths().first(), m_wish->images);
    if (!isSetOpen)
        m_controller.openFiles({m_wish->images});
    if (modelPlace() < 0)
        m_controller.openModel(m_wish->model, m_wish->card);
    advance();
}

int PairInspector::modelPlace() const
{
    const auto& models = m_session.models();
    for (std::size_t i = 0; i < models.size(); ++i)
        if (isSameFile(qtext(models[i].classifier->path()), m_wish->model))
            return int(i);
    return -1;
}

void PairInspector::advance()
{
    if (!m_wish)
        return;
    const bool isSetOpen = m_session.dataset() && m_session.imagePaths().size() == 1 && isSameFile(m_session.imagePaths().first(), m_wish->images);
    const int place = modelPlace();
    if (!isSetOpen || place < 0)
        return;
    const std::int64_t index = m_wish->index;
    m_wish.reset();
    m_controller.pickModel(place);
    if (index < m_session.dataset()->size())
        m_controller.pickImage(index);
}

} // namespace brink
