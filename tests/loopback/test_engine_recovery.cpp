// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QElapsedTimer>
#include <QTest>

using namespace sotto::test;
using namespace std::chrono_literals;
using State = sotto::engine::UpstreamStatus::State;

namespace {

/// Queries vanish, so many of them; the connection stays open.
auto swallow(unsigned times) {
    return [times](Behaviour& behaviour) {
        behaviour.drop = true;
        behaviour.times = times;
    };
}

auto resetOnQuery(unsigned times) {
    return [times](Behaviour& behaviour) {
        behaviour.drop = true;
        behaviour.ending = Behaviour::Ending::Reset;
        behaviour.times = times;
    };
}

} // namespace

/// Whatever went wrong a moment ago, a server that can answer is asked, in time and without being
/// blamed for what the network did.
class TestEngineRecovery : public QObject {
    Q_OBJECT

private slots:
    void cleanup() { m_test.reset(); }

    /// With a question every second or so, each is a try.
    void loneQuestionsFindAServerThatIsBack() {
        prepare(1);
        m_test->config.forward.maxFails = 2;
        m_test->server().stop();
        QVERIFY(m_test->start());
        QVERIFY(failsUntil([&] { return m_test->status().state == State::Failing; }, 3));
        QVERIFY(m_test->server().start());
        for (int i = 50; i < 53; ++i) {
            QTest::qWait(1200); // from then on a try is due, and the last one long ago
            if (m_test->answers(i))
                return;
        }
        QFAIL("not one of three was answered");
    }

    void bothThatAreBackAreUsedAgain() {
        prepare(2);
        m_test->config.forward.healthCheck.interval = 50ms;
        for (std::size_t i = 0; i < 2; ++i)
            m_test->server(i).stop();
        QVERIFY(m_test->start());
        QVERIFY(failsUntil([&] { return isFailing(0) && isFailing(1); }, 3));
        for (std::size_t i = 0; i < 2; ++i)
            QVERIFY(m_test->server(i).start());
        QVERIFY(askUntil([&] {
            return m_test->status(0).state == State::Ready &&
                   m_test->status(1).state == State::Ready;
        }));
    }

    void allOnASilentConnectionAreAskedAnew_data() {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("gapMillis"); // so that the first is asked anew before the last is
        QTest::newRow("two") << 2 << 900;
        QTest::newRow("five") << 5 << 40;
    }
    void allOnASilentConnectionAreAskedAnew() {
        QFETCH(int, count);
        QFETCH(int, gapMillis);
        prepare(1);
        QVERIFY(m_test->start() && m_test->answers(0));
        m_test->setScript([count](ServerScript& s) {
            for (int i = 1; i <= count; ++i)
                swallow(1)(s.byName[numberedName(i)]);
        });
        std::vector<std::unique_ptr<UdpClient>> clients;
        for (int i = 1; i <= count; ++i) {
            clients.push_back(std::make_unique<UdpClient>(m_test->port()));
            QVERIFY(clients.back()->send(makeQuery(numberedName(i))));
            QTest::qWait(gapMillis);
        }
        for (const auto& client : clients) {
            const auto reply = client->receive();
            QVERIFY(reply && reply->message && reply->message->answer(rr::kA));
        }
    }

    void whatIsInFlightOutlivesAChangeOfNetwork() {
        prepare(1);
        QVERIFY(m_test->start() && m_test->answers(0));
        m_test->setBehaviour(swallow(1));
        UdpClient client(m_test->port());
        QVERIFY(client.send(makeQuery(numberedName(1))));
        QVERIFY(m_test->server().waitFor(
            [](const Observations& now) { return now.queriesFor(numberedName(1)) == 1; }));
        m_test->engine().networkChanged();
        const auto reply = client.receive();
        QVERIFY(reply && reply->message && reply->message->answer(rr::kA));
        QVERIFY(m_test->status().lastError.empty()); // the network did it
    }

    /// A question that is alone on a swallowing connection, with nobody else to answer it.
    void theFirstIsAskedAnewWhereTheSecondIsDown() {
        prepare(2);
        QVERIFY(m_test->start() && m_test->answers(0));
        m_test->server(1).stop();
        m_test->setBehaviour(swallow(1));
        QVERIFY(m_test->answers(1));
    }

    void whoeverLostTheConnectionIsAskedAgain() {
        prepare(2);
        QVERIFY(m_test->start() && m_test->answers(0));
        m_test->setBehaviour(resetOnQuery(1));
        m_test->setBehaviour(resetOnQuery(0), 1);
        QVERIFY(m_test->answers(1));
    }

    void aFailureIsNoAnswerWhileOneMayBeAskedAgain() {
        prepare(2);
        QVERIFY(m_test->start() && m_test->answers(0));
        m_test->setBehaviour(resetOnQuery(1));
        m_test->setBehaviour([](Behaviour& b) { b.rcode = rcode::kServFail; }, 1);
        QVERIFY(m_test->answers(1));
    }

    /// Nobody is asked over and over where each try is turned away at once.
    void whoIsTurnedAwayGivesUp() {
        prepare(1);
        QVERIFY(m_test->start() && m_test->answers(0));
        m_test->setBehaviour(swallow(0));
        UdpClient client(m_test->port());
        QVERIFY(client.send(makeQuery(numberedName(1))));
        QVERIFY(m_test->server().waitFor(
            [](const Observations& now) { return now.queriesFor(numberedName(1)) == 1; }));
        const auto before = m_test->engine().statistics().upstreamFailures;
        m_test->config.forwarding = false; // so that no new connection is made
        QVERIFY(m_test->reconfigure());
        const auto reply = client.receive();
        QVERIFY(reply && reply->message && reply->message->rcode == rcode::kServFail);
        const auto failures = m_test->engine().statistics().upstreamFailures - before;
        QVERIFY2(failures <= 3, qPrintable(QString::number(failures)));
    }

    void aFailureIsNoAnswerWhileAnotherConnects() {
        prepare(2);
        m_test->setBehaviour([](Behaviour& b) { b.rcode = rcode::kServFail; });
        m_test->setScript([](ServerScript& s) { s.helloDelay = 900ms; }, 1);
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
    }

    void aRefusalIsNoAnswerWhileAnotherWasNotAsked() {
        prepare(3);
        m_test->setBehaviour([](Behaviour& b) { b.rcode = rcode::kRefused; });
        m_test->setBehaviour(swallow(0), 1);
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
    }

    /// Three types of one name are no three names.
    void oneSlowNameDoesNotHang() {
        prepare(1);
        m_test->setScript([](ServerScript& s) { s.byName["slow.example.com"].delay = 700ms; });
        QVERIFY(m_test->start() && m_test->answers(0));
        std::vector<std::unique_ptr<UdpClient>> clients;
        for (const std::uint16_t type : {rr::kA, rr::kAaaa, rr::kTxt}) {
            clients.push_back(std::make_unique<UdpClient>(m_test->port()));
            QVERIFY(clients.back()->send(makeQuery("slow.example.com", type)));
        }
        for (const auto& client : clients)
            QVERIFY(client->receive());
        QCOMPARE(m_test->server().observations().connections.size(), std::size_t{1});
        QCOMPARE(m_test->queriesFor("slow.example.com"), std::size_t{3});
    }

    /// Connecting and answering may take longer together than a probe waits for an answer.
    void aSlowServerIsFoundAgain() {
        prepare(2);
        m_test->config.forward.healthCheck.interval = 50ms;
        m_test->server().stop();
        QVERIFY(m_test->start() && m_test->answers(0));
        QVERIFY(askUntil([&] { return isFailing(0); }));
        m_test->setScript([](ServerScript& s) {
            s.helloDelay = 2200ms;
            s.behaviour.delay = 900ms;
        });
        QVERIFY(m_test->server().start());
        QVERIFY(askUntil([&] { return m_test->status().state == State::Ready; }));
    }

private:
    void prepare(std::size_t servers) {
        m_test = std::make_unique<EngineUnderTest>(servers);
        m_test->config.cache.failureTtl = 0s;
    }
    bool isFailing(std::size_t index) const {
        return m_test->status(index).state == State::Failing;
    }

    /// Asks at least so many questions, which all fail, until it holds.
    bool failsUntil(const std::function<bool()>& holds, int atLeast) {
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; timer.elapsed() < 10'000; ++i) {
            if (i >= atLeast && holds())
                return true;
            const auto reply = m_test->ask(numberedName(100 + i % 100));
            if (!reply || reply->rcode != rcode::kServFail)
                return false;
            QTest::qWait(200); // so that each is a try of its own
        }
        return false;
    }
    /// Asks one after the other until it holds.
    bool askUntil(const std::function<bool()>& holds) {
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; timer.elapsed() < 15'000; ++i) {
            if (holds())
                return true;
            m_test->engine().flushCache();
            m_test->ask(numberedName(100 + i % 100));
            QTest::qWait(20);
        }
        return false;
    }

    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineRecovery)
#include "test_engine_recovery.moc"
