// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QVariantMap>

#include <optional>

/// D-Bus dictionaries (a{sv}) as plain values, and in JSON that keeps every type.
///
/// Known are s, b, i, u, x, t, d, as, and a{sv} within each other; a value of another type, or more
/// than the limits allow, gives nothing rather than a part. JSON numbers are no place for 64 bits,
/// so x and t are written as text; d is not kept where it is no finite number.
namespace sotto::systemdns {

inline constexpr int kMaxVariantDepth = 6;
inline constexpr qsizetype kMaxVariantEntries = 1024; ///< of all dictionaries and lists together
inline constexpr qsizetype kMaxVariantText = 4096;    ///< characters of one text

/// What came by the bus, with all that is still to be demarshalled in it.
std::optional<QVariantMap> plainMap(const QVariant& received);

/// {"servers": {"as": ["192.0.2.1"]}, "domains": {"dict": {…}}}
std::optional<QJsonObject> variantsToJson(const QVariantMap& map);
/// The same map again. The JSON is not trusted.
std::optional<QVariantMap> variantsFromJson(const QJsonObject& json);

} // namespace sotto::systemdns
