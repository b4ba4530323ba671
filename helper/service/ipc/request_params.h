// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/refusal.h"
#include "json/json_fields.h"

#include <QStringList>

namespace sotto::service {

namespace detail {

struct MemberNames {
    QStringList names;
    template <class T>
    void operator()(const char* name, const T&) {
        names += QLatin1String(name);
    }
};

} // namespace detail

/// Reads a method's parameters strictly: no unknown members, and none of the required ones
/// missing or null.
template <class Params>
[[nodiscard]] std::optional<Refusal> readParams(const QJsonObject& json,
                                                const QStringList& required, Params& params) {
    detail::MemberNames known;
    Params::fields(params, known);
    for (auto it = json.begin(); it != json.end(); ++it) {
        if (!known.names.contains(it.key()))
            return Refusal{protocol::InvalidParams,
                           QStringLiteral("unknown parameter \"%1\"").arg(it.key())};
    }
    for (const QString& name : required) {
        const QJsonValue value = json.value(name);
        if (value.isUndefined() || value.isNull())
            return Refusal{protocol::InvalidParams,
                           QStringLiteral("the parameter \"%1\" is missing").arg(name)};
    }
    if (QString reason; !protocol::fromJson(QJsonValue(json), params, reason))
        return Refusal{protocol::InvalidParams, reason};
    return std::nullopt;
}

} // namespace sotto::service
