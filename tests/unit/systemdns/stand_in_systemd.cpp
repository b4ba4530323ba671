// SPDX-License-Identifier: GPL-3.0-or-later
#include "stand_in_systemd.h"

#include <QDBusMetaType>

#include <utility>

namespace sotto::test {

namespace {
const QString kConnection = QStringLiteral("stand-in-systemd");
const QString kUnitPath = QStringLiteral("/org/freedesktop/systemd1/unit/one");
} // namespace

QDBusArgument& operator<<(QDBusArgument& argument, const BusJob& job) {
    argument.beginStructure();
    argument << job.id << job.path;
    argument.endStructure();
    return argument;
}

const QDBusArgument& operator>>(const QDBusArgument& argument, BusJob& job) {
    argument.beginStructure();
    argument >> job.id >> job.path;
    argument.endStructure();
    return argument;
}

StandInSystemd::StandInSystemd(const QString& busAddress,
                               std::function<QString(const QString&)> restart)
    : m_bus(busAddress.isEmpty()
                ? QDBusConnection::connectToBus(QDBusConnection::SystemBus, kConnection)
                : QDBusConnection::connectToBus(busAddress, kConnection))
    , m_restart(std::move(restart)) {
    qDBusRegisterMetaType<BusJob>();
    m_bus.registerObject(QStringLiteral("/org/freedesktop/systemd1"), this,
                         QDBusConnection::ExportAllContents);
    m_bus.registerObject(kUnitPath, &unitState, QDBusConnection::ExportAllContents);
    m_bus.registerService(QStringLiteral("org.freedesktop.systemd1"));
}

StandInSystemd::~StandInSystemd() {
    QDBusConnection::disconnectFromBus(kConnection);
}

void StandInSystemd::Subscribe() {}

QDBusObjectPath StandInSystemd::LoadUnit(const QString& name) {
    Q_UNUSED(name)
    return QDBusObjectPath(kUnitPath);
}

void StandInSystemd::ResetFailedUnit(const QString& unit) {
    Q_UNUSED(unit)
}

QDBusObjectPath StandInSystemd::RestartUnit(const QString& unit, const QString& mode) {
    Q_UNUSED(mode)
    const uint id = ++m_jobs;
    const QDBusObjectPath job(QStringLiteral("/org/freedesktop/systemd1/job/%1").arg(id));
    // As with systemd, the answer comes before the job's end.
    QMetaObject::invokeMethod(
        this, [this, id, job, unit] { emit JobRemoved(id, job, unit, m_restart(unit)); },
        Qt::QueuedConnection);
    return job;
}

} // namespace sotto::test
