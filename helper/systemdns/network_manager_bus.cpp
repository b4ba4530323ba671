// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/network_manager_bus.h"

#include "systemdns/resolved_bus.h"
#include "systemdns/variant_map.h"

#include <QDBusArgument>
#include <QDBusObjectPath>
#include <QDeadlineTimer>
#include <QThread>

#include <algorithm>

namespace sotto::systemdns {

namespace {

const QString kService = QStringLiteral("org.freedesktop.NetworkManager");
const QString kPath = QStringLiteral("/org/freedesktop/NetworkManager");
const QString kActive = kService + QStringLiteral(".Connection.Active");
const QString kIp4 = kService + QStringLiteral(".IP4Config");
const QString kIp6 = kService + QStringLiteral(".IP6Config");

constexpr int kStartMillis = 5'000;
constexpr unsigned long kStartPauseMillis = 50;

const SystemBus::Object kItself{kService, kPath, kService};
const SystemBus::Object kDns{kService, kPath + QStringLiteral("/DnsManager"),
                             kService + QStringLiteral(".DnsManager")};

/// One object of NetworkManager; what cannot be read is empty: it may just have gone.
class Reader {
public:
    Reader(const SystemBus& bus, SystemBus::Object object)
        : m_bus(bus)
        , m_object(std::move(object)) {}

    QVariant value(const char* name) const {
        const auto got = m_bus.property(m_object, QLatin1String(name));
        const auto* value = std::get_if<QVariant>(&got);
        return value ? *value : QVariant();
    }
    QString text(const char* name) const { return value(name).toString(); }
    QStringList list(const char* name) const { return value(name).toStringList(); }
    QString path(const char* name) const { return value(name).value<QDBusObjectPath>().path(); }
    QStringList paths(const char* name) const {
        QStringList texts;
        for (const auto& path : qdbus_cast<QList<QDBusObjectPath>>(value(name)))
            texts << path.path();
        return texts;
    }
    /// aa{sv}, each with an "address".
    QStringList addressData(const char* name) const {
        QStringList addresses;
        const auto argument = value(name).value<QDBusArgument>();
        if (argument.currentSignature() != QLatin1String("aa{sv}"))
            return addresses;
        argument.beginArray();
        while (!argument.atEnd()) {
            QVariantMap entry;
            argument >> entry;
            addresses << entry.value(QStringLiteral("address")).toString();
        }
        argument.endArray();
        return addresses;
    }
    /// aay
    QStringList addresses(const char* name) const {
        QStringList addresses;
        const auto argument = value(name).value<QDBusArgument>();
        if (argument.currentSignature() != QLatin1String("aay"))
            return addresses;
        argument.beginArray();
        while (!argument.atEnd()) {
            QByteArray octets;
            argument >> octets;
            addresses << addressText(octets);
        }
        argument.endArray();
        return addresses;
    }

private:
    const SystemBus& m_bus;
    SystemBus::Object m_object;
};

/// As NetworkManager does: "~" marks what is only routed by; domains stand in for searches.
QStringList searchesOf(const Reader& config) {
    QStringList found = config.list("Searches");
    if (found.isEmpty())
        found = config.list("Domains");
    found.erase(std::remove_if(found.begin(), found.end(),
                               [](const QString& domain) {
                                   return domain.isEmpty() || domain.startsWith(QLatin1Char('~'));
                               }),
                found.end());
    return found;
}

bool isObject(const QString& path) {
    return path.size() > 1;
}

} // namespace

NetworkManagerBus::NetworkManagerBus(const SystemBus& bus)
    : m_bus(bus) {}

const QString& NetworkManagerBus::service() {
    return kService;
}

QList<SystemBus::Object> NetworkManagerBus::watched() {
    return {kItself,
            kDns,
            {kService, QString(), kActive},
            {kService, QString(), kIp4},
            {kService, QString(), kIp6}};
}

bool NetworkManagerBus::isRunning() const {
    return m_bus.isOwned(kService);
}

QString NetworkManagerBus::mode() const {
    return Reader(m_bus, kDns).text("Mode");
}

QString NetworkManagerBus::resolvConfMode() const {
    return Reader(m_bus, kDns).text("RcManager");
}

std::variant<QVariantMap, Fault> NetworkManagerBus::globalDns() const {
    // It has its name on the bus, and counts as started, before it has the object behind it: while
    // a computer boots, what a power cut left is given back just then.
    const QDeadlineTimer deadline(kStartMillis);
    auto got = m_bus.property(kItself, QStringLiteral("GlobalDnsConfiguration"));
    while (std::holds_alternative<Fault>(got) && isRunning() && !deadline.hasExpired()) {
        QThread::msleep(kStartPauseMillis);
        got = m_bus.property(kItself, QStringLiteral("GlobalDnsConfiguration"));
    }
    if (const auto* fault = std::get_if<Fault>(&got))
        return *fault;
    if (const auto map = plainMap(std::get<QVariant>(got)))
        return *map;
    return Fault{QStringLiteral("NetworkManager has a global DNS configuration that Sotto could "
                                "not give back")};
}

std::optional<Fault> NetworkManagerBus::setGlobalDns(const QVariantMap& global) const {
    return m_bus.setProperty(kItself, QStringLiteral("GlobalDnsConfiguration"), global);
}

QList<ConnectionDns> NetworkManagerBus::connections() const {
    const Reader itself(m_bus, kItself);
    const QString primary = itself.path("PrimaryConnection");
    QList<ConnectionDns> connections;
    for (const QString& path : itself.paths("ActiveConnections")) {
        const Reader active(m_bus, {kService, path, kActive});
        const QString type = active.text("Type");
        for (const auto& [property, interface] :
             {std::pair{"Ip4Config", kIp4}, std::pair{"Ip6Config", kIp6}}) {
            const QString configPath = active.path(property);
            if (!isObject(configPath))
                continue;
            const Reader config(m_bus, {kService, configPath, interface});
            ConnectionDns dns;
            dns.name = active.text("Id");
            dns.vpn = active.value("Vpn").toBool() || type == QLatin1String("wireguard") ||
                      type == QLatin1String("tun");
            dns.primary = path == primary;
            dns.priority = config.value("DnsPriority").toInt();
            dns.servers = interface == kIp4 ? config.addressData("NameserverData")
                                            : config.addresses("Nameservers");
            dns.searches = searchesOf(config);
            dns.options = config.list("DnsOptions");
            connections << dns;
        }
    }
    std::stable_sort(
        connections.begin(), connections.end(), [](const ConnectionDns& a, const ConnectionDns& b) {
            return std::pair(a.priority, !a.primary) < std::pair(b.priority, !b.primary);
        });
    return connections;
}

} // namespace sotto::systemdns
