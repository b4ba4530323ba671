// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusObjectPath>
#include <QDeadlineTimer>
#include <QHash>
#include <QMutex>
#include <QObject>
#include <QWaitCondition>

#include <functional>

namespace sotto::systemdns {

/// Signals of the bus for a thread that waits for them without an event loop.
///
/// Thread: the slots run in the one that this object was moved to; await…() are called from
/// another.
class BusNews : public QObject {
    Q_OBJECT

public:
    /// service: whose coming back awaitOwner() waits for.
    explicit BusNews(QString service);

    /// The result of a job of systemd, which may have ended already; empty where it did not end.
    QString awaitJob(const QString& job, const QDeadlineTimer& deadline);

    /// Whether the service has an owner on the bus. isOwned asks the bus: it may have come back
    /// before anybody waited.
    bool awaitOwner(const std::function<bool()>& isOwned, const QDeadlineTimer& deadline);

public slots:
    void jobRemoved(uint id, const QDBusObjectPath& job, const QString& unit,
                    const QString& result);
    void ownerChanged(const QString& name, const QString& oldOwner, const QString& newOwner);

private:
    QString m_service;
    QMutex m_mutex;
    QWaitCondition m_changed;
    QHash<QString, QString> m_results;
    int m_owners = 0; ///< how often the service has come
};

} // namespace sotto::systemdns
