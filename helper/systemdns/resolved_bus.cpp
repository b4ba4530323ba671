// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/resolved_bus.h"

#include <QDBusArgument>
#include <QDBusObjectPath>

#include <algorithm>
#include <arpa/inet.h>
#include <array>

namespace sotto::systemdns {

namespace {

const QString kService = QStringLiteral("org.freedesktop.resolve1");
const QString kLinkInterface = QStringLiteral("org.freedesktop.resolve1.Link");

constexpr int kLoopbackLink = 1; // in every network namespace

Fault unexpected(const QString& property) {
    return Fault{QStringLiteral("systemd-resolved gave its %1 in an unknown form").arg(property)};
}

/// a(iiay), or with ports and names a(iiayqs).
QList<ResolvedServer> readServers(const QDBusArgument& argument, bool extended) {
    QList<ResolvedServer> servers;
    argument.beginArray();
    while (!argument.atEnd()) {
        ResolvedServer server;
        int family = 0;
        QByteArray octets;
        argument.beginStructure();
        argument >> server.link >> family >> octets;
        if (extended) {
            ushort port = 0;
            QString name;
            argument >> port >> name;
            server.port = port == 0 ? Target::kDnsPort : port;
        }
        argument.endStructure();
        // A loopback address of the whole system is given with the loopback device, which has no
        // servers of its own.
        if (server.link == kLoopbackLink)
            server.link = kWholeSystem;
        server.address = addressText(octets);
        servers << server;
    }
    argument.endArray();
    return servers;
}

} // namespace

QString addressText(const QByteArray& octets) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = octets.size() == 4 ? AF_INET : AF_INET6;
    if (octets.size() != 4 && octets.size() != 16)
        return {};
    return QString::fromLatin1(::inet_ntop(family, octets.constData(), text.data(), text.size()));
}

ResolvedBus::ResolvedBus(const SystemBus& bus)
    : m_bus(bus) {}

const SystemBus::Object& ResolvedBus::object() {
    static const SystemBus::Object kObject{kService, QStringLiteral("/org/freedesktop/resolve1"),
                                           QStringLiteral("org.freedesktop.resolve1.Manager")};
    return kObject;
}

SystemBus::Object ResolvedBus::anyLink() {
    return {kService, QString(), kLinkInterface};
}

bool ResolvedBus::isRunning() const {
    return m_bus.isOwned(kService);
}

bool ResolvedBus::knowsPorts() const {
    const auto got = m_bus.property(object(), QStringLiteral("DNSEx"));
    return std::holds_alternative<QVariant>(got);
}

std::variant<QList<ResolvedServer>, Fault> ResolvedBus::servers() const {
    const bool extended = knowsPorts();
    const QString name = extended ? QStringLiteral("DNSEx") : QStringLiteral("DNS");
    const auto got = m_bus.property(object(), name);
    if (const auto* fault = std::get_if<Fault>(&got))
        return *fault;
    const auto argument = std::get<QVariant>(got).value<QDBusArgument>();
    if (argument.currentSignature() !=
        (extended ? QLatin1String("a(iiayqs)") : QLatin1String("a(iiay)")))
        return unexpected(name);
    return readServers(argument, extended);
}

std::variant<QList<ResolvedDomain>, Fault> ResolvedBus::domains() const {
    const QString name = QStringLiteral("Domains");
    const auto got = m_bus.property(object(), name);
    if (const auto* fault = std::get_if<Fault>(&got))
        return *fault;
    const auto argument = std::get<QVariant>(got).value<QDBusArgument>();
    if (argument.currentSignature() != QLatin1String("a(isb)"))
        return unexpected(name);
    QList<ResolvedDomain> domains;
    argument.beginArray();
    while (!argument.atEnd()) {
        ResolvedDomain domain;
        argument.beginStructure();
        argument >> domain.link >> domain.name >> domain.routeOnly;
        argument.endStructure();
        domains << domain;
    }
    argument.endArray();
    return domains;
}

bool ResolvedBus::isAsked(int link) const {
    constexpr qulonglong kDnsScope = 1;
    const auto reply = m_bus.call(object(), QStringLiteral("GetLink"), {link});
    const auto* arguments = std::get_if<QVariantList>(&reply);
    if (!arguments)
        return false;
    const QString path = arguments->value(0).value<QDBusObjectPath>().path();
    const auto mask =
        m_bus.property({kService, path, kLinkInterface}, QStringLiteral("ScopesMask"));
    const auto* value = std::get_if<QVariant>(&mask);
    return value && (value->toULongLong() & kDnsScope) != 0;
}

bool ResolvedBus::asks(const Target& target) const {
    const auto allServers = servers();
    const auto allDomains = domains();
    const auto* asked = std::get_if<QList<ResolvedServer>>(&allServers);
    const auto* routed = std::get_if<QList<ResolvedDomain>>(&allDomains);
    if (!asked || !routed)
        return false;
    QStringList addresses;
    for (const ResolvedServer& server : *asked) {
        if (server.link != kWholeSystem)
            continue;
        if (server.port != target.port)
            return false;
        addresses << server.address;
    }
    const bool everyName =
        std::any_of(routed->cbegin(), routed->cend(), [](const ResolvedDomain& domain) {
            return domain.link == kWholeSystem && domain.name == QLatin1String(".");
        });
    return everyName && addresses == target.addresses;
}

bool ResolvedBus::asksAnyOf(const Target& target) const {
    const auto allServers = servers();
    const auto* asked = std::get_if<QList<ResolvedServer>>(&allServers);
    return asked && std::any_of(asked->cbegin(), asked->cend(), [&](const ResolvedServer& server) {
               return server.link == kWholeSystem && server.port == target.port &&
                      target.addresses.contains(server.address);
           });
}

} // namespace sotto::systemdns
