// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/session_store.h"

#include "upstream/certificate_facts.h"
#include "wire/octet_writer.h"

#include <openssl/err.h>
#include <openssl/sha.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace sotto::engine {

namespace {

constexpr std::string_view kMagic = "SOTTOSESSIONS";
constexpr std::uint16_t kFormat = 1;
constexpr std::size_t kTimeOctets = 8;
constexpr std::size_t kHeadOctets = kMagic.size() + 2 + kTimeOctets;
constexpr std::size_t kDigestOctets = SHA256_DIGEST_LENGTH;

constexpr std::uint8_t kRefusesEarlyData = 1;
constexpr std::uint8_t kRefusesFastOpen = 2;

/// Takes numbers and octets from the front. Once something was not there, nothing is.
class Reader {
public:
    explicit Reader(Bytes left)
        : m_left(left) {}

    bool isSound() const { return m_sound; }
    bool atEnd() const { return m_left.empty(); }

    Bytes take(std::size_t count) {
        if (!m_sound || count > m_left.size()) {
            m_sound = false;
            return {};
        }
        const Bytes taken = m_left.first(count);
        m_left = m_left.subspan(count);
        return taken;
    }
    std::uint8_t take8() {
        const Bytes taken = take(1);
        return taken.empty() ? std::uint8_t{0} : taken[0];
    }
    std::uint32_t take32() {
        const Bytes taken = take(4);
        return taken.empty() ? 0 : load32(taken.data());
    }
    std::int64_t take64() {
        const std::uint64_t high = take32();
        return static_cast<std::int64_t>((high << 32) | take32());
    }

private:
    Bytes m_left;
    bool m_sound = true;
};

std::array<std::uint8_t, kDigestOctets> digestOf(Bytes octets) {
    std::array<std::uint8_t, kDigestOctets> digest;
    SHA256(octets.data(), octets.size(), digest.data());
    return digest;
}

std::vector<std::uint8_t> octetsOf(SSL_SESSION* session) {
    const int length = i2d_SSL_SESSION(session, nullptr);
    if (length <= 0)
        return {};
    std::vector<std::uint8_t> octets(static_cast<std::size_t>(length));
    unsigned char* at = octets.data();
    i2d_SSL_SESSION(session, &at);
    return octets;
}

/// Null where the octets are no session of a protocol version that we speak.
SslPointer<SSL_SESSION> sessionFrom(Bytes octets) {
    const unsigned char* at = octets.data();
    SslPointer<SSL_SESSION> session(
        d2i_SSL_SESSION(nullptr, &at, static_cast<long>(octets.size())));
    ERR_clear_error();
    if (!session || at != octets.data() + octets.size())
        return nullptr;
    const int version = SSL_SESSION_get_protocol_version(session.get());
    return version == TLS1_2_VERSION || version == TLS1_3_VERSION ? std::move(session) : nullptr;
}

/// When its server stops taking it back, by its own word (RFC 8446 §4.6.1, RFC 5077 §3.3) or
/// because its certificate ends.
std::int64_t expiryOf(SSL_SESSION* session, std::int64_t receivedUnix) {
    constexpr auto kNever = std::numeric_limits<std::int64_t>::min();
    const X509* peer = SSL_SESSION_get0_peer(session);
    if (!peer || SSL_SESSION_is_resumable(session) != 1 ||
        receivedUnix > std::numeric_limits<std::int64_t>::max() - SessionStore::kMaxAgeSeconds)
        return kNever;
    std::int64_t lifetime = SessionStore::kMaxAgeSeconds;
    const unsigned long hint = SSL_SESSION_get_ticket_lifetime_hint(session);
    // Before TLS 1.3 a hint of 0 says nothing; since then it says "not at all".
    if (hint != 0 || SSL_SESSION_get_protocol_version(session) == TLS1_3_VERSION)
        lifetime = std::min<std::int64_t>(lifetime, hint);
    return std::min(receivedUnix + lifetime, validUntilUnix(peer));
}

Error unusable(std::string detail) {
    return {ErrorCode::InvalidArgument, "the kept TLS sessions", std::move(detail)};
}

} // namespace

SessionStore::Entry SessionStore::entryOf(SslPointer<SSL_SESSION> session,
                                          std::int64_t receivedUnix) {
    const std::int64_t expires = expiryOf(session.get(), receivedUnix);
    return {std::move(session), receivedUnix, expires};
}

bool SessionStore::isUsable(const Entry& entry, std::int64_t nowUnix) {
    return entry.receivedUnix <= nowUnix && nowUnix < entry.expiresUnix;
}

SessionStore::Server& SessionStore::use(const SessionKey& key) {
    if (!m_servers.contains(key) && m_servers.size() >= kMaxUpstreams)
        m_servers.erase(std::min_element(m_servers.begin(), m_servers.end(),
                                         [](const auto& one, const auto& other) {
                                             return one.second.used < other.second.used;
                                         }));
    Server& server = m_servers[key];
    server.used = ++m_uses;
    return server;
}

void SessionStore::put(const SessionKey& key, SSL_SESSION* session, std::int64_t nowUnix) {
    SslPointer<SSL_SESSION> copy(SSL_SESSION_dup(session));
    if (!copy)
        return;
    Entry entry = entryOf(std::move(copy), nowUnix);
    if (!isUsable(entry, nowUnix))
        return;
    auto& entries = use(key).entries;
    entries.push_back(std::move(entry));
    if (entries.size() > kPerUpstream)
        entries.pop_front();
}

SslPointer<SSL_SESSION> SessionStore::take(const SessionKey& key, std::int64_t nowUnix) {
    if (!m_servers.contains(key))
        return nullptr;
    auto& entries = use(key).entries;
    while (!entries.empty()) {
        Entry newest = std::move(entries.back());
        entries.pop_back();
        if (isUsable(newest, nowUnix))
            return std::move(newest.session);
    }
    return nullptr;
}

bool SessionStore::has(const SessionKey& key, std::int64_t nowUnix) const {
    const auto found = m_servers.find(key);
    return found != m_servers.end() &&
           std::any_of(found->second.entries.begin(), found->second.entries.end(),
                       [&](const Entry& entry) { return isUsable(entry, nowUnix); });
}

void SessionStore::forget(const SessionKey& key) {
    m_servers.erase(key);
}

SessionStore::Learnt SessionStore::learnt(const SessionKey& key) const {
    const auto found = m_servers.find(key);
    return found != m_servers.end() ? found->second.learnt : Learnt{};
}

void SessionStore::learnIdleMillis(const SessionKey& key, std::uint32_t idleMillis) {
    use(key).learnt.idleMillis = idleMillis;
}

void SessionStore::learnRefusals(const SessionKey& key, bool earlyData, bool fastOpen) {
    Learnt& learnt = use(key).learnt;
    learnt.refusesEarlyData |= earlyData;
    learnt.refusesFastOpen |= fastOpen;
}

std::vector<std::uint8_t> SessionStore::exportAll(std::int64_t nowUnix) {
    std::vector<std::pair<const SessionKey*, Server*>> byUse;
    for (auto& [key, server] : m_servers) {
        std::erase_if(server.entries,
                      [&](const Entry& entry) { return !isUsable(entry, nowUnix); });
        if (!server.entries.empty() || server.learnt != Learnt{})
            byUse.emplace_back(&key, &server);
    }
    if (byUse.empty())
        return {};
    std::sort(byUse.begin(), byUse.end(), [](const auto& one, const auto& other) {
        return one.second->used < other.second->used;
    });
    OctetWriter out;
    out.put(kMagic);
    out.put16(kFormat);
    out.put64(nowUnix);
    for (const auto& [key, server] : byUse) {
        out.put(*key);
        out.put32(server->learnt.idleMillis);
        out.put8(
            static_cast<std::uint8_t>((server->learnt.refusesEarlyData ? kRefusesEarlyData : 0) |
                                      (server->learnt.refusesFastOpen ? kRefusesFastOpen : 0)));
        out.put8(static_cast<std::uint8_t>(server->entries.size()));
        for (const Entry& entry : server->entries) {
            const auto session = octetsOf(entry.session.get());
            out.put64(entry.receivedUnix);
            out.put32(static_cast<std::uint32_t>(session.size()));
            out.put(session);
        }
        server->entries.clear();
    }
    out.put(digestOf(out.octets()));
    return std::move(out.octets());
}

Result<std::size_t> SessionStore::import(Bytes octets, std::int64_t nowUnix,
                                         const std::function<bool(const SessionKey&)>& isWanted) {
    if (octets.size() < kHeadOctets + kDigestOctets ||
        !std::equal(kMagic.begin(), kMagic.end(), octets.begin()))
        return unusable("these are no kept sessions");
    if (load16(&octets[kMagic.size()]) != kFormat)
        return unusable("they were written by another version");
    const Bytes body = octets.first(octets.size() - kDigestOctets);
    const auto digest = digestOf(body);
    if (!std::equal(digest.begin(), digest.end(), octets.end() - kDigestOctets))
        return unusable("they are damaged");
    Reader in(body.subspan(kMagic.size() + 2));
    if (in.take64() > nowUnix)
        return unusable("they are from a time that lies ahead: the clock is wrong, or was");

    // All is read before any of it counts.
    std::deque<std::pair<SessionKey, Server>> servers;
    while (!in.atEnd() && in.isSound()) {
        auto& [key, server] = servers.emplace_back();
        const Bytes keyOctets = in.take(key.size());
        std::copy(keyOctets.begin(), keyOctets.end(), key.begin());
        server.learnt.idleMillis = in.take32();
        const std::uint8_t flags = in.take8();
        server.learnt.refusesEarlyData = flags & kRefusesEarlyData;
        server.learnt.refusesFastOpen = flags & kRefusesFastOpen;
        for (unsigned left = in.take8(); left > 0 && in.isSound(); --left) {
            const std::int64_t received = in.take64();
            if (SslPointer<SSL_SESSION> session = sessionFrom(in.take(in.take32())))
                server.entries.push_back(entryOf(std::move(session), received));
        }
    }
    if (!in.isSound())
        return unusable("they are damaged");

    std::size_t taken = 0;
    for (auto& [key, read] : servers) {
        std::erase_if(read.entries, [&](const Entry& entry) { return !isUsable(entry, nowUnix); });
        if ((read.entries.empty() && read.learnt == Learnt{}) || (isWanted && !isWanted(key)))
            continue;
        Server& server = use(key);
        // What this run got by itself is newer.
        if (server.learnt.idleMillis == 0)
            server.learnt.idleMillis = read.learnt.idleMillis;
        server.learnt.refusesEarlyData |= read.learnt.refusesEarlyData;
        server.learnt.refusesFastOpen |= read.learnt.refusesFastOpen;
        while (!read.entries.empty() && server.entries.size() < kPerUpstream) {
            server.entries.push_front(std::move(read.entries.back()));
            read.entries.pop_back();
            ++taken;
        }
    }
    return taken;
}

} // namespace sotto::engine
