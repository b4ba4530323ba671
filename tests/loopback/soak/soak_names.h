// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/zone_set.h"

#include <string>

namespace sotto::test {

/// The names that are asked for, each with an address of its own, so that an answer that belongs
/// to another question is seen. Even numbers may be cached, odd ones not.
namespace soak_names {

inline constexpr unsigned kCount = 2000;
std::string name(unsigned number);
Bytes address(unsigned number);
ZoneSet zones();

} // namespace soak_names

} // namespace sotto::test
