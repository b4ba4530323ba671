// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace sotto::test {

/// The text of demo.zone.
extern const std::string_view kDemoZone;

} // namespace sotto::test
