// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// Reading and writing the network's big-endian numbers at any alignment.
namespace sotto::engine {

inline std::uint16_t load16(const std::uint8_t* from) {
    return static_cast<std::uint16_t>((from[0] << 8) | from[1]);
}

inline std::uint32_t load32(const std::uint8_t* from) {
    return (std::uint32_t{from[0]} << 24) | (std::uint32_t{from[1]} << 16) |
           (std::uint32_t{from[2]} << 8) | from[3];
}

inline void store16(std::uint8_t* to, std::uint16_t value) {
    to[0] = static_cast<std::uint8_t>(value >> 8);
    to[1] = static_cast<std::uint8_t>(value);
}

inline void store32(std::uint8_t* to, std::uint32_t value) {
    to[0] = static_cast<std::uint8_t>(value >> 24);
    to[1] = static_cast<std::uint8_t>(value >> 16);
    to[2] = static_cast<std::uint8_t>(value >> 8);
    to[3] = static_cast<std::uint8_t>(value);
}

} // namespace sotto::engine
