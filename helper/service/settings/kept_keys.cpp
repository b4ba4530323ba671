// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/kept_keys.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>

#include <functional>

namespace sotto::service {

namespace {

const QString kKey = QStringLiteral("key");
const QString kCertificate = QStringLiteral("cert");
const QString kUpstreams = QStringLiteral("upstreams");

using Change = std::function<void(QJsonObject& upstream)>;

/// Applies a change to every upstream's table, those inside routes too.
QJsonValue changed(const QJsonValue& value, const Change& change) {
    if (!value.isArray())
        return value;
    QJsonArray result;
    const QJsonArray array = value.toArray();
    for (const QJsonValue& item : array) {
        QJsonObject table = item.toObject();
        if (!item.isObject()) {
            result.append(item);
        } else {
            if (table.contains(kUpstreams))
                table.insert(kUpstreams, changed(table.value(kUpstreams), change));
            else
                change(table);
            result.append(table);
        }
    }
    return result;
}

} // namespace

QJsonValue withoutKeys(const QJsonValue& value) {
    return changed(value, [](QJsonObject& upstream) {
        if (upstream.contains(kKey))
            upstream.insert(kKey, true);
    });
}

QJsonValue withKeptKeys(const QJsonValue& value, const QJsonValue& kept) {
    QHash<QString, QJsonValue> keys;
    changed(kept, [&](QJsonObject& upstream) {
        if (upstream.contains(kKey))
            keys.insert(upstream.value(kCertificate).toString(), upstream.value(kKey));
    });
    return changed(value, [&](QJsonObject& upstream) {
        const auto key = keys.constFind(upstream.value(kCertificate).toString());
        if (upstream.value(kKey) == QJsonValue(true) && key != keys.constEnd())
            upstream.insert(kKey, *key);
    });
}

} // namespace sotto::service
