// SPDX-License-Identifier: GPL-3.0-or-later
#include "stand_in_resolved.h"

#include <QDBusMetaType>
#include <QDir>
#include <QFile>
#include <QMap>

#include <arpa/inet.h>
#include <utility>

namespace sotto::test {

namespace {

const QString kService = QStringLiteral("org.freedesktop.resolve1");
const QString kConnection = QStringLiteral("stand-in-resolved");

/// "192.0.2.1", "192.0.2.1:5300", "[::1]:5300"
BusServer serverOf(QString text) {
    ushort port = 0;
    const qsizetype colon = text.lastIndexOf(QLatin1Char(':'));
    if (text.startsWith(QLatin1Char('[')) || text.count(QLatin1Char(':')) == 1) {
        port = text.mid(colon + 1).toUShort();
        text = text.left(colon).remove(QLatin1Char('[')).remove(QLatin1Char(']'));
    }
    // As the real one does: what is reached over the loopback device is given with its index.
    const bool loopback = text.startsWith(QLatin1String("127.")) || text == QLatin1String("::1");
    return busServer(loopback ? 1 : 0, text, port);
}

} // namespace

QDBusArgument& operator<<(QDBusArgument& argument, const BusServer& server) {
    argument.beginStructure();
    argument << server.link << server.family << server.address << server.port << server.name;
    argument.endStructure();
    return argument;
}

const QDBusArgument& operator>>(const QDBusArgument& argument, BusServer& server) {
    argument.beginStructure();
    argument >> server.link >> server.family >> server.address >> server.port >> server.name;
    argument.endStructure();
    return argument;
}

QDBusArgument& operator<<(QDBusArgument& argument, const BusDomain& domain) {
    argument.beginStructure();
    argument << domain.link << domain.name << domain.routeOnly;
    argument.endStructure();
    return argument;
}

const QDBusArgument& operator>>(const QDBusArgument& argument, BusDomain& domain) {
    argument.beginStructure();
    argument >> domain.link >> domain.name >> domain.routeOnly;
    argument.endStructure();
    return argument;
}

QDBusArgument& operator<<(QDBusArgument& argument, const BusAddress& address) {
    argument.beginStructure();
    argument << address.link << address.family << address.address;
    argument.endStructure();
    return argument;
}

const QDBusArgument& operator>>(const QDBusArgument& argument, BusAddress& address) {
    argument.beginStructure();
    argument >> address.link >> address.family >> address.address;
    argument.endStructure();
    return argument;
}

BusServer busServer(int link, const QString& address, ushort port) {
    BusServer server;
    server.link = link;
    server.port = port;
    server.family = address.contains(QLatin1Char(':')) ? AF_INET6 : AF_INET;
    server.address.resize(server.family == AF_INET6 ? 16 : 4);
    ::inet_pton(server.family, address.toLatin1().constData(), server.address.data());
    return server;
}

StandInResolved::StandInResolved(QString busAddress, QString root)
    : m_bus(QDBusConnection::connectToBus(busAddress, kConnection))
    , m_root(std::move(root)) {
    qDBusRegisterMetaType<BusServer>();
    qDBusRegisterMetaType<QList<BusServer>>();
    qDBusRegisterMetaType<BusDomain>();
    qDBusRegisterMetaType<QList<BusDomain>>();
    qDBusRegisterMetaType<BusAddress>();
    qDBusRegisterMetaType<QList<BusAddress>>();
    m_bus.registerObject(QStringLiteral("/org/freedesktop/resolve1"), this,
                         QDBusConnection::ExportAllContents);
}

StandInResolved::~StandInResolved() {
    QDBusConnection::disconnectFromBus(kConnection);
}

void StandInResolved::start() {
    ++starts;
    if (!keepsItsSettings)
        read();
    m_bus.registerService(kService);
}

void StandInResolved::comeBack() {
    m_bus.registerService(kService);
}

void StandInResolved::stop() {
    m_bus.unregisterService(kService);
}

void StandInResolved::read() {
    m_global.clear();
    m_globalDomains.clear();
    QMap<QString, QString> files; // by name, wherever they lie
    for (const char* folder : {"/run/systemd/resolved.conf.d", "/etc/systemd/resolved.conf.d"}) {
        const QDir dir(m_root + QLatin1String(folder));
        for (const QString& name : dir.entryList({QStringLiteral("*.conf")}, QDir::Files))
            files.insert(name, dir.filePath(name));
    }
    for (const QString& path : std::as_const(files)) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            continue;
        for (const QString& line : QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'))) {
            const QString value = line.section(QLatin1Char('='), 1);
            const QStringList items = value.split(QLatin1Char(' '), Qt::SkipEmptyParts);
            if (line.startsWith(QLatin1String("DNS="))) {
                if (items.isEmpty())
                    m_global.clear();
                for (const QString& item : items)
                    m_global << serverOf(item);
            } else if (line.startsWith(QLatin1String("Domains="))) {
                if (items.isEmpty())
                    m_globalDomains.clear();
                for (const QString& item : items) {
                    const bool routeOnly = item.startsWith(QLatin1Char('~'));
                    m_globalDomains << BusDomain{0, routeOnly ? item.mid(1) : item, routeOnly};
                }
            }
        }
    }
}

QList<BusAddress> StandInResolved::ResolveHostname(int link, const QString& name, int family,
                                                   qulonglong flags, QString& canonical,
                                                   qulonglong& outFlags) {
    Q_UNUSED(link)
    Q_UNUSED(family)
    outFlags = flags;
    canonical = name;
    if (leadsTo) {
        QList<BusAddress> addresses;
        for (const QString& address : leadsTo(name)) {
            const BusServer parsed = busServer(1, address);
            addresses << BusAddress{1, parsed.family, parsed.address};
        }
        return addresses;
    }
    if (name != QLatin1String("here.example."))
        return {};
    return {{1, AF_INET, QByteArray::fromHex("c0000207")},
            {1, AF_INET, QByteArray::fromHex("c0000207")}};
}

} // namespace sotto::test
