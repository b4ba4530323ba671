// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/container_bridges.h"

#include "systemdns/rooted_file.h"

#include <algorithm>

namespace sotto::systemdns {

namespace {

const QString kKind = QStringLiteral("containers");
/// Docker's unless its daemon.json says otherwise.
const QString kUsualDockerAddress = QStringLiteral("172.17.0.1");

const NetLink* find(const QList<NetLink>& links, const QStringList& names) {
    const auto found = std::find_if(links.cbegin(), links.cend(),
                                    [&](const NetLink& link) { return names.contains(link.name); });
    return found == links.cend() ? nullptr : &*found;
}

QString addressOf(const NetLink* bridge) {
    return bridge && bridge->ipv4 ? bridge->ipv4Address : kUsualDockerAddress;
}

} // namespace

QList<Exception> containerExceptions(const QString& root, const QList<NetLink>& links) {
    QList<Exception> exceptions;
    const NetLink* docker = find(links, {QStringLiteral("docker0")});
    if (docker || existsIn(root, QStringLiteral("/run/docker.sock")) ||
        existsIn(root, QStringLiteral("/etc/docker"))) {
        const QString address = addressOf(docker);
        exceptions << Exception{
            kKind,
            QStringLiteral("Docker"),
            QStringLiteral(
                "containers on Docker's default network cannot reach a loopback address and are "
                "given other servers, public ones where it knows none; to have them ask Sotto, add "
                "\"%1:53\" to listen, and \"dns\": [\"%1\"] to /etc/docker/daemon.json")
                .arg(address),
            {address}};
    }
    const NetLink* podman = find(links, {QStringLiteral("podman0"), QStringLiteral("cni-podman0")});
    if (podman && podman->ipv4) {
        exceptions << Exception{
            kKind,
            QStringLiteral("Podman"),
            QStringLiteral(
                "containers on Podman's bridge %1 cannot reach a loopback address and are given "
                "other servers, public ones where it knows none; to have them ask Sotto, add "
                "\"%2:53\" to listen, and dns_servers = [\"%2\"] below [containers] in "
                "/etc/containers/containers.conf")
                .arg(podman->name, podman->ipv4Address),
            {podman->ipv4Address}};
    }
    return exceptions;
}

} // namespace sotto::systemdns
