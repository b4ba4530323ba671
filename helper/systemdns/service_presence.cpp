// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/service_presence.h"

#include <QDBusArgument>
#include <QDBusObjectPath>
#include <QDeadlineTimer>
#include <QThread>

#include <utility>

namespace sotto::systemdns {

namespace {

const QString kSystemd = QStringLiteral("org.freedesktop.systemd1");
const SystemBus::Object kManager{kSystemd, QStringLiteral("/org/freedesktop/systemd1"),
                                 QStringLiteral("org.freedesktop.systemd1.Manager")};
constexpr unsigned long kPauseMillis = 50;

/// While a unit is restarted it is inactive for a moment, with the job of its start waiting.
bool hasJob(const QVariant& received) {
    const auto argument = received.value<QDBusArgument>();
    if (argument.currentSignature() != QLatin1String("(uo)"))
        return false;
    uint id = 0;
    QDBusObjectPath path;
    argument.beginStructure();
    argument >> id >> path;
    argument.endStructure();
    return id != 0;
}

} // namespace

ServicePresence::ServicePresence(const SystemBus& bus, QString unit, QString service,
                                 std::chrono::milliseconds patience)
    : m_bus(bus)
    , m_unit(std::move(unit))
    , m_service(std::move(service))
    , m_patience(patience) {}

ServicePresence::Unit ServicePresence::unit() const {
    switch (m_bus.ownership(kSystemd)) {
    case SystemBus::Ownership::Owned:
        break;
    case SystemBus::Ownership::NotOwned:
        return Unit::Off; // another service manager: not on the bus is all that can be known
    case SystemBus::Ownership::Unknown:
        return Unit::Unknown;
    }
    // What is not loaded is loaded then; a unit that does not exist is inactive.
    const auto loaded = m_bus.call(kManager, QStringLiteral("LoadUnit"), {m_unit});
    const auto* arguments = std::get_if<QVariantList>(&loaded);
    if (!arguments)
        return Unit::Unknown;
    const SystemBus::Object object{kSystemd, arguments->value(0).value<QDBusObjectPath>().path(),
                                   kSystemd + QStringLiteral(".Unit")};
    const auto state = m_bus.property(object, QStringLiteral("ActiveState"));
    const auto job = m_bus.property(object, QStringLiteral("Job"));
    const auto* text = std::get_if<QVariant>(&state);
    const auto* waiting = std::get_if<QVariant>(&job);
    if (!text || !waiting)
        return Unit::Unknown;
    if (hasJob(*waiting))
        return Unit::Changing;
    const QString word = text->toString();
    if (word == QLatin1String("active"))
        return Unit::Active;
    return word == QLatin1String("inactive") || word == QLatin1String("failed") ? Unit::Off
                                                                                : Unit::Changing;
}

ServicePresence::Answer ServicePresence::settled() const {
    const QDeadlineTimer deadline(m_patience);
    for (;;) {
        const auto ownership = m_bus.ownership(m_service);
        if (ownership == SystemBus::Ownership::Owned)
            return {State::OnBus, {}};
        if (ownership == SystemBus::Ownership::Unknown)
            return {State::Unsure,
                    QStringLiteral("the system bus cannot be asked whether %1 runs").arg(m_unit)};
        const Unit now = unit();
        if (now == Unit::Off)
            return {State::Off, {}};
        if (!deadline.hasExpired()) {
            QThread::msleep(kPauseMillis);
            continue;
        }
        switch (now) {
        case Unit::Active:
            return {State::Silent, {}};
        case Unit::Unknown:
            return {State::Unsure,
                    QStringLiteral("systemd does not tell whether %1 runs").arg(m_unit)};
        default:
            return {State::Unsure,
                    QStringLiteral("%1 is being started or stopped, which takes long").arg(m_unit)};
        }
    }
}

} // namespace sotto::systemdns
