// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QJsonObject>
#include <QMap>
#include <QString>

#include <optional>

namespace sotto::service {

/// A place in a settings text; both count from 1, 0 means that there is none.
struct Position {
    int line = 0;
    int column = 0;
    bool operator==(const Position&) const = default;
};

/// What is wrong with settings, where.
struct SettingsError {
    QString file; ///< empty for settings that did not come from a file
    Position position;
    QString key; ///< dotted, with indices: "upstreams[1].pins[0]"; empty where none is concerned
    QString reason;

    /// "FILE:LINE:COLUMN: key: reason", without the parts that are not known.
    QString text() const;
};

/// A settings text as a tree of plain values, and where each stood.
///
/// Whole numbers, other numbers, booleans, strings, arrays and tables become their JSON kin; a
/// date or a number that JSON lacks becomes null, which no setting accepts.
struct SettingsDocument {
    QJsonObject root;
    QHash<QString, Position> positions; ///< by key path, of keys in tables and of array elements
};

/// Reads TOML 1.0. The error has no key and no file.
[[nodiscard]] std::optional<SettingsError> readToml(const QByteArray& text,
                                                    SettingsDocument& document);

/// Writes "key = value" lines; the keys may be dotted.
QByteArray tomlText(const QMap<QString, QJsonValue>& values);

} // namespace sotto::service
