// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/settings/effective_settings.h"

#include <optional>

/// What no key can tell by itself. Pure.
namespace sotto::service {

struct Contradiction {
    QString key;   ///< with indices
    QString other; ///< without
    QString reason;
};
/// The first key that contradicts another, and why.
std::optional<Contradiction> contradictionIn(const EffectiveSettings& settings);

/// An upstream without an address that nobody could look up; other is empty. Only all settings
/// together can tell.
std::optional<Contradiction> unknownAddressIn(const EffectiveSettings& settings);

} // namespace sotto::service
