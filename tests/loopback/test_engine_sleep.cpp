// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QTest>

#include <atomic>
#include <chrono>
#include <cstdint>

using namespace sotto::test;
using namespace std::chrono_literals;

namespace {

std::atomic<std::int64_t> asleepMicros{0}; ///< in all

void sleepFor(std::chrono::seconds time) {
    asleepMicros += std::chrono::microseconds(time).count();
}

template <class Clock>
std::int64_t micros() {
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch())
        .count();
}

} // namespace

/// The engine's clocks (observe/clocks.h), of a computer that sleeps when the test says so: the
/// linker takes these in place of the library's.
namespace sotto::engine {

std::int64_t bootMicros() {
    return micros<std::chrono::steady_clock>() + asleepMicros;
}
std::int64_t monotonicMicros() {
    return micros<std::chrono::steady_clock>();
}
std::int64_t unixMicros() {
    return micros<std::chrono::system_clock>() + asleepMicros;
}

} // namespace sotto::engine

/// After sleep nothing of before is relied on, also where nobody told the engine.
class TestEngineSleep : public QObject {
    Q_OBJECT

private slots:
    void init() { m_test = std::make_unique<EngineUnderTest>(1); }
    void cleanup() { m_test.reset(); }

    void connectionsOfBeforeAreLeft_data() {
        QTest::addColumn<bool>("idle");
        QTest::newRow("idle") << true;
        QTest::newRow("with a query in flight") << false;
    }
    void connectionsOfBeforeAreLeft() {
        QFETCH(bool, idle);
        m_test->setScript([](ServerScript& s) { s.byName["slow.example.com"].drop = true; });
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
        UdpClient slow(m_test->port());
        if (!idle) {
            QVERIFY(slow.send(makeQuery("slow.example.com")));
            QVERIFY(m_test->server().waitFor(
                [](const Observations& now) { return now.queriesFor("slow.example.com") == 1; }));
        }
        sleepFor(1h);
        QVERIFY(m_test->answers(1) && m_test->answers(2));
        const Observations seen = m_test->server().observations();
        QVERIFY(seen.firstFor(numberedName(1))->connection != 1);
        QCOMPARE(seen.firstFor(numberedName(2))->connection,
                 seen.firstFor(numberedName(1))->connection);
    }

    /// Another connection that was made meanwhile says nothing of those of before.
    void anotherConnectionDoesNotRedeemThem() {
        m_test->config.forward.maxConnections = 4;
        m_test->setBehaviour([](Behaviour& b) { b.drop = true; });
        QVERIFY(m_test->start());
        std::vector<std::unique_ptr<UdpClient>> clients;
        for (int i = 0; i < 300; ++i) { // more than one connection takes gladly
            clients.push_back(std::make_unique<UdpClient>(m_test->port()));
            QVERIFY(clients.back()->send(makeQuery("s" + std::to_string(i) + ".example.com")));
        }
        QVERIFY(m_test->server().waitFor(
            [](const Observations& now) { return now.connections.size() >= 2; }));
        m_test->setBehaviour([](Behaviour&) {});
        const std::size_t before = m_test->server().observations().connections.size();
        sleepFor(1h);
        for (int i = 0; i < 5; ++i)
            QVERIFY(m_test->answers(i));
        const Observations seen = m_test->server().observations();
        for (int i = 0; i < 5; ++i)
            QVERIFY(seen.firstFor(numberedName(i))->connection > before);
    }

    /// Nor is a handshake of before waited for.
    void handshakesOfBeforeAreLeft() {
        m_test->setScript([](ServerScript& s) { s.atAccept = ServerScript::AtAccept::Stall; });
        QVERIFY(m_test->start());
        QVERIFY(m_test->server().waitFor(
            [](const Observations& now) { return now.connections.size() == 1; }));
        m_test->setScript([](ServerScript&) {});
        sleepFor(1h);
        QVERIFY(m_test->answers(1));
        QCOMPARE(m_test->engine().statistics().failed, std::uint64_t{0});
    }

    /// The addresses of an upstream's name age meanwhile.
    void addressesAge() {
        m_test->addPlainServer();
        std::string error;
        m_test->plainServer().setZones(*ZoneSet::fromText("$TTL 300\n$ORIGIN sotto.test.\n"
                                                          "@ SOA ns hostmaster 1 3600 600 86400 1\n"
                                                          "dot A 127.0.0.1\n",
                                                          error));
        m_test->config.forward.bootstrap = {{address("127.0.0.1"), m_test->plainServer().port()}};
        m_test->config.upstreams[0].addresses.clear();
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
        const auto asked = [&] { return m_test->plainServer().observations().queries.size(); };
        const std::size_t before = asked();
        sleepFor(2min);
        QVERIFY(m_test->answers(1));
        QCOMPARE(asked(), before);
        sleepFor(10min);
        QVERIFY(m_test->answers(2));
        QTRY_COMPARE(asked(), before + 2);
    }

private:
    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineSleep)
#include "test_engine_sleep.moc"
