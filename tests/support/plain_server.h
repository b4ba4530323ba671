// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scripted_server.h"

namespace sotto::test {

/// A scriptable DNS server in clear text, over UDP and TCP on one port (RFC 1035, RFC 7766).
class PlainServer : public ScriptedServer {
public:
    PlainServer(ZoneSet zones, Options options)
        : ScriptedServer({}, std::move(zones), std::move(options), false) {}
    explicit PlainServer(ZoneSet zones)
        : PlainServer(std::move(zones), Options()) {}
};

} // namespace sotto::test
