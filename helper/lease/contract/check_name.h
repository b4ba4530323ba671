// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/// Names that only a running sottod answers, so that an answer proves that a look-up reached one.
///
/// LABEL.check.sotto.internal, LABEL being 16 hexadecimal digits in lower case, has one A record,
/// 127.83.x.y, with x.y the high and the low octet of the low 16 bits of the 32-bit FNV-1a hash of
/// LABEL's octets, and a TTL of 0; other types have no data. It is answered also while forwarding
/// is off. A new label every time keeps caches out of it; nobody else can answer by chance, and a
/// resolver that sends everybody to one address does not either.
namespace sotto::lease {

inline constexpr auto kCheckZone = "check.sotto.internal";

/// A new name, without a dot at its end.
QString newCheckName();
/// The address that a name of newCheckName() must have; empty for any other name.
QString checkAddress(const QString& name);

} // namespace sotto::lease
