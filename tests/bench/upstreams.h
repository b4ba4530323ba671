// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/dot_server.h"
#include "support/throwaway_ca.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>

namespace sotto::bench {

/// What every subject asks: one server over TLS and one in clear text, on the loopback device and
/// the threads of the load. Both know an address for any name, good for a day, and count what they
/// were asked.
class Upstreams {
public:
    static constexpr std::uint16_t kTlsPort = 853;
    static constexpr std::uint16_t kPlainPort = 53;
    static constexpr const char* kTlsName = "dot.bench.test";

    Upstreams();
    ~Upstreams();
    Upstreams(const Upstreams&) = delete;
    Upstreams& operator=(const Upstreams&) = delete;

    /// Serves from then on, and writes the authority that the server's certificate is from.
    [[nodiscard]] bool start(const std::filesystem::path& caFile, std::string& error);
    /// What both answer: 192.0.2.1 for whoever asks for an address; other types have no records.
    static test::Bytes answerTo(const test::Message& query);
    /// What a provider of the same name has on the far side of a link.
    test::Identity issueFarIdentity() const;
    /// Queries that came to either since the start.
    std::uint64_t queries() const { return m_queries; }

private:
    void servePlain();

    test::ThrowawayCa m_ca;
    test::DotServer m_tls;
    std::atomic<std::uint64_t> m_queries{0};
    int m_plain = -1;
    std::thread m_plainThread;
};

} // namespace sotto::bench
