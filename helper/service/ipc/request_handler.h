// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/ipc/gate.h"
#include "service/ipc/ipc_connection.h"
#include "service/service.h"

#include <variant>

namespace sotto::service {

/// Carries out the requests of all connections: every method of helper/protocol/methods.h, each
/// with the right that it needs. Thread: main.
class RequestHandler {
public:
    static constexpr int kMaxLogFollowers = 8;

    /// statusTold: runs where a reply tells the status.
    RequestHandler(Service& service, Gate& gate, std::function<void()> statusTold);

    void handle(IpcConnection& connection, const IpcConnection::Request& request);
    /// Tells the handler that a connection ended.
    void forget(IpcConnection& connection);

private:
    using Handler = void (RequestHandler::*)(IpcConnection&, const IpcConnection::Request&);
    struct Verb {
        const char* name;
        Right right;
        Handler run;
    };
    static const std::vector<Verb>& verbs();
    /// The right that a request needs; some need more for servers of one's own.
    Right rightFor(const Verb& verb, const IpcConnection::Request& request) const;

    protocol::Status tellStatus();

    void hello(IpcConnection& connection, const IpcConnection::Request& request);
    void status(IpcConnection& connection, const IpcConnection::Request& request);
    void getSettings(IpcConnection& connection, const IpcConnection::Request& request);
    void setSettings(IpcConnection& connection, const IpcConnection::Request& request);
    void listProviders(IpcConnection& connection, const IpcConnection::Request& request);
    void useProviders(IpcConnection& connection, const IpcConnection::Request& request);
    void testProvider(IpcConnection& connection, const IpcConnection::Request& request);
    void setForwarding(IpcConnection& connection, const IpcConnection::Request& request);
    void pauseForwarding(IpcConnection& connection, const IpcConnection::Request& request);
    void takeSystemDns(IpcConnection& connection, const IpcConnection::Request& request);
    void explainSystemDns(IpcConnection& connection, const IpcConnection::Request& request);
    void flushCache(IpcConnection& connection, const IpcConnection::Request& request);
    void statistics(IpcConnection& connection, const IpcConnection::Request& request);
    void subscribeLog(IpcConnection& connection, const IpcConnection::Request& request);
    void unsubscribeLog(IpcConnection& connection, const IpcConnection::Request& request);
    void query(IpcConnection& connection, const IpcConnection::Request& request);

    Service& m_service;
    Gate& m_gate;
    std::function<void()> m_statusTold;
    Right m_granted = Right::Look; ///< to the request that is carried out
    int m_logFollowers = 0;
};

} // namespace sotto::service
