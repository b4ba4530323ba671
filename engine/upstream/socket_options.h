// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sotto::engine {

/// Connecting waits for the first octets and sends them along where the system knows the server's
/// cookie (RFC 7413). Where the system has no such thing, nothing changes.
void enableFastOpen(int socket);

/// Whether octets went with the first packet and the server, or the network, did not take them.
bool wasFastOpenRejected(int socket);

} // namespace sotto::engine
