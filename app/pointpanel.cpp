// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pointpanel.h"

#include "app/boundarytext.h"
#include "app/imagevalues.h"
#include "widgets/controls/elidedlabel.h"
#include "widgets/controls/resulttable.h"
#include "widgets/image/imageview.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace brink {

PointPanel::PointPanel(QWidget* parent)
    : QWidget(parent), m_title(new ElidedLabel({}, this)), m_place(new ElidedLabel({}, this)), m_image(new ImageView(this)),
      m_logits(new ResultTable(pointColumns(), tr("The classes the model finds most likely at the point."), this)),
      m_centre(new QPushButton(tr("Make it the centre"), this)), m_back(new QPushButton(tr("Back to the image"), this))
{
    m_title->setProperty("role", QStringLiteral("heading"));
    m_title->setAccessibleName(tr("Class at the point"));
    m_place->setProperty("role", QStringLiteral("muted"));
    m_place->setAccessibleName(tr("Where the point lies"));
    m_image->setAccessibleName(tr("Image at the point"));
    m_image->setEmptyText(tr("Point at the slice to see the image there; click to keep it."));
    m_logits->setAccessibleName(tr("Logits at the point"));
    m_centre->setToolTip(tr("The plane is laid through the image that was clicked (undo takes it back)"));
    m_back->setToolTip(tr("The plane goes through the chosen image again"));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_centre);
    buttons->addWidget(m_back);
    buttons->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 6, 8, 6);
    layout->setSpacing(4);
    layout->addWidget(m_title);
    layout->addWidget(m_place);
    layout->addWidget(m_image, 3);
    layout->addLayout(buttons);
    layout->addWidget(m_logits, 2);
    setMinimumWidth(280);
    connect(m_centre, &QPushButton::clicked, this, &PointPanel::centreWanted);
    connect(m_back, &QPushButton::clicked, this, &PointPanel::centreDropped);
    connect(m_image, &ImageView::pixelHovered, this, [this](const QPoint& pixel) {
        Q_EMIT readoutChanged(pixel.x() < 0 ? QString() : m_image->readoutAt(pixel));
    });
}

void PointPanel::showPoint(const BoundaryDesk& desk)
{
    const auto place = desk.place();
    const auto& point = desk.point();
    showActions(desk);
    if (!place || !point || !desk.slice()) {
        m_title->setText(tr("No point yet"));
        m_place->setText({});
        m_image->clear();
        return m_logits->setRows({});
    }
    m_title->setText(pointTitle(*desk.slice(), *point));
    m_place->setText(pointPlace(*desk.slice(), *place, *point));
    m_place->setToolTip(m_place->text());
    const auto pixels = std::make_shared<const PixelImage>(pixelImage(point->image));
    m_image->setImage(toneImage(*pixels), pixels);
    m_logits->setRows(pointRows(*desk.slice(), *point));
}

void PointPanel::showActions(const BoundaryDesk& desk)
{
    m_centre->setEnabled(desk.pinned() && desk.slice());
    m_back->setEnabled(desk.choices().centre != nullptr);
}

} // namespace brink
