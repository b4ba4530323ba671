// SPDX-License-Identifier: GPL-3.0-or-later
#include "text_octets.h"

#include <asio/ip/address_v4.hpp>
#include <asio/ip/address_v6.hpp>

#include <charconv>

namespace sotto::test {

bool appendNumber(Bytes& out, std::string_view text, std::size_t octets) {
    std::uint32_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end || (octets < 4 && value >> (8 * octets) != 0))
        return false;
    for (std::size_t i = octets; i-- > 0;)
        out.push_back(static_cast<std::uint8_t>(value >> (8 * i) & 0xff));
    return true;
}

bool appendIpv4(Bytes& out, std::string_view text) {
    asio::error_code error;
    const auto octets = asio::ip::make_address_v4(std::string(text), error).to_bytes();
    if (!error)
        out.insert(out.end(), octets.begin(), octets.end());
    return !error;
}

bool appendIpv6(Bytes& out, std::string_view text) {
    asio::error_code error;
    const auto octets = asio::ip::make_address_v6(std::string(text), error).to_bytes();
    if (!error)
        out.insert(out.end(), octets.begin(), octets.end());
    return !error;
}

bool appendCharacterString(Bytes& out, std::string_view text) {
    const auto octets = unescaped(text);
    if (!octets || octets->size() > 255)
        return false;
    out.push_back(static_cast<std::uint8_t>(octets->size()));
    out.insert(out.end(), octets->begin(), octets->end());
    return true;
}

std::optional<std::string> unescaped(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\') {
            result += text[at];
            continue;
        }
        Bytes octet;
        if (at + 3 < text.size() && text[at + 1] >= '0' && text[at + 1] <= '9') {
            if (!appendNumber(octet, text.substr(at + 1, 3), 1))
                return std::nullopt;
            result += static_cast<char>(octet[0]);
            at += 3;
        } else if (at + 1 < text.size()) {
            result += text[++at];
        } else {
            return std::nullopt;
        }
    }
    return result;
}

std::optional<Bytes> octetsFromHex(std::string_view text) {
    if (text.size() % 2 != 0)
        return std::nullopt;
    Bytes octets;
    for (std::size_t at = 0; at < text.size(); at += 2) {
        unsigned value = 0;
        const char* end = text.data() + at + 2;
        const auto [stop, error] = std::from_chars(text.data() + at, end, value, 16);
        if (error != std::errc() || stop != end)
            return std::nullopt;
        octets.push_back(static_cast<std::uint8_t>(value));
    }
    return octets;
}

} // namespace sotto::test
