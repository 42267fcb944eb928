// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace brink::test {

/// Stands for a value of any type, to find out how many fields a struct has.
struct AnyField {
    template <typename T> operator T() const;
};

/// Of an aggregate.
template <typename T, typename... Values> constexpr std::size_t fieldCount()
{
    if constexpr (requires { T{Values{}..., AnyField{}}; })
        return fieldCount<T, Values..., AnyField>();
    else
        return sizeof...(Values);
}

} // namespace brink::test
