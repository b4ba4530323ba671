// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dns_message.h"

#include <optional>
#include <string>
#include <string_view>

namespace sotto::test {

/// RFC 4648 §4, with padding.
std::string toBase64(std::span<const std::uint8_t> data);
std::optional<Bytes> fromBase64(std::string_view text);

} // namespace sotto::test
