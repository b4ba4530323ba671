// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/// Names that only one running sottod answers, so that an answer proves that a look-up reached it.
///
/// LABEL.check.sotto.internal, LABEL being 16 hexadecimal digits in lower case, has one A record,
/// 127.83.x.y, x and y being the first two octets of the HMAC-SHA-256 (RFC 2104) of LABEL under a
/// key that only that sottod and the keeper know, and a TTL of 0; other types have no data. It is
/// answered also while forwarding is off. A new label every time keeps caches out of it; whoever
/// took sottod's place, or sends everybody to one address, has it right once in 65536 times.
namespace sotto::lease {

inline constexpr auto kCheckZone = "check.sotto.internal";
inline constexpr qsizetype kCheckKeyDigits = 32;

/// 16 random octets, as hexadecimal digits in lower case.
QString newCheckKey();
bool isCheckKey(const QString& text);

/// A new name, without a dot at its end.
QString newCheckName();
/// The address that a name of newCheckName() must have under that key; empty for any other name,
/// and where key is none.
QString checkAddress(const QString& name, const QString& key);

} // namespace sotto::lease
