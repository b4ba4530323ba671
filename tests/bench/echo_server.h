// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace sotto::bench {

/// The floor that a server on this machine can reach: receives datagrams in batches, sets the
/// response bit, and sends them back; over TCP all whole messages of one read with one write. Two
/// threads, of which one sleeps while the other is measured. Runs until the process ends; gives
/// false where the port cannot be bound.
bool serveEcho(std::uint16_t port);

} // namespace sotto::bench
