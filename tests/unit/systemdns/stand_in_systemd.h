// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusConnection>
#include <QDBusObjectPath>
#include <QObject>
#include <QStringList>

#include <functional>

namespace sotto::test {

/// systemd on a bus, as far as the restart of a unit goes.
class StandInSystemd : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.systemd1.Manager")

public:
    /// restart: does it, and gives the job's result ("done", "failed").
    StandInSystemd(const QString& busAddress, std::function<QString(const QString& unit)> restart);
    ~StandInSystemd() override;

public slots:
    void Subscribe();
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
