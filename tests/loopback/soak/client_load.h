// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace sotto::test {

/// Clients that ask some hundred questions a second over UDP and TCP, on a thread of their own, and
/// look at every answer.
class ClientLoad {
public:
    struct Report {
        std::uint64_t asked = 0;
        std::uint64_t answered = 0; ///< rightly
        std::uint64_t failed = 0;   ///< SERVFAIL: said so, in time
        std::uint64_t lost = 0;     ///< without an answer for five seconds
        std::uint64_t wrong = 0;    ///< what nobody asked for, or what is not so
        std::string firstWrong;     ///< what was wrong with the first of them
        std::uint64_t slowestMicros = 0;
    };

    /// Begins at once; port is the engine's on 127.0.0.1.
    ClientLoad(std::uint16_t port, std::uint32_t seed, unsigned perSecond);
    ~ClientLoad();
    ClientLoad(const ClientLoad&) = delete;
    ClientLoad& operator=(const ClientLoad&) = delete;

    /// Asks no more, waits until every question is answered or lost, and ends.
    Report finish();

private:
    class Clients;
    std::unique_ptr<Clients> m_clients;
};

} // namespace sotto::test
