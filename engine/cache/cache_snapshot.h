// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/response_cache.h"
#include "engine/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

/// The cache's answers as octets that outlast the process: a head (format, time, where the answers
/// come from), the answers with their ages, and a SHA-256 digest of it all.
namespace sotto::engine {

/// A larger cache is kept in part.
inline constexpr std::size_t kMaxSnapshotOctets = std::size_t{64} << 20;

struct SnapshotTime {
    std::int64_t wallSeconds = 0; ///< since 1970
    std::uint32_t bootSeconds = 0;
};

/// Tells answers of one set of upstreams from those of another.
using SnapshotOrigin = std::array<std::uint8_t, 32>;

/// Failures are left out.
std::vector<std::uint8_t> writeSnapshot(const ResponseCache& cache, const SnapshotOrigin& origin,
                                        SnapshotTime now);

/// Puts the answers back, older by the time that has passed; gives how many of them can still be
/// used. Every answer is read as one from an upstream is, so that nothing unsound comes in. An
/// error, and nothing taken, where the octets are damaged, of another format or origin, or from a
/// time that lies ahead.
Result<std::size_t> readSnapshot(Bytes octets, const SnapshotOrigin& origin, SnapshotTime now,
                                 ResponseCache& cache);

} // namespace sotto::engine
