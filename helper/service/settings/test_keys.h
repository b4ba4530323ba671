// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/settings/setting_reader.h"

namespace sotto::service {

/// The keys below "test": the names that a test of a provider asks for.
const std::vector<SettingKey>& testKeys();

} // namespace sotto::service
