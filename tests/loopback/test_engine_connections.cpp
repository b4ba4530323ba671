// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QElapsedTimer>
#include <QTest>

using namespace sotto::test;
using namespace std::chrono_literals;
using Ending = Behaviour::Ending;

Q_DECLARE_METATYPE(sotto::test::Behaviour::Ending)

namespace {

constexpr std::uint16_t kNoReachableAuthority = 22; // RFC 8914
constexpr std::uint16_t kNetworkError = 23;

/// Ways in which a server can be of no use.
enum class Trouble {
    Stopped,
    Closes,
    Resets,
    Stalls,
    Drops,
    WrongName,
    ServFail,
    Refused,
    Truncates,
    HalfFrames,
    ClosesOnQuery,
};

} // namespace

Q_DECLARE_METATYPE(Trouble)

/// Connections to upstreams: kept, lost, made anew, and left for better ones.
class TestEngineConnections : public QObject {
    Q_OBJECT

private slots:
    void cleanup() { m_test.reset(); }

    void oneConnectionCarriesAll() {
        start();
        m_test->setBehaviour([](Behaviour& b) { b.delay = 100ms; });
        QVERIFY(m_test->askMany(100));
        const Observations seen = m_test->server().observations();
        QCOMPARE(seen.connections.size(), std::size_t{1});
        QVERIFY(seen.connections[0].mostInFlight > 20);
        QCOMPARE(seen.queries.size(), std::size_t{100});
        QVERIFY(m_test->status().state == sotto::engine::UpstreamStatus::State::Ready);
        QCOMPARE(m_test->status().tlsVersion, std::string("TLSv1.3"));
        QCOMPARE(m_test->status().answers, std::uint64_t{100});
    }

    void itConnectsBeforeAnybodyAsks() {
        start();
        QVERIFY(m_test->server().waitFor(
            [](const Observations& seen) { return seen.handshakes() == 1; }));
    }

    void answersMayComeInAnyOrder() {
        start();
        m_test->setScript([](ServerScript& s) { s.reorder = 7; });
        QVERIFY(m_test->askMany(40));
    }

    void idleClosesLoseNothing_data() {
        QTest::addColumn<Ending>("ending");
        QTest::newRow("close") << Ending::Close;
        QTest::newRow("without notify") << Ending::CloseWithoutNotify;
        QTest::newRow("RST") << Ending::Reset;
    }
    void idleClosesLoseNothing() {
        QFETCH(Ending, ending);
        start();
        for (int i = 0; i < 30; ++i) {
            const auto reply = m_test->ask(numberedName(i), rr::kA, {}, 2000ms);
            QVERIFY(reply && reply->answer(rr::kA));
            m_test->server().endConnections(ending); // the next query may race it
        }
        QCOMPARE(m_test->engine().statistics().failed, std::uint64_t{0});
    }

    void whatIsOutstandingIsAskedAgain_data() {
        QTest::addColumn<int>("servers");
        QTest::addColumn<Ending>("ending");
        for (const int servers : {1, 2}) {
            QTest::addRow("%d, close", servers) << servers << Ending::Close;
            QTest::addRow("%d, without notify", servers) << servers << Ending::CloseWithoutNotify;
            QTest::addRow("%d, RST", servers) << servers << Ending::Reset;
        }
    }
    void whatIsOutstandingIsAskedAgain() {
        QFETCH(int, servers);
        QFETCH(Ending, ending);
        start(std::size_t(servers));
        constexpr int kQueries = 30;
        m_test->setBehaviour([](Behaviour& b) { b.drop = true; });
        std::vector<std::unique_ptr<UdpClient>> clients;
        for (int i = 0; i < kQueries; ++i) {
            clients.push_back(std::make_unique<UdpClient>(m_test->port()));
            QVERIFY(clients.back()->send(makeQuery(numberedName(i))));
        }
        QVERIFY(m_test->server().waitFor(
            [](const Observations& seen) { return seen.queries.size() == kQueries; }));
        m_test->setBehaviour([](Behaviour&) {});
        m_test->server().endConnections(ending);
        for (int i = 0; i < kQueries; ++i) {
            const auto reply = clients[std::size_t(i)]->receive();
            QVERIFY(reply && reply->message && reply->message->answer(rr::kA));
            QCOMPARE(*reply->message->answer(rr::kA), numberedAddress(i));
        }
    }

    void aServerMayCloseAfterEveryAnswer_data() {
        QTest::addColumn<int>("atOnce");
        QTest::newRow("one after another") << 1;
        QTest::newRow("3 at once") << 3;
        QTest::newRow("8 at once") << 8;
    }
    void aServerMayCloseAfterEveryAnswer() {
        QFETCH(int, atOnce);
        start();
        m_test->setScript([](ServerScript& s) { s.closeAfterAnswers = 1; });
        for (int round = 0; round < 10; ++round)
            QVERIFY(m_test->askMany(atOnce, round * atOnce));
        for (int i = 0; i < 10 * atOnce; ++i)
            QVERIFY(m_test->queriesFor(numberedName(i)) <= 10);
    }

    void aBadFirstServerCostsLittle_data() {
        QTest::addColumn<Trouble>("trouble");
        QTest::addColumn<bool>("afterAGoodTime");
        const std::pair<const char*, Trouble> kRows[] = {
            {"stopped", Trouble::Stopped},
            {"closes", Trouble::Closes},
            {"resets", Trouble::Resets},
            {"stalls", Trouble::Stalls},
            {"drops", Trouble::Drops},
            {"wrong name", Trouble::WrongName},
            {"SERVFAIL", Trouble::ServFail},
            {"REFUSED", Trouble::Refused},
            {"truncates", Trouble::Truncates},
            {"half frames", Trouble::HalfFrames},
            {"closes on a query", Trouble::ClosesOnQuery},
        };
        for (const bool after : {false, true})
            for (const auto& [name, trouble] : kRows)
                QTest::addRow("%s%s", name, after ? ", after a good time" : "") << trouble << after;
    }
    void aBadFirstServerCostsLittle() {
        QFETCH(Trouble, trouble);
        QFETCH(bool, afterAGoodTime);
        m_test = std::make_unique<EngineUnderTest>(2);
        if (!afterAGoodTime)
            make(trouble);
        QVERIFY(m_test->start());
        if (afterAGoodTime) {
            QVERIFY(m_test->ask("www.example.com"));
            make(trouble);
            if (trouble == Trouble::WrongName)
                m_test->server().endConnections(Ending::Close);
        }
        QElapsedTimer timer;
        timer.start();
        const auto first = m_test->ask("n0.example.com");
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(first && first->answer(rr::kA));
        timer.restart();
        for (int i = 1; i <= 10; ++i) {
            const auto reply = m_test->ask(numberedName(i));
            QVERIFY2(reply && reply->answer(rr::kA), qPrintable(QString::number(i)));
            QCOMPARE(*reply->answer(rr::kA), numberedAddress(i));
        }
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
    }

    /// Shaking hands is not answering: such a server is told as failing and not tried each time.
    void aServerThatTakesNoQueryIsFailing() {
        m_test = std::make_unique<EngineUnderTest>(2);
        m_test->setBehaviour([](Behaviour& behaviour) {
            behaviour.drop = true;
            behaviour.ending = Ending::Reset;
        });
        QVERIFY(m_test->start());
        for (int i = 0; i < 20; ++i) {
            const auto reply = m_test->ask(numberedName(i));
            QVERIFY(reply && reply->answer(rr::kA));
        }
        const auto status = m_test->status();
        QVERIFY(status.state == sotto::engine::UpstreamStatus::State::Failing);
        QVERIFY(!status.lastError.empty());
        QVERIFY(m_test->server().observations().connections.size() < 10);
    }

    void aVerdictOnTheNameIsFinal_data() {
        QTest::addColumn<int>("extended");
        QTest::addColumn<bool>("final");
        QTest::newRow("no reason given") << 0 << false;
        QTest::newRow("bogus") << 6 << true;
        QTest::newRow("filtered") << 17 << true;
        QTest::newRow("network error") << 23 << false;
    }
    /// Another server must not be asked until one says yes to what the first found forged or
    /// blocked.
    void aVerdictOnTheNameIsFinal() {
        QFETCH(int, extended);
        QFETCH(bool, final);
        m_test = std::make_unique<EngineUnderTest>(2);
        m_test->server().setResponder([extended](const SeenQuery& seen) -> std::optional<Bytes> {
            if (!seen.message)
                return std::nullopt;
            Message answer;
            answer.id = seen.message->id;
            answer.response = answer.recursionAvailable = true;
            answer.questions = seen.message->questions;
            answer.rcode = rcode::kServFail;
            answer.edns.emplace();
            if (extended != 0)
                answer.edns->options.push_back(
                    {edns::kExtendedError, {0, static_cast<std::uint8_t>(extended)}});
            return answer.toWire();
        });
        QVERIFY(m_test->start());
        const auto reply = m_test->ask("www.example.com");
        QVERIFY(reply);
        QCOMPARE(reply->rcode, final ? rcode::kServFail : rcode::kNoError);
        QCOMPARE(m_test->queriesFor("www.example.com", 0, 1), std::size_t(final ? 0 : 1));
    }

    void allDownFailsInTime_data() {
        QTest::addColumn<Trouble>("trouble");
        QTest::addColumn<int>("milliseconds");
        QTest::addColumn<int>("extended");
        QTest::newRow("stopped") << Trouble::Stopped << 2000 << int(kNetworkError);
        QTest::newRow("resets") << Trouble::Resets << 2000 << int(kNetworkError);
        QTest::newRow("wrong name") << Trouble::WrongName << 2000 << int(kNetworkError);
        QTest::newRow("stalls") << Trouble::Stalls << 5000 << int(kNetworkError);
        QTest::newRow("drops") << Trouble::Drops << 5000 << int(kNoReachableAuthority);
    }
    void allDownFailsInTime() {
        QFETCH(Trouble, trouble);
        QFETCH(int, milliseconds);
        QFETCH(int, extended);
        m_test = std::make_unique<EngineUnderTest>();
        make(trouble);
        QVERIFY(m_test->start());
        for (int i = 0; i < 2; ++i) {
            QElapsedTimer timer;
            timer.start();
            const auto reply = m_test->ask(numberedName(i), rr::kA, withEdns(), 6s);
            QVERIFY2(timer.elapsed() < milliseconds, qPrintable(QString::number(timer.elapsed())));
            QVERIFY(reply && reply->rcode == rcode::kServFail);
            QCOMPARE(int(extendedError(*reply).value_or(0)), extended);
        }
        QVERIFY(m_test->status().state == sotto::engine::UpstreamStatus::State::Failing);
        QVERIFY(!m_test->status().lastError.empty());
        QVERIFY(m_test->queriesFor("n0.example.com") <= 4);
    }

    void aServerThatIsBackIsUsedAtOnce_data() {
        QTest::addColumn<Trouble>("trouble");
        QTest::newRow("stopped") << Trouble::Stopped;
        QTest::newRow("resets") << Trouble::Resets;
        QTest::newRow("wrong name") << Trouble::WrongName;
    }
    void aServerThatIsBackIsUsedAtOnce() {
        QFETCH(Trouble, trouble);
        m_test = std::make_unique<EngineUnderTest>();
        make(trouble);
        QVERIFY(m_test->start());
        QElapsedTimer offline;
        offline.start();
        while (offline.elapsed() < 2500) { // stubs keep asking
            const auto reply = m_test->ask("www.example.com");
            QVERIFY(reply && reply->rcode == rcode::kServFail);
        }
        QVERIFY(m_test->server().observations().connections.size() < 30);
        m_test->server().setIdentity(m_test->ca().issue(EngineUnderTest::serverLeaf()));
        m_test->setScript([](ServerScript&) {});
        if (trouble == Trouble::Stopped)
            QVERIFY(m_test->server().start());
        QElapsedTimer back;
        back.start();
        std::optional<Message> reply;
        while (!hasAddress(reply, "192.0.2.80") && back.elapsed() < 5000)
            reply = m_test->ask("www.example.com");
        QVERIFY2(back.elapsed() < 1500, qPrintable(QString::number(back.elapsed())));
        QVERIFY(m_test->status().lastError.empty());
    }

    void aSwallowingConnectionIsLeft() {
        start();
        QVERIFY(m_test->ask("www.example.com"));
        m_test->server().setResponder([](const SeenQuery& query) -> std::optional<Bytes> {
            return query.connection == 1 ? std::optional(Bytes{}) : std::nullopt;
        });
        QVERIFY(m_test->answers(0));
        QVERIFY(m_test->askMany(20, 1));
        const Observations seen = m_test->server().observations();
        for (int i = 1; i < 21; ++i)
            QVERIFY(seen.firstFor(numberedName(i))->connection != 1);
    }

    void aSlowAnswerIsDelivered_data() {
        QTest::addColumn<int>("servers");
        QTest::newRow("one server") << 1;
        QTest::newRow("two servers, both slow") << 2;
    }
    void aSlowAnswerIsDelivered() {
        QFETCH(int, servers);
        start(std::size_t(servers));
        QVERIFY(m_test->ask("www.example.com"));
        for (int i = 0; i < servers; ++i)
            m_test->setBehaviour([](Behaviour& b) { b.delay = 3s; }, std::size_t(i));
        QVERIFY(hasAddress(m_test->ask("slow.example.com"), "192.0.2.9"));
        std::size_t asked = 0;
        for (int i = 0; i < servers; ++i)
            asked += m_test->queriesFor("slow.example.com", 0, std::size_t(i));
        QVERIFY2(asked <= 4, qPrintable(QString::number(asked)));
    }

    void aRestartedServerIsNoticed() {
        start();
        QVERIFY(m_test->ask("www.example.com"));
        m_test->server().stop();
        QVERIFY(m_test->server().start());
        QElapsedTimer timer;
        timer.start();
        QVERIFY(hasAddress(m_test->ask("other.example.com"), "192.0.2.10"));
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
    }

    void noUpstreamFailsAtOnce() {
        m_test = std::make_unique<EngineUnderTest>();
        m_test->config.upstreams.clear();
        QVERIFY(m_test->start());
        const auto reply = m_test->ask("www.example.com", rr::kA, withEdns(), 2s);
        QVERIFY(reply && reply->rcode == rcode::kServFail);
    }

    void everyPolicyAnswers_data() {
        QTest::addColumn<int>("policy");
        QTest::newRow("sequential") << int(sotto::engine::Policy::Sequential);
        QTest::newRow("round robin") << int(sotto::engine::Policy::RoundRobin);
        QTest::newRow("random") << int(sotto::engine::Policy::Random);
        QTest::newRow("fastest") << int(sotto::engine::Policy::Fastest);
    }
    void everyPolicyAnswers() {
        QFETCH(int, policy);
        m_test = std::make_unique<EngineUnderTest>(3);
        m_test->config.policy = static_cast<sotto::engine::Policy>(policy);
        QVERIFY(m_test->start());
        for (int i = 0; i < 60; ++i)
            QVERIFY(m_test->ask(numberedName(i)));
        std::vector<std::size_t> shares;
        for (std::size_t i = 0; i < 3; ++i)
            shares.push_back(m_test->allQueries(i));
        if (m_test->config.policy == sotto::engine::Policy::Sequential)
            QCOMPARE(shares, (std::vector<std::size_t>{60, 0, 0}));
        if (m_test->config.policy == sotto::engine::Policy::RoundRobin)
            QCOMPARE(shares, (std::vector<std::size_t>{20, 20, 20}));
        if (m_test->config.policy == sotto::engine::Policy::Random)
            QVERIFY(shares[0] > 0 && shares[1] > 0 && shares[2] > 0);
        m_test->server(1).stop();
        QVERIFY(m_test->askMany(60, 100));
    }

private:
    void start(std::size_t servers = 1) {
        m_test = std::make_unique<EngineUnderTest>(servers);
        QVERIFY(m_test->start());
    }

    void make(Trouble trouble) {
        switch (trouble) {
        case Trouble::Stopped:
            return m_test->server().stop();
        case Trouble::Closes:
            m_test->setScript([](ServerScript& s) { s.atAccept = ServerScript::AtAccept::Close; });
            return m_test->server().endConnections(Ending::Close);
        case Trouble::Resets:
            m_test->setScript([](ServerScript& s) { s.atAccept = ServerScript::AtAccept::Reset; });
            return m_test->server().endConnections(Ending::Reset);
        case Trouble::Stalls:
            m_test->setScript([](ServerScript& s) { s.atAccept = ServerScript::AtAccept::Stall; });
            return m_test->server().endConnections(Ending::Close);
        case Trouble::Drops:
            return m_test->setBehaviour([](Behaviour& b) { b.drop = true; });
        case Trouble::WrongName: {
            LeafOptions leaf;
            leaf.dnsNames = {"another.sotto.test"};
            m_test->server().changeTicketKeys();
            return m_test->server().setIdentity(m_test->ca().issue(leaf));
        }
        case Trouble::ServFail:
            return m_test->setBehaviour([](Behaviour& b) { b.rcode = rcode::kServFail; });
        case Trouble::Refused:
            return m_test->setBehaviour([](Behaviour& b) { b.rcode = rcode::kRefused; });
        case Trouble::Truncates:
            return m_test->setBehaviour([](Behaviour& b) { b.truncated = true; });
        case Trouble::HalfFrames:
            return m_test->setBehaviour([](Behaviour& b) { b.halfFrame = true; });
        case Trouble::ClosesOnQuery:
            return m_test->setBehaviour([](Behaviour& b) {
                b.drop = true;
                b.ending = Ending::Close;
            });
        }
    }

    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineConnections)
#include "test_engine_connections.moc"
