// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/header.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace sotto::engine {

/// Octets that grow at their end, with numbers in the network's order: what is kept in files.
class OctetWriter {
public:
    void put(Bytes octets) { m_octets.insert(m_octets.end(), octets.begin(), octets.end()); }
    void put(std::string_view text) {
        put(Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
    }
    void put8(std::uint8_t value) { m_octets.push_back(value); }
    void put16(std::uint16_t value) {
        m_octets.resize(m_octets.size() + 2);
        store16(&m_octets[m_octets.size() - 2], value);
    }
    void put32(std::uint32_t value) {
        m_octets.resize(m_octets.size() + 4);
        store32(&m_octets[m_octets.size() - 4], value);
    }
    void put64(std::int64_t value) {
        put32(static_cast<std::uint32_t>(static_cast<std::uint64_t>(value) >> 32));
        put32(static_cast<std::uint32_t>(value));
    }
    std::vector<std::uint8_t>& octets() { return m_octets; }

private:
    std::vector<std::uint8_t> m_octets;
};

} // namespace sotto::engine
