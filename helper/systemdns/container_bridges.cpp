// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/container_bridges.h"

#include "systemdns/rooted_file.h"
#include "systemdns/socket_owners.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <optional>

#include <arpa/inet.h>

namespace sotto::systemdns {

namespace {

/// Kinds: Sotto does not listen where containers could ask it, and they are not told to; only the
/// one; only the other; and they are told to ask others as well.
const QString kNeither = QStringLiteral("containers");
const QString kNotTold = QStringLiteral("containers_not_told");
const QString kNotHeard = QStringLiteral("containers_not_heard");
const QString kOthersToo = QStringLiteral("containers_others");
/// Docker's unless its daemon.json says otherwise.
const QString kUsualDockerAddress = QStringLiteral("172.17.0.1");
constexpr qsizetype kMaxSettings = qsizetype{64} * 1024;
constexpr qsizetype kMaxServers = 8;

const NetLink* find(const QList<NetLink>& links, const QStringList& names) {
    const auto found = std::find_if(links.cbegin(), links.cend(),
                                    [&](const NetLink& link) { return names.contains(link.name); });
    return found == links.cend() ? nullptr : &*found;
}

bool isIpv4(const QString& text) {
    in_addr octets{};
    return ::inet_pton(AF_INET, text.toLatin1().constData(), &octets) == 1;
}

bool isAddress(const QString& text) {
    in6_addr octets{};
    return isIpv4(text) || ::inet_pton(AF_INET6, text.toLatin1().constData(), &octets) == 1;
}

/// What dockerd reads of its settings, as far as it matters here.
struct DockerSettings {
    QString bridge = QStringLiteral("docker0");
    QString address; ///< of the bridge; empty where the settings leave it to Docker
    QStringList dns; ///< what containers are told to ask
};

/// Others' file: what is not as dockerd wants it is as good as not there.
DockerSettings dockerSettings(const QString& root) {
    const auto octets = readRooted(root, dockerSettingsPath(), kMaxSettings);
    const QJsonObject json = QJsonDocument::fromJson(octets.value_or(QByteArray())).object();
    DockerSettings settings;
    if (const QString name = json.value(QLatin1String("bridge")).toString(); !name.isEmpty())
        settings.bridge = name;
    const QString own = json.value(QLatin1String("bip")).toString().section(QLatin1Char('/'), 0, 0);
    if (isIpv4(own))
        settings.address = own;
    const QJsonArray servers = json.value(QLatin1String("dns")).toArray();
    for (const QJsonValue& server : servers) {
        if (isAddress(server.toString()) && settings.dns.size() < kMaxServers)
            settings.dns << server.toString();
    }
    return settings;
}

QString quoted(const QString& address) {
    return QLatin1Char('"') + address + QLatin1Char('"');
}

/// Whom the containers ask, and what is to be done so that they ask the target.
std::optional<Exception> dockerException(const DockerSettings& settings, const QString& address,
                                         bool listens) {
    const QString subject = QStringLiteral("Docker");
    const QString file = dockerSettingsPath();
    const QString listen = QStringLiteral("add \"%1:53\" to listen").arg(address);
    const QString tell =
        QStringLiteral("\"dns\": [\"%1\"] to %2, and restart Docker").arg(address, file);
    const QString given =
        settings.dns.isEmpty()
            ? QStringLiteral("containers on Docker's default network cannot reach a loopback "
                             "address and are given other servers, public ones where it knows none")
            : QStringLiteral("containers on Docker's default network ask the servers that \"dns\" "
                             "in %1 names")
                  .arg(file);
    if (!settings.dns.contains(address) && !listens)
        return Exception{
            kNeither,
            subject,
            QStringLiteral("%1; to have them ask Sotto, %2, and %3").arg(given, listen, tell),
            {address}};
    if (!settings.dns.contains(address))
        return Exception{kNotTold,
                         subject,
                         QStringLiteral("%1; Sotto listens at %2 already: to have them ask there, "
                                        "add %3")
                             .arg(given, address, tell),
                         {address}};
    if (!listens)
        return Exception{kNotHeard,
                         subject,
                         QStringLiteral("containers on Docker's default network are told to ask "
                                        "%1, where Sotto does not listen: %2")
                             .arg(address, listen),
                         {address}};
    QStringList others = settings.dns;
    others.removeAll(address);
    if (others.isEmpty())
        return std::nullopt;
    QStringList quotedOthers = others;
    std::transform(others.begin(), others.end(), quotedOthers.begin(), quoted);
    return Exception{kOthersToo, subject,
                     QStringLiteral("containers on Docker's default network may ask others than "
                                    "Sotto: take %1 out of \"dns\" in %2, and restart Docker")
                         .arg(quotedOthers.join(QLatin1String(", ")), file),
                     others};
}

QList<Exception> dockerExceptions(const QString& root, const QList<NetLink>& links,
                                  const Target& target) {
    const DockerSettings settings = dockerSettings(root);
    const NetLink* bridge = find(links, {settings.bridge});
    const bool isThere = bridge || existsIn(root, QStringLiteral("/run/docker.sock")) ||
                         existsIn(root, QStringLiteral("/etc/docker"));
    if (!isThere || settings.bridge == QLatin1String("none"))
        return {};
    const bool hasAddress = bridge && bridge->ipv4;
    QString address = hasAddress ? bridge->ipv4Address : settings.address;
    if (address.isEmpty())
        address = kUsualDockerAddress;
    // Without a bridge nobody asks, and nobody can listen yet.
    const bool listens =
        hasAddress ? listensAlsoAt(root, target, address) : settings.dns.contains(address);
    const auto exception = dockerException(settings, address, listens);
    return exception ? QList<Exception>{*exception} : QList<Exception>();
}

QString podmanText(const NetLink& bridge, bool listens) {
    const QString tell = QStringLiteral("dns_servers = [\"%1\"] below [containers] in "
                                        "/etc/containers/containers.conf")
                             .arg(bridge.ipv4Address);
    const QString given =
        QStringLiteral("containers on Podman's bridge %1 cannot reach a loopback address and are "
                       "given other servers, public ones where it knows none")
            .arg(bridge.name);
    return listens ? QStringLiteral("%1, unless they are told to ask Sotto, which listens at %2 "
                                    "already: by %3")
                         .arg(given, bridge.ipv4Address, tell)
                   : QStringLiteral("%1; to have them ask Sotto, add \"%2:53\" to listen, and %3")
                         .arg(given, bridge.ipv4Address, tell);
}

} // namespace

QString dockerSettingsPath() {
    return QStringLiteral("/etc/docker/daemon.json");
}

QList<Exception> containerExceptions(const QString& root, const QList<NetLink>& links,
                                     const Target& target) {
    QList<Exception> exceptions = dockerExceptions(root, links, target);
    const NetLink* podman = find(links, {QStringLiteral("podman0"), QStringLiteral("cni-podman0")});
    if (podman && podman->ipv4) {
        const bool listens = listensAlsoAt(root, target, podman->ipv4Address);
        exceptions << Exception{listens ? kNotTold : kNeither,
                                QStringLiteral("Podman"),
                                podmanText(*podman, listens),
                                {podman->ipv4Address}};
    }
    return exceptions;
}

} // namespace sotto::systemdns
