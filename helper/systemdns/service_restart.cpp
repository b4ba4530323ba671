// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/service_restart.h"

#include "systemdns/bus_news.h"

#include <QDBusObjectPath>
#include <QDeadlineTimer>
#include <QThread>

#include <utility>

namespace sotto::systemdns {

namespace {

const SystemBus::Object kSystemd{QStringLiteral("org.freedesktop.systemd1"),
                                 QStringLiteral("/org/freedesktop/systemd1"),
                                 QStringLiteral("org.freedesktop.systemd1.Manager")};

} // namespace

ServiceRestart::ServiceRestart(const SystemBus& bus, QString unit, QString service)
    : m_bus(bus)
    , m_unit(std::move(unit))
    , m_service(std::move(service)) {}

bool ServiceRestart::isPossible() const {
    return m_bus.isOwned(kSystemd.service);
}

std::optional<Fault> ServiceRestart::restart() const {
    if (!isPossible())
        return Fault{QStringLiteral("systemd is not on the system bus, so %1 cannot be restarted")
                         .arg(m_unit)};

    const QDeadlineTimer deadline(kPatience);
    // Signals go to the thread of their receiver; this one waits, so the receiver has its own.
    BusNews news(m_service);
    QThread thread;
    news.moveToThread(&thread);
    const bool heard =
        m_bus.connection().connect(kSystemd.service, kSystemd.path, kSystemd.interface,
                                   QStringLiteral("JobRemoved"), &news,
                                   SLOT(jobRemoved(uint, QDBusObjectPath, QString, QString))) &&
        m_bus.watchOwner(m_service, &news, SLOT(ownerChanged(QString, QString, QString)));
    if (!heard)
        return Fault{QStringLiteral("the system bus does not tell of systemd's jobs")};
    thread.start();

    auto ended = [&]() -> std::optional<Fault> {
        // Whoever never subscribed may miss JobRemoved; to have done so already is no mistake.
        [[maybe_unused]] const auto subscribed = m_bus.call(kSystemd, QStringLiteral("Subscribe"));
        // Five starts in ten seconds are systemd's limit; a sixth would leave the service dead, and
        // this computer without names.
        [[maybe_unused]] const auto reset =
            m_bus.call(kSystemd, QStringLiteral("ResetFailedUnit"), {m_unit});
        const auto reply = m_bus.call(kSystemd, QStringLiteral("RestartUnit"),
                                      {m_unit, QStringLiteral("replace")});
        if (const auto* fault = std::get_if<Fault>(&reply))
            return *fault;
        const QString job = std::get<QVariantList>(reply).value(0).value<QDBusObjectPath>().path();
        const QString result = news.awaitJob(job, deadline);
        if (result.isEmpty())
            return Fault{QStringLiteral("systemd did not restart %1 in time").arg(m_unit)};
        if (result != QLatin1String("done"))
            return Fault{QStringLiteral("systemd could not restart %1: %2").arg(m_unit, result)};
        if (!news.awaitOwner([this] { return m_bus.isOwned(m_service); }, deadline))
            return Fault{QStringLiteral("%1 was restarted and does not answer").arg(m_unit)};
        return std::nullopt;
    }();

    thread.quit();
    thread.wait();
    return ended;
}

} // namespace sotto::systemdns
