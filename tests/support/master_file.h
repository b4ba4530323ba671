// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dns_message.h"
#include "rdata_text.h"

#include <string>
#include <string_view>
#include <vector>

namespace sotto::test {

/// Reads records from RFC 1035 §5 text: $ORIGIN, $TTL, "@", parentheses, quotes, comments, an owner
/// left out. TTLs are plain seconds; the class is IN. Where it cannot, error is "line N: reason".
std::optional<std::vector<Record>> parseMasterFile(std::string_view text, std::string& error);

/// The words of one line, comments left out; parentheses must match.
std::optional<std::vector<Word>> splitWords(std::string_view text, std::string& error);

} // namespace sotto::test
