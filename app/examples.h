// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace brink {

/// The built-in example: what the first window shows.
struct Examples {
    QStringList models; ///< paths; the first is opened as the current one
    QString images;     ///< path of the image set
    [[nodiscard]] bool isComplete() const { return !models.isEmpty() && !images.isEmpty(); }
};

/// Looks in `folder`, or without one in BRINK_EXAMPLES, beside the installed program (../share/brink/examples) and in the source tree.
/// Incomplete when nothing is there.
[[nodiscard]] Examples findExamples(const QString& folder = {});

} // namespace brink
