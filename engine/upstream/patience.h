// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

/// How long is waited for upstreams. The times stand together because they build on each other: in
/// each stage there has to be time left for the next one.
namespace sotto::engine::patience {

using std::chrono::milliseconds;

/// So long nothing may come on a connection with several queries before it counts as hung.
inline constexpr milliseconds kHung{400};
/// Without a connection for this long another upstream is tried as well.
inline constexpr milliseconds kConnecting{600};
/// So long nothing at all may come on a connection, where there is another upstream to ask.
inline constexpr milliseconds kSilent{850};
/// For the TCP handshake, and again for that of TLS, before a connection is given up.
inline constexpr milliseconds kHandshake{3000};
/// A TLS handshake that began is waited for so long before the same address is tried beside it.
inline constexpr milliseconds kHandshakeAlone{1500};
/// For a question in all: stub resolvers give up after 5 s, and some time before that there is an
/// answer.
inline constexpr milliseconds kQuestion{3800};

static_assert(kHung < kSilent && kConnecting < kHandshakeAlone && kHandshakeAlone < kHandshake &&
              kHandshake < kQuestion);

} // namespace sotto::engine::patience
