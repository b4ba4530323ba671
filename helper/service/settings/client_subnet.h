// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/forward_config.h"

#include <QString>

#include <optional>

namespace sotto::service {

/// Reads "strip", "pass" or a network such as "192.0.2.0/24"; where it is none of them, why says
/// what is wrong. Pure.
std::optional<engine::ClientSubnet> clientSubnetFromText(const QString& text, QString& why);

} // namespace sotto::service
