// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_peer.h"
#include "service_process.h"

#include "protocol/methods.h"
#include "support/dot_server.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <csignal>
#include <map>
#include <memory>

namespace sotto::test {

namespace {

std::string zoneWith(const char* address) {
    return std::string("$ORIGIN example.\n$TTL 300\n@ SOA ns hostmaster 1 3600 600 86400 60\n"
                       "www A ") +
           address + "\n";
}

} // namespace

/// The service with a list of providers that the administrator's file names.
class TestServiceProviders : public QObject {
    Q_OBJECT

private:
    ThrowawayCa m_ca;
    std::map<QString, std::unique_ptr<DotServer>> m_servers;
    std::unique_ptr<ServiceProcess> m_service;
    std::unique_ptr<JsonPeer> m_peer;

    void addServer(const QString& id, const char* certificateName, const char* address) {
        std::string error;
        auto zones = ZoneSet::fromText(zoneWith(address), error);
        QVERIFY2(zones, error.c_str());
        LeafOptions leaf;
        leaf.dnsNames = {certificateName};
        auto server = std::make_unique<DotServer>(m_ca.issue(leaf), *zones);
        QVERIFY2(server->start(&error), error.c_str());
        m_servers[id] = std::move(server);
    }

    QJsonObject entry(const QString& id) {
        return {{"id", id},
                {"name", "The " + id},
                {"description", "A provider of a test."},
                {"country", ""},
                {"website", "https://www.example.com/"},
                {"tls_name", id + ".example"},
                {"ipv4", QJsonArray{"127.0.0.1"}},
                {"ipv6", QJsonArray()},
                {"port", m_servers.at(id)->port()},
                {"filter", "none"},
                {"confirmed", false},
                {"ca", QString::fromStdString(m_ca.certificatePem())}};
    }

    QString listPath() const { return m_service->path("list.json"); }

    void writeList(const QStringList& ids) {
        QJsonArray providers;
        for (const QString& id : ids)
            providers.append(entry(id));
        const QJsonObject list{{"$schema", "providers.schema.json"},
                               {"version", 1},
                               {"updated", "2026-11"},
                               {"providers", providers}};
        ServiceProcess::write(listPath(), QJsonDocument(list).toJson());
    }

    void start() {
        QVERIFY2(m_service->start(), m_service->errors().constData());
        m_peer = std::make_unique<JsonPeer>(m_service->socketPath());
        QVERIFY(m_peer->hello());
    }

    QJsonObject status() { return JsonPeer::result(m_peer->request("status")); }

    QString notices() {
        QStringList result;
        const QJsonArray list = status().value("notices").toArray();
        for (const QJsonValue& notice : list)
            result += notice.toString();
        return result.join('\n');
    }

    QStringList listed() {
        QStringList ids;
        const QJsonArray list =
            JsonPeer::result(m_peer->request("providers.list")).value("providers").toArray();
        for (const QJsonValue& provider : list)
            ids += provider["id"].toString();
        return ids;
    }

    QJsonObject use(const QString& id) {
        return m_peer->request("providers.use", {{"ids", QJsonArray{id}}});
    }

    /// The address that www.example has now; the response code where it has none.
    QString ask() {
        m_peer->request("cache.flush");
        const QJsonObject result =
            JsonPeer::result(m_peer->request("query", {{"name", "www.example"}, {"type", "A"}}));
        const QJsonArray records = result.value("records").toArray();
        return records.isEmpty() ? result.value("entry")["rcode"].toString()
                                 : records[0].toString().section(' ', -1);
    }

private slots:
    void init() {
        addServer("first", "first.example", "192.0.2.1");
        addServer("second", "second.example", "192.0.2.2");
        addServer("broken", "somebody-else.example", "192.0.2.3");
        m_service = std::make_unique<ServiceProcess>();
        m_service->writeConfig("listen = [\"127.0.0.1:0\"]\nprovider_list = \"" +
                               listPath().toUtf8() + "\"\n");
        writeList({"first", "second", "broken"});
    }

    void cleanup() {
        m_peer.reset();
        m_service.reset();
        m_servers.clear();
    }

    void switchesAndRecovers() {
        start();
        QCOMPARE(listed(), QStringList({"first", "second", "broken"}));
        QCOMPARE(status().value("providers").toArray(), QJsonArray{"first"});
        QCOMPARE(ask(), "192.0.2.1");
        QVERIFY(use("second").contains("result"));
        QCOMPARE(ask(), "192.0.2.2");

        QVERIFY(use("broken").contains("result"));
        QCOMPARE(ask(), "SERVFAIL");
        QTRY_COMPARE(status().value("protection"), "trouble");
        const QString why = status().value("upstreams").toArray().first()["last_error"].toString();
        QVERIFY2(why.contains("not for broken.example"), qPrintable(why));
        QCOMPARE(m_servers["broken"]->observations().queries.size(), std::size_t{0});

        QVERIFY(use("first").contains("result"));
        QCOMPARE(ask(), "192.0.2.1");
        QCOMPARE(status().value("protection"), "protected");
        QCOMPARE(JsonPeer::errorCode(use("cloudflare")), int(protocol::Rejected));
    }

    void theListNeverNamesFilesOverTheSocket() {
        start();
        const auto set = [&](const QJsonValue& path) {
            return JsonPeer::errorCode(m_peer->request(
                "settings.set", {{"values", QJsonObject{{"provider_list", path}}}}));
        };
        QCOMPARE(set("/etc/passwd"), int(protocol::SetInFile));
        m_service->writeConfig("listen = [\"127.0.0.1:0\"]\n");
        m_service->signal(SIGHUP);
        QTRY_VERIFY(listed().contains("cloudflare"));
        QCOMPARE(set("/etc/passwd"), int(protocol::Rejected));
    }

    void aBadListKeepsTheRunningOne() {
        start();
        ServiceProcess::write(listPath(), "{\n  \"providers\": oops }\n");
        m_service->signal(SIGHUP);
        QTRY_VERIFY(notices().contains(m_service->configPath() +
                                       ":2:1: provider_list: " + listPath() + ": line 2, column "));
        QCOMPARE(listed(), QStringList({"first", "second", "broken"}));
        QCOMPARE(ask(), "192.0.2.1");
        // The last good settings hold the list itself.
        QCOMPARE(m_service->stop(), 0);
        start();
        QCOMPARE(listed(), QStringList({"first", "second", "broken"}));
        QCOMPARE(ask(), "192.0.2.1");
        writeList({"second"});
        m_service->signal(SIGHUP);
        QTRY_COMPARE(listed(), QStringList{"second"});
        QCOMPARE(notices(), QString());
        QCOMPARE(ask(), "192.0.2.2");
    }

    void aChoiceThatLeftTheListIsPassedOver() {
        start();
        QVERIFY(use("second").contains("result"));
        writeList({"first"});
        m_service->signal(SIGHUP);
        QTRY_VERIFY(notices().contains("second"));
        QCOMPARE(status().value("providers").toArray(), QJsonArray{"first"});
        QCOMPARE(m_service->stop(), 0);
        start();
        QVERIFY(notices().contains("second"));
        QVERIFY(!notices().contains("settings.toml"));
        // Other settings can be changed meanwhile.
        QVERIFY(m_peer->request("settings.set", {{"values", QJsonObject{{"policy", "random"}}}})
                    .contains("result"));
        QVERIFY(use("first").contains("result"));
        QCOMPARE(notices(), QString());
    }

    void theShippedListMayLoseAProviderToo() {
        m_service->writeConfig("listen = [\"127.0.0.1:0\"]\n");
        QDir(m_service->path("")).mkpath("state");
        ServiceProcess::write(m_service->stateFile("settings.toml"),
                              "policy = \"random\"\nproviders = [\"long-gone\"]\n");
        start();
        QVERIFY2(notices().contains("long-gone"), qPrintable(notices()));
        QCOMPARE(status().value("policy"), "random");
        QCOMPARE(status().value("providers").toArray(), QJsonArray({"cloudflare", "quad9"}));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServiceProviders)
#include "test_service_providers.moc"
