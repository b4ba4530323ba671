// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sotto::bench {

/// Appends the answer to a query, with the length in front of it that TCP has: 192.0.2.1 for
/// whoever asks for an address, no record for other types. It is good for a day, or for a second
/// where the name begins with "brief". What is no query gets nothing.
void appendAnswer(std::span<const std::uint8_t> query, std::vector<std::uint8_t>& answers);

} // namespace sotto::bench
