// SPDX-License-Identifier: GPL-3.0-or-later
#include "dot_world.h"

#include <QJsonArray>

namespace sotto::test {

DotWorld::DotWorld(const char* zones) {
    std::string error;
    auto parsed = ZoneSet::fromText(zones, error);
    if (!parsed)
        qFatal("%s", error.c_str());
    LeafOptions leaf;
    leaf.dnsNames = {"dot.example"};
    m_server = std::make_unique<DotServer>(m_ca.issue(leaf), *parsed);
    if (!m_server->start(&error) || !m_ca.writeCertificate(m_service.path("ca.pem").toStdString()))
        qFatal("no server: %s", error.c_str());
}

QByteArray DotWorld::upstream(const QByteArray& name) const {
    return "{ address = \"127.0.0.1\", port = " + QByteArray::number(m_server->port()) +
           ", name = \"" + name + "\", ca_file = \"" + m_service.path("ca.pem").toUtf8() + "\" }";
}

bool DotWorld::start(const QByteArray& settings) {
    m_service.writeConfig("listen = [\"127.0.0.1:0\"]\n" + settings);
    if (!m_service.start())
        return false;
    m_peer = std::make_unique<JsonPeer>(m_service.socketPath());
    return m_peer->hello();
}

bool DotWorld::stop() {
    m_peer.reset();
    return m_service.stop() == 0;
}

QJsonObject DotWorld::upstreamStatus(int index) {
    return status().value("upstreams").toArray().at(index).toObject();
}

QJsonObject DotWorld::ask(const QString& name) {
    return JsonPeer::result(m_peer->request("query", {{"name", name}})).value("entry").toObject();
}

} // namespace sotto::test
