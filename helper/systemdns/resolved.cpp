// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/resolved.h"

#include "systemdns/container_bridges.h"
#include "systemdns/file_coverage.h"
#include "systemdns/net_links.h"
#include "systemdns/resolv_conf.h"
#include "systemdns/resolv_conf_state.h"
#include "systemdns/resolved_exceptions.h"
#include "systemdns/rooted_file.h"

#include <algorithm>

namespace sotto::systemdns {

namespace {

const QString kFolderKey = QStringLiteral("folder");
const QString kDropInKey = QStringLiteral("drop_in");
const QString kUnit = QStringLiteral("systemd-resolved.service");

/// Only what is known not to have been there is taken away with the drop-in.
bool folderIsOurs(const QJsonObject& before) {
    return !before.value(kFolderKey).toBool(true);
}

} // namespace

Resolved::Resolved(const Surroundings& surroundings, std::chrono::milliseconds patience,
                   QObject* parent)
    : Mechanism(parent)
    , m_root(surroundings.root)
    , m_bus(surroundings.busAddress)
    , m_resolved(m_bus)
    , m_presence(m_bus, kUnit, ResolvedBus::object().service, patience)
    , m_restart(m_bus, kUnit, ResolvedBus::object().service)
    , m_dropIn(surroundings.root)
    , m_watch(m_dropIn.file())
    , m_dockerWatch(surroundings.root + dockerSettingsPath()) {
    for (const FileWatch* watch : {&m_watch, &m_dockerWatch})
        connect(watch, &FileWatch::changed, this, &Mechanism::changed);
}

Finding Resolved::look() const {
    Finding finding{id(), false, {}};
    const auto ownership = m_bus.ownership(ResolvedBus::object().service);
    if (ownership == SystemBus::Ownership::Unknown)
        finding.reason = QStringLiteral("the system bus cannot be asked for systemd-resolved");
    else if (ownership == SystemBus::Ownership::NotOwned)
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
    return letGo(target, ours);
}

std::optional<Fault> Resolved::letGo(const Target& target, bool removed) {
    const auto presence = m_presence.settled();
    switch (presence.state) {
    case ServicePresence::State::Off:
        return std::nullopt; // nothing to read anew
    case ServicePresence::State::OnBus:
        break;
    case ServicePresence::State::Silent:
        return letGoUnseen(target, removed);
    case ServicePresence::State::Unsure:
        // Its file is not there since a reboot, until it is started.
        if (!namesInItsFile(target).value_or(true))
            return std::nullopt;
        return Fault{QStringLiteral("whether systemd-resolved still asks Sotto is not known: %1")
                         .arg(presence.reason)};
    }
    if (!removed && !m_resolved.asks(target) && !keepsAsking(target))
        return std::nullopt;
    if (auto fault = m_restart.restart())
        return fault;
    if (!keepsAsking(target))
        return std::nullopt;
    return Fault{QStringLiteral("systemd-resolved still asks Sotto after its restart")};
}

/// It runs, but is not on the bus: all that can be seen of it is the file that it writes.
std::optional<Fault> Resolved::letGoUnseen(const Target& target, bool removed) {
    const bool names = namesInItsFile(target).value_or(removed);
    return removed || names ? m_restart.restart() : std::nullopt;
}

/// Where files of others name the target, that is what they had wanted before.
bool Resolved::keepsAsking(const Target& target) const {
    return m_resolved.asksAnyOf(target) && !m_dropIn.othersLeadTo(target);
}

/// Nothing where the file cannot tell: it knows no ports.
std::optional<bool> Resolved::namesInItsFile(const Target& target) const {
    const QString path = QStringLiteral("/run/systemd/resolve/resolv.conf");
    if (!existsIn(m_root, path))
        return false;
    const auto octets = readRooted(m_root, path, ResolvConfState::kMaxOctets);
    if (!octets || target.port != Target::kDnsPort)
        return std::nullopt;
    const QStringList servers = ResolvConf::parse(*octets).nameservers;
    return std::any_of(servers.cbegin(), servers.cend(),
                       [&](const QString& server) { return target.addresses.contains(server); });
}

std::optional<Leftover> Resolved::leftover() const {
    if (m_dropIn.state() != ResolvedDropIn::State::Ours)
        return std::nullopt;
    return Leftover{m_dropIn.target(), {}};
}

Coverage Resolved::coverage(const Target& target) const {
    Coverage coverage;
    const QList<NetLink> links = netLinks();
    coverLinks(links, coverage);
    coverage.exceptions = readerExceptionsBesideResolved(m_root, target, links);
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
    m_dockerWatch.start();
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
