// SPDX-License-Identifier: GPL-3.0-or-later
#include "listen/stream_framer.h"

namespace sotto::engine {

void StreamFramer::append(Bytes octets) {
    m_octets.erase(m_octets.begin(), m_octets.begin() + static_cast<std::ptrdiff_t>(m_taken));
    m_taken = 0;
    m_octets.insert(m_octets.end(), octets.begin(), octets.end());
}

std::optional<Bytes> StreamFramer::next() {
    constexpr std::size_t kLengthOctets = 2;
    const Bytes left = Bytes(m_octets).subspan(m_taken);
    if (left.size() < kLengthOctets)
        return std::nullopt;
    const std::size_t length = load16(left.data());
    if (left.size() - kLengthOctets < length)
        return std::nullopt;
    m_taken += kLengthOctets + length;
    return left.subspan(kLengthOctets, length);
}

} // namespace sotto::engine
