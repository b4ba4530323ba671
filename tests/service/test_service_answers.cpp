// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_peer.h"
#include "protocol/methods.h"
#include "service_process.h"

#include "support/dns_client.h"
#include "support/dot_server.h"

#include <QJsonArray>
#include <QTest>

#include <memory>

namespace sotto::test {

namespace {

constexpr auto kZone = R"(
$ORIGIN example.
$TTL 300
@ SOA ns hostmaster 1 3600 600 86400 60
@ NS ns
ns A 192.0.2.53
www A 192.0.2.80
)";

} // namespace

/// The service with a DNS-over-TLS server to ask.
class TestServiceAnswers : public QObject {
    Q_OBJECT

private:
    ThrowawayCa m_ca;
    std::unique_ptr<DotServer> m_server;
    std::unique_ptr<ServiceProcess> m_service;
    std::unique_ptr<JsonPeer> m_peer;

    QJsonObject query(const QString& name, const QString& type = "A") {
        return JsonPeer::result(m_peer->request("query", {{"name", name}, {"type", type}}));
    }
    static QString rcode(const QJsonObject& result) {
        return result.value("entry").toObject().value("rcode").toString();
    }
    static QString source(const QJsonObject& result) {
        return result.value("entry").toObject().value("source").toString();
    }
    QJsonObject upstream() {
        return JsonPeer::result(m_peer->request("status"))
            .value("upstreams")
            .toArray()
            .first()
            .toObject();
    }
    QString protection() {
        return JsonPeer::result(m_peer->request("status")).value("protection").toString();
    }

    void startWith(const char* tlsName) {
        m_service = std::make_unique<ServiceProcess>();
        const QString caFile = m_service->path("ca.pem");
        QVERIFY(m_ca.writeCertificate(caFile.toStdString()));
        m_service->writeConfig(QStringLiteral("listen = [\"127.0.0.1:0\"]\n"
                                              "upstreams = [{ address = \"127.0.0.1\", port = %1, "
                                              "name = \"%2\", ca_file = \"%3\" }]\n")
                                   .arg(m_server->port())
                                   .arg(QLatin1String(tlsName), caFile)
                                   .toUtf8());
        QVERIFY2(m_service->start(), m_service->errors().constData());
        m_peer = std::make_unique<JsonPeer>(m_service->socketPath());
        QVERIFY(m_peer->hello());
    }

private slots:
    void init() {
        std::string error;
        auto zones = ZoneSet::fromText(kZone, error);
        QVERIFY2(zones, error.c_str());
        LeafOptions leaf;
        leaf.dnsNames = {"dot.example"};
        m_server = std::make_unique<DotServer>(m_ca.issue(leaf), *zones);
        QVERIFY2(m_server->start(&error), error.c_str());
    }

    void cleanup() {
        m_peer.reset();
        m_service.reset();
        m_server.reset();
    }

    void answersAndCaches() {
        startWith("dot.example");
        QJsonObject first = query("www.example");
        QCOMPARE(rcode(first), "NOERROR");
        QCOMPARE(source(first), "upstream");
        QCOMPARE(first.value("entry").toObject().value("upstream"), "dot.example");
        const QJsonArray records = first.value("records").toArray();
        QCOMPARE(records.size(), 1);
        QVERIFY2(records[0].toString().startsWith("www.example. "),
                 qPrintable(records[0].toString()));
        QVERIFY(records[0].toString().endsWith("192.0.2.80"));
        QCOMPARE(source(query("WWW.example")), "cache");
        QCOMPARE(rcode(query("nothing.example")), "NXDOMAIN");
        QCOMPARE(m_server->observations().queriesFor("www.example"), std::size_t{1});
        QCOMPARE(protection(), "protected");
        QCOMPARE(upstream().value("state"), "ready");
        QVERIFY(upstream().value("tls_version").toString().startsWith("TLS"));
    }

    void answersOverUdp() {
        startWith("dot.example");
        const int port = JsonPeer::result(m_peer->request("status"))
                             .value("listen")
                             .toArray()
                             .first()
                             .toString()
                             .section(':', 1)
                             .toInt();
        QVERIFY(m_peer->request("log.subscribe").contains("result"));
        UdpClient client(static_cast<std::uint16_t>(port));
        const auto reply = client.ask(makeQuery("www.example"));
        QVERIFY(reply && reply->message);
        const QJsonObject entry =
            m_peer->notification("log.entries").value("entries").toArray().first().toObject();
        QCOMPARE(entry.value("name"), "www.example");
        QCOMPARE(entry.value("transport"), "udp");
        QVERIFY(entry.value("client").toString().startsWith("127.0.0.1:"));
    }

    void theBacklogHoldsWhatWasAnsweredJustBefore() {
        startWith("dot.example");
        for (int i = 1; i <= 5; ++i) {
            const QString name = QStringLiteral("n%1.example").arg(i);
            QCOMPARE(rcode(query(name)), "NXDOMAIN");
            const QJsonArray entries =
                JsonPeer::result(m_peer->request("log.subscribe", {{"backlog", 100}}))
                    .value("entries")
                    .toArray();
            QCOMPARE(entries.size(), i);
            QCOMPARE(entries.last()["name"], name);
            QVERIFY(m_peer->request("log.unsubscribe").contains("result"));
        }
    }

    void theLogKeepsTheOrderAndTheServersName() {
        startWith("dot.example");
        // From the cache and from upstream in turn: two threads of the engine.
        for (int i = 0; i < 5; ++i) {
            QCOMPARE(rcode(query("www.example")), "NOERROR");
            QCOMPARE(rcode(query(QStringLiteral("n%1.example").arg(i))), "NXDOMAIN");
        }
        QVERIFY(m_peer->request("providers.use", {{"ids", QJsonArray{"quad9"}}}).contains("error"));
        const QJsonArray entries =
            JsonPeer::result(m_peer->request("log.subscribe", {{"backlog", 100}}))
                .value("entries")
                .toArray();
        QCOMPARE(entries.size(), 10);
        for (int i = 0; i < 10; ++i) {
            QCOMPARE(entries[i]["sequence"].toInt(), i + 1);
            QCOMPARE(entries[i]["name"],
                     i % 2 ? QStringLiteral("n%1.example").arg(i / 2) : QString("www.example"));
        }
        QCOMPARE(entries[0]["upstream"], "dot.example");
    }

    void flushForgets() {
        startWith("dot.example");
        QCOMPARE(source(query("www.example")), "upstream");
        const auto flush = [&](const QJsonObject& params) {
            return JsonPeer::result(m_peer->request("cache.flush", params))
                .value("removed")
                .toInt();
        };
        QCOMPARE(flush({{"name", "ns.example"}}), 0);
        QCOMPARE(source(query("www.example")), "cache");
        QCOMPARE(flush({{"name", "WWW.example"}}), 1);
        QCOMPARE(source(query("www.example")), "upstream");
        QCOMPARE(flush({}), 1);
        QCOMPARE(source(query("www.example")), "upstream");
    }

    void flushForgetsASubtree() {
        startWith("dot.example");
        for (const char* name : {"www.example", "ns.example", "nothing.else"})
            query(name);
        const auto flush = [&](const QJsonObject& params) {
            return m_peer->request("cache.flush", params);
        };
        QCOMPARE(JsonPeer::errorCode(flush({{"subtree", true}})), int(protocol::InvalidParams));
        QCOMPARE(JsonPeer::errorCode(flush({{"name", "a..b"}, {"subtree", true}})),
                 int(protocol::Rejected));
        QCOMPARE(JsonPeer::result(flush({{"name", "Example"}})).value("removed"), 0);
        QCOMPARE(source(query("www.example")), "cache");
        QCOMPARE(
            JsonPeer::result(flush({{"name", "Example."}, {"subtree", true}})).value("removed"), 2);
        QCOMPARE(source(query("www.example")), "upstream");
        QCOMPARE(source(query("ns.example")), "upstream");
        const ProgramRun run = ProgramRun::of(
            SOTTO_SOTTOCTL, {"--socket", m_service->socketPath(), "flush", "--subtree", "example"});
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(run.output, QByteArray("2 answers forgotten.\n"));
    }

    void withoutALogNothingIsRecorded() {
        startWith("dot.example");
        const auto keep = [&](int entries) {
            return m_peer->request("settings.set",
                                   {{"values", QJsonObject{{"log.entries", entries}}}});
        };
        const auto backlog = [&] {
            return JsonPeer::result(m_peer->request("log.subscribe", {{"backlog", 100}}))
                .value("entries")
                .toArray();
        };
        const auto kept = [&] {
            return JsonPeer::result(m_peer->request("status")).value("query_log").toBool();
        };
        query("www.example");
        QCOMPARE(backlog().size(), 1);
        QVERIFY(kept());
        QVERIFY(keep(0).contains("result"));
        QVERIFY(!kept());
        query("www.example");
        QCOMPARE(backlog().size(), 0);
        const ProgramRun run =
            ProgramRun::of(SOTTO_SOTTOCTL, {"--socket", m_service->socketPath(), "log"});
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(run.output, QByteArray());
        QVERIFY2(run.errors.contains("switched off in the settings"), run.errors.constData());
        QVERIFY(keep(10).contains("result"));
        query("www.example");
        const QJsonArray entries = backlog();
        QCOMPARE(entries.size(), 1);
        QCOMPARE(entries[0]["sequence"], 2); // the one in between was never written
    }

    void wrongNameGetsNoQuery() {
        startWith("other.example");
        const QJsonObject result = query("www.example");
        QCOMPARE(rcode(result), "SERVFAIL");
        QTRY_COMPARE(protection(), "trouble");
        QVERIFY(!upstream().value("last_error").toString().isEmpty());
        QCOMPARE(m_server->observations().queries.size(), std::size_t{0});
        const ProgramRun run = ProgramRun::of(
            SOTTO_SOTTOCTL, {"--socket", m_service->socketPath(), "query", "www.example"});
        QCOMPARE(run.exitCode, 1);
    }

    void sottoctlQueries() {
        startWith("dot.example");
        const auto ctl = [&](const QStringList& arguments) {
            return ProgramRun::of(SOTTO_SOTTOCTL,
                                  QStringList{"--socket", m_service->socketPath()} + arguments);
        };
        const ProgramRun found = ctl({"query", "www.example"});
        QCOMPARE(found.exitCode, 0);
        QVERIFY2(found.output.contains("192.0.2.80"), found.output.constData());
        QVERIFY(found.output.contains(QByteArray("NOERROR, upstream (dot.example:%1)")
                                          .replace("%1", QByteArray::number(m_server->port()))));
        const ProgramRun missing = ctl({"query", "no.example", "aaaa"});
        QCOMPARE(missing.exitCode, 0); // that there is nothing is an answer
        QVERIFY(missing.output.contains("NXDOMAIN"));
        QTRY_VERIFY(ctl({"log", "--lines", "5"}).output.contains("no.example"));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServiceAnswers)
#include "test_service_answers.moc"
