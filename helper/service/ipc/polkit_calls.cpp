// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/ipc/polkit_calls.h"

#include <QDBusArgument>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QMap>
#include <QVariantMap>

namespace sotto::service {

using protocol::Permission;

/// (sa{sv}), a subject of polkit.
struct PolkitSubject {
    QString kind;
    QVariantMap details;
};

/// (bba{ss}), what polkit says of one.
struct PolkitResult {
    bool isAuthorized = false;
    bool isChallenge = false;
    QMap<QString, QString> details;
};

QDBusArgument& operator<<(QDBusArgument& out, const PolkitSubject& subject) {
    out.beginStructure();
    out << subject.kind << subject.details;
    out.endStructure();
    return out;
}

const QDBusArgument& operator>>(const QDBusArgument& in, PolkitSubject& subject) {
    in.beginStructure();
    in >> subject.kind >> subject.details;
    in.endStructure();
    return in;
}

QDBusArgument& operator<<(QDBusArgument& out, const PolkitResult& result) {
    out.beginStructure();
    out << result.isAuthorized << result.isChallenge << result.details;
    out.endStructure();
    return out;
}

const QDBusArgument& operator>>(const QDBusArgument& in, PolkitResult& result) {
    in.beginStructure();
    in >> result.isAuthorized >> result.isChallenge >> result.details;
    in.endStructure();
    return in;
}

} // namespace sotto::service

Q_DECLARE_METATYPE(sotto::service::PolkitSubject)
Q_DECLARE_METATYPE(sotto::service::PolkitResult)

namespace sotto::service {

namespace {

constexpr quint32 kAllowUserInteraction = 1;
constexpr int kQuickMillis = 5000;
constexpr int kPersonMillis = 300000;
const QString kBusName = QStringLiteral("sottod-polkit");

QDBusMessage call(const char* method) {
    return QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.PolicyKit1"),
                                          QStringLiteral("/org/freedesktop/PolicyKit1/Authority"),
                                          QStringLiteral("org.freedesktop.PolicyKit1.Authority"),
                                          QLatin1String(method));
}

QString cancellationId(Authority::Ticket ticket) {
    return QStringLiteral("sottod-%1").arg(ticket);
}

Permission permissionOf(const PolkitResult& result) {
    if (result.isAuthorized)
        return Permission::Yes;
    return result.isChallenge ? Permission::Ask : Permission::No;
}

} // namespace

PolkitCalls::~PolkitCalls() {
    if (m_bus)
        QDBusConnection::disconnectFromBus(kBusName);
}

bool PolkitCalls::openBus() {
    if (m_bus && m_bus->isConnected())
        return true;
    if (m_bus)
        QDBusConnection::disconnectFromBus(kBusName);
    qDBusRegisterMetaType<QMap<QString, QString>>();
    qDBusRegisterMetaType<PolkitSubject>();
    qDBusRegisterMetaType<PolkitResult>();
    m_bus = QDBusConnection::connectToBus(QDBusConnection::SystemBus, kBusName);
    return m_bus->isConnected();
}

void PolkitCalls::check(Authority::Ticket ticket, const ProcessSubject& subject,
                        const QString& action, bool mayAsk) {
    if (!openBus()) {
        emit decided(ticket, Permission::No);
        return;
    }
    const PolkitSubject process{
        QStringLiteral("unix-process"),
        {{QStringLiteral("pid"), QVariant::fromValue<uint>(subject.pid)},
         {QStringLiteral("start-time"), QVariant::fromValue<qulonglong>(subject.startTime)},
         {QStringLiteral("uid"), QVariant::fromValue<int>(static_cast<int>(subject.user))}}};
    QDBusMessage message = call("CheckAuthorization");
    message << QVariant::fromValue(process) << action
            << QVariant::fromValue(QMap<QString, QString>())
            << QVariant::fromValue<uint>(mayAsk ? kAllowUserInteraction : 0)
            << (mayAsk ? cancellationId(ticket) : QString());
    auto* watcher = new QDBusPendingCallWatcher(
        m_bus->asyncCall(message, mayAsk ? kPersonMillis : kQuickMillis), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, ticket, mayAsk, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<PolkitResult> reply = *watcher;
        const Permission permission =
            reply.isError() ? Permission::No : permissionOf(reply.value());
        // A challenge that is left after the person was asked was not met.
        emit decided(ticket, mayAsk && permission == Permission::Ask ? Permission::No : permission);
    });
}

void PolkitCalls::cancel(Authority::Ticket ticket) {
    if (!m_bus || !m_bus->isConnected())
        return;
    QDBusMessage message = call("CancelCheckAuthorization");
    message << cancellationId(ticket);
    m_bus->send(message);
}

} // namespace sotto::service
