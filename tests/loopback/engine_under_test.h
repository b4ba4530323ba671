// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine.h"
#include "support/dns_client.h"
#include "support/dot_server.h"
#include "support/plain_server.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sotto::test {

/// The engine on a free loopback port with scriptable DNS-over-TLS servers behind it, all of one
/// throw-away CA and with the same zones. Everything goes through real sockets and the engine's
/// public face. One thread, the test's.
class EngineUnderTest {
public:
    static constexpr char kServerName[] = "dot.sotto.test";

    /// Servers run from then on; the engine does not.
    explicit EngineUnderTest(std::size_t servers = 1);
    ~EngineUnderTest();
    /// Another server with the same zones, at an address or port of choice; its index. It runs, and
    /// is in config only where the caller puts it there.
    std::size_t addServer(const DotServer::Options& options,
                          const LeafOptions& leaf = serverLeaf());
    /// The same in clear text; for plainServer(), numbered apart.
    std::size_t addPlainServer(const PlainServer::Options& options = {});

    /// Starts the engine with the present config; false (and a warning) where it cannot.
    [[nodiscard]] bool start();
    /// Puts the present config in force; false (and a warning) where the engine refuses it.
    [[nodiscard]] bool reconfigure();
    void destroyEngine() { m_engine.reset(); }

    /// What the engine starts with; tests change it first. Sequential, so that they know which
    /// server is asked.
    engine::EngineConfig config;
    engine::Engine::Callbacks callbacks;

    engine::Engine& engine() { return *m_engine; }
    DotServer& server(std::size_t index = 0) { return *m_servers[index]; }
    PlainServer& plainServer(std::size_t index = 0) { return *m_plainServers[index]; }
    const ThrowawayCa& ca() const { return m_ca; }
    /// What every server answers from.
    static ZoneSet zones();
    /// The server's address, name and CA as a user would set them.
    engine::UpstreamConfig upstream(std::size_t index = 0) const;
    engine::UpstreamConfig plainUpstream(std::size_t index = 0,
                                         engine::Protocol protocol = engine::Protocol::Udp) const;
    engine::UpstreamStatus status(std::size_t index = 0) const;
    /// The record of the first query for this name since the last call; waits for it.
    std::optional<engine::QueryRecord> recordFor(std::string_view name);
    /// Where the engine listens.
    std::uint16_t port() const;

    /// Asks over UDP with a socket of its own; nothing where no answer came or it was unreadable.
    std::optional<Message> ask(std::string_view name, std::uint16_t type = rr::kA,
                               QueryOptions options = {},
                               std::chrono::milliseconds timeout = kReplyTimeout) const;
    std::optional<Message> ask(const Message& query,
                               std::chrono::milliseconds timeout = kReplyTimeout) const;
    /// The same over TCP.
    std::optional<Message> askTcp(const Message& query) const;
    /// Whether the numbered name gets its address within the time.
    bool answers(int number, std::chrono::milliseconds timeout = kReplyTimeout) const;
    /// Asks for so many numbered names at once; whether all get their addresses within five
    /// seconds.
    bool askMany(int count, int from = 0) const;

    void setScript(const std::function<void(ServerScript&)>& change, std::size_t index = 0);
    /// One behaviour for every query to the server.
    void setBehaviour(const std::function<void(Behaviour&)>& change, std::size_t index = 0);
    /// Every query to the server is answered by an empty response with NOERROR that change fills;
    /// it runs on the server's thread. Without change, script and zones answer again.
    void answerWith(const std::function<void(Message&)>& change, std::size_t index = 0);
    std::size_t queriesFor(std::string_view name, std::uint16_t type = 0,
                           std::size_t index = 0) const;
    std::size_t allQueries(std::size_t index = 0) const;

    static LeafOptions serverLeaf();

private:
    ThrowawayCa m_ca;
    std::vector<std::unique_ptr<DotServer>> m_servers;
    std::vector<std::unique_ptr<PlainServer>> m_plainServers;
    std::unique_ptr<engine::Engine> m_engine;
};

/// The extended error (RFC 8914) in a message, or nothing.
std::optional<std::uint16_t> extendedError(const Message& message);

/// Its text; empty where there is none.
std::string extendedErrorText(const Message& message);

/// Adds an address for the name that was asked for, and an SOA record that says for how long it
/// does not exist (with NXDOMAIN).
void addAddress(Message& response, std::string_view address, std::uint32_t ttl);
void denyName(Message& response, std::uint32_t ttl);

/// The address that the zones give to "n<number>.example.com".
Bytes numberedAddress(int number);
std::string numberedName(int number);

engine::IpAddress address(std::string_view text);

/// Options with an OPT record of this size.
QueryOptions withEdns(std::uint16_t udpSize = 1232);

/// Whether the reply carries the one address.
bool hasAddress(const std::optional<Message>& reply, std::string_view address);

} // namespace sotto::test
