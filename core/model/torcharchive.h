// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace brink {

/// Proves that the bytes are one whole TorchScript archive before LibTorch sees them: the zip directory ends where the file
/// ends, entries lie inside the file without overlap, and each has the length and CRC-32 that the directory states.
/// LibTorch 1.13 itself can crash on archives that fail this.
/// @return the source text of all code in the archive, for the search for forbidden operators before it can run.
/// @throws Error(Format), one sentence naming `path` and what to do: truncated, corrupted, a state_dict, a pickled module, ONNX ...
[[nodiscard]] std::string checkTorchArchive(const std::string& path, std::string_view bytes);

} // namespace brink
