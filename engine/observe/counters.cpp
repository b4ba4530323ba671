// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/counters.h"

#include <numeric>

namespace sotto::engine {

namespace {

void addTypeCount(std::vector<Statistics::TypeCount>& counts, std::uint16_t type,
                  std::uint64_t queries) {
    if (queries == 0)
        return;
    const auto place = std::lower_bound(
        counts.begin(), counts.end(), type,
        [](const Statistics::TypeCount& one, std::uint16_t sought) { return one.type < sought; });
    if (place != counts.end() && place->type == type)
        place->queries += queries;
    else
        counts.insert(place, {type, queries});
}

} // namespace

void Counters::addTo(Statistics& sum) const {
    sum.queriesUdp += queriesUdp.read();
    sum.queriesTcp += queriesTcp.read();
    sum.queriesInternal += queriesInternal.read();
    sum.cacheHits += cacheHits.read();
    sum.cacheMisses += cacheMisses.read();
    sum.staleAnswers += staleAnswers.read();
    sum.prefetches += prefetches.read();
    sum.localAnswers += localAnswers.read();
    sum.coalesced += coalesced.read();
    sum.upstreamQueries += upstreamQueries.read();
    sum.racedQueries += racedQueries.read();
    sum.upstreamFailures += upstreamFailures.read();
    sum.failed += failed.read();
    sum.tooManyAtOnce += tooManyAtOnce.read();
    sum.refused += refused.read();
    sum.malformed += malformed.read();
    sum.truncated += truncated.read();
    for (std::size_t i = 0; i < queriesByType.size(); ++i)
        addTypeCount(sum.queriesByType, kCountedTypes[i], queriesByType[i].read());
    hitTimes.addTo(sum.hitTimes);
    missTimes.addTo(sum.missTimes);
}

std::uint64_t DurationHistogram::total() const {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

double DurationHistogram::quantileMicros(double share) const {
    const double wanted = share * static_cast<double>(total());
    double below = 0;
    for (std::size_t i = 0; i < kBuckets; ++i) {
        const auto count = static_cast<double>(counts[i]);
        if (count > 0 && below + count >= wanted) {
            const double start = i == 0 ? 0 : static_cast<double>(std::uint64_t{1} << i);
            const auto end = static_cast<double>(std::uint64_t{2} << i);
            return start + (end - start) * std::max(0.0, wanted - below) / count;
        }
        below += count;
    }
    return 0;
}

DurationHistogram& DurationHistogram::operator+=(const DurationHistogram& other) {
    for (std::size_t i = 0; i < kBuckets; ++i)
        counts[i] += other.counts[i];
    return *this;
}

} // namespace sotto::engine
