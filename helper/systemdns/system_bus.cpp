// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/system_bus.h"

#include <QDBusVariant>

#include <atomic>
#include <utility>

namespace sotto::systemdns {

namespace {

const SystemBus::Object kBusItself{QStringLiteral("org.freedesktop.DBus"),
                                   QStringLiteral("/org/freedesktop/DBus"),
                                   QStringLiteral("org.freedesktop.DBus")};
const QString kProperties = QStringLiteral("org.freedesktop.DBus.Properties");

QString uniqueName() {
    static std::atomic<unsigned> count = 0;
    return QStringLiteral("sotto-systemdns-%1").arg(++count);
}

} // namespace

SystemBus::SystemBus(QString address)
    : m_address(std::move(address))
    , m_name(uniqueName()) {}

SystemBus::~SystemBus() {
    QDBusConnection::disconnectFromBus(m_name);
}

QDBusConnection SystemBus::connection() const {
    QDBusConnection made(m_name);
    if (made.isConnected())
        return made;
    QDBusConnection::disconnectFromBus(m_name);
    return m_address.isEmpty() ? QDBusConnection::connectToBus(QDBusConnection::SystemBus, m_name)
                               : QDBusConnection::connectToBus(m_address, m_name);
}

SystemBus::Ownership SystemBus::ownership(const QString& service) const {
    const auto reply = call(kBusItself, QStringLiteral("NameHasOwner"), {service});
    const auto* arguments = std::get_if<QVariantList>(&reply);
    if (!arguments)
        return Ownership::Unknown;
    return arguments->value(0).toBool() ? Ownership::Owned : Ownership::NotOwned;
}

std::variant<QVariantList, Fault> SystemBus::call(const Object& object, const QString& method,
                                                  const QVariantList& arguments,
                                                  std::chrono::milliseconds patience) const {
    QDBusConnection bus = connection();
    if (!bus.isConnected())
        return Fault{QStringLiteral("the system bus cannot be reached")};
    QDBusMessage message =
        QDBusMessage::createMethodCall(object.service, object.path, object.interface, method);
    message.setArguments(arguments);
    message.setAutoStartService(false);
    const QDBusMessage reply = bus.call(message, QDBus::Block, static_cast<int>(patience.count()));
    if (reply.type() == QDBusMessage::ReplyMessage)
        return reply.arguments();
    return Fault{
        QStringLiteral("%1 of %2 failed: %3").arg(method, object.service, reply.errorMessage()),
        reply.errorName()};
}

std::variant<QVariant, Fault> SystemBus::property(const Object& object, const QString& name) const {
    auto reply = call({object.service, object.path, kProperties}, QStringLiteral("Get"),
                      {object.interface, name});
    if (auto* fault = std::get_if<Fault>(&reply))
        return *fault;
    return std::get<QVariantList>(reply).value(0).value<QDBusVariant>().variant();
}

std::optional<Fault> SystemBus::setProperty(const Object& object, const QString& name,
                                            const QVariant& value) const {
    auto reply = call({object.service, object.path, kProperties}, QStringLiteral("Set"),
                      {object.interface, name, QVariant::fromValue(QDBusVariant(value))});
    if (auto* fault = std::get_if<Fault>(&reply))
        return *fault;
    return std::nullopt;
}

bool SystemBus::watchProperties(const Object& object, QObject* receiver, const char* slot) const {
    return connection().connect(object.service, object.path, kProperties,
                                QStringLiteral("PropertiesChanged"), {object.interface},
                                QStringLiteral("sa{sv}as"), receiver, slot);
}

bool SystemBus::watchOwner(const QString& service, QObject* receiver, const char* slot) const {
    return connection().connect(kBusItself.service, kBusItself.path, kBusItself.interface,
                                QStringLiteral("NameOwnerChanged"), {service},
                                QStringLiteral("sss"), receiver, slot);
}

} // namespace sotto::systemdns
