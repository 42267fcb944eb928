// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/formarea.h"

#include <QEvent>
#include <QScrollBar>

namespace brink {

FormArea::FormArea(QWidget* form, QWidget* parent) : QScrollArea(parent)
{
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWidget(form);
    form->installEventFilter(this);
    fitWidth();
}

bool FormArea::eventFilter(QObject* watched, QEvent* event)
{
    // Fonts and style sheets reach the rows late, when they are shown for the first time.
    if (watched == widget() && (event->type() == QEvent::LayoutRequest || event->type() == QEvent::Show))
        fitWidth();
    return QScrollArea::eventFilter(watched, event);
}

/// The scroll bar needs its room, too.
void FormArea::fitWidth() { setMinimumWidth(widget()->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width()); }

} // namespace brink
