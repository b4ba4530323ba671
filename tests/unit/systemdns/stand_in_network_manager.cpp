// SPDX-License-Identifier: GPL-3.0-or-later
#include "stand_in_network_manager.h"

#include "systemdns/variant_map.h"

#include <QDBusArgument>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <utility>

namespace sotto::test {

namespace {

const QString kService = QStringLiteral("org.freedesktop.NetworkManager");
const QString kPath = QStringLiteral("/org/freedesktop/NetworkManager");
const QString kConnection = QStringLiteral("stand-in-networkmanager");

} // namespace

QList<QVariantMap> StandInIp4::nameservers() const {
    QList<QVariantMap> list;
    for (const QString& server : servers)
        list << QVariantMap{{QStringLiteral("address"), server}};
    return list;
}

StandInNetworkManager::StandInNetworkManager(const QString& busAddress, QString root)
    : m_bus(QDBusConnection::connectToBus(busAddress, kConnection))
    , m_root(std::move(root)) {
    qDBusRegisterMetaType<QList<QVariantMap>>();
    qDBusRegisterMetaType<QList<QDBusObjectPath>>();
    m_bus.registerObject(kPath, this, QDBusConnection::ExportAllContents);
    m_bus.registerObject(kPath + QStringLiteral("/DnsManager"), &dns,
                         QDBusConnection::ExportAllContents);
}

StandInNetworkManager::~StandInNetworkManager() {
    QDBusConnection::disconnectFromBus(kConnection);
}

StandInConnection* StandInNetworkManager::addConnection(const QString& name) {
    auto* connection = new StandInConnection;
    connection->setParent(this);
    connection->ip4.setParent(connection);
    connection->name = name;
    connection->path = kPath + QStringLiteral("/ActiveConnection/%1").arg(m_connections.size() + 1);
    m_bus.registerObject(connection->path, connection, QDBusConnection::ExportAllContents);
    m_bus.registerObject(connection->ip4Path().path(), &connection->ip4,
                         QDBusConnection::ExportAllContents);
    m_connections << connection;
    return connection;
}

QString StandInNetworkManager::memoryPath() const {
    return m_root + QStringLiteral("/var/lib/NetworkManager/NetworkManager-intern.conf");
}

QByteArray StandInNetworkManager::memory() const {
    QFile file(memoryPath());
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Of a configuration only the domains' servers.
void StandInNetworkManager::writeMemory() const {
    QDir().mkpath(QFileInfo(memoryPath()).path());
    const QVariantMap domains = m_global.value(QStringLiteral("domains")).toMap();
    QByteArray text = "# Internal configuration file.\n";
    for (auto domain = domains.cbegin(); domain != domains.cend(); ++domain) {
        const QStringList servers =
            domain.value().toMap().value(QStringLiteral("servers")).toStringList();
        text += "\n[.intern.global-dns-domain-" + domain.key().toLatin1() +
                "]\nservers=" + servers.join(QLatin1Char(',')).toLatin1() + '\n';
    }
    QFile file(memoryPath());
    if (file.open(QIODevice::WriteOnly | QIODevice::Truncate))
        file.write(text);
}

void StandInNetworkManager::start() {
    if (!memory().contains(".intern.global-dns-domain-"))
        m_global.clear();
    writeFile();
    m_bus.registerService(kService);
}

void StandInNetworkManager::stop() {
    m_bus.unregisterService(kService);
}

void StandInNetworkManager::announce() {
    writeFile();
    QDBusMessage signal = QDBusMessage::createSignal(
        m_connections.constFirst()->ip4Path().path(),
        QStringLiteral("org.freedesktop.DBus.Properties"), QStringLiteral("PropertiesChanged"));
    signal.setArguments(
        {kService + QStringLiteral(".IP4Config"),
         QVariantMap{{QStringLiteral("Searches"), m_connections.constFirst()->ip4.searches}},
         QStringList()});
    m_bus.send(signal);
}

void StandInNetworkManager::setGlobal(const QVariantMap& global) {
    if (goesAsItIsTold) {
        QDBusConnection::disconnectFromBus(kConnection);
        m_bus = QDBusConnection(kConnection);
        return;
    }
    if (refuses || refusalsToCome-- > 0)
        return; // the real one answers well then, too
    refusalsToCome = 0;
    // What is nested arrives marshalled.
    QVariantMap plain;
    for (auto entry = global.cbegin(); entry != global.cend(); ++entry) {
        const auto map = systemdns::plainMap(entry.value());
        plain.insert(entry.key(), map ? QVariant(*map) : entry.value());
    }
    m_global = plain;
    settings << plain;
    writeMemory();
    writeFile();
}

void StandInNetworkManager::writeFile() const {
    QStringList servers;
    QStringList searches;
    if (m_global.isEmpty()) {
        for (const StandInConnection* connection : m_connections) {
            servers << connection->ip4.servers;
            searches << (connection->ip4.searches.isEmpty() ? connection->ip4.domains
                                                            : connection->ip4.searches);
        }
    } else {
        searches = m_global.value(QStringLiteral("searches")).toStringList();
        servers = m_global.value(QStringLiteral("domains"))
                      .toMap()
                      .value(QStringLiteral("*"))
                      .toMap()
                      .value(QStringLiteral("servers"))
                      .toStringList();
    }
    QString text = QStringLiteral("# Generated by NetworkManager\n");
    if (!searches.isEmpty())
        text += QStringLiteral("search %1\n").arg(searches.join(QLatin1Char(' ')));
    for (const QString& server : servers)
        text += QStringLiteral("nameserver %1\n").arg(server);
    const QString path = m_root + QStringLiteral("/etc/resolv.conf");
    QFile file(path + QStringLiteral(".new"));
    if (file.open(QIODevice::WriteOnly))
        file.write(text.toUtf8());
    file.close();
    QFile::remove(path);
    file.rename(path);
}

QList<QDBusObjectPath> StandInNetworkManager::activeConnections() const {
    QList<QDBusObjectPath> paths;
    for (const StandInConnection* connection : m_connections)
        paths << QDBusObjectPath(connection->path);
    return paths;
}

QDBusObjectPath StandInNetworkManager::primaryConnection() const {
    return QDBusObjectPath(m_connections.isEmpty() ? QStringLiteral("/")
                                                   : m_connections.constFirst()->path);
}

} // namespace sotto::test
