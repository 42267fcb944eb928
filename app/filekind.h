// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace brink {

enum class FileKind { Model, Images, Session, Study, Figure };

/// What to open a path as: archives and the usual endings of TorchScript are models, databases sessions or studies, PDF, SVG and
/// pictures with a figure's description inside are figures, everything else images.
/// Whether it really is one, the loader says.
[[nodiscard]] FileKind fileKind(const QString& path);

} // namespace brink
