// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/statusline.h"

#include "app/inspecttext.h"
#include "app/qtext.h"
#include "app/session.h"

#include <QLabel>
#include <QStatusBar>

namespace brink {

StatusLine::StatusLine(const Session& session, const QString& machine, QStatusBar* bar)
    : QObject(bar), m_session(session), m_readout(new QLabel(bar)), m_model(new QLabel(bar)), m_set(new QLabel(bar)), m_warnings(new QLabel(bar))
{
    m_readout->setMinimumWidth(230);
    m_readout->setAccessibleName(tr("Under the pointer"));
    m_readout->setToolTip(tr("What is under the pointer: a pixel before and after, a point of a figure, or a cell"));
    auto* machineLabel = new QLabel(machine, bar);
    machineLabel->setToolTip(tr("Device, analyses at a time and threads inside each"));
    bar->setSizeGripEnabled(false);
    bar->addWidget(m_readout);
    bar->addWidget(m_model);
    bar->addWidget(m_set);
    bar->addPermanentWidget(machineLabel);
    bar->addPermanentWidget(m_warnings);
    for (const auto signal : {&Session::datasetOpened, &Session::resultChanged})
        connect(&session, signal, this, &StatusLine::showSession);
    connect(&session, &Session::modelPicked, this, &StatusLine::showSession);
    connect(&session, &Session::imagePicked, this, &StatusLine::showSession);
    showSession();
}

void StatusLine::showReadout(const QString& text) { m_readout->setText(text); }

void StatusLine::showSession()
{
    const auto classifier = m_session.classifier();
    m_model->setText(classifier ? tr("model %1").arg(qtext(classifier->card().name)) : tr("no model"));
    const auto& dataset = m_session.dataset();
    m_set->setText(dataset ? tr("%1 · image %2 of %3").arg(qtext(dataset->name())).arg(m_session.imageIndex()).arg(shownCount(dataset->size()))
                           : tr("no images"));
    showWarnings();
}

void StatusLine::showWarnings()
{
    const auto& result = m_session.result();
    QStringList warnings;
    if (result)
        for (const Warning& warning : result->warnings)
            warnings << qtext(warning.text);
    m_warnings->setText(warnings.isEmpty() ? tr("no warnings")
            : warnings.size() == 1          ? tr("1 warning")
                                            : tr("%n warnings", nullptr, int(warnings.size())));
    m_warnings->setToolTip(warnings.isEmpty() ? tr("Nothing suspicious about this result") : warnings.join(QLatin1Char('\n')));
}

} // namespace brink
