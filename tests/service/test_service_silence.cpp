// SPDX-License-Identifier: GPL-3.0-or-later
#include "dot_world.h"

#include "support/dns_client.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QTest>

#include <csignal>

namespace sotto::test {

namespace {

constexpr auto kZone = R"(
$ORIGIN example.
$TTL 300
@ SOA ns hostmaster 1 3600 600 86400 60
*.whisper A 192.0.2.80
)";

/// In every name that is asked for.
const QByteArray kWhisper = "whisper";

} // namespace

/// Which names are looked up is for the query log and for those who may read it: what the service
/// says to the journal and keeps on the disk names none, whatever becomes of a question.
class TestServiceSilence : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<DotWorld> m_world;
    int m_next = 0;

    QByteArray newName() { return "n" + QByteArray::number(++m_next) + ".whisper.example"; }
    std::uint16_t port() {
        return static_cast<std::uint16_t>(
            m_world->status().value("listen").toArray().at(0).toString().section(':', -1).toInt());
    }
    std::optional<Message> ask(const Message& query) {
        UdpClient client(port());
        const auto reply = client.ask(query);
        return reply ? reply->message : std::nullopt;
    }
    std::optional<Message> askFor(const QByteArray& name) {
        return ask(makeQuery(name.toStdString()));
    }
    ProgramRun ctl(const QStringList& arguments) const {
        return ProgramRun::of(SOTTO_SOTTOCTL,
                              QStringList{"--socket", m_world->service().socketPath()} + arguments);
    }

    /// Reads what it said so far, up to a sign of life that is asked for now.
    void tellsNothing() {
        QVERIFY2(m_world->stop(), m_world->service().errors().constData());
        const QByteArray said = m_world->service().errors().toLower();
        QVERIFY(said.contains("answers on"));
        QVERIFY2(!said.contains(kWhisper), said.constData());
        int files = 0;
        for (QDirIterator it(m_world->service().path("state"), QDir::Files | QDir::Hidden);
             it.hasNext(); ++files) {
            const QString path = it.next();
            QVERIFY2(!ServiceProcess::contentOf(path).toLower().contains(kWhisper),
                     qPrintable(path));
        }
        QVERIFY(files > 0);
    }

private slots:
    void init() {
        m_world = std::make_unique<DotWorld>(kZone);
        m_world->service().setVariable("QT_LOGGING_RULES", "*.debug=true"); // as much as there is
    }
    void cleanup() { m_world.reset(); }

    void ofWhatIsAnswered() {
        QVERIFY(m_world->start("upstreams = [" + m_world->upstream() + "]\n"));
        QVERIFY(m_world->peer().request("log.subscribe", {{"backlog", 10}}).contains("result"));
        const QByteArray name = newName();
        for (int i = 0; i < 3; ++i) // a miss, and hits
            QVERIFY(askFor(name)->rcode == rcode::kNoError);
        QVERIFY(askFor("nothing.whisper.elsewhere")->rcode != rcode::kNoError);
        QCOMPARE(m_world->ask(newName()).value("rcode"), "NOERROR");
        QVERIFY(!m_world->peer().notification("log.entries").isEmpty());
        QVERIFY(m_world->peer()
                    .request("cache.flush", {{"name", "whisper.example"}, {"subtree", true}})
                    .contains("result"));
        m_world->service().signal(SIGHUP);
        QVERIFY(m_world->service().waitForErrors("settings read again"));
        QVERIFY(askFor(newName())->rcode == rcode::kNoError);
        tellsNothing();
    }

    void ofWhatFails_data() {
        QTest::addColumn<int>("how");
        QTest::newRow("the upstream says SERVFAIL") << 0;
        QTest::newRow("the upstream is silent") << 1;
        QTest::newRow("the upstream is gone") << 2;
        QTest::newRow("the certificate is another's") << 3;
        QTest::newRow("the upstream answers nonsense") << 4;
        QTest::newRow("forwarding is off") << 5;
    }
    void ofWhatFails() {
        QFETCH(const int, how);
        ServerScript script;
        if (how == 0)
            script.behaviour.rcode = rcode::kServFail;
        if (how == 1)
            script.behaviour.drop = true;
        if (how == 4)
            script.behaviour.raw = Bytes{1, 2, 3};
        m_world->server().setScript(script);
        QVERIFY(m_world->start("upstreams = [" +
                               m_world->upstream(how == 3 ? "other.example" : "dot.example") +
                               "]\n"));
        if (how == 2)
            m_world->server().stop();
        if (how == 5)
            QVERIFY(
                m_world->peer().request("forwarding.set", {{"enabled", false}}).contains("result"));
        for (int i = 0; i < 2; ++i) {
            const auto answer = askFor(newName());
            QVERIFY(answer && answer->rcode != rcode::kNoError);
        }
        QVERIFY(m_world->ask(newName()).value("rcode") != QJsonValue("NOERROR"));
        tellsNothing();
    }

    void ofWhatIsHostile() {
        QVERIFY(m_world->start("upstreams = [" + m_world->upstream() + "]\n"));
        const std::string whisper = kWhisper.toStdString();
        const std::vector<std::vector<std::string>> names{
            {whisper + "%s%s%n%x", "example"},
            {whisper + "\n<3>sottod: hello", "example"},
            {"\x1b[31m" + whisper, "example"},
            {std::string("\0", 1) + whisper, "example"},
            {whisper + std::string(63 - whisper.size(), 'x'), "example"},
            {"\xff\xfe" + whisper, "example"},
            {whisper + ".dot", "example"},
            {whisper, "local"},
            {whisper, "onion"},
            {whisper, "check", "sotto", "internal"},
        };
        for (const auto& labels : names) {
            Message query = makeQuery("a.example");
            query.questions[0].name.labels = labels;
            QVERIFY(ask(query));
        }
        Message second = makeQuery(newName().toStdString());
        second.questions.push_back(second.questions[0]); // FORMERR or nothing
        UdpClient client(port());
        QVERIFY(client.send(second));
        Bytes cut = makeQuery(newName().toStdString()).toWire();
        cut.resize(cut.size() - 3);
        QVERIFY(client.send(cut));
        QVERIFY(client.ask(makeQuery(newName().toStdString())));
        // And over the socket.
        for (const char* name : {"whisper..example", "whisper\\256.example", "whisper%s.example",
                                 "whisper\u0007.example", "-whisper", "whisper.\\000.example"}) {
            (void)m_world->peer().request("query", {{"name", QString::fromUtf8(name)}});
            (void)m_world->peer().request("cache.flush", {{"name", QString::fromUtf8(name)}});
        }
        (void)m_world->peer().request("query", {{"name", "a.example"}, {"type", "whisper"}});
        (void)m_world->peer().request("whisper.example");
        m_world->peer().send("whisper.example");
        QVERIFY(m_world->peer().request("status").contains("result"));
        tellsNothing();
    }

    void ofWhatSottoctlAsks() {
        QVERIFY(m_world->start("upstreams = [" + m_world->upstream() + "]\n"));
        const ProgramRun run = ctl({"query", QString::fromLatin1(newName())});
        QCOMPARE(run.exitCode, 0);
        QVERIFY2(run.output.contains("192.0.2.80"), run.output.constData());
        m_world->server().stop();
        QVERIFY(ctl({"query", QString::fromLatin1(newName())}).exitCode != 0);
        QVERIFY(ctl({"query", "whisper..example"}).exitCode != 0);
        tellsNothing();
    }

    /// A settings file may name one (a route), and a fault in it is told with its place.
    void butSettingsAreNamed() {
        QVERIFY(m_world->start("upstreams = [" + m_world->upstream() + "]\n"));
        m_world->service().writeConfig("listen = [\"127.0.0.1:0\"]\nwhisper = 1\n");
        m_world->service().signal(SIGHUP);
        QVERIFY(m_world->service().waitForErrors("whisper")); // so the test can see such a word
        QVERIFY(m_world->stop());
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServiceSilence)
#include "test_service_silence.moc"
