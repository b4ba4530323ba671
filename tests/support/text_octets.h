// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dns_message.h"

#include <string>
#include <string_view>

/// The small pieces that record data is written with in master files. Each appends to out and says
/// whether the text was right.
namespace sotto::test {

bool appendNumber(Bytes& out, std::string_view text, std::size_t octets);
bool appendIpv4(Bytes& out, std::string_view text);
bool appendIpv6(Bytes& out, std::string_view text);
/// A length octet and up to 255 octets; \DDD and \X are escapes.
bool appendCharacterString(Bytes& out, std::string_view text);

std::optional<std::string> unescaped(std::string_view text);
std::optional<Bytes> octetsFromHex(std::string_view text);

} // namespace sotto::test
