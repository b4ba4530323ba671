// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sotto::test {

/// Lets a listening socket take data with the SYN (RFC 7413); false where the system does not.
bool allowFastOpen(int socket);

/// Whether servers on this machine may use TCP Fast Open at all, and clients, too.
bool systemHasFastOpen();

/// Whether an accepted connection's first data came with its SYN.
bool cameWithSyn(int socket);

} // namespace sotto::test
