// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <array>
#include <cstddef>
#include <utility>

/// Enumerations as the words that stand for them in messages, from one table for both ways.
namespace sotto::json {

template <class E, std::size_t N>
QString textOf(const std::array<std::pair<E, const char*>, N>& names, E value) {
    for (const auto& [candidate, text] : names) {
        if (candidate == value)
            return QLatin1String(text);
    }
    Q_UNREACHABLE();
}

template <class E, std::size_t N>
bool valueOf(const std::array<std::pair<E, const char*>, N>& names, const QString& text, E& value) {
    for (const auto& [candidate, name] : names) {
        if (text == QLatin1String(name)) {
            value = candidate;
            return true;
        }
    }
    return false;
}

} // namespace sotto::json
