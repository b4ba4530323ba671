// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonValue>
#include <QString>

/// Text that is safe on a terminal, whatever a stranger put into it. Pure.
namespace sotto::cli {

/// Replaces control, formatting and other invisible characters by \u{HEX}.
QString printable(const QString& text);

/// Compact JSON in plain ASCII, so that no terminal takes any of it for a command.
QByteArray asciiJson(const QJsonValue& value);

} // namespace sotto::cli
