// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/network_manager.h"

#include "systemdns/file_coverage.h"
#include "systemdns/global_dns.h"
#include "systemdns/net_links.h"
#include "systemdns/resolv_conf.h"
#include "systemdns/rooted_file.h"
#include "systemdns/variant_map.h"

#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

namespace sotto::systemdns {

namespace {

const QString kGlobalKey = QStringLiteral("global");
const QString kFilePath = QStringLiteral("/etc/resolv.conf");
const QString kKeptPath = QStringLiteral("/var/lib/NetworkManager/NetworkManager-intern.conf");
constexpr auto kKeptSection = "[.intern.global-dns-domain-*]";
constexpr qint64 kMaxOctets = 64 * 1024;
constexpr QFile::Permissions kReadable =
    QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther;

Fault notRunning() {
    return Fault{QStringLiteral("NetworkManager is not running")};
}

/// Nothing where a hostile journal has something else there.
std::optional<QVariantMap> globalBefore(const QJsonObject& before) {
    const QJsonValue json = before.value(kGlobalKey);
    return json.isObject() ? variantsFromJson(json.toObject()) : std::nullopt;
}

} // namespace

NetworkManager::NetworkManager(const Surroundings& surroundings, QObject* parent)
    : Mechanism(parent)
    , m_root(surroundings.root)
    , m_file(surroundings.root + kFilePath)
    , m_bus(surroundings.busAddress)
    , m_networkManager(m_bus)
    , m_watch(m_file) {
    connect(&m_watch, &FileWatch::changed, this, &Mechanism::changed);
}

QString NetworkManager::whyUnusable() const {
    if (!m_networkManager.isRunning())
        return notRunning().reason;
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
    if (const auto json = variantsToJson(std::get<QVariantMap>(global)))
        return QJsonObject{{kGlobalKey, *json}};
    return Fault{QStringLiteral("NetworkManager's global DNS configuration is too large to keep")};
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
    return standing;
}

std::optional<Fault> NetworkManager::restore(const Target& target, const QJsonObject& before) {
    if (!m_networkManager.isRunning())
        return Fault{
            QStringLiteral("NetworkManager is not running, and keeps Sotto's address until "
                           "it can be told; start it")};
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

Coverage NetworkManager::coverage(const Target& target) const {
    Coverage coverage;
    const QList<NetLink> links = netLinks();
    coverLinks(links, coverage);
    coverage.exceptions = readerExceptions(m_root, target, links);
    QStringList told;
    for (const ConnectionDns& connection : m_networkManager.connections()) {
        if (!connection.vpn || !connection.hasServers || told.contains(connection.name))
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
