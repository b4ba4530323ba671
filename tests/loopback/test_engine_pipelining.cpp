// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QTest>

#include <set>

using namespace sotto::test;
using namespace std::chrono_literals;
using Ending = Behaviour::Ending;
using State = sotto::engine::UpstreamStatus::State;

Q_DECLARE_METATYPE(sotto::test::Behaviour)

/// What goes on within a connection: many queries at once, in few records; what ends it; and how
/// long it is used while idle.
class TestEnginePipelining : public QObject {
    Q_OBJECT

private slots:
    void init() { m_test = std::make_unique<EngineUnderTest>(1); }
    void cleanup() { m_test.reset(); }

    /// What one read brings is ready together, and leaves in few records.
    void queriesTravelTogether() {
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0)); // so that there is a connection
        std::vector<std::uint8_t> together;
        for (int i = 1; i <= 100; ++i) {
            const std::vector<std::uint8_t> query = makeQuery(numberedName(i)).toWire();
            together.push_back(std::uint8_t(query.size() >> 8));
            together.push_back(std::uint8_t(query.size()));
            together.insert(together.end(), query.begin(), query.end());
        }
        StreamClient client(m_test->port());
        QVERIFY(client.sendRaw(together));
        for (int i = 1; i <= 100; ++i) {
            const auto reply = client.receive();
            QVERIFY(reply && reply->message && reply->message->answer(rr::kA));
        }
        const Observations seen = m_test->server().observations();
        QCOMPARE(seen.connections.size(), std::size_t{1});
        QVERIFY2(seen.connections[0].records <= 20,
                 qPrintable(QString::number(seen.connections[0].records)));
    }

    /// Those that wait for the handshake leave in one record.
    void whatWaitedLeavesInOneRecord() {
        m_test->setScript([](ServerScript& s) { s.helloDelay = 1s; });
        QVERIFY(m_test->start());
        QVERIFY(m_test->askMany(20));
        const Observations seen = m_test->server().observations();
        QCOMPARE(seen.connections.size(), std::size_t{1});
        std::set<std::size_t> records;
        for (const SeenQuery& query : seen.queries)
            records.insert(query.record);
        QVERIFY2(records.size() <= 2, qPrintable(QString::number(records.size())));
    }

    void idsAreRandom() {
        QVERIFY(m_test->start());
        QVERIFY(m_test->askMany(100));
        std::set<std::uint16_t> ids;
        int ascending = 0;
        std::uint16_t last = 0;
        for (const SeenQuery& query : m_test->server().observations().queries) {
            ids.insert(query.message->id);
            ascending += query.message->id == last + 1;
            last = query.message->id;
        }
        QVERIFY(ids.size() >= 95); // those in flight together differ, and chance rarely repeats one
        QVERIFY(ascending < 10);
    }

    void answersOvertake() {
        m_test->setScript([](ServerScript& s) { s.byName["slow.example.com"].delay = 1500ms; });
        QVERIFY(m_test->start());
        UdpClient slow(m_test->port());
        QVERIFY(slow.send(makeQuery("slow.example.com")));
        QVERIFY(m_test->server().waitFor(
            [](const Observations& now) { return now.queriesFor("slow.example.com") == 1; }));
        QVERIFY(m_test->askMany(20));
        QVERIFY(!slow.receive(1ms)); // still on its way
        QVERIFY(slow.receive());
        QCOMPARE(m_test->server().observations().connections.size(), std::size_t{1});
    }

    void whatDoesNotBelongEndsTheConnection_data() {
        QTest::addColumn<Behaviour>("behaviour");
        using Q = Behaviour::Question;
        const auto row = [](const char* name, auto change) {
            Behaviour behaviour;
            behaviour.times = 1;
            change(behaviour);
            QTest::newRow(name) << behaviour;
        };
        row("wrong ID", [](Behaviour& b) { b.wrongId = true; });
        row("wrong name", [](Behaviour& b) { b.question = Q::OtherName; });
        row("wrong type", [](Behaviour& b) { b.question = Q::OtherType; });
        row("wrong class", [](Behaviour& b) { b.question = Q::OtherClass; });
        row("QR unset", [](Behaviour& b) { b.asQuery = true; });
        row("nobody asked", [](Behaviour& b) { b.unsolicitedFirst = true; });
        row("too short", [](Behaviour& b) { b.raw = Bytes{0, 1, 2}; });
        row("nothing", [](Behaviour& b) { b.raw = Bytes{}; });
    }
    /// Such a stream is out of step, or somebody plays with it. The question is asked anew.
    void whatDoesNotBelongEndsTheConnection() {
        QFETCH(Behaviour, behaviour);
        m_test->config.forward.readTimeout = 5s; // nobody is to wait that long
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
        m_test->setScript([&](ServerScript& s) { s.byName["www.example.com"] = behaviour; });
        QVERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80"));
        QVERIFY(m_test->server().waitFor(
            [](const Observations& now) { return !now.connections.at(0).open; }));
        QVERIFY(m_test->answers(1));
        QVERIFY(m_test->server().observations().connections.size() >= 2);
    }

    void largeAnswers_data() {
        QTest::addColumn<int>("size");
        for (const int size : {1232, 16'384, 16'385, 40'000, 65'535})
            QTest::newRow(qPrintable(QString::number(size))) << size;
    }
    void largeAnswers() {
        QFETCH(int, size);
        m_test->setScript(
            [size](ServerScript& s) { s.byName["www.example.com"].size = std::size_t(size); });
        QVERIFY(m_test->start());
        UdpClient udp(m_test->port());
        StreamClient tcp(m_test->port());
        QVERIFY(m_test->answers(0));
        const Message query = makeQuery("www.example.com");
        const auto whole = tcp.ask(query);
        QVERIFY(whole && whole->message);
        QCOMPARE(int(whole->message->rcode), 0);
        QVERIFY(!whole->message->truncated);
        std::size_t text = 0;
        for (const Record& record : whole->message->answers)
            text += record.type == rr::kTxt ? record.rdata.size() : 0;
        QVERIFY2(text > std::size_t(size) * 9 / 10 - 500, qPrintable(QString::number(text)));
        const auto cut = udp.ask(query);
        QVERIFY(cut && cut->message && cut->message->truncated);
        QCOMPARE(m_test->server().observations().connections.size(), std::size_t{1});
    }

    void aTruncatedAnswerOverTlsIsNoAnswer() {
        m_test = std::make_unique<EngineUnderTest>(2);
        m_test->setBehaviour([](Behaviour& b) { b.truncated = true; });
        QVERIFY(m_test->start());
        QVERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80"));
        QCOMPARE(m_test->queriesFor("www.example.com", 0, 1), std::size_t{1});
    }

    void halfAndBrokenConnectionsLoseNothing_data() {
        QTest::addColumn<int>("ending");
        QTest::addColumn<bool>("half");
        QTest::newRow("close") << int(Ending::Close) << false;
        QTest::newRow("FIN") << int(Ending::CloseWithoutNotify) << false;
        QTest::newRow("half close") << int(Ending::HalfClose) << false;
        QTest::newRow("RST") << int(Ending::Reset) << false;
        QTest::newRow("half a frame, close") << int(Ending::Close) << true;
        QTest::newRow("half a frame, half close") << int(Ending::HalfClose) << true;
        QTest::newRow("half a frame, RST") << int(Ending::Reset) << true;
    }
    /// Every tenth query ends the connection on which forty are.
    void halfAndBrokenConnectionsLoseNothing() {
        QFETCH(int, ending);
        QFETCH(bool, half);
        m_test = std::make_unique<EngineUnderTest>(2);
        m_test->config.policy = sotto::engine::Policy::RoundRobin;
        m_test->setBehaviour([&](Behaviour& b) {
            b.every = 10;
            b.drop = !half;
            b.halfFrame = half;
            b.ending = static_cast<Ending>(ending);
        });
        QVERIFY(m_test->start());
        for (int round = 0; round < 5; ++round)
            QVERIFY(m_test->askMany(40, round * 40));
        QCOMPARE(m_test->engine().statistics().failed, std::uint64_t{0});
    }

    void idleTimesAreLearnt_data() {
        QTest::addColumn<int>("ending");
        QTest::newRow("close") << int(Ending::Close);
        QTest::newRow("FIN") << int(Ending::CloseWithoutNotify);
        QTest::newRow("RST") << int(Ending::Reset);
    }
    /// The server ends what is idle for 300 ms. Queries that come then are answered all the same,
    /// and after some closes none is sent into a connection about to be closed.
    void idleTimesAreLearnt() {
        QFETCH(int, ending);
        m_test->setScript([&](ServerScript& s) {
            s.idleClose = 300ms;
            s.idleEnding = static_cast<Ending>(ending);
        });
        QVERIFY(m_test->start());
        for (int i = 0; i < 5; ++i) {
            QVERIFY(m_test->answers(i));
            QVERIFY(m_test->server().waitFor(
                [](const Observations& now) { return now.openConnections() == 0; }));
        }
        QTRY_VERIFY(m_test->status().state == State::Idle);
        const double limit = m_test->status().idleLimitSeconds;
        QVERIFY2(limit > 0.05 && limit <= 1, qPrintable(QString::number(limit)));
        for (int i = 5; i < 12; ++i) {           // around the moment at which the server closes
            QVERIFY(m_test->answers(i, 1500ms)); // sooner than a query that is lost is missed
            const auto last = TestClock::now();
            QTRY_VERIFY(TestClock::now() - last > 280ms + i * 3ms);
        }
        QCOMPARE(m_test->engine().statistics().failed, std::uint64_t{0});
        QCOMPARE(m_test->status().failures, std::uint64_t{0}); // it is no fault of the server's
    }

    void keepaliveIsHonoured_data() {
        QTest::addColumn<int>("milliseconds");
        QTest::newRow("500 ms") << 500;
        QTest::newRow("0") << 0;
    }
    /// RFC 7828 §3.2.2: told so, we close before the server does; zero means now.
    void keepaliveIsHonoured() {
        QFETCH(int, milliseconds);
        m_test->setBehaviour(
            [&](Behaviour& b) { b.keepalive = std::chrono::milliseconds(milliseconds); });
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
        QVERIFY(m_test->server().observations().queries.at(0).asksForKeepalive());
        const double limit = m_test->status().idleLimitSeconds;
        QVERIFY2(limit <= milliseconds / 1000.0, qPrintable(QString::number(limit)));
        const auto answered = TestClock::now();
        if (milliseconds == 0) {
            QVERIFY(m_test->server().waitFor(
                [](const Observations& now) { return !now.connections.at(0).open; }));
        } else {
            QTRY_VERIFY(TestClock::now() - answered > std::chrono::milliseconds(milliseconds));
        }
        QVERIFY(m_test->answers(1)); // on a new connection
        const Observations seen = m_test->server().observations();
        QVERIFY(seen.queries.back().connection != seen.queries.front().connection);
        QVERIFY(seen.connections[0].peerEnd == PeerEnd::Notify ||
                seen.connections[0].peerEnd == PeerEnd::NotYet);
    }

    void silentConnectionsAreLeft() {
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0) && m_test->answers(1));
        m_test->server().setResponder([](const SeenQuery& query) -> std::optional<Bytes> {
            return query.connection == 1 ? std::optional(Bytes{}) : std::nullopt;
        });
        QVERIFY(m_test->answers(2));
        QVERIFY(m_test->askMany(20, 10));
        const Observations seen = m_test->server().observations();
        for (int i = 10; i < 30; ++i)
            QVERIFY(seen.firstFor(numberedName(i))->connection != 1);
    }

    /// Nothing is sent while nobody asks.
    void idleConnectionsAreNotProbed() {
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
        const SeenConnection before = m_test->server().observations().connections.at(0);
        const auto since = TestClock::now();
        QTRY_VERIFY_WITH_TIMEOUT(TestClock::now() - since > 2s, 5000);
        const Observations after = m_test->server().observations();
        QCOMPARE(after.connections.size(), std::size_t{1});
        QCOMPARE(after.connections[0].socketReads, before.socketReads);
    }

    void networkChangesAndSleep_data() {
        QTest::addColumn<bool>("sleeps");
        QTest::newRow("network change") << false;
        QTest::newRow("sleep") << true;
    }
    void networkChangesAndSleep() {
        QFETCH(bool, sleeps);
        QVERIFY(m_test->start());
        for (int i = 0; i < 5; ++i) {
            QVERIFY(m_test->answers(i));
            const auto used = m_test->server().observations().queries.back().connection;
            if (sleeps)
                m_test->engine().suspending();
            else
                m_test->engine().networkChanged();
            QVERIFY(m_test->answers(20 + i));
            QVERIFY(m_test->server().observations().queries.back().connection != used);
        }
        QTRY_COMPARE(m_test->server().observations().openConnections(), std::size_t{1});
    }

private:
    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEnginePipelining)
#include "test_engine_pipelining.moc"
