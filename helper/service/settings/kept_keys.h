// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonValue>

/// Private keys come over the socket, and never go back: in a setting that is shown, true stands in
/// the place of a key, and where it comes back, for the key that is kept. Pure.
namespace sotto::service {

/// The value of "upstreams" or "route" as it may be shown; any other value is as it was.
QJsonValue withoutKeys(const QJsonValue& value);

/// The same value with the keys that stand in kept for the same certificates.
QJsonValue withKeptKeys(const QJsonValue& value, const QJsonValue& kept);

} // namespace sotto::service
