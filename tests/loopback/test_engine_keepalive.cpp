// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QTest>

using namespace sotto::test;
using namespace std::chrono_literals;

namespace {

constexpr int kIdleTenths = 300; // the thirty seconds that an idle client is kept

QueryOptions withKeepalive(std::optional<std::uint16_t> timeout = std::nullopt) {
    QueryOptions options = withEdns();
    Bytes data;
    if (timeout)
        data = {static_cast<std::uint8_t>(*timeout >> 8), static_cast<std::uint8_t>(*timeout)};
    options.edns->options.push_back({edns::kKeepalive, data});
    return options;
}

/// The TIMEOUT that the reply tells, -1 where it tells none.
int keepalive(const Message& reply) {
    const EdnsOption* option = reply.edns ? reply.edns->find(edns::kKeepalive) : nullptr;
    if (!option)
        return -1;
    return option->data.size() == 2 ? option->data[0] << 8 | option->data[1] : -2;
}

} // namespace

/// How long a connection may idle (RFC 7828): said over TCP, to those who ask, and never over UDP.
class TestEngineKeepalive : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_test = std::make_unique<EngineUnderTest>();
        QVERIFY(m_test->start());
    }
    void cleanup() { m_test.reset(); }

    void everyKindOfAnswerTellsIt_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("opcode");
        QTest::addColumn<int>("rcode");
        QTest::newRow("a question") << QByteArray("www.example.com") << int(rr::kA) << 0 << 0;
        QTest::newRow("NXDOMAIN") << QByteArray("nothing.example.com") << int(rr::kA) << 0 << 3;
        QTest::newRow("a special name") << QByteArray("localhost") << int(rr::kA) << 0 << 0;
        QTest::newRow("a zone transfer") << QByteArray("example.com") << 252 << 0 << 5;
        QTest::newRow("a failure") << QByteArray("bad.example.com") << int(rr::kA) << 0 << 2;
    }
    void everyKindOfAnswerTellsIt() {
        QFETCH(QByteArray, name);
        QFETCH(int, type);
        QFETCH(int, opcode);
        QFETCH(int, rcode);
        m_test->setScript([](ServerScript& s) {
            s.byName["bad.example.com"].rcode = sotto::test::rcode::kServFail;
        });
        const auto ask = [&](QueryOptions options, bool tcp) {
            options.opcode = static_cast<std::uint8_t>(opcode);
            const Message query =
                makeQuery(name.toStdString(), static_cast<std::uint16_t>(type), std::move(options));
            return tcp ? m_test->askTcp(query) : m_test->ask(query);
        };
        for (int i = 0; i < 2; ++i) { // a miss and a hit
            const auto told = ask(withKeepalive(), true);
            QVERIFY(told);
            QCOMPARE(int(told->rcode), rcode);
            QCOMPARE(keepalive(*told), kIdleTenths);
            QCOMPARE(keepalive(*ask(withEdns(), true)), -1);
            QVERIFY(!ask({}, true)->edns);
            for (const bool withTimeout : {false, true}) {
                const auto overUdp =
                    ask(withTimeout ? withKeepalive(std::uint16_t{50}) : withKeepalive(), false);
                QVERIFY(overUdp && overUdp->edns);
                QCOMPARE(int(overUdp->rcode), rcode);
                QCOMPARE(keepalive(*overUdp), -1);
            }
        }
    }

    void aMissOverTcpThatOthersWaitForToo() {
        m_test->setBehaviour([](Behaviour& b) { b.delay = 300ms; });
        StreamClient told(m_test->port());
        StreamClient untold(m_test->port());
        UdpClient udp(m_test->port());
        QVERIFY(told.send(makeQuery("www.example.com", rr::kA, withKeepalive())));
        QVERIFY(untold.send(makeQuery("www.example.com", rr::kA, withEdns())));
        QVERIFY(udp.send(makeQuery("www.example.com", rr::kA, withKeepalive())));
        const auto first = told.receive();
        const auto second = untold.receive();
        const auto third = udp.receive();
        QVERIFY(first && second && third);
        QCOMPARE(keepalive(first->message.value()), kIdleTenths);
        QCOMPARE(keepalive(second->message.value()), -1);
        QCOMPARE(keepalive(third->message.value()), -1);
        QCOMPARE(m_test->allQueries(), std::size_t{1});
    }

    void besideAnExtendedError() {
        m_test->config.forwarding = false;
        QVERIFY(m_test->reconfigure());
        const auto reply = m_test->askTcp(makeQuery("www.example.com", rr::kA, withKeepalive()));
        QVERIFY(reply && reply->rcode == rcode::kRefused);
        QCOMPARE(keepalive(*reply), kIdleTenths);
        QVERIFY(extendedError(*reply) == std::uint16_t{18});
        QVERIFY(!extendedErrorText(*reply).empty());
        QCOMPARE(reply->edns->options.size(), std::size_t{2});
    }

private:
    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineKeepalive)
#include "test_engine_keepalive.moc"
