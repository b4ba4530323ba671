// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusConnection>
#include <QDBusObjectPath>
#include <QList>
#include <QObject>
#include <QVariantMap>

namespace sotto::test {

class StandInNetworkManager;

/// The object that tells of its DNS.
class StandInDns : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.NetworkManager.DnsManager")
    Q_PROPERTY(QString Mode MEMBER mode)
    Q_PROPERTY(QString RcManager MEMBER resolvConfMode)

public:
    QString mode = QStringLiteral("default");
    QString resolvConfMode = QStringLiteral("symlink");
};

/// What a connection got for IPv4.
class StandInIp4 : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.NetworkManager.IP4Config")
    Q_PROPERTY(QList<QVariantMap> NameserverData READ nameservers)
    Q_PROPERTY(QStringList Searches MEMBER searches)
    Q_PROPERTY(QStringList Domains MEMBER domains)
    Q_PROPERTY(QStringList DnsOptions MEMBER options)
    Q_PROPERTY(int DnsPriority MEMBER priority)

public:
    QList<QVariantMap> nameservers() const;

    QStringList servers;
    QStringList searches;
    QStringList domains;
    QStringList options;
    int priority = 100;
};

class StandInConnection : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.NetworkManager.Connection.Active")
    Q_PROPERTY(QString Id MEMBER name)
    Q_PROPERTY(QString Type MEMBER type)
    Q_PROPERTY(bool Vpn MEMBER vpn)
    Q_PROPERTY(QDBusObjectPath Ip4Config READ ip4Path)
    Q_PROPERTY(QDBusObjectPath Ip6Config READ ip6Path)

public:
    QDBusObjectPath ip4Path() const { return QDBusObjectPath(path + QStringLiteral("/ip4")); }
    QDBusObjectPath ip6Path() const { return QDBusObjectPath(QStringLiteral("/")); }

    QString path;
    QString name;
    QString type = QStringLiteral("802-3-ethernet");
    bool vpn = false;
    StandInIp4 ip4;
};

/// NetworkManager on a bus, where it writes resolv.conf itself. Its connections stay; what they
/// have may be changed at any time by the thread that it lives in.
class StandInNetworkManager : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.NetworkManager")
    Q_PROPERTY(QVariantMap GlobalDnsConfiguration READ global WRITE setGlobal)
    Q_PROPERTY(QList<QDBusObjectPath> ActiveConnections READ activeConnections)
    Q_PROPERTY(QDBusObjectPath PrimaryConnection READ primaryConnection)

public:
    /// root: where its /etc/resolv.conf lies.
    StandInNetworkManager(const QString& busAddress, QString root);
    ~StandInNetworkManager() override;

    /// With the global configuration of its memory, unless that is none any more.
    void start();
    void stop();
    void writeFile() const;
    /// What it keeps over its restart; null: nothing.
    QByteArray memory() const;
    StandInConnection* addConnection(const QString& name);
    /// Tells what it has just got, as a change of the network does.
    void announce();

    QVariantMap global() const { return m_global; }
    void setGlobal(const QVariantMap& global);
    QList<QDBusObjectPath> activeConnections() const;
    QDBusObjectPath primaryConnection() const;

    StandInDns dns;
    bool refuses = false;        ///< as where its own file has a global section
    int refusalsToCome = 0;      ///< so many next values are not taken
    bool goesAsItIsTold = false; ///< ends with the next value, which it does not take
    QList<QVariantMap> settings; ///< every value that was set

private:
    QString memoryPath() const;
    void writeMemory() const;

    QDBusConnection m_bus;
    QString m_root;
    QVariantMap m_global;
    QList<StandInConnection*> m_connections;
};

} // namespace sotto::test
