// SPDX-License-Identifier: GPL-3.0-or-later
#include "dot_world.h"

#include "protocol/methods.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <unistd.h>

namespace sotto::test {

namespace {

// The server marks as it was told what "good" and "bad" stand for.
constexpr auto kZone = R"(
$ORIGIN example.
$TTL 300
@ SOA ns hostmaster 1 3600 600 86400 60
plain A 192.0.2.80
good A 192.0.2.81
bad A 192.0.2.82
ads A 0.0.0.0
)";

constexpr auto kNames = "[test]\nplain = \"plain.example\"\nsigned_good = \"good.example\"\n"
                        "signed_bad = \"bad.example\"\nfiltered = \"ads.example\"\n";

} // namespace

/// Tests of providers over the socket and in the terminal.
class TestServiceTests : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<DotWorld> m_world;

    bool start(const QByteArray& more = {}) {
        return m_world->start("upstreams = [" + m_world->upstream() + "]\n" + more + kNames);
    }
    QJsonObject begin(const QJsonObject& params) {
        return m_world->peer().request("providers.test", params);
    }
    /// The last report of the only test that runs.
    QJsonObject finishedReport() {
        for (;;) {
            const QJsonObject report = m_world->peer().notification(protocol::kTestProgress);
            if (report.isEmpty() || report.value("finished").toBool())
                return report;
        }
    }
    ProgramRun ctl(const QStringList& arguments) const {
        return ProgramRun::of(SOTTO_SOTTOCTL,
                              QStringList{"--socket", m_world->service().socketPath()} + arguments);
    }

private slots:
    void init() {
        m_world = std::make_unique<DotWorld>(kZone);
        ServerScript script;
        script.byName["good.example"].authenticData = true;
        script.byName["bad.example"].rcode = 2;
        m_world->server().setScript(script);
    }
    void cleanup() { m_world.reset(); }

    void aConfiguredUpstream() {
        QVERIFY(start());
        const QJsonObject reply = JsonPeer::result(begin({{"target", "dot.example"}}));
        QCOMPARE(reply.value("label"), "dot.example");
        QCOMPARE(reply.value("filtered"), "ads.example");
        QCOMPARE(reply.value("provider"), "");
        const QJsonObject report = finishedReport();
        QCOMPARE(report.value("test"), reply.value("test"));
        QCOMPARE(report.value("error"), "");
        QCOMPARE(report.value("address"), "127.0.0.1");
        for (const char* time : {"connect_ms", "tls_ms", "query_ms"})
            QVERIFY2(report.value(QLatin1String(time)).toDouble() > 0, time);
        QVERIFY(report.value("tls_version").toString().startsWith("TLS"));
        QVERIFY(report.value("certificate_names").toString().contains("dot.example"));
        QVERIFY(report.value("pin").toString().startsWith("sha256/"));
        for (const char* yes : {"resumes", "validates", "refuses_bad", "filters", "answers"})
            QCOMPARE(report.value(QLatin1String(yes)), true);
    }

    void reportsGoToWhoAskedOnly() {
        QVERIFY(start());
        JsonPeer other(m_world->service().socketPath());
        QVERIFY(other.hello());
        QVERIFY(begin({{"target", "127.0.0.1"}}).contains("result"));
        QVERIFY(!finishedReport().isEmpty());
        other.send(R"({"jsonrpc":"2.0","id":9,"method":"status"})");
        for (QJsonObject message = other.read(); message.value("id") != 9; message = other.read())
            QVERIFY(message.value("method") != QLatin1String(protocol::kTestProgress) &&
                    !message.isEmpty());
    }

    void anUpstreamOfOnesOwn() {
        QVERIFY(start());
        QJsonObject upstream{{"address", "127.0.0.1"},
                             {"port", m_world->server().port()},
                             {"name", "other.example"},
                             {"ca", QString::fromStdString(m_world->authority().certificatePem())}};
        QVERIFY(begin({{"upstream", upstream}}).contains("result"));
        const QJsonObject report = finishedReport();
        QVERIFY2(report.value("error").toString().contains("other.example"),
                 qPrintable(report.value("error").toString()));
        QVERIFY(!report.contains("query_ms"));
        QCOMPARE(m_world->server().observations().queriesFor("plain.example"), std::size_t{0});
        upstream.insert("ca_file", "/etc/passwd");
        upstream.remove("ca");
        QCOMPARE(JsonPeer::errorCode(begin({{"upstream", upstream}})), int(protocol::Rejected));
    }

    void fewAtATime() {
        QVERIFY(start());
        ServerScript stalling;
        stalling.atAccept = ServerScript::AtAccept::Stall;
        m_world->server().setScript(stalling);
        QVERIFY(begin({{"target", "dot.example"}}).contains("result"));
        JsonPeer other(m_world->service().socketPath());
        QVERIFY(other.hello());
        QVERIFY(other.request("providers.test", {{"target", "dot.example"}}).contains("result"));
        const QJsonObject third = begin({{"target", "dot.example"}});
        QCOMPARE(JsonPeer::errorCode(third), int(protocol::Rejected));
        QVERIFY2(JsonPeer::errorText(third).contains("2 tests of this user run already"),
                 qPrintable(JsonPeer::errorText(third)));
        m_world->server().endConnections(Behaviour::Ending::Reset);
        QVERIFY(!finishedReport().value("error").toString().isEmpty());
        QVERIFY(begin({{"target", "dot.example"}}).contains("result"));
    }

    void whoMayNotConfigureBringsNone() {
        if (::geteuid() != 0)
            QSKIP("needs root to become somebody else");
        QVERIFY(start());
        QFile::setPermissions(m_world->service().path(""), QFile::ReadOwner | QFile::WriteOwner |
                                                               QFile::ExeOwner | QFile::ReadOther |
                                                               QFile::ExeOther);
        const ProgramRun run = ProgramRun::of(
            "setpriv", {"--reuid=65534", "--regid=65534", "--clear-groups", SOTTO_SOTTOCTL,
                        "--socket", m_world->service().socketPath(), "test", "dot.example"});
        QCOMPARE(run.exitCode, 4);
    }

    void inTheTerminal() {
        QVERIFY(start());
        const ProgramRun text = ctl({"test", "dot.example"});
        QVERIFY2(text.exitCode == 0, text.errors.constData());
        for (const char* words : {"CLAIMED", "MEASURED", "DNSSEC is checked", "TCP handshake",
                                  "ads.example is blocked", "tested at 127.0.0.1"})
            QVERIFY2(text.output.contains(words), text.output.constData());
        QCOMPARE(text.errors, QByteArray()); // no progress where nobody watches
        const ProgramRun json = ctl({"--json", "test", "dot.example"});
        QCOMPARE(json.exitCode, 0);
        const QJsonObject object = QJsonDocument::fromJson(json.output).object();
        QCOMPARE(object.value("report")["finished"], true);
        QCOMPARE(object.value("test")["label"], "dot.example");
        const ProgramRun unknown = ctl({"test", "quad8"});
        QCOMPARE(unknown.exitCode, 1);
        QVERIFY(unknown.errors.contains("did you mean \"quad9\"?"));
        m_world->server().stop();
        const ProgramRun dead = ctl({"test", "dot.example"});
        QCOMPARE(dead.exitCode, 1);
        // The service was started by this process and may hold the port open, though nobody is
        // there.
        QVERIFY2(dead.errors.contains("The test failed: ") &&
                     (dead.errors.contains("could not be reached") ||
                      dead.errors.contains("no encrypted connection came about")),
                 dead.errors.constData());
        QCOMPARE(m_world->ask("nothing.example").value("rcode"), "SERVFAIL");
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServiceTests)
#include "test_service_tests.moc"
