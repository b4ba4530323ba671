// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/reply.h"

#include <memory>

namespace sotto::engine {

/// Room for the largest message and our OPT. Not filled, so that it takes up memory only as far as
/// it is used.
class MessageBuffer {
public:
    MutableBytes octets() { return {m_octets.get(), kOctets}; }
    Bytes first(std::size_t count) const { return {m_octets.get(), count}; }

private:
    static constexpr std::size_t kOctets = kMaxMessageOctets + kMaxOptOctets;
    std::unique_ptr<std::uint8_t[]> m_octets =
        std::make_unique_for_overwrite<std::uint8_t[]>(kOctets);
};

} // namespace sotto::engine
