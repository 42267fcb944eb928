// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studyheader.h"

#include "app/studydesk.h"
#include "app/studytext.h"
#include "widgets/controls/elidedlabel.h"
#include "widgets/controls/statusbadge.h"

#include <QAction>
#include <QDir>
#include <QHBoxLayout>
#include <QPushButton>

namespace brink {

namespace {

constexpr int remarksShown = 12;

QString stateDetail(const StudyDesk& desk)
{
    switch (desk.state()) {
    case StudyState::Opening:
        return StudyHeader::tr("being read");
    case StudyState::Growing:
        return StudyHeader::tr("by another process");
    case StudyState::Incomplete:
        return StudyHeader::tr("Continue computes the rest");
    case StudyState::Failed:
        return desk.failure();
    default:
        return {};
    }
}

} // namespace

StudyHeader::StudyHeader(const StudyActions& actions, QWidget* parent)
    : QWidget(parent), m_title(new ElidedLabel({}, this)), m_progress(new ElidedLabel({}, this)), m_state(new StatusBadge(this)),
      m_remarks(new StatusBadge(this)), m_resume(makeButton(actions.resume)), m_stop(makeButton(actions.stop))
{
    m_title->setProperty("role", QStringLiteral("heading"));
    m_title->setAccessibleName(tr("Study"));
    m_progress->setProperty("role", QStringLiteral("muted"));
    m_progress->setAccessibleName(tr("Progress of the study"));
    m_resume->setProperty("primary", true);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 6, 12, 6);
    layout->setSpacing(12);
    layout->addWidget(m_title, 1);
    layout->addWidget(m_progress, 2);
    layout->addWidget(m_remarks);
    layout->addWidget(m_state);
    layout->addWidget(m_resume);
    layout->addWidget(m_stop);
    layout->addWidget(makeButton(actions.create));
}

QPushButton* StudyHeader::makeButton(QAction* action)
{
    auto* button = new QPushButton(action->text(), this);
    button->setAccessibleName(action->text());
    button->setToolTip(action->toolTip());
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    connect(action, &QAction::enabledChanged, button, &QPushButton::setEnabled);
    return button;
}

void StudyHeader::showDesk(const StudyDesk& desk)
{
    m_title->setText(studyTitle(desk));
    m_title->setToolTip(QDir::toNativeSeparators(desk.path()));
    m_state->setState(viewState(desk.state()), stateDetail(desk));
    m_resume->setVisible(desk.state() == StudyState::Incomplete);
    m_stop->setVisible(desk.state() == StudyState::Running);
    m_progress->setText(desk.results() ? progressText(*desk.results()) : QString());
    m_progress->setToolTip(m_progress->text());
    const QStringList remarks = desk.results() ? studyRemarks(*desk.results()) : QStringList();
    if (remarks.isEmpty())
        return m_remarks->clear();
    QStringList shown = remarks.mid(0, remarksShown);
    if (remarks.size() > remarksShown)
        shown << tr("and %n more", nullptr, int(remarks.size()) - remarksShown);
    m_remarks->setFinding(StatusBadge::Grade::Caution, remarks.size() == 1 ? tr("1 remark") : tr("%n remarks", nullptr, int(remarks.size())),
        shown.join(QLatin1Char('\n')));
}

} // namespace brink
