// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/settings/setting_reader.h"

namespace sotto::service {

/// "providers", "provider_list" and "upstreams", in this order: which servers are asked. Within a
/// layer the first and the last add up.
const std::vector<SettingKey>& serverKeys();

} // namespace sotto::service
