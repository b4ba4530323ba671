// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/header.h"

#include <string>
#include <vector>

namespace sotto::engine {

/// The records of a message as lines of master-file text (RFC 1035 §5, RFC 9460 §2.1, RFC 3597 §5
/// for types without a form of their own) behind the name of their section: "answer owner TTL class
/// type rdata". OPT is left out. What is malformed ends the list. All text is ASCII, whatever the
/// message holds.
std::vector<std::string> recordsToText(Bytes message);

} // namespace sotto::engine
