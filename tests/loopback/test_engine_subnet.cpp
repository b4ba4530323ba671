// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QTest>

using namespace sotto::test;
using sotto::engine::ClientSubnet;

namespace {

const Bytes kNetwork{0, 1, 24, 0, 192, 0, 2};
const Bytes kOther{0, 1, 24, 0, 198, 51, 100};

QueryOptions withSubnet(const Bytes& content) {
    QueryOptions options = withEdns();
    options.edns->options.push_back({edns::kClientSubnet, content});
    return options;
}

} // namespace

/// What clients get back that told their network (RFC 7871); test_engine_privacy looks at what
/// upstreams learn of it.
class TestEngineSubnet : public QObject {
    Q_OBJECT

private slots:
    void init() { m_test = std::make_unique<EngineUnderTest>(); }
    void cleanup() { m_test.reset(); }

    void notLookedAtWhereItIsStripped() {
        QVERIFY(m_test->start());
        for (const Bytes& content : {kNetwork, Bytes{}, Bytes{1}}) {
            const auto reply = m_test->ask("www.example.com", rr::kA, withSubnet(content));
            QVERIFY(reply && reply->rcode == rcode::kNoError && !subnetIn(*reply));
        }
        QCOMPARE(m_test->allQueries(), std::size_t{1});
    }

    void passedOnAndBack() {
        m_test->config.forward.clientSubnet.mode = ClientSubnet::Mode::Pass;
        QVERIFY(m_test->start());
        // Each is asked for, over TCP too.
        for (int round = 1; round <= 3; ++round) {
            const Message query = makeQuery("www.example.com", rr::kA, withSubnet(kNetwork));
            const auto reply = round < 3 ? m_test->ask(query) : m_test->askTcp(query);
            QVERIFY(reply && reply->rcode == rcode::kNoError);
            const auto subnet = subnetIn(*reply);
            QVERIFY(subnet);
            QCOMPARE(int(subnet->sourcePrefix), 24);
            QCOMPARE(int(subnet->scopePrefix), 0); // the server says nothing of it
            QCOMPARE(m_test->allQueries(), static_cast<std::size_t>(round));
        }
        // Who sent none gets an answer for everybody, from the cache the second time.
        for (int round = 0; round < 2; ++round) {
            const auto plain = m_test->ask("www.example.com", rr::kA, withEdns());
            QVERIFY(plain && !subnetIn(*plain));
            QCOMPARE(m_test->allQueries(), std::size_t{4});
        }
    }

    void theUpstreamsScopeComesBack() {
        m_test->config.forward.clientSubnet.mode = ClientSubnet::Mode::Pass;
        QVERIFY(m_test->start());
        m_test->answerWith([](Message& m) {
            addAddress(m, "192.0.2.1", 60);
            m.edns.emplace();
            m.edns->options.push_back({edns::kClientSubnet, {0, 1, 24, 22, 192, 0, 2}});
        });
        const auto reply = m_test->ask("www.example.com", rr::kA, withSubnet(kNetwork));
        QVERIFY(reply);
        const auto subnet = subnetIn(*reply);
        QVERIFY(subnet && subnet->scopePrefix == 22);
        // The same answer is none for another network.
        const auto wrong = m_test->ask("www.example.com", rr::kA, withSubnet(kOther));
        QVERIFY(wrong && wrong->rcode == rcode::kServFail);
        // Nor does anybody else get it.
        const auto plain = m_test->ask("www.example.com", rr::kA, withEdns());
        QVERIFY(plain && plain->rcode == rcode::kNoError && !subnetIn(*plain));
    }

    void differentSubnetsDoNotWaitForEachOther() {
        m_test->config.forward.clientSubnet.mode = ClientSubnet::Mode::Pass;
        QVERIFY(m_test->start());
        m_test->setBehaviour([](Behaviour& b) { b.delay = std::chrono::milliseconds(200); });
        UdpClient one(m_test->port());
        UdpClient same(m_test->port());
        UdpClient other(m_test->port());
        QVERIFY(one.send(makeQuery("www.example.com", rr::kA, withSubnet(kNetwork))));
        QVERIFY(same.send(makeQuery("www.example.com", rr::kA, withSubnet(kNetwork))));
        QVERIFY(other.send(makeQuery("www.example.com", rr::kA, withSubnet(kOther))));
        for (UdpClient* client : {&one, &same, &other}) {
            const auto reply = client->receive();
            QVERIFY(reply && reply->message);
            const auto subnet = subnetIn(*reply->message);
            QVERIFY(subnet);
            QVERIFY(subnet->address == (client == &other ? Bytes{198, 51, 100} : Bytes{192, 0, 2}));
        }
        QCOMPARE(m_test->allQueries(), std::size_t{2});
    }

    void malformedOnesAreRefused_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("bits behind the prefix") << QByteArray("\0\1\x17\0\xc0\0\3", 7);
        QTest::newRow("a scope") << QByteArray("\0\1\x18\x18\xc0\0\2", 7);
    }
    void malformedOnesAreRefused() {
        QFETCH(QByteArray, content);
        m_test->config.forward.clientSubnet.mode = ClientSubnet::Mode::Pass;
        QVERIFY(m_test->start());
        const Message query =
            makeQuery("www.example.com", rr::kA, withSubnet(Bytes(content.begin(), content.end())));
        for (const auto& reply : {m_test->ask(query), m_test->askTcp(query)}) {
            QVERIFY(reply && reply->rcode == rcode::kFormErr);
            QVERIFY(reply->edns && !subnetIn(*reply));
        }
        QCOMPARE(m_test->allQueries(), std::size_t{0});
    }

private:
    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineSubnet)
#include "test_engine_subnet.moc"
