// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/record_types.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace sotto::engine {

/// The record types that are counted each by itself, ascending; slot 0 is for all others.
inline constexpr std::array<std::uint16_t, 18> kCountedTypes{
    0,
    record_type::kA,
    record_type::kNs,
    record_type::kCname,
    record_type::kSoa,
    record_type::kPtr,
    record_type::kMx,
    record_type::kTxt,
    record_type::kAaaa,
    record_type::kSrv,
    record_type::kNaptr,
    record_type::kDs,
    record_type::kDnskey,
    record_type::kTlsa,
    record_type::kSvcb,
    record_type::kHttps,
    record_type::kAny,
    record_type::kCaa,
};

/// Where a type is counted.
inline std::size_t typeSlot(std::uint16_t type) {
    static constexpr auto kSlots = [] {
        std::array<std::uint8_t, record_type::kCaa + 1> slots{};
        for (std::size_t i = 1; i < kCountedTypes.size(); ++i)
            slots[kCountedTypes[i]] = static_cast<std::uint8_t>(i);
        return slots;
    }();
    return type < kSlots.size() ? kSlots[type] : 0;
}

} // namespace sotto::engine
