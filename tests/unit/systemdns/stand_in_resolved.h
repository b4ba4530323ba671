// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusObjectPath>
#include <QList>
#include <QObject>

#include <functional>

namespace sotto::test {

struct BusServer {
    int link = 0;
    int family = 0;
    QByteArray address;
    ushort port = 0;
    QString name;
};
struct BusDomain {
    int link = 0;
    QString name;
    bool routeOnly = false;
};
struct BusAddress {
    int link = 0;
    int family = 0;
    QByteArray address;
};
QDBusArgument& operator<<(QDBusArgument& argument, const BusServer& server);
const QDBusArgument& operator>>(const QDBusArgument& argument, BusServer& server);
QDBusArgument& operator<<(QDBusArgument& argument, const BusDomain& domain);
const QDBusArgument& operator>>(const QDBusArgument& argument, BusDomain& domain);
QDBusArgument& operator<<(QDBusArgument& argument, const BusAddress& address);
const QDBusArgument& operator>>(const QDBusArgument& argument, BusAddress& address);

BusServer busServer(int link, const QString& address, ushort port = 0);

/// systemd-resolved on a bus: it reads drop-ins as the real one does, and asks nobody.
class StandInResolved : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.resolve1.Manager")
    Q_PROPERTY(QList<sotto::test::BusServer> DNSEx READ servers)
    Q_PROPERTY(QList<sotto::test::BusDomain> Domains READ domains)

public:
    /// root: where it finds /run/systemd/resolved.conf.d.
    StandInResolved(QString busAddress, QString root);
    ~StandInResolved() override;

    void start(); ///< reads the drop-ins, takes its name
    void stop();
    void comeBack(); ///< takes its name, with what it has read before

    QList<BusServer> servers() const { return m_global + linkServers; }
    QList<BusDomain> domains() const { return m_globalDomains + linkDomains; }

    QList<BusServer> linkServers;
    QList<BusDomain> linkDomains;
    /// What a name leads to, in place of the one that it knows.
    std::function<QStringList(const QString& name)> leadsTo;
    int starts = 0;
    bool keepsItsSettings = false; ///< reads nothing anew

public slots:
    QList<sotto::test::BusAddress> ResolveHostname(int link, const QString& name, int family,
                                                   qulonglong flags, QString& canonical,
                                                   qulonglong& outFlags);

private:
    void read();

    QDBusConnection m_bus;
    QString m_root;
    QList<BusServer> m_global;
    QList<BusDomain> m_globalDomains;
};

} // namespace sotto::test

Q_DECLARE_METATYPE(sotto::test::BusServer)
Q_DECLARE_METATYPE(sotto::test::BusDomain)
Q_DECLARE_METATYPE(sotto::test::BusAddress)
