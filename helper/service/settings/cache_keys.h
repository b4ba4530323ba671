// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/settings/setting_reader.h"

#include <optional>

namespace sotto::service {

/// The keys below "cache". They bear the names of CoreDNS's options where these mean the same.
const std::vector<SettingKey>& cacheKeys();

/// Options of CoreDNS that have no meaning here: what to do instead; empty for every other key.
QString reasonAgainstKey(const QString& name);

/// What no key can tell by itself: the first key that contradicts another, and why.
struct Contradiction {
    QString key;
    QString other;
    QString reason;
};
std::optional<Contradiction> contradictionIn(const EffectiveSettings& settings);

} // namespace sotto::service
