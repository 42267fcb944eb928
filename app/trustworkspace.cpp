// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/trustworkspace.h"

#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace brink {

TrustWorkspace::TrustWorkspace(QWidget* parent) : QWidget(parent), m_tabs(new QTabBar(this)), m_pages(new QStackedWidget(this))
{
    setProperty("surface", QStringLiteral("background"));
    setAttribute(Qt::WA_StyledBackground);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setAccessibleName(tr("Questions of trust"));
    m_tabs->hide(); // a single page needs no choice
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_tabs);
    layout->addWidget(m_pages, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        m_pages->setCurrentIndex(index);
        Q_EMIT pageShown(page());
    });
}

void TrustWorkspace::addPage(const QString& name, const QString& title, const QString& toolTip, QWidget* page)
{
    m_names << name;
    m_pages->addWidget(page);
    m_tabs->setTabToolTip(m_tabs->addTab(title), toolTip);
    m_tabs->setVisible(m_names.size() > 1);
}

QString TrustWorkspace::page() const { return m_names.value(m_tabs->currentIndex()); }

QWidget* TrustWorkspace::currentPage() const { return m_pages->currentWidget(); }

void TrustWorkspace::showPage(const QString& name)
{
    if (const auto place = m_names.indexOf(name); place >= 0)
        m_tabs->setCurrentIndex(int(place));
}

} // namespace brink
