// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/settings/setting_reader.h"

namespace sotto::service {

/// "route": names that go to servers of their own, as an array of tables.
const SettingKey& routeKey();

} // namespace sotto::service
