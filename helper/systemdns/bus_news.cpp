// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/bus_news.h"

#include <QMutexLocker>

#include <utility>

namespace sotto::systemdns {

BusNews::BusNews(QString service)
    : m_service(std::move(service)) {
    // Qt D-Bus finds the types of slots by their names, and this one has none before its first use.
    qRegisterMetaType<QDBusObjectPath>();
}

QString BusNews::awaitJob(const QString& job, const QDeadlineTimer& deadline) {
    QMutexLocker locker(&m_mutex);
    while (!m_results.contains(job) && m_changed.wait(&m_mutex, deadline)) {
    }
    return m_results.value(job);
}

bool BusNews::awaitOwner(const std::function<bool()>& isOwned, const QDeadlineTimer& deadline) {
    for (;;) {
        int seen = 0;
        {
            const QMutexLocker locker(&m_mutex);
            seen = m_owners;
        }
        if (isOwned())
            return true;
        QMutexLocker locker(&m_mutex);
        while (m_owners == seen) {
            if (!m_changed.wait(&m_mutex, deadline))
                return false;
        }
    }
}

void BusNews::jobRemoved(uint id, const QDBusObjectPath& job, const QString& unit,
                         const QString& result) {
    Q_UNUSED(id)
    Q_UNUSED(unit)
    const QMutexLocker locker(&m_mutex);
    m_results.insert(job.path(), result);
    m_changed.wakeAll();
}

void BusNews::ownerChanged(const QString& name, const QString& oldOwner, const QString& newOwner) {
    Q_UNUSED(oldOwner)
    if (name != m_service || newOwner.isEmpty())
        return;
    const QMutexLocker locker(&m_mutex);
    ++m_owners;
    m_changed.wakeAll();
}

} // namespace sotto::systemdns
