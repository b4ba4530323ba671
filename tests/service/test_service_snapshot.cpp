// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_peer.h"
#include "service_process.h"

#include "support/dot_server.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QTest>

#include <csignal>
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

/// The cache over a restart of the real service.
class TestServiceSnapshot : public QObject {
    Q_OBJECT

private:
    ThrowawayCa m_ca;
    std::unique_ptr<DotServer> m_server;
    std::unique_ptr<ServiceProcess> m_service;
    std::unique_ptr<JsonPeer> m_peer;

    QString snapshot() const { return m_service->stateFile("cache.snapshot"); }

    void configure(bool keep) {
        const QString caFile = m_service->path("ca.pem");
        QVERIFY(m_ca.writeCertificate(caFile.toStdString()));
        m_service->writeConfig(QStringLiteral("listen = [\"127.0.0.1:0\"]\n"
                                              "upstreams = [{ address = \"127.0.0.1\", port = %1, "
                                              "name = \"dot.example\", ca_file = \"%2\" }]\n%3")
                                   .arg(m_server->port())
                                   .arg(caFile, keep ? "cache.snapshot = true\n" : "")
                                   .toUtf8());
    }
    void start() {
        QVERIFY2(m_service->start(), m_service->errors().constData());
        m_peer = std::make_unique<JsonPeer>(m_service->socketPath());
        QVERIFY(m_peer->hello());
    }
    void stop() {
        m_peer.reset();
        QCOMPARE(m_service->stop(), 0);
    }
    /// Where the answer came from.
    QString ask(const QString& name) {
        return JsonPeer::result(m_peer->request("query", {{"name", name}}))
            .value("entry")
            .toObject()
            .value("source")
            .toString();
    }
    QJsonArray notices() {
        return JsonPeer::result(m_peer->request("status")).value("notices").toArray();
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
        m_service = std::make_unique<ServiceProcess>();
    }

    void cleanup() {
        m_peer.reset();
        m_service.reset();
        m_server.reset();
    }

    void answersOutliveARestart() {
        configure(true);
        start();
        QCOMPARE(ask("www.example"), "upstream");
        QVERIFY(!m_service->errors().contains("cached answers kept"));
        stop();
        QVERIFY(QFileInfo::exists(snapshot()));
        const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup |
                            QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
        QVERIFY(!(QFileInfo(snapshot()).permissions() & others));
        QVERIFY(QFile::setPermissions(snapshot(), QFile::ReadOwner | QFile::WriteOwner |
                                                      QFile::ReadGroup | QFile::ReadOther));
        start();
        QVERIFY(!(QFileInfo(snapshot()).permissions() & others));
        QVERIFY(m_service->errors().contains("cached answers kept from the last run: "));
        QCOMPARE(ask("www.example"), "cache");
        QCOMPARE(ask("ns.example"), "upstream");
        QCOMPARE(m_server->observations().queriesFor("www.example"), std::size_t{1});
        QVERIFY(notices().isEmpty());
    }

    void withoutTheSettingNothingIsKept() {
        configure(false);
        start();
        QCOMPARE(ask("www.example"), "upstream");
        stop();
        QVERIFY(!QFileInfo::exists(snapshot()));
        start();
        QCOMPARE(ask("www.example"), "upstream");
    }

    void theSettingSwitchedOffRemovesTheFile() {
        configure(true);
        start();
        QCOMPARE(ask("www.example"), "upstream");
        stop();
        QVERIFY(QFileInfo::exists(snapshot()));
        start();
        configure(false);
        m_service->signal(SIGHUP);
        QVERIFY(m_service->waitForErrors("settings read again"));
        QVERIFY(!QFileInfo::exists(snapshot()));
        QCOMPARE(ask("www.example"), "cache"); // what is in memory stays
        QVERIFY(m_peer->request("settings.set", {{"values", QJsonObject{{"cache.snapshot", true}}}})
                    .contains("result"));
        stop();
        QVERIFY(QFileInfo::exists(snapshot()));
        QVERIFY(QFile::remove(m_service->stateFile("settings.toml")));
        start();
        QVERIFY(!QFileInfo::exists(snapshot()));
    }

    void aDamagedFileIsIgnored_data() {
        QTest::addColumn<bool>("cut");
        QTest::newRow("cut off") << true;
        QTest::newRow("of somebody else") << false;
    }

    void aDamagedFileIsIgnored() {
        QFETCH(bool, cut);
        configure(true);
        start();
        QCOMPARE(ask("www.example"), "upstream");
        stop();
        const QByteArray whole = ServiceProcess::contentOf(snapshot());
        ServiceProcess::write(snapshot(), cut ? whole.chopped(1) : QByteArray(500, 'x'));
        start();
        QCOMPARE(m_service->errors().count("cache.snapshot is not used: it is "), 1);
        QVERIFY(notices().isEmpty());
        QVERIFY(!QFileInfo::exists(snapshot()));
        QCOMPARE(ask("www.example"), "upstream");
        stop();
        start();
        QVERIFY(!m_service->errors().contains("is not used"));
        QCOMPARE(ask("www.example"), "cache");
    }

    void aFlushIsAFlushOnDiskToo() {
        configure(true);
        start();
        QCOMPARE(ask("www.example"), "upstream");
        stop();
        start();
        QVERIFY(QFileInfo::exists(snapshot()));
        QCOMPARE(JsonPeer::result(
                     m_peer->request("cache.flush", {{"name", "example"}, {"subtree", true}}))
                     .value("removed"),
                 1);
        QVERIFY(!QFileInfo::exists(snapshot()));
        m_service->signal(SIGKILL);
        QCOMPARE(m_service->waitForEnd(), ProgramRun::kCrashed);
        start();
        QCOMPARE(ask("www.example"), "upstream");
    }

    void otherRulesForgetWhatWasKept() {
        configure(true);
        start();
        QCOMPARE(ask("www.example"), "upstream");
        stop();
        start();
        QVERIFY(QFileInfo::exists(snapshot()));
        QVERIFY(m_peer
                    ->request("settings.set",
                              {{"values", QJsonObject{{"cache.disable.success", true}}}})
                    .contains("result"));
        QVERIFY(!QFileInfo::exists(snapshot()));
    }

    void aFailedWriteDoesNoHarm() {
        configure(true);
        QVERIFY(QDir(m_service->path("")).mkpath("state/cache.snapshot"));
        start();
        QCOMPARE(ask("www.example"), "upstream");
        stop();
        QVERIFY2(m_service->errors().contains("cache.snapshot: "), m_service->errors().constData());
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServiceSnapshot)
#include "test_service_snapshot.moc"
