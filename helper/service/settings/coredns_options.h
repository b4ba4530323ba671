// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonValue>
#include <QString>

#include <optional>

/// Options of CoreDNS's cache and forward plugins that are no settings here. Pure.
namespace sotto::service {

/// Why such an option is refused and what to do instead; empty for every other key.
QString reasonAgainstKey(const QString& name);

/// An option that may stay in a file, because what it asks for is so anyway or does no harm.
struct IdleOption {
    QString wrong;  ///< why its value is refused; empty where it is right
    QString reason; ///< why it has no effect
};
/// Nothing for every other key.
std::optional<IdleOption> idleOption(const QString& name, const QJsonValue& value);

} // namespace sotto::service
