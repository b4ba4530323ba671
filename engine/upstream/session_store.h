// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/result.h"
#include "engine/upstream_config.h"
#include "upstream/tls_context.h"
#include "wire/header.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <vector>

namespace sotto::engine {

/// What sessions are bound to: protocol version of ours, the name (or address) that is verified,
/// port, pins, certificate authorities and client certificate. Any change of these is another key.
using SessionKey = std::array<std::uint8_t, 32>;

/// For the system's authorities, what their files look like from outside (sizes, times) goes in.
SessionKey sessionKeyOf(const UpstreamConfig& upstream);

/// TLS sessions that can be resumed, each handed out once (RFC 8446 §C.4), the newest first. None
/// is kept for longer than its ticket allows, than its server's certificate is valid, or than 24
/// hours; nor does one from the future count, which shows that a clock was wrong. Resolver thread
/// only; no I/O.
class SessionStore {
public:
    static constexpr std::size_t kPerUpstream = 8;   ///< the oldest go first
    static constexpr std::size_t kMaxUpstreams = 64; ///< the one not used for longest goes first
    static constexpr std::int64_t kMaxAgeSeconds = 24 * 3600;

    /// What was learnt of a server and is of use to a later run.
    struct Learnt {
        std::uint32_t idleMillis =
            0; ///< it closes connections that are idle for longer; 0: unknown
        bool refusesEarlyData = false; ///< it rejected early data once: it is not tried again
        bool refusesFastOpen = false;
        bool operator==(const Learnt&) const = default;
    };

    /// Keeps a copy: OpenSSL spoils the session itself when its connection ends without a farewell.
    /// Only of connections whose certificate, name and pins were found right.
    void put(const SessionKey& key, SSL_SESSION* session, std::int64_t nowUnix);
    /// A session that is removed here and the caller's to use once; null where there is none.
    SslPointer<SSL_SESSION> take(const SessionKey& key, std::int64_t nowUnix);
    bool has(const SessionKey& key, std::int64_t nowUnix) const;
    void forget(const SessionKey& key);

    Learnt learnt(const SessionKey& key) const;
    /// One thing at a time, for several upstreams may share a server.
    void learnIdleMillis(const SessionKey& key, std::uint32_t idleMillis);
    /// What was refused once stays so.
    void learnRefusals(const SessionKey& key, bool earlyData, bool fastOpen);

    /// Everything, as octets with a version and a checksum; the store is empty of sessions
    /// afterwards, so that none is used twice. Empty where there is nothing to keep.
    std::vector<std::uint8_t> exportAll(std::int64_t nowUnix);
    /// Adds what is of use of an earlier run: of servers that isWanted (nothing: of all). An error,
    /// and nothing taken, where the octets are damaged or of another version, or were written in
    /// the future. Returns how many sessions.
    Result<std::size_t> import(Bytes octets, std::int64_t nowUnix,
                               const std::function<bool(const SessionKey&)>& isWanted = nullptr);

private:
    struct Entry {
        SslPointer<SSL_SESSION> session;
        std::int64_t receivedUnix = 0;
        std::int64_t expiresUnix = 0;
    };
    struct Server {
        std::deque<Entry> entries; ///< the newest last
        Learnt learnt;
        std::uint64_t used = 0; ///< of two the larger was used later
    };

    Server& use(const SessionKey& key);
    static Entry entryOf(SslPointer<SSL_SESSION> session, std::int64_t receivedUnix);
    static bool isUsable(const Entry& entry, std::int64_t nowUnix);

    std::map<SessionKey, Server> m_servers;
    std::uint64_t m_uses = 0;
};

} // namespace sotto::engine
