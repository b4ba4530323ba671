// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server_observations.h"
#include "server_script.h"
#include "server_state.h"
#include "zone_set.h"

#include <vector>

namespace sotto::test {

/// The messages that go out for one query: the zones' answer, spoilt as the behaviour says.
/// Empty where nothing is to be sent. Delay, half frames and endings are the session's matter.
std::vector<Bytes> planAnswer(const SeenQuery& query, const Behaviour& behaviour,
                              const ZoneSet& zones);

/// The same for a query that has just come to a server: its responder's octets where there are any.
std::vector<Bytes> planAnswer(const SeenQuery& query, const Behaviour& behaviour,
                              const ServerState& state);

/// Adds TXT records to the answer section until the wire form has exactly this size; a size that
/// cannot be reached leaves the message as it is.
void growTo(Message& message, std::size_t size);

} // namespace sotto::test
