// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/fuzzymatch.h"

#include <QStringList>

namespace brink {

namespace {

constexpr int letter = 1;
constexpr int inARow = 6;
constexpr int wordStart = 5;

bool isWordStart(const QString& text, qsizetype at) { return at == 0 || !text[at - 1].isLetterOrNumber(); }

/// The best way to find the letters from `from` on: the first occurrence, or the next beginning of a word.
std::optional<int> wordScore(const QString& word, const QString& text, qsizetype letterAt, qsizetype from, bool isRow)
{
    if (letterAt == word.size())
        return 0;
    std::optional<int> best;
    for (qsizetype at = text.indexOf(word[letterAt], from); at >= 0; at = text.indexOf(word[letterAt], at + 1)) {
        const bool follows = isRow && at == from;
        const bool starts = isWordStart(text, at);
        if (best && !starts && !follows)
            continue; // a later letter inside a word is never better than the first one
        if (const auto rest = wordScore(word, text, letterAt + 1, at + 1, true)) {
            const int score = letter + (follows ? inARow : 0) + (starts ? wordStart : 0) + *rest;
            best = std::max(best.value_or(score), score);
        }
    }
    return best;
}

} // namespace

std::optional<int> fuzzyScore(const QString& typed, const QString& text)
{
    constexpr qsizetype longest = 40; // nobody types more, and time grows with it
    const QString lower = text.toLower();
    int sum = 0;
    for (const QString& word : typed.left(longest).toLower().split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const auto score = wordScore(word, lower, 0, 0, false);
        if (!score)
            return std::nullopt;
        sum += *score * 8;
    }
    return sum - int(text.size()) / 4;
}

} // namespace brink
