// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QTest>

#include <set>

using namespace sotto::test;
using namespace std::chrono_literals;
using sotto::engine::ClientSubnet;

namespace {

QueryOptions with(std::vector<EdnsOption> options) {
    QueryOptions result = withEdns();
    result.edns->options = std::move(options);
    return result;
}

/// 192.0.2.0/24 as a client sends it.
const EdnsOption kSubnet{edns::kClientSubnet, {0, 1, 24, 0, 192, 0, 2}};

} // namespace

/// What upstreams learn of clients: no more than the question, of which the size says little.
class TestEnginePrivacy : public QObject {
    Q_OBJECT

private slots:
    void init() { m_test = std::make_unique<EngineUnderTest>(1); }
    void cleanup() { m_test.reset(); }

    void queriesAreAlike_data() {
        QTest::addColumn<bool>("withSubnet");
        QTest::newRow("no subnet") << false;
        QTest::newRow("a fixed subnet") << true;
    }
    /// Whatever clients send, and on whichever connection: the same flags, size and options.
    void queriesAreAlike() {
        QFETCH(bool, withSubnet);
        if (withSubnet)
            fix("192.0.2.0", 24);
        QVERIFY(m_test->start());
        const std::vector<QueryOptions> clients = {
            {},
            withEdns(512),
            withEdns(4096),
            with({kSubnet}),
            with({{edns::kCookie, {1, 2, 3, 4, 5, 6, 7, 8}}, {edns::kPadding, Bytes(77, 0)}}),
            with({{edns::kKeepalive, {}}, {65001, {1, 2, 3}}}),
        };
        int number = 0;
        for (QueryOptions options : clients) {
            for (const bool flags : {false, true}) {
                options.recursionDesired = true;
                options.authenticData = flags;
                QVERIFY(m_test->ask(numberedName(10 + number++), rr::kA, options));
            }
            m_test->server().endConnections(Behaviour::Ending::Close);
        }
        const Observations seen = m_test->server().observations();
        QCOMPARE(int(seen.queries.size()), number);
        std::set<std::vector<std::uint16_t>> optionLists;
        for (const SeenQuery& query : seen.queries) {
            QVERIFY(query.message && query.message->edns);
            QCOMPARE(query.raw.size(), std::size_t{128});
            QVERIFY(query.message->recursionDesired && query.message->authenticData);
            QVERIFY(!query.message->checkingDisabled && !query.message->edns->dnssecOk);
            QCOMPARE(query.message->edns->udpSize, std::uint16_t{1232});
            std::vector<std::uint16_t> codes;
            for (const EdnsOption& option : query.message->edns->options)
                codes.push_back(option.code);
            optionLists.insert(codes);
            QVERIFY(!query.option(edns::kCookie) && !query.option(65001));
            QCOMPARE(query.option(edns::kClientSubnet) != nullptr, withSubnet);
        }
        QCOMPARE(optionLists.size(), std::size_t{1});
    }

    void sizesAreBlocks_data() {
        QTest::addColumn<int>("labels");
        for (const int labels : {0, 1, 2, 3})
            QTest::newRow(qPrintable(QString::number(labels))) << labels;
    }
    void sizesAreBlocks() {
        QFETCH(int, labels);
        QVERIFY(m_test->start());
        std::string name = "example.com";
        for (int i = 0; i < labels; ++i)
            name = std::string(60, 'a') + "." + name;
        QVERIFY(m_test->ask(name));
        const SeenQuery query = m_test->server().observations().queries.at(0);
        QCOMPARE(query.raw.size() % 128, std::size_t{0});
        QVERIFY(query.raw.size() <= 384);
        QVERIFY(query.paddingLength());
    }

    void clientSubnets_data() {
        using Mode = ClientSubnet::Mode;
        QTest::addColumn<int>("mode");
        QTest::addColumn<bool>("sent");
        QTest::addColumn<QByteArray>("expected"); // address octets; empty: no option
        QTest::newRow("strip") << int(Mode::Strip) << true << QByteArray();
        QTest::newRow("strip, none sent") << int(Mode::Strip) << false << QByteArray();
        QTest::newRow("pass") << int(Mode::Pass) << true << QByteArray("\xc0\x00\x02", 3);
        QTest::newRow("pass, none sent") << int(Mode::Pass) << false << QByteArray();
        QTest::newRow("fixed") << int(Mode::Fixed) << true << QByteArray("\xcb\x00\x71", 3);
        QTest::newRow("fixed, none sent")
            << int(Mode::Fixed) << false << QByteArray("\xcb\x00\x71", 3);
    }
    void clientSubnets() {
        QFETCH(int, mode);
        QFETCH(bool, sent);
        QFETCH(QByteArray, expected);
        if (mode == int(ClientSubnet::Mode::Fixed))
            fix("203.0.113.0", 24);
        m_test->config.forward.clientSubnet.mode = static_cast<ClientSubnet::Mode>(mode);
        m_test->setBehaviour([](Behaviour& b) { b.subnetScope = 24; });
        QVERIFY(m_test->start());
        const auto reply =
            m_test->ask("www.example.com", rr::kA, sent ? with({kSubnet}) : withEdns());
        QVERIFY(hasAddress(reply, "192.0.2.80"));
        const auto subnet = m_test->server().observations().queries.at(0).clientSubnet();
        QCOMPARE(subnet.has_value(), !expected.isEmpty());
        if (subnet) {
            QCOMPARE(subnet->family, std::uint16_t{1});
            QCOMPARE(int(subnet->sourcePrefix), 24);
            QCOMPARE(int(subnet->scopePrefix), 0);
            QCOMPARE(QByteArray(reinterpret_cast<const char*>(subnet->address.data()),
                                qsizetype(subnet->address.size())),
                     expected);
        }
    }

    /// Answers for one client's network are nobody else's.
    void passedSubnetsAreNotKept() {
        m_test->config.forward.clientSubnet.mode = ClientSubnet::Mode::Pass;
        m_test->setBehaviour([](Behaviour& b) { b.subnetScope = 24; });
        QVERIFY(m_test->start());
        for (int i = 0; i < 2; ++i)
            QVERIFY(
                hasAddress(m_test->ask("www.example.com", rr::kA, with({kSubnet})), "192.0.2.80"));
        QCOMPARE(m_test->queriesFor("www.example.com"), std::size_t{2});
        for (int i = 0; i < 2; ++i)
            QVERIFY(hasAddress(m_test->ask("www.example.com", rr::kA, withEdns()), "192.0.2.80"));
        QCOMPARE(m_test->queriesFor("www.example.com"), std::size_t{3});
    }

    /// Two clients of different networks ask the same at the same time.
    void passedSubnetsAreNotShared() {
        m_test->config.forward.clientSubnet.mode = ClientSubnet::Mode::Pass;
        m_test->setBehaviour([](Behaviour& b) {
            b.subnetScope = 24;
            b.delay = 100ms;
        });
        QVERIFY(m_test->start());
        UdpClient first(m_test->port());
        UdpClient second(m_test->port());
        EdnsOption other = kSubnet;
        other.data[6] = 3;
        QVERIFY(first.send(makeQuery("www.example.com", rr::kA, with({kSubnet}))));
        QVERIFY(second.send(makeQuery("www.example.com", rr::kA, with({other}))));
        QVERIFY(first.receive() && second.receive());
        QCOMPARE(m_test->queriesFor("www.example.com"), std::size_t{2});
    }

    void fixedSubnetsOfV6() {
        fix("2001:db8:1200::", 40);
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
        const auto subnet = m_test->server().observations().queries.at(0).clientSubnet();
        QVERIFY(subnet == (SubnetOption{2, 40, 0, {0x20, 0x01, 0x0d, 0xb8, 0x12}}));
    }

private:
    void fix(std::string_view text, std::uint8_t prefix) {
        auto& subnet = m_test->config.forward.clientSubnet;
        subnet.mode = ClientSubnet::Mode::Fixed;
        subnet.address = address(text);
        subnet.prefixLength = prefix;
    }

    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEnginePrivacy)
#include "test_engine_privacy.moc"
