// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusObjectPath>
#include <QObject>
#include <QStringList>

#include <functional>

namespace sotto::test {

struct BusJob {
    uint id = 0;
    QDBusObjectPath path{QStringLiteral("/")};
};
QDBusArgument& operator<<(QDBusArgument& argument, const BusJob& job);
const QDBusArgument& operator>>(const QDBusArgument& argument, BusJob& job);

/// What systemd says of a unit; every unit is the same one here.
class StandInUnit : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.systemd1.Unit")
    Q_PROPERTY(QString ActiveState MEMBER activeState)
    Q_PROPERTY(sotto::test::BusJob Job READ job)

public:
    BusJob job() const { return {jobId, QDBusObjectPath(QStringLiteral("/"))}; }

    QString activeState = QStringLiteral("active");
    uint jobId = 0; ///< 0: none waits
};

/// systemd on a bus, as far as the state and the restart of a unit go.
class StandInSystemd : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.systemd1.Manager")

public:
    /// restart: does it, and gives the job's result ("done", "failed").
    StandInSystemd(const QString& busAddress, std::function<QString(const QString& unit)> restart);
    ~StandInSystemd() override;

    StandInUnit unitState;

public slots:
    void Subscribe();
    QDBusObjectPath LoadUnit(const QString& name);
    void ResetFailedUnit(const QString& unit);
    QDBusObjectPath RestartUnit(const QString& unit, const QString& mode);

signals:
    void JobRemoved(uint id, const QDBusObjectPath& job, const QString& unit,
                    const QString& result);

private:
    QDBusConnection m_bus;
    std::function<QString(const QString&)> m_restart;
    uint m_jobs = 0;
};

} // namespace sotto::test

Q_DECLARE_METATYPE(sotto::test::BusJob)
