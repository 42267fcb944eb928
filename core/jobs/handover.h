// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

class QThreadPool;

namespace brink {

// Qt hands work from thread to thread under locks of its own, which the thread sanitizer cannot see: it is told here.
// Without it, these do nothing.

/// What this thread wrote so far is for whoever takes over.
void handOver();
/// This thread sees what was handed over.
void takeOver();

/// Starts `work` on the pool, handed over.
void startOn(QThreadPool& pool, std::function<void()> work);

} // namespace brink
