// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace sotto::bench {

/// A UDP client's socket, connected to a port on 127.0.0.1, that closes itself.
class LoopbackSocket {
public:
    explicit LoopbackSocket(std::uint16_t port);
    ~LoopbackSocket();
    LoopbackSocket(const LoopbackSocket&) = delete;
    LoopbackSocket& operator=(const LoopbackSocket&) = delete;

    int descriptor() const { return m_descriptor; }
    /// Waits until something, be it an error, can be read.
    bool readable(std::chrono::milliseconds patience) const;

private:
    int m_descriptor;
};

} // namespace sotto::bench
