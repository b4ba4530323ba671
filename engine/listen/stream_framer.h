// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/header.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace sotto::engine {

/// Cuts a stream into messages by the two-octet lengths before them (RFC 7766 §8). Holds what was
/// received and not taken yet; how much that may be is the caller's to limit, by not reading on.
class StreamFramer {
public:
    /// Adds what was received. Messages given before are gone.
    void append(Bytes octets);
    /// The next message that is complete, in place; it may be empty. Nothing where more has to
    /// come.
    std::optional<Bytes> next();
    /// Octets that wait, lengths included.
    std::size_t waiting() const { return m_octets.size() - m_taken; }

private:
    std::vector<std::uint8_t> m_octets;
    std::size_t m_taken = 0; ///< of them were given as messages
};

} // namespace sotto::engine
