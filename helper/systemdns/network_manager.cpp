// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/network_manager.h"

#include "systemdns/container_bridges.h"
#include "systemdns/file_coverage.h"
#include "systemdns/global_dns.h"
#include "systemdns/global_dns_memory.h"
#include "systemdns/net_links.h"
#include "systemdns/recorded_network.h"
#include "systemdns/resolv_conf.h"
#include "systemdns/resolv_conf_writer.h"
#include "systemdns/rooted_file.h"
#include "systemdns/variant_map.h"

#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <algorithm>

namespace sotto::systemdns {

namespace {

const QString kGlobalKey = QStringLiteral("global");
const QString kNetworkKey = QStringLiteral("network");
const QString kFileKey = QStringLiteral("file");
const QString kFilePath = QStringLiteral("/etc/resolv.conf");
const QString kKeptPath = QStringLiteral("/var/lib/NetworkManager/NetworkManager-intern.conf");
const QByteArray kKeptSection = QByteArray("[.intern.global-dns-domain-") + kSottosDomain + ']';
constexpr qint64 kMaxOctets = 64 * 1024;
constexpr qsizetype kMaxKept = 8 * 1024; ///< of the file, in a journal
constexpr QFile::Permissions kReadable =
    QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther;

/// Nothing where a hostile journal has something else there.
std::optional<QVariantMap> globalBefore(const QJsonObject& before) {
    const QJsonValue json = before.value(kGlobalKey);
    return json.isObject() ? variantsFromJson(json.toObject()) : std::nullopt;
}

} // namespace

NetworkManager::NetworkManager(const Surroundings& surroundings, std::chrono::milliseconds patience,
                               QObject* parent)
    : Mechanism(parent)
    , m_root(surroundings.root)
    , m_file(surroundings.root + kFilePath)
    , m_resolvConf(surroundings.root)
    , m_bus(surroundings.busAddress)
    , m_networkManager(m_bus)
    , m_presence(m_bus, QStringLiteral("NetworkManager.service"), NetworkManagerBus::service(),
                 patience)
    , m_watch(m_file)
    , m_dockerWatch(surroundings.root + dockerSettingsPath()) {
    for (const FileWatch* watch : {&m_watch, &m_dockerWatch})
        connect(watch, &FileWatch::changed, this, &Mechanism::changed);
}

QString NetworkManager::whyUnusable() const {
    switch (m_bus.ownership(NetworkManagerBus::service())) {
    case SystemBus::Ownership::Owned:
        break;
    case SystemBus::Ownership::NotOwned:
        return QStringLiteral("NetworkManager is not running");
    case SystemBus::Ownership::Unknown:
        return QStringLiteral("the system bus cannot be asked for NetworkManager");
    }
    // With dnsmasq, the file names NetworkManager's own one, and that asks the global servers.
    const QString mode = m_networkManager.mode();
    if (mode != QLatin1String("default") && mode != QLatin1String("dnsmasq"))
        return QStringLiteral("NetworkManager leaves names to others (its DNS mode is \"%1\")")
            .arg(mode);
    const QString writes = m_networkManager.resolvConfMode();
    if (writes != QLatin1String("symlink") && writes != QLatin1String("file"))
        return QStringLiteral("NetworkManager does not write %1 itself (its rc-manager is \"%2\")")
            .arg(kFilePath, writes);
    // By "symlink" it leaves a link of others alone.
    const QString leadsTo = QFileInfo(m_file).symLinkTarget();
    if (writes == QLatin1String("symlink") && !leadsTo.isEmpty() &&
        !leadsTo.endsWith(QLatin1String("/run/NetworkManager/resolv.conf")))
        return QStringLiteral("NetworkManager leaves %1 alone: it leads to %2")
            .arg(kFilePath, leadsTo);
    return {};
}

Finding NetworkManager::look() const {
    const QString why = whyUnusable();
    if (!why.isEmpty())
        return {id(), false, why};
    return {id(), true, QStringLiteral("NetworkManager writes %1").arg(kFilePath)};
}

bool NetworkManager::supports(const Target& target) const {
    return target.port == Target::kDnsPort;
}

std::variant<QJsonObject, Fault> NetworkManager::capture() const {
    const auto global = m_networkManager.globalDns();
    if (const auto* fault = std::get_if<Fault>(&global))
        return *fault;
    const auto json = variantsToJson(std::get<QVariantMap>(global));
    if (!json)
        return Fault{
            QStringLiteral("NetworkManager's global DNS configuration is too large to keep")};
    QJsonObject captured{
        {kGlobalKey, *json},
        {kNetworkKey, RecordedNetwork::of(m_networkManager.connections()).toJson()}};
    const auto read = m_resolvConf.read();
    const auto* state = std::get_if<ResolvConfState>(&read);
    // With dnsmasq it names a server that ends with NetworkManager.
    if (state && state->kind == ResolvConfState::Kind::Regular &&
        state->octets.size() <= kMaxKept && m_networkManager.mode() == QLatin1String("default"))
        captured.insert(kFileKey, state->toJson());
    return captured;
}

std::optional<Fault> NetworkManager::apply(const Target& target, const QJsonObject& before) {
    if (!supports(target))
        return Fault{QStringLiteral("NetworkManager asks at port 53 only")};
    const QString why = whyUnusable();
    if (!why.isEmpty())
        return Fault{why};
    const auto earlier = globalBefore(before);
    if (!earlier)
        return Fault{QStringLiteral("what was kept of NetworkManager's settings is damaged")};
    const QVariantMap wanted = globalDnsFor(target, *earlier, m_networkManager.connections());
    if (current() == wanted)
        return std::nullopt;
    if (auto fault = m_networkManager.setGlobalDns(wanted))
        return fault;
    if (leadsTo(current().value_or(QVariantMap()), target))
        return std::nullopt;
    // It takes none, and says so in its log alone, where its own file has one.
    return Fault{QStringLiteral("NetworkManager did not take Sotto's addresses; a section "
                                "[global-dns] in its own configuration comes first")};
}

std::optional<QVariantMap> NetworkManager::current() const {
    const auto global = m_networkManager.globalDns();
    const auto* map = std::get_if<QVariantMap>(&global);
    return map ? std::optional(*map) : std::nullopt;
}

std::optional<QByteArray> NetworkManager::editedFile(const Target& target) const {
    if (m_networkManager.mode() != QLatin1String("default"))
        return std::nullopt; // it names NetworkManager's own server
    QFile file(m_file);
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt; // being replaced
    const QByteArray octets = file.read(kMaxOctets);
    if (ResolvConf::parse(octets).nameservers == target.addresses)
        return std::nullopt;
    return octets;
}

Standing NetworkManager::standing(const Target& target, const QJsonObject& before) const {
    Standing standing;
    // It has written the file, and keeps the configuration for when it comes back.
    if (!m_networkManager.isRunning())
        return standing;
    const auto global = current();
    if (!global)
        return standing;
    if (!leadsTo(*global, target)) {
        standing.holder = Standing::Holder::Person;
        standing.who = QStringLiteral("the global DNS configuration of NetworkManager");
    } else if (editedFile(target)) {
        standing.holder = Standing::Holder::Person;
        standing.who = kFilePath;
    } else if (const auto earlier = globalBefore(before);
               earlier &&
               *global != globalDnsFor(target, *earlier, m_networkManager.connections())) {
        standing.holder = Standing::Holder::Agent;
        standing.who = QStringLiteral("NetworkManager");
    }
    // Between two networks the last one's stay.
    const auto network = RecordedNetwork::of(m_networkManager.connections());
    if (!network.servers.isEmpty() && network.toJson() != before.value(kNetworkKey)) {
        standing.before = before;
        standing.before->insert(kNetworkKey, network.toJson());
        standing.before->remove(kFileKey);
    }
    return standing;
}

std::optional<Fault> NetworkManager::restore(const Target& target, const QJsonObject& before) {
    auto presence = m_presence.settled();
    if (presence.state == ServicePresence::State::OnBus) {
        auto fault = restoreOverTheBus(target, before);
        if (!fault || m_networkManager.isRunning())
            return fault;
        presence = m_presence.settled(); // it went while it was told
    }
    switch (presence.state) {
    case ServicePresence::State::OnBus:
        return restoreOverTheBus(target, before);
    case ServicePresence::State::Off:
        return restoreWithoutIt(target, before);
    case ServicePresence::State::Silent:
        return Fault{QStringLiteral("NetworkManager runs, but is not on the system bus, so it "
                                    "cannot be told; start it anew")};
    case ServicePresence::State::Unsure:
        break;
    }
    if (!isInstalled())
        return restoreWithoutIt(target, before);
    return Fault{QStringLiteral("NetworkManager cannot be told to give up Sotto's address: %1")
                     .arg(presence.reason)};
}

bool NetworkManager::isInstalled() const {
    return existsIn(m_root, QStringLiteral("/usr/sbin/NetworkManager")) ||
           existsIn(m_root, QStringLiteral("/usr/bin/NetworkManager"));
}

/// Nobody else writes the file any more, and what NetworkManager keeps must not bring our address
/// back with its next start.
std::optional<Fault> NetworkManager::restoreWithoutIt(const Target& target,
                                                      const QJsonObject& before) {
    if (auto fault = restoreFile(target, before))
        return fault;
    if (auto fault = forgetTarget(m_root, target, globalBefore(before).value_or(QVariantMap())))
        return fault;
    if (m_networkManager.isRunning()) // since; it may have read it before
        return restoreOverTheBus(target, before);
    return std::nullopt;
}

std::optional<Fault> NetworkManager::restoreFile(const Target& target,
                                                 const QJsonObject& before) const {
    const auto read = m_resolvConf.read();
    if (const auto* fault = std::get_if<Fault>(&read))
        return *fault;
    if (!ResolvConf::parse(std::get<ResolvConfState>(read).octets).namesOnly(target.addresses))
        return std::nullopt;
    const auto file = ResolvConfState::fromJson(before.value(kFileKey).toObject());
    if (file && file->kind == ResolvConfState::Kind::Regular) {
        const ResolvConf conf = ResolvConf::parse(file->octets);
        if (!conf.nameservers.isEmpty() && !conf.namesOnly(target.addresses))
            return m_resolvConf.write(file->octets, file->attributes);
    }
    auto network = RecordedNetwork::fromJson(before.value(kNetworkKey));
    if (network)
        network->servers.removeIf(
            [&](const QString& server) { return target.addresses.contains(server); });
    if (network && !network->servers.isEmpty())
        return m_resolvConf.write(network->resolvConf(), std::nullopt);
    return Fault{QStringLiteral("NetworkManager is not running, and what servers this computer had "
                                "before is not known; write them into %1, as lines like: "
                                "nameserver 192.0.2.1")
                     .arg(kFilePath)};
}

std::optional<Fault> NetworkManager::restoreOverTheBus(const Target& target,
                                                       const QJsonObject& before) {
    const auto now = m_networkManager.globalDns();
    if (const auto* fault = std::get_if<Fault>(&now))
        return *fault;
    const auto& global = std::get<QVariantMap>(now);
    if (!leadsTo(global, target))
        return std::nullopt;
    // Damaged or not, our address must go: without a global one, that of the network is in force.
    const QVariantMap earlier = globalBefore(before).value_or(QVariantMap());
    if (global == earlier)
        return std::nullopt;
    const auto edited = editedFile(target);
    const auto fault = m_networkManager.setGlobalDns(earlier);
    const bool taken = !fault && current() == earlier;
    // It takes no wrong one. Better the network's DNS than an address where nobody answers.
    if (!taken) {
        if (auto second = m_networkManager.setGlobalDns({}))
            return second;
    }
    if (edited)
        putBack(*edited);
    else if (taken)
        putPersonsFileBack(target, before);
    if (taken)
        return std::nullopt;
    return Fault{QStringLiteral("NetworkManager did not take back its earlier global DNS "
                                "configuration, and has none now")};
}

std::optional<Leftover> NetworkManager::leftover() const {
    // What was set over the bus is kept there; a section of NetworkManager.conf is a person's.
    const auto kept = readRooted(m_root, kKeptPath, kMaxOctets);
    if (!kept || !kept->contains(kKeptSection) || !m_networkManager.isRunning())
        return std::nullopt;
    const Target target = targetOf(current().value_or(QVariantMap()));
    return target.fault().isEmpty() ? std::optional(Leftover{target, {}}) : std::nullopt;
}

void NetworkManager::putBack(const QByteArray& octets) const {
    QSaveFile file(m_file);
    if (file.open(QIODevice::WriteOnly) && file.setPermissions(kReadable) &&
        file.write(octets) == octets.size() && file.commit())
        return;
    QFile inPlace(m_file); // a mount cannot be replaced
    if (inPlace.open(QIODevice::WriteOnly))
        inPlace.write(octets);
}

/// A file that a person wrote over NetworkManager's is not made anew by it.
void NetworkManager::putPersonsFileBack(const Target& target, const QJsonObject& before) const {
    const auto file = ResolvConfState::fromJson(before.value(kFileKey).toObject());
    if (!file || file->kind != ResolvConfState::Kind::Regular ||
        writerOf(*file, {}).kind != ResolvConfWriter::Kind::Person ||
        ResolvConf::parse(file->octets).namesOnly(target.addresses))
        return;
    (void)m_resolvConf.write(file->octets, file->attributes); // NetworkManager's will do
}

Coverage NetworkManager::coverage(const Target& target) const {
    Coverage coverage;
    const QList<NetLink> links = netLinks();
    coverLinks(links, coverage);
    coverage.exceptions = readerExceptions(m_root, target, links);
    QStringList told;
    for (const ConnectionDns& connection : m_networkManager.connections()) {
        if (!connection.vpn || connection.servers.isEmpty() || told.contains(connection.name))
            continue;
        told << connection.name;
        coverage.exceptions << Exception{
            QStringLiteral("vpn"), connection.name,
            QStringLiteral("the VPN's servers are not asked, whatever their priority: names that "
                           "only they know are not found, and the providers see them")};
    }
    return coverage;
}

void NetworkManager::watch() {
    m_watch.start();
    m_dockerWatch.start();
    m_bus.watchOwner(NetworkManagerBus::service(), this,
                     SLOT(ownerChanged(QString, QString, QString)));
    for (const SystemBus::Object& object : NetworkManagerBus::watched())
        m_bus.watchProperties(object, this,
                              SLOT(propertiesChanged(QString, QVariantMap, QStringList)));
}

void NetworkManager::propertiesChanged(const QString& interface, const QVariantMap& changed,
                                       const QStringList& invalidated) {
    Q_UNUSED(interface)
    Q_UNUSED(changed)
    Q_UNUSED(invalidated)
    emit Mechanism::changed();
}

void NetworkManager::ownerChanged(const QString& name, const QString& oldOwner,
                                  const QString& newOwner) {
    Q_UNUSED(name)
    Q_UNUSED(oldOwner)
    Q_UNUSED(newOwner)
    emit changed();
}

} // namespace sotto::systemdns
