// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sotto::test {

/// Connections that fill the queue of a listening socket which nobody accepts from, so that the
/// system drops every further SYN: a port behind a filter looks so. Ends with the object.
class QueueFiller {
public:
    /// The socket's queue is made as short as it can be.
    explicit QueueFiller(int listener);
    ~QueueFiller();
    QueueFiller(const QueueFiller&) = delete;
    QueueFiller& operator=(const QueueFiller&) = delete;

    /// Whether further connections are left without an answer.
    bool isFull() const { return m_full; }
    /// The ports that the filling connections come from.
    const std::vector<std::uint16_t>& ports() const { return m_ports; }

private:
    std::vector<int> m_sockets;
    std::vector<std::uint16_t> m_ports;
    bool m_full = false;
};

/// A TCP port of its own that never answers a SYN.
class SilentPort {
public:
    /// On a free port where port is 0.
    explicit SilentPort(const std::string& address, std::uint16_t port = 0);
    ~SilentPort();
    SilentPort(const SilentPort&) = delete;
    SilentPort& operator=(const SilentPort&) = delete;

    bool isSilent() const { return m_filler && m_filler->isFull(); }
    std::uint16_t port() const { return m_port; }

private:
    int m_listener = -1;
    std::uint16_t m_port = 0;
    std::unique_ptr<QueueFiller> m_filler;
};

} // namespace sotto::test
