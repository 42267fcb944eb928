// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/modelspanel.h"

#include "widgets/controls/modellist.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace brink {

ModelsPanel::ModelsPanel(QWidget* parent)
    : QWidget(parent), m_list(new ModelList(this)), m_foot(new QWidget(this)), m_checks(new CheckChips(m_foot)),
      m_card(new QPushButton(tr("Card..."), m_foot))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_foot);
    auto* foot = new QVBoxLayout(m_foot);
    foot->setContentsMargins(6, 0, 6, 4);
    auto* line = new QFrame(m_foot);
    line->setProperty("hairline", true);
    line->setFixedHeight(1);
    foot->addWidget(line);
    foot->setSpacing(4);
    foot->addWidget(m_checks);
    m_checks->setCorner(m_card);
    m_card->setAccessibleName(tr("Edit the model card"));
    m_card->setToolTip(tr("Pixel range, mean and std, channel order, resize rule and class names of the current model, with their effect"));
    connect(m_card, &QPushButton::clicked, this, &ModelsPanel::cardWanted);
    setModelShown(false);
}

void ModelsPanel::setModelShown(bool hasModel) { m_foot->setVisible(hasModel); }

} // namespace brink
