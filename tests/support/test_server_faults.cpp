// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/dns_client.h"
#include "support/dot_server.h"
#include "support/fast_open_syn.h"
#include "support/plain_server.h"
#include "support/silent_port.h"

#include <QTest>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

#include <netinet/tcp.h>
#include <sys/socket.h>

using namespace sotto::test;
using namespace std::chrono_literals;
using State = StreamClient::State;

namespace {

constexpr char kZone[] = R"($TTL 300
$ORIGIN example.com.
@ SOA ns hostmaster 1 1 1 1 60
@ A 192.0.2.1
large TXT "0123456789012345678901234567890123456789012345678901234567890123456789"
)";

ZoneSet zones() {
    std::string error;
    return *ZoneSet::fromText(kZone, error);
}

QueryOptions withOptions(std::vector<EdnsOption> options) {
    QueryOptions result;
    result.edns.emplace().options = std::move(options);
    return result;
}

} // namespace

/// Faults that concern the whole server, options of EDNS, and the server in clear text.
class TestServerFaults : public QObject {
    Q_OBJECT

private slots:
    void init() {
        LeafOptions leaf;
        leaf.dnsNames = {kName};
        m_server = std::make_unique<DotServer>(m_ca.issue(leaf), zones());
        QVERIFY(m_server->start());
        m_plain = std::make_unique<PlainServer>(zones());
        QVERIFY(m_plain->start());
    }
    void cleanup() {
        m_server.reset();
        m_plain.reset();
    }

    void aHangingServerWakes_data() {
        QTest::addColumn<bool>("drops");
        QTest::newRow("queues connections") << false;
        QTest::newRow("drops connections") << true;
    }
    void aHangingServerWakes() {
        QFETCH(bool, drops);
        auto client = connect();
        QVERIFY(client->ask(makeQuery("example.com")));
        m_server->hang(drops ? DotServer::NewConnections::Drop : DotServer::NewConnections::Queue);
        QVERIFY(client->send(makeQuery("example.com")));
        QVERIFY(!client->receive(60ms));
        QVERIFY(client->state() == State::TimedOut);
        StreamClient plain(m_server->port(), "127.0.0.1", 100ms);
        QVERIFY(plain.state() == (drops ? State::TimedOut : State::Open));
        m_server->wake();
        const auto late = client->receive();
        QVERIFY(late && late->message);
        QVERIFY(connect()->ask(makeQuery("example.com")));
        QVERIFY(m_server->observations().connections.size() <= (drops ? 2U : 3U));
    }

    void listeningPauses() {
        auto client = connect();
        QVERIFY(client->ask(makeQuery("example.com")));
        m_server->stopListening();
        QVERIFY(connect()->state() == State::Failed);
        QVERIFY(client->ask(makeQuery("example.com")));
        QVERIFY(m_server->listenAgain());
        QVERIFY(connect()->ask(makeQuery("example.com")));
    }

    void silentPortsAnswerNothing() {
        const SilentPort port("127.0.0.1");
        QVERIFY(port.isSilent());
        StreamClient client(port.port(), "127.0.0.1", 100ms);
        QVERIFY(client.state() == State::TimedOut);
    }

    void halfClosedConnectionsStayUnanswered() {
        setBehaviour([](Behaviour& b) {
            b.drop = true;
            b.ending = Behaviour::Ending::HalfClose;
        });
        auto client = connect();
        QVERIFY(!client->ask(makeQuery("example.com")));
        QVERIFY(client->state() == State::ClosedWithoutNotify);
        QCOMPARE(m_server->observations().openConnections(), std::size_t{1});
        client.reset();
        QVERIFY(
            m_server->waitFor([](const Observations& now) { return now.openConnections() == 0; }));
    }

    void idleConnectionsEnd_data() {
        QTest::addColumn<int>("ending");
        QTest::addColumn<int>("state");
        using Ending = Behaviour::Ending;
        QTest::newRow("close") << int(Ending::Close) << int(State::Closed);
        QTest::newRow("FIN") << int(Ending::CloseWithoutNotify) << int(State::ClosedWithoutNotify);
        QTest::newRow("half close") << int(Ending::HalfClose) << int(State::ClosedWithoutNotify);
        QTest::newRow("RST") << int(Ending::Reset) << int(State::Reset);
    }
    void idleConnectionsEnd() {
        QFETCH(int, ending);
        QFETCH(int, state);
        ServerScript script;
        script.idleClose = 30ms;
        script.idleEnding = static_cast<Behaviour::Ending>(ending);
        m_server->setScript(script);
        auto client = connect();
        QVERIFY(client->ask(makeQuery("example.com")));
        QVERIFY(client->waitForEnd());
        QCOMPARE(int(client->state()), state);
    }

    void onlySomeAreInFlight() {
        ServerScript script;
        script.maxInFlight = 2;
        script.behaviour.delay = 20ms;
        m_server->setScript(script);
        auto client = connect();
        for (int i = 0; i < 6; ++i)
            QVERIFY(client->send(makeQuery("example.com")));
        for (int i = 0; i < 6; ++i)
            QVERIFY(client->receive());
        QTRY_COMPARE(m_server->observations().connections.at(0).answers, std::size_t{6});
    }

    void everySoManiethIsSpoilt() {
        setBehaviour([](Behaviour& b) {
            b.rcode = rcode::kServFail;
            b.every = 3;
        });
        auto client = connect();
        for (int i = 1; i <= 9; ++i) {
            const auto reply = client->ask(makeQuery("example.com"));
            QVERIFY(reply && reply->message);
            QCOMPARE(reply->message->rcode, i % 3 == 0 ? rcode::kServFail : rcode::kNoError);
        }
    }

    void recordsAreCounted() {
        auto client = connect();
        const Bytes one = makeQuery("example.com").toWire();
        Bytes two;
        for (int i = 0; i < 2; ++i) {
            two.insert(two.end(), {0, static_cast<std::uint8_t>(one.size())});
            two.insert(two.end(), one.begin(), one.end());
        }
        QVERIFY(client->sendRaw(two));
        QVERIFY(client->receive() && client->receive());
        QVERIFY(client->ask(makeQuery("example.com")));
        const Observations seen = m_server->observations();
        QCOMPARE(seen.connections.at(0).records, std::size_t{2});
        QCOMPARE(seen.queries.at(0).record, std::size_t{1});
        QCOMPARE(seen.queries.at(1).record, std::size_t{1});
        QCOMPARE(seen.queries.at(2).record, std::size_t{2});
        QCOMPARE(seen.queries.at(0).client, std::string("127.0.0.1"));
    }

    void optionsAreSeenAndGiven() {
        setBehaviour([](Behaviour& b) {
            b.keepalive = 12'300ms;
            b.subnetScope = 20;
        });
        auto client = connect();
        const Bytes subnet{0, 1, 24, 0, 192, 0, 2};
        const auto reply = client->ask(makeQuery("example.com", rr::kA,
                                                 withOptions({{edns::kClientSubnet, subnet},
                                                              {edns::kKeepalive, {}},
                                                              {edns::kPadding, Bytes(11, 0)}})));
        QVERIFY(reply && reply->message && reply->message->edns);
        QCOMPARE(reply->raw.size() % 468, std::size_t{0});
        QCOMPARE(reply->message->edns->find(edns::kKeepalive)->data, (Bytes{0, 123}));
        QVERIFY(subnetIn(*reply->message) == (SubnetOption{1, 24, 20, {192, 0, 2}}));
        const SeenQuery seen = m_server->observations().queries.at(0);
        QVERIFY(seen.asksForKeepalive());
        QCOMPARE(seen.paddingLength().value_or(0), std::size_t{11});
        QVERIFY(seen.clientSubnet() == (SubnetOption{1, 24, 0, {192, 0, 2}}));

        const auto bare = client->ask(makeQuery("example.com"));
        QVERIFY(bare && bare->message && !bare->message->edns);
        QVERIFY(!m_server->observations().queries.at(1).paddingLength());
    }

    void paddingIsLeftOut() {
        setBehaviour([](Behaviour& b) { b.paddingBlock = 0; });
        const auto reply = connect()->ask(
            makeQuery("example.com", rr::kA, withOptions({{edns::kPadding, Bytes(11, 0)}})));
        QVERIFY(reply && reply->message && !reply->message->edns->find(edns::kPadding));
    }

    void peersEndsAreTold_data() {
        QTest::addColumn<bool>("half");
        QTest::newRow("close") << false;
        QTest::newRow("FIN") << true;
    }
    void peersEndsAreTold() {
        QFETCH(bool, half);
        auto client = connect();
        QVERIFY(client->ask(makeQuery("example.com")));
        if (half)
            client->halfClose();
        else
            client.reset();
        QVERIFY(m_server->waitFor([](const Observations& now) {
            return now.connections.at(0).peerEnd == PeerEnd::Fin && !now.connections[0].open;
        }));
    }

    void dataComesWithTheSyn() {
        if (!systemHasFastOpen())
            QSKIP("net.ipv4.tcp_fastopen does not let servers of this machine use it");
        DotServer::Options options;
        options.fastOpen = true;
        LeafOptions leaf;
        DotServer server(m_ca.issue(leaf), zones(), options);
        QVERIFY(server.start());
        for (std::size_t i = 0; i < 2; ++i) { // the first one fetches the cookie
            asio::io_context io;
            asio::ip::tcp::socket socket(io, asio::ip::tcp::v4());
            const int yes = 1;
            QCOMPARE(::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &yes,
                                  sizeof yes),
                     0);
            socket.connect({asio::ip::address_v4::loopback(), server.port()});
            socket.write_some(asio::buffer("hello", 5));
            QVERIFY(server.waitFor(
                [i](const Observations& now) { return now.connections.size() == i + 1; }));
        }
        QVERIFY(!server.observations().connections.at(0).synData);
        QVERIFY(server.observations().connections.at(1).synData);
    }

    void plainServersAnswer_data() {
        QTest::addColumn<bool>("tcp");
        QTest::newRow("UDP") << false;
        QTest::newRow("TCP") << true;
    }
    void plainServersAnswer() {
        QFETCH(bool, tcp);
        const Message query = makeQuery("example.com");
        const auto reply =
            tcp ? StreamClient(m_plain->port()).ask(query) : UdpClient(m_plain->port()).ask(query);
        QVERIFY(reply && reply->message && reply->message->answer(rr::kA));
        const SeenQuery seen = m_plain->observations().queries.at(0);
        QVERIFY(seen.transport == (tcp ? SeenTransport::Tcp : SeenTransport::Udp));
        QCOMPARE(seen.client, std::string("127.0.0.1"));
        QCOMPARE(seen.raw, query.toWire());
    }

    void plainServersMisbehave_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("arrives");
        QTest::newRow("drop") << 0 << false;
        QTest::newRow("wrong source") << 1 << false; // the client's socket is connected
        QTest::newRow("delay") << 2 << true;
        QTest::newRow("wrong ID") << 3 << true;
        QTest::newRow("TC over UDP") << 4 << true;
        QTest::newRow("too large") << 5 << true;
    }
    void plainServersMisbehave() {
        QFETCH(int, kind);
        QFETCH(bool, arrives);
        ServerScript script;
        script.behaviour.drop = kind == 0;
        script.behaviour.wrongSource = kind == 1;
        script.behaviour.delay = kind == 2 ? 30ms : 0ms;
        script.behaviour.wrongId = kind == 3;
        script.behaviour.truncatedUdp = kind == 4;
        script.behaviour.size = kind == 5 ? 513 : 0;
        m_plain->setScript(script);
        const Message query = makeQuery("example.com");
        const auto reply = UdpClient(m_plain->port()).ask(query, arrives ? kReplyTimeout : 60ms);
        QCOMPARE(reply.has_value(), arrives);
        if (!reply)
            return;
        QVERIFY(reply->message);
        QCOMPARE(reply->message->id == query.id, kind != 3);
        QCOMPARE(reply->message->truncated, kind >= 4);
        const auto whole = StreamClient(m_plain->port()).ask(query);
        QVERIFY(whole && whole->message && !whole->message->truncated);
        QCOMPARE(whole->raw.size() == 513, kind == 5);
    }

private:
    static constexpr char kName[] = "dot.sotto.test";

    std::unique_ptr<StreamClient> connect() const {
        return std::make_unique<StreamClient>(m_server->port(),
                                              StreamClient::Tls{m_ca.certificatePem(), kName});
    }
    void setBehaviour(const std::function<void(Behaviour&)>& change) {
        ServerScript script;
        change(script.behaviour);
        m_server->setScript(script);
    }

    ThrowawayCa m_ca;
    std::unique_ptr<DotServer> m_server;
    std::unique_ptr<PlainServer> m_plain;
};

QTEST_GUILESS_MAIN(TestServerFaults)
#include "test_server_faults.moc"
