// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/resultstore.h"

namespace brink {

namespace {

std::size_t bytesOf(const Image& image) { return sizeof image + image.pixels.capacity() * sizeof(float); }

std::size_t bytesOf(const AttackOutcome& outcome)
{
    std::size_t bytes = sizeof outcome + outcome.trace.capacity() * sizeof(TraceStep);
    if (outcome.adversarial)
        bytes += bytesOf(*outcome.adversarial);
    if (outcome.iterates)
        for (const AttackIterate& iterate : *outcome.iterates)
            bytes += bytesOf(iterate.image);
    return bytes;
}

std::size_t bytesOf(const CleverResult& clever)
{
    std::size_t bytes = sizeof clever;
    for (const CleverTargetResult& target : clever.targets)
        bytes += sizeof target + target.maxima.capacity() * sizeof(double)
            + (target.byBatches.capacity() + target.byRadius.capacity()) * sizeof(CleverCurvePoint);
    for (const CleverResult& other : clever.otherNorms)
        bytes += bytesOf(other);
    return bytes;
}

} // namespace

std::size_t bytesOf(const InspectResult& result)
{
    std::size_t bytes = sizeof result + bytesOf(result.image)
        + (result.logits.capacity() + result.adversarialLogits.capacity()) * sizeof(double) + result.classNames.size() * sizeof(std::string);
    if (result.clever)
        bytes += bytesOf(*result.clever);
    for (const AttackOutcome& outcome : result.attacks)
        bytes += bytesOf(outcome);
    return bytes;
}

ResultStore::ResultStore(std::size_t maximumBytes) : m_maximumBytes(maximumBytes) {}

bool ResultStore::put(StoredResult stored)
{
    if (const auto found = m_byKey.find(stored.key); found != m_byKey.end()) {
        if (stored.result->partial && !found->second->stored.result->partial)
            return false;
        m_bytes -= found->second->bytes;
        m_order.erase(found->second);
        m_byKey.erase(found);
    }
    const std::size_t bytes = bytesOf(*stored.result);
    m_bytes += bytes;
    m_order.push_back({std::move(stored), bytes});
    m_byKey[m_order.back().stored.key] = std::prev(m_order.end());
    shrink();
    return true;
}

const StoredResult* ResultStore::find(const std::string& key)
{
    const auto found = m_byKey.find(key);
    if (found == m_byKey.end())
        return nullptr;
    m_order.splice(m_order.end(), m_order, found->second);
    return &found->second->stored;
}

std::vector<StoredResult> ResultStore::all() const
{
    std::vector<StoredResult> list;
    for (const Entry& entry : m_order)
        list.push_back(entry.stored);
    return list;
}

void ResultStore::clear()
{
    m_order.clear();
    m_byKey.clear();
    m_bytes = 0;
}

void ResultStore::shrink()
{
    while (m_bytes > m_maximumBytes && m_order.size() > 1) {
        m_bytes -= m_order.front().bytes;
        m_byKey.erase(m_order.front().stored.key);
        m_order.pop_front();
    }
}

} // namespace brink
