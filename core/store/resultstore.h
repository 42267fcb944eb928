// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/study/inspect.h"

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace brink {

/// A result and what it answers.
struct StoredResult {
    std::string key;     ///< studyKey()
    std::shared_ptr<const InspectResult> result;
    Json settings;       ///< as the one who asked writes them down; not looked at here
};

/// Bytes that a result holds in memory, near enough to keep a bound.
[[nodiscard]] std::size_t bytesOf(const InspectResult& result);

/// Results in memory by key, the ones used last within a bound. Lives in one thread.
class ResultStore {
public:
    /// @param maximumBytes the newest result is kept even if it alone is larger.
    explicit ResultStore(std::size_t maximumBytes = std::size_t(512) << 20);

    /// A partial result never replaces a complete one. Returns whether it was taken.
    bool put(StoredResult stored);
    /// Null when there is none; a result found counts as used.
    [[nodiscard]] const StoredResult* find(const std::string& key);
    [[nodiscard]] std::vector<StoredResult> all() const; ///< least recently used first
    [[nodiscard]] std::size_t size() const { return m_order.size(); }
    [[nodiscard]] std::size_t bytes() const { return m_bytes; }
    void clear();

private:
    struct Entry {
        StoredResult stored;
        std::size_t bytes = 0;
    };
    void shrink();

    std::size_t m_maximumBytes;
    std::size_t m_bytes = 0;
    std::list<Entry> m_order; ///< least recently used first
    std::unordered_map<std::string, std::list<Entry>::iterator> m_byKey;
};

} // namespace brink
