// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "forward/exchange.h"

#include <string_view>

namespace sotto::engine {

/// Why there is no answer, by what the upstreams failed of: EXTRA-TEXT (RFC 8914 §2) in ASCII, at
/// most extended_error::kMaxTextOctets.
std::string_view failureText(const Exchange::Outcome& outcome);

} // namespace sotto::engine
