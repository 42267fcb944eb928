// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The one place that includes qcustomplot.h (7.6 s a file): only sources of widgets/plot include this header.
// The header is another project's, so its warnings are not ours, and it writes foreach, which QT_NO_FOREACH takes away.
#include <QtGlobal>

#ifdef QT_NO_FOREACH
#define foreach(variable, container) for (variable : container)
#endif
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Woverloaded-virtual"
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#include <qcustomplot.h>
#pragma GCC diagnostic pop
#ifdef QT_NO_FOREACH
#undef foreach
#endif
