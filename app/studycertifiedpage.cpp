// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studycertifiedpage.h"

#include "app/figurepane.h"
#include "app/studysurveypage.h"
#include "app/surveyrows.h"

#include <QSplitter>
#include <QVBoxLayout>

namespace brink {

StudyCertifiedPage::StudyCertifiedPage(QWidget* parent)
    : QWidget(parent), m_pane(new FigurePane("certified", tr("Certified accuracy"), tr("Accuracy that is proved at each radius, below what the attacks leave."), this))
{
    m_table = new ResultTable(surveyColumns(studyTable(StudyResults(), "certified", {})), tr("One row a model; rows fill while the study runs."), this);
    m_table->setAccessibleName(tr("Certified radii of the models"));
    m_table->setPicksMany();
    m_table->scrollSideways();
    auto* rows = new QSplitter(Qt::Vertical, this);
    rows->setHandleWidth(1);
    rows->setChildrenCollapsible(false);
    rows->addWidget(m_table);
    rows->addWidget(m_pane);
    rows->setSizes({250, 400});
    rows->setStretchFactor(1, 3);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(rows);
    connect(m_table, &ResultTable::rowsPicked, this, [this](const QStringList& keys) {
        QStringList names;
        for (const QString& key : keys)
            if (!names.contains(surveyModel(key)))
                names << surveyModel(key);
        Q_EMIT modelsPicked(names);
    });
    connect(m_pane, &FigurePane::cursorMoved, this, &StudyCertifiedPage::readoutChanged);
    connect(m_pane, &FigurePane::exportRequested, this, [this](const std::string& name) { Q_EMIT exportRequested(studySurveyName(name)); });
    connect(m_pane, &FigurePane::copyRequested, this, [this](const std::string& name) { Q_EMIT copyRequested(studySurveyName(name)); });
}

void StudyCertifiedPage::showDrawing(const StudyDrawing& drawing, const std::vector<std::string>& picked)
{
    m_table->setRows(drawing.survey ? surveyRows(*drawing.survey) : std::vector<TableRow>());
    QStringList keys;
    for (const std::string& name : picked)
        keys << surveyRowKey(name, 0);
    m_table->setPickedKeys(keys);
    const auto figure = drawing.figures.find(m_pane->name());
    m_pane->setFigure(figure == drawing.figures.end() ? std::nullopt : figure->second);
}

} // namespace brink
