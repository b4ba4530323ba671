// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scripted_server.h"

namespace sotto::test {

/// A scriptable DNS-over-TLS server (RFC 7858).
class DotServer : public ScriptedServer {
public:
    DotServer(Identity identity, ZoneSet zones, Options options)
        : ScriptedServer(std::move(identity), std::move(zones), std::move(options), true) {}
    DotServer(Identity identity, ZoneSet zones)
        : DotServer(std::move(identity), std::move(zones), Options()) {}

    /// The certificate of the next connection.
    void setIdentity(Identity identity) { state().setIdentity(std::move(identity)); }
    /// No session from before can be resumed any more.
    void changeTicketKeys() { state().changeTicketKeys(); }
};

} // namespace sotto::test
