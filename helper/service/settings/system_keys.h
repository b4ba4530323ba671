// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/settings/setting_reader.h"

namespace sotto::service {

/// The keys below "system": what may be done with the system's DNS.
const std::vector<SettingKey>& systemKeys();

} // namespace sotto::service
