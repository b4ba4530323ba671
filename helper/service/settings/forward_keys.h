// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/settings/setting_reader.h"

namespace sotto::service {

/// The keys below "forward". They bear the names of CoreDNS's options where these mean the same.
const std::vector<SettingKey>& forwardKeys();

} // namespace sotto::service
