// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/cache_snapshot.h"
#include "engine/engine_config.h"

#include <string>

namespace sotto::engine {

/// What decides which answers are kept, and for how long, as a text to compare.
std::string keepingRules(const EngineConfig& config);

/// By what an answer of one configuration may be used in another one: other upstreams may answer
/// otherwise, and other rules keep other answers.
SnapshotOrigin snapshotOrigin(const EngineConfig& config);

} // namespace sotto::engine
