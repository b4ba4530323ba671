// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/global_dns.h"

namespace sotto::systemdns {

namespace {

const QString kSearches = QStringLiteral("searches");
const QString kOptions = QStringLiteral("options");
const QString kDomains = QStringLiteral("domains");
const QString kServers = QStringLiteral("servers");
const QString kEveryName = QStringLiteral("*");

void append(const QStringList& items, QStringList& list) {
    for (const QString& item : items) {
        if (!list.contains(item))
            list << item;
    }
}

} // namespace

QVariantMap globalDnsFor(const Target& target, const QVariantMap& earlier,
                         const QList<ConnectionDns>& connections) {
    QStringList searches = earlier.value(kSearches).toStringList();
    QStringList options = earlier.value(kOptions).toStringList();
    if (earlier.isEmpty()) {
        for (const ConnectionDns& connection : connections) {
            // A priority below 0 hides those above it, and the list is in their order.
            if (connections.constFirst().priority < 0 &&
                connection.priority > connections.constFirst().priority)
                break;
            append(connection.searches, searches);
            append(connection.options, options);
        }
    }
    QVariantMap global;
    if (!searches.isEmpty())
        global.insert(kSearches, searches);
    if (!options.isEmpty())
        global.insert(kOptions, options);
    const QVariantMap servers{{kServers, target.addresses}};
    global.insert(kDomains,
                  QVariantMap{{kEveryName, servers}, {QLatin1String(kSottosDomain), servers}});
    return global;
}

Target targetOf(const QVariantMap& global) {
    const QVariantMap domains = global.value(kDomains).toMap();
    const QVariantMap every = domains.value(kEveryName).toMap();
    if (domains.size() != 2 || every.size() != 1 ||
        domains.value(QLatin1String(kSottosDomain)) != QVariant(every))
        return {};
    return {every.value(kServers).toStringList()};
}

bool leadsTo(const QVariantMap& global, const Target& target) {
    QVariantMap domains = global.value(kDomains).toMap();
    domains.remove(QLatin1String(kSottosDomain));
    return domains.size() == 1 && target.port == Target::kDnsPort &&
           domains.value(kEveryName).toMap().value(kServers).toStringList() == target.addresses;
}

} // namespace sotto::systemdns
