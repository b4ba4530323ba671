// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "json_peer.h"
#include "service_process.h"

#include "support/dot_server.h"

#include <memory>

namespace sotto::test {

/// A real service with a DNS-over-TLS server to ask, whose certificate is for "dot.example".
class DotWorld {
public:
    /// The server's zones as a master file.
    explicit DotWorld(const char* zones);

    DotServer& server() { return *m_server; }
    const ThrowawayCa& authority() const { return m_ca; }
    ServiceProcess& service() { return m_service; }
    JsonPeer& peer() { return *m_peer; }

    /// The server as an element of "upstreams".
    QByteArray upstream(const QByteArray& name = "dot.example") const;
    /// Starts the service with these settings behind the address it listens at, and says hello;
    /// false where either fails.
    [[nodiscard]] bool start(const QByteArray& settings);
    /// Ends the service in order.
    [[nodiscard]] bool stop();

    QJsonObject status() { return JsonPeer::result(m_peer->request("status")); }
    QJsonObject upstreamStatus(int index = 0);
    /// The entry of a query through the service.
    QJsonObject ask(const QString& name);

private:
    ThrowawayCa m_ca;
    std::unique_ptr<DotServer> m_server;
    ServiceProcess m_service;
    std::unique_ptr<JsonPeer> m_peer;
};

} // namespace sotto::test
