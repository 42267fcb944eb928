// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace brink {

enum class FileKind { Model, Images };

/// What to open a path as: archives and the usual endings of TorchScript are models, everything else images.
/// Whether it really is one, the loader says.
[[nodiscard]] FileKind fileKind(const QString& path);

} // namespace brink
