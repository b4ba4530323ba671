// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>
#include <string>

namespace sotto::service {

/// Reads the name of a zone in presentation form (RFC 1035 §5.1, escapes included), with or
/// without the dot at its end; "." is the root. Gives it in lower case and without that dot; where
/// it is no name, why says what is wrong. Pure.
std::optional<std::string> zoneFromText(const QString& text, QString& why);

/// Whether both are the same name, however their octets are written. Pure.
bool isSameZone(const std::string& a, const std::string& b);
/// Whether name lies below zone, and is not zone itself. Pure.
bool liesBelow(const std::string& name, const std::string& zone);

} // namespace sotto::service
