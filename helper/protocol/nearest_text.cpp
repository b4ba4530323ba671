// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/nearest_text.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace sotto::protocol {

namespace {

/// Levenshtein's distance.
qsizetype editDistance(const QString& a, const QString& b) {
    std::vector<qsizetype> row(static_cast<std::size_t>(b.size()) + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 0; i < a.size(); ++i) {
        qsizetype diagonal = row[0];
        row[0] = i + 1;
        for (qsizetype j = 0; j < b.size(); ++j) {
            const auto column = static_cast<std::size_t>(j) + 1;
            const qsizetype replaced = diagonal + (a[i].toLower() == b[j].toLower() ? 0 : 1);
            diagonal = row[column];
            row[column] = std::min({row[column] + 1, row[column - 1] + 1, replaced});
        }
    }
    return row.back();
}

} // namespace

QString nearestText(const QString& text, const QStringList& candidates) {
    constexpr qsizetype kLongestCompared = 64;
    if (text.size() > kLongestCompared)
        return {};
    QString nearest;
    qsizetype best = std::max<qsizetype>(2, text.size() / 3) + 1;
    for (const QString& candidate : candidates) {
        const qsizetype distance = editDistance(text, candidate);
        if (distance < best && distance < candidate.size()) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

QString didYouMean(const QString& text, const QStringList& candidates) {
    const QString nearest = nearestText(text, candidates);
    return nearest.isEmpty() ? QString() : QStringLiteral(" (did you mean \"%1\"?)").arg(nearest);
}

} // namespace sotto::protocol
