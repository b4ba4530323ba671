// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dns_message.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Blocking DNS clients for tests. Each belongs to one thread; every wait has an end.
namespace sotto::test {

inline constexpr std::chrono::milliseconds kReplyTimeout{5000};

struct QueryOptions {
    std::optional<std::uint16_t> id; ///< nothing: a random one
    std::uint16_t klass = kClassIn;
    std::uint8_t opcode = 0;
    bool recursionDesired = true;
    bool authenticData = false;
    bool checkingDisabled = false;
    std::optional<Edns> edns;
};

/// A query for a name in presentation form, spelt as given. The name must be right.
Message makeQuery(std::string_view name, std::uint16_t type = rr::kA, QueryOptions options = {});

struct Reply {
    Bytes raw;
    std::optional<Message> message; ///< nothing: it could not be parsed
    std::string parseError;
};

class UdpClient {
public:
    explicit UdpClient(std::uint16_t serverPort, const std::string& serverAddress = "127.0.0.1");
    ~UdpClient();

    bool send(std::span<const std::uint8_t> octets);
    bool send(const Message& query) { return send(query.toWire()); }
    /// The next datagram from the server's address, or nothing within the time.
    std::optional<Reply> receive(std::chrono::milliseconds timeout = kReplyTimeout);
    std::optional<Reply> ask(const Message& query,
                             std::chrono::milliseconds timeout = kReplyTimeout);

private:
    class Socket;
    std::unique_ptr<Socket> m_socket;
};

/// DNS over TCP (RFC 7766) or TLS (RFC 7858); any number of queries may be on their way.
class StreamClient {
public:
    enum class State {
        Open,
        TimedOut, ///< the last wait came to its end; the connection stays usable
        Closed,   ///< by the peer, in order
        ClosedWithoutNotify,
        Reset,
        Failed, ///< could not connect, or TLS failed: see errorText()
    };
    struct Tls {
        std::string caPem;
        std::string serverName; ///< verified, and sent as SNI
        bool offersDot = true;
        bool oldest12 = true; ///< false: down to TLS 1.1
    };

    /// Connects before it returns; state() tells how that went.
    explicit StreamClient(std::uint16_t serverPort, const std::string& address = "127.0.0.1",
                          std::chrono::milliseconds timeout = kReplyTimeout);
    StreamClient(std::uint16_t serverPort, const Tls& tls, const std::string& address = "127.0.0.1",
                 std::chrono::milliseconds timeout = kReplyTimeout);
    ~StreamClient();

    State state() const;
    std::string errorText() const;

    /// Sends a message with its length ahead.
    bool send(std::span<const std::uint8_t> message);
    bool send(const Message& query) { return send(query.toWire()); }
    /// Sends octets as they are, without a length.
    bool sendRaw(std::span<const std::uint8_t> octets);
    /// Sends a message with its length octet by octet, each in a segment of its own.
    bool sendBytewise(std::span<const std::uint8_t> message, std::chrono::milliseconds gap = {});
    /// Says that nothing more will be sent; answers can still be received. TCP only.
    void halfClose();

    /// The next message, or nothing: state() tells why.
    std::optional<Reply> receive(std::chrono::milliseconds timeout = kReplyTimeout);
    std::optional<Reply> ask(const Message& query,
                             std::chrono::milliseconds timeout = kReplyTimeout);
    /// Waits for the peer to end the connection; false where it does not, or sends more first.
    bool waitForEnd(std::chrono::milliseconds timeout = kReplyTimeout);

private:
    class Connection;
    std::unique_ptr<Connection> m_connection;
};

} // namespace sotto::test
