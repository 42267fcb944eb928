// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/statusbadge.h"

#include "widgets/controls/uitheme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>

namespace brink {

namespace {

QColor gradeColour(const UiColours& colours, StatusBadge::Grade grade)
{
    switch (grade) {
    case StatusBadge::Grade::Good:
        return colours.good;
    case StatusBadge::Grade::Caution:
        return colours.caution;
    case StatusBadge::Grade::Alarm:
        return colours.alarm;
    case StatusBadge::Grade::Neutral:
        break;
    }
    return colours.muted;
}

QString gradeRole(StatusBadge::Grade grade)
{
    const QString roles[] = {QStringLiteral("good"), QStringLiteral("caution"), QStringLiteral("alarm"), QStringLiteral("muted")};
    return roles[int(grade)];
}

} // namespace

StatusBadge::StatusBadge(QWidget* parent) : QWidget(parent), m_icon(new QLabel(this)), m_text(new QLabel(this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_icon);
    layout->addWidget(m_text);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    clear();
}

void StatusBadge::setState(ViewState state, const QString& detail)
{
    const auto withDetail = [&detail](const QString& word) {
        return detail.isEmpty() ? word : QStringLiteral("%1 · %2").arg(word, detail);
    };
    switch (state) {
    case ViewState::Empty:
        return present(QStringLiteral("info"), Grade::Neutral, detail);
    case ViewState::Running:
        return present(QStringLiteral("running"), Grade::Neutral, withDetail(tr("live")));
    case ViewState::Partial:
        return present(QStringLiteral("partial"), Grade::Caution, withDetail(tr("stopped, partial")));
    case ViewState::Complete:
        return present(QStringLiteral("good"), Grade::Good, withDetail(tr("complete")));
    case ViewState::Failed:
        return present(QStringLiteral("alarm"), Grade::Alarm, withDetail(tr("failed")));
    case ViewState::Stale:
        return present(QStringLiteral("stale"), Grade::Caution, withDetail(tr("out of date")));
    }
}

void StatusBadge::setFinding(Grade grade, const QString& text, const QString& toolTip)
{
    const QString icons[] = {QStringLiteral("good"), QStringLiteral("caution"), QStringLiteral("alarm"), QStringLiteral("info")};
    present(icons[int(grade)], grade, text);
    setToolTip(toolTip.isEmpty() ? text : toolTip);
}

void StatusBadge::clear() { present({}, Grade::Neutral, {}); }

QString StatusBadge::text() const { return m_text->text(); }

void StatusBadge::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        restyle();
    QWidget::changeEvent(event);
}

void StatusBadge::present(const QString& icon, Grade grade, const QString& text)
{
    m_iconName = icon;
    m_grade = grade;
    m_text->setText(text);
    setToolTip(text);
    setAccessibleName(text);
    restyle();
    setVisible(!text.isEmpty());
}

void StatusBadge::restyle()
{
    const QColor colour = gradeColour(uiColours(palette()), m_grade);
    m_icon->setPixmap(m_iconName.isEmpty() ? QPixmap() : tintedIcon(m_iconName, colour).pixmap(QSize(14, 14), devicePixelRatioF()));
    setTextRole(m_text, gradeRole(m_grade));
}

} // namespace brink
