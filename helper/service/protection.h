// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/upstream_status.h"
#include "protocol/messages.h"

#include <vector>

namespace sotto::service {

/// Answers "am I protected?" from the switch and what is known of the upstreams. Pure.
///
/// One upstream that answers is enough. Trouble means that every upstream was tried and failed, or
/// that there is none. Those of routes, which serve a few names only, do not count.
protocol::Protection protectionOf(bool enabled, std::vector<engine::UpstreamStatus> upstreams);

} // namespace sotto::service
