// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/nearest_text.h"

#include <QString>
#include <QStringView>

#include <chrono>
#include <optional>

/// The notations that settings use for durations and sizes. Pure.
namespace sotto::service {

/// Reads "30s", "5m", "1h", "250ms" and sums from the larger unit to the smaller: "1h30m".
std::optional<std::chrono::milliseconds> durationFromText(QStringView text);
/// The shortest such text.
QString durationText(std::chrono::milliseconds duration);

/// Reads "32MiB", "500KiB", "1GiB", "4096B" or "4096".
std::optional<quint64> sizeFromText(QStringView text);

using protocol::didYouMean;
using protocol::nearestText;

} // namespace sotto::service
