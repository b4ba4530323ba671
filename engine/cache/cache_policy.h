// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine_config.h"
#include "wire/upstream_response.h"

#include <chrono>

namespace sotto::engine {

/// How long a response may be answered from the cache; zero: not at all. Pure.
///
/// Positive answers live as long as their shortest-lived record, negative ones as RFC 2308 §5
/// says (5 s where no SOA tells), both at most to their cap; an upstream's failure (SERVFAIL,
/// REFUSED, NOTIMP, FORMERR) for the configured time (RFC 9520 §3.2); other codes not at all.
std::chrono::seconds cacheLifetime(const UpstreamResponse& response, const CacheConfig& config);

/// Lowers every TTL of the response to at most the lifetime's cap, so that no client keeps an
/// answer for longer than we do.
void capTtls(UpstreamResponse& response, std::chrono::seconds cap);

/// The cap that applies to this response.
std::chrono::seconds ttlCap(const UpstreamResponse& response, const CacheConfig& config);

} // namespace sotto::engine
