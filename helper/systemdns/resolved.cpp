// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/resolved.h"

#include "systemdns/container_bridges.h"
#include "systemdns/file_coverage.h"
#include "systemdns/net_links.h"
#include "systemdns/resolved_exceptions.h"

namespace sotto::systemdns {

namespace {

const QString kFolderKey = QStringLiteral("folder");
const QString kDropInKey = QStringLiteral("drop_in");

/// Only what is known not to have been there is taken away with the drop-in.
bool folderIsOurs(const QJsonObject& before) {
    return !before.value(kFolderKey).toBool(true);
}

} // namespace

Resolved::Resolved(const Surroundings& surroundings, QObject* parent)
    : Mechanism(parent)
    , m_root(surroundings.root)
    , m_bus(surroundings.busAddress)
    , m_resolved(m_bus)
    , m_restart(m_bus, QStringLiteral("systemd-resolved.service"), ResolvedBus::object().service)
    , m_dropIn(surroundings.root)
    , m_watch(m_dropIn.file()) {
    connect(&m_watch, &FileWatch::changed, this, &Mechanism::changed);
}

Finding Resolved::look() const {
    Finding finding{id(), false, {}};
    if (!m_resolved.isRunning())
        finding.reason = QStringLiteral("systemd-resolved is not running");
    else if (!m_restart.isPossible())
        finding.reason = QStringLiteral("systemd-resolved is running, but not under systemd");
    else if (m_dropIn.state() == ResolvedDropIn::State::Foreign)
        finding.reason = QStringLiteral("%1 is not Sotto's").arg(m_dropIn.file());
    else
        finding = {id(), true, QStringLiteral("systemd-resolved is running")};
    return finding;
}

bool Resolved::supports(const Target& target) const {
    return target.port == Target::kDnsPort || m_resolved.knowsPorts();
}

std::variant<QJsonObject, Fault> Resolved::capture() const {
    const auto state = m_dropIn.state();
    if (state == ResolvedDropIn::State::Foreign)
        return Fault{QStringLiteral("%1 is not Sotto's: remove or rename it").arg(m_dropIn.file())};
    return QJsonObject{{kFolderKey, m_dropIn.folderExists()},
                       {kDropInKey, state != ResolvedDropIn::State::Absent}};
}

std::optional<Fault> Resolved::putInForce(const Target& target) {
    if (auto fault = m_restart.restart())
        return fault;
    if (m_resolved.asks(target))
        return std::nullopt;
    const QStringList later = m_dropIn.laterFiles();
    if (later.isEmpty())
        return Fault{QStringLiteral("systemd-resolved did not take Sotto's settings")};
    return Fault{QStringLiteral("systemd-resolved has other servers or domains from %1")
                     .arg(later.join(QLatin1String(", ")))};
}

Fault Resolved::undo(Fault why, const std::optional<QByteArray>& earlier,
                     const QJsonObject& before) {
    const auto fault = earlier ? m_dropIn.write(*earlier) : m_dropIn.remove(folderIsOurs(before));
    if (fault)
        why.reason += QLatin1String("; ") + fault->reason;
    else if (const auto again = m_restart.restart())
        why.reason += QLatin1String("; ") + again->reason;
    return why;
}

std::optional<Fault> Resolved::apply(const Target& target, const QJsonObject& before) {
    const Finding finding = look();
    if (!finding.usable)
        return Fault{finding.reason};
    if (!supports(target))
        return Fault{QStringLiteral("this systemd-resolved asks at port 53 only")};
    const bool written = m_dropIn.isFor(target);
    if (written && m_resolved.asks(target))
        return std::nullopt;

    const auto earlier = m_dropIn.octets();
    if (!written) {
        if (auto fault = m_dropIn.write(ResolvedDropIn::compose(target))) {
            if (!earlier) {
                [[maybe_unused]] const auto left = m_dropIn.remove(folderIsOurs(before));
            }
            return fault;
        }
    }
    if (auto fault = putInForce(target))
        return undo(*fault, written ? std::nullopt : earlier, before);
    return std::nullopt;
}

Standing Resolved::standing(const Target& target, const QJsonObject& before) const {
    Q_UNUSED(before)
    Standing standing;
    const bool intact = m_dropIn.isFor(target);
    const bool edited = m_dropIn.state() == ResolvedDropIn::State::OursEdited;
    const bool leadsHere = intact || (edited && m_dropIn.leadsTo(target));
    // While it is restarted, it is about to read the drop-in.
    if (leadsHere && (!m_resolved.isRunning() || m_resolved.asks(target)))
        return standing;
    const QStringList later = m_dropIn.laterFiles();
    standing.holder = Standing::Holder::Person;
    if (!intact) {
        standing.who = m_dropIn.file();
    } else if (!later.isEmpty()) {
        standing.who = later.constFirst();
    } else {
        standing.holder = Standing::Holder::Agent;
        standing.who = QStringLiteral("systemd-resolved");
    }
    return standing;
}

std::optional<Fault> Resolved::restore(const Target& target, const QJsonObject& before) {
    const auto state = m_dropIn.state();
    // An edit that still leads here would leave the computer without names.
    const bool ours = state == ResolvedDropIn::State::Ours ||
                      (state == ResolvedDropIn::State::OursEdited && m_dropIn.leadsTo(target));
    if (ours || state == ResolvedDropIn::State::Absent) {
        if (auto fault = m_dropIn.remove(folderIsOurs(before)))
            return fault;
    }
    // Nothing to read anew where it was not even started since a reboot took the drop-in away.
    if (!m_resolved.isRunning() || !(ours || m_resolved.asks(target)))
        return std::nullopt;
    return m_restart.restart();
}

Coverage Resolved::coverage(const Target& target) const {
    Coverage coverage;
    const QList<NetLink> links = netLinks();
    coverLinks(links, coverage);
    coverage.exceptions = nameSwitchExceptions(m_root) + containerExceptions(m_root, links);
    const auto servers = m_resolved.servers();
    const auto domains = m_resolved.domains();
    const auto* allServers = std::get_if<QList<ResolvedServer>>(&servers);
    const auto* allDomains = std::get_if<QList<ResolvedDomain>>(&domains);
    if (!allServers || !allDomains)
        return coverage;
    QList<NetLink> asked;
    for (const NetLink& link : links) {
        const bool hasServers =
            std::any_of(allServers->cbegin(), allServers->cend(),
                        [&](const ResolvedServer& server) { return server.link == link.index; });
        if (hasServers && m_resolved.isAsked(link.index))
            asked << link;
    }
    coverage.exceptions << resolvedExceptions(asked, *allServers, *allDomains, target);
    return coverage;
}

void Resolved::watch() {
    m_watch.start();
    m_bus.watchOwner(ResolvedBus::object().service, this,
                     SLOT(ownerChanged(QString, QString, QString)));
    for (const SystemBus::Object& object : {ResolvedBus::object(), ResolvedBus::anyLink()})
        m_bus.watchProperties(object, this,
                              SLOT(propertiesChanged(QString, QVariantMap, QStringList)));
}

void Resolved::propertiesChanged(const QString& interface, const QVariantMap& changed,
                                 const QStringList& invalidated) {
    Q_UNUSED(interface)
    Q_UNUSED(changed)
    Q_UNUSED(invalidated)
    emit Mechanism::changed();
}

void Resolved::ownerChanged(const QString& name, const QString& oldOwner, const QString& newOwner) {
    Q_UNUSED(name)
    Q_UNUSED(oldOwner)
    Q_UNUSED(newOwner)
    emit changed();
}

} // namespace sotto::systemdns
