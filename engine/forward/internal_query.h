// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine.h"
#include "listen/client_query.h"

namespace sotto::engine {

/// A question of the program's own, asked as a client would ask it; done gets the answer on the
/// resolver thread.
ClientQuery makeInternalQuery(const WireName& name, std::uint16_t type,
                              std::function<void(Engine::Resolution)> done);

} // namespace sotto::engine
