// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/dns_client.h"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ip/udp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

#include <QTest>

#include <thread>

using namespace sotto::test;
using namespace std::chrono_literals;

namespace {

const asio::ip::address kLoopback = asio::ip::address_v4::loopback();

} // namespace

/// The clients against peers written out here, octet by octet.
class TestDnsClient : public QObject {
    Q_OBJECT

private slots:
    void udpAsksAndHears() {
        asio::io_context io;
        asio::ip::udp::socket peer(io, {kLoopback, 0});
        UdpClient client(peer.local_endpoint().port());
        const Message query = makeQuery("a.test", rr::kA);
        QVERIFY(client.send(query));
        Bytes got(512);
        asio::ip::udp::endpoint from;
        got.resize(peer.receive_from(asio::buffer(got), from));
        QCOMPARE(got, query.toWire());

        Message answer = query;
        answer.response = true;
        peer.send_to(asio::buffer(answer.toWire()), from);
        const auto reply = client.receive();
        QVERIFY(reply && reply->message && *reply->message == answer);

        peer.send_to(asio::buffer(Bytes{1, 2, 3}), from);
        const auto broken = client.receive();
        QVERIFY(broken && !broken->message && !broken->parseError.empty());
    }

    void udpWaitEnds() {
        asio::io_context io;
        asio::ip::udp::socket peer(io, {kLoopback, 0});
        UdpClient client(peer.local_endpoint().port());
        QVERIFY(!client.ask(makeQuery("a.test"), 30ms));
    }

    void tcpFramesAndHears_data() {
        QTest::addColumn<bool>("bytewise");
        QTest::newRow("at once") << false;
        QTest::newRow("octet by octet") << true;
    }
    void tcpFramesAndHears() {
        QFETCH(bool, bytewise);
        asio::io_context io;
        asio::ip::tcp::acceptor acceptor(io, {kLoopback, 0});
        StreamClient client(acceptor.local_endpoint().port());
        QVERIFY(client.state() == StreamClient::State::Open);
        auto peer = acceptor.accept();
        const Message query = makeQuery("a.test", rr::kA);
        const Bytes wire = query.toWire();
        QVERIFY(bytewise ? client.sendBytewise(wire) : client.send(wire));
        Bytes frame(wire.size() + 2);
        asio::read(peer, asio::buffer(frame));
        QCOMPARE(std::size_t(frame[0]) << 8 | frame[1], wire.size());
        QCOMPARE(Bytes(frame.begin() + 2, frame.end()), wire);

        // Two messages in one segment, the second cut short until later.
        Bytes twice = frame;
        twice.insert(twice.end(), frame.begin(), frame.end() - 1);
        asio::write(peer, asio::buffer(twice));
        QVERIFY(client.receive());
        QVERIFY(!client.receive(30ms));
        QVERIFY(client.state() == StreamClient::State::TimedOut);
        asio::write(peer, asio::buffer(&frame.back(), 1));
        const auto second = client.receive();
        QVERIFY(second && second->raw == wire);

        client.halfClose();
        asio::error_code error;
        peer.read_some(asio::buffer(frame), error);
        QVERIFY(error == asio::error::eof);
        asio::write(peer, asio::buffer(twice));
        QVERIFY(client.receive());
    }

    void endsAreToldApart() {
        asio::io_context io;
        asio::ip::tcp::acceptor acceptor(io, {kLoopback, 0});
        const auto port = acceptor.local_endpoint().port();
        StreamClient closed(port);
        acceptor.accept().close();
        QVERIFY(closed.waitForEnd());
        QVERIFY(closed.state() == StreamClient::State::Closed);

        StreamClient reset(port);
        auto peer = acceptor.accept();
        peer.set_option(asio::socket_base::linger(true, 0));
        peer.close();
        QVERIFY(reset.waitForEnd());
        QVERIFY(reset.state() == StreamClient::State::Reset);

        StreamClient open(port);
        auto stays = acceptor.accept();
        QVERIFY(!open.waitForEnd(30ms));

        acceptor.close();
        StreamClient refused(port);
        QVERIFY(refused.state() == StreamClient::State::Failed);
        QVERIFY(!refused.errorText().empty());
    }
};

QTEST_GUILESS_MAIN(TestDnsClient)
#include "test_dns_client.moc"
