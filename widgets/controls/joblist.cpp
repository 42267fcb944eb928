// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/joblist.h"

#include "widgets/controls/uitheme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <cmath>

namespace brink {

QString durationText(double seconds)
{
    const auto whole = qint64(std::llround(std::max(0.0, seconds)));
    const QString rest = QStringLiteral("%1").arg(whole % 60, 2, 10, QLatin1Char('0'));
    if (whole < 3600)
        return QStringLiteral("%1:%2").arg(whole / 60).arg(rest);
    return QStringLiteral("%1:%2:%3").arg(whole / 3600).arg(whole / 60 % 60, 2, 10, QLatin1Char('0')).arg(rest);
}

class JobRowWidget : public QWidget {
public:
    explicit JobRowWidget(JobList* list)
        : QWidget(list), m_title(new QLabel(this)), m_bar(new QProgressBar(this)), m_detail(new QLabel(this)),
          m_again(new QPushButton(JobList::tr("Run again"), this)), m_button(new QPushButton(this))
    {
        auto* layout = new QHBoxLayout(this);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(12);
        setMinimumHeight(JobList::rowHeight);
        m_title->setMinimumWidth(220);
        m_bar->setFixedWidth(240);
        m_bar->setTextVisible(false);
        m_bar->setRange(0, 1000);
        m_detail->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        layout->addWidget(m_title);
        layout->addWidget(m_bar);
        layout->addWidget(m_detail, 1);
        layout->addWidget(m_again);
        layout->addWidget(m_button);
        m_again->setToolTip(JobList::tr("Do this job once more, with the values it had"));
        connect(m_again, &QPushButton::clicked, list, [this, list] { Q_EMIT list->runAgainRequested(m_row.id); });
        connect(m_button, &QPushButton::clicked, list, [this, list] {
            Q_EMIT isActive() ? list->stopRequested(m_row.id) : list->dismissRequested(m_row.id);
        });
    }

    void setRow(const JobRow& row)
    {
        m_row = row;
        m_title->setText(row.title);
        m_bar->setVisible(isActive());
        m_bar->setRange(0, row.fraction || row.state == JobRow::State::Waiting ? 1000 : 0);
        m_bar->setValue(int(row.fraction.value_or(0) * 1000));
        m_bar->setAccessibleName(JobList::tr("Progress of %1").arg(row.title));
        const bool hasFailed = row.state == JobRow::State::Failed;
        m_detail->setText(hasFailed ? row.error : row.detail);
        m_detail->setToolTip(m_detail->text());
        setTextRole(m_detail, hasFailed ? QStringLiteral("alarm") : QStringLiteral("muted"));
        m_again->setVisible(row.canRunAgain);
        m_again->setAccessibleName(QStringLiteral("%1: %2").arg(m_again->text(), row.title));
        m_button->setText(isActive() ? JobList::tr("Stop") : JobList::tr("Dismiss"));
        m_button->setToolTip(isActive() ? JobList::tr("Stop this job and keep what is done") : JobList::tr("Take this row off the list"));
        m_button->setAccessibleName(QStringLiteral("%1: %2").arg(m_button->text(), row.title));
    }

private:
    [[nodiscard]] bool isActive() const { return m_row.state == JobRow::State::Waiting || m_row.state == JobRow::State::Running; }

    JobRow m_row;
    QLabel* m_title;
    QProgressBar* m_bar;
    QLabel* m_detail;
    QPushButton* m_again;
    QPushButton* m_button;
};

JobList::JobList(QWidget* parent) : QWidget(parent), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(4, 2, 8, 2);
    m_layout->setSpacing(4);
    auto* empty = new QLabel(tr("No job is running. Run starts the analysis of the chosen image."), this);
    empty->setProperty("role", QStringLiteral("muted"));
    empty->setMinimumHeight(rowHeight);
    m_empty = empty;
    m_layout->addWidget(empty);
    m_layout->addStretch(1);
    setAccessibleName(tr("Jobs"));
}

void JobList::setRows(const QList<JobRow>& rows)
{
    if (rows == m_rows)
        return;
    const bool hasOtherCount = rows.size() != m_rows.size();
    m_rows = rows;
    while (m_widgets.size() > rows.size())
        m_widgets.takeLast()->deleteLater();
    while (m_widgets.size() < rows.size()) {
        m_widgets << new JobRowWidget(this);
        m_layout->insertWidget(int(m_widgets.size()) - 1, m_widgets.last());
    }
    for (qsizetype i = 0; i < rows.size(); ++i)
        m_widgets[i]->setRow(rows[i]);
    m_empty->setVisible(rows.isEmpty());
    if (hasOtherCount)
        Q_EMIT countChanged(int(rows.size()));
}

} // namespace brink
