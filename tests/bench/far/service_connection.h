// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "far/dot_provider.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include <openssl/ssl.h>

namespace sotto::bench {

/// A client of a DotProvider. Reads all that is there, then answers it with one write; early data
/// (RFC 8446 §2.3) is answered as soon as it comes.
class ServiceConnection {
public:
    ServiceConnection(int descriptor, SSL_CTX* tls, ProviderControl& control);
    ~ServiceConnection();
    ServiceConnection(const ServiceConnection&) = delete;
    ServiceConnection& operator=(const ServiceConnection&) = delete;

    /// Something can be read or written.
    void advance();
    void sendLate(std::chrono::steady_clock::time_point now);
    /// Tells the client that this is the end.
    void close();

    bool ended() const { return m_stage == Stage::Ended; }
    std::chrono::steady_clock::time_point lastHeard() const { return m_lastHeard; }

private:
    enum class Stage { Early, Usual, Ended };
    struct Late {
        std::chrono::steady_clock::time_point due;
        std::vector<std::uint8_t> answer;
    };

    bool readEarly();
    bool readUsual();
    bool notePause(int result);
    void take(std::size_t octets);
    void answer(std::span<const std::uint8_t> query);
    void flush();
    void noteHandshake();

    SSL* m_tls;
    ProviderControl& m_control;
    Stage m_stage = Stage::Early;
    bool m_noted = false;
    std::chrono::steady_clock::time_point m_lastHeard = std::chrono::steady_clock::now();
    std::vector<std::uint8_t> m_in;
    std::vector<std::uint8_t> m_out;
    std::deque<Late> m_late;
};

} // namespace sotto::bench
