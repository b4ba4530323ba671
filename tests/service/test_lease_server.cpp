// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/server/lease_server.h"
#include "lease/server/packet_socket.h"
#include "lease/server/request_reader.h"

#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <vector>

#include <unistd.h>

namespace sotto::test {

using lease::LeaseServer;
using lease::Received;
using lease::Report;
using lease::Request;

namespace {

/// One end of a connection to the server.
class PacketPeer {
public:
    explicit PacketPeer(const QString& path) {
        QString why;
        m_descriptor = lease::connectTo(path, why).value_or(-1);
    }
    ~PacketPeer() { lease::closeSocket(m_descriptor); }
    PacketPeer(const PacketPeer&) = delete;
    PacketPeer& operator=(const PacketPeer&) = delete;

    bool send(const QByteArray& packet) { return lease::sendPacket(m_descriptor, packet); }
    /// What there is; Gone is kept.
    Received receive(QByteArray& packet) {
        return lease::receivePacket(m_descriptor, packet, lease::kMaxPacket);
    }
    bool isGone() {
        QByteArray packet;
        Received received = Received::Packet;
        while (received == Received::Packet)
            received = receive(packet);
        return received == Received::Gone;
    }
    bool takeReport() {
        QByteArray packet;
        return receive(packet) == Received::Packet && packet.contains("\"state\"");
    }
    bool awaitReport() {
        return QTest::qWaitFor([this] { return takeReport(); });
    }
    bool awaitEnd() {
        return QTest::qWaitFor([this] { return isGone(); });
    }

private:
    int m_descriptor = -1;
};

struct Served {
    QTemporaryDir dir;
    QString path = dir.filePath(QStringLiteral("s"));
    int requests = 0;
    std::optional<quint32> user; ///< of the last one
    LeaseServer server;

    /// This process's user stands for the service's; a plain user is not root.
    Served()
        : server(static_cast<quint32>(::geteuid()), [this](LeaseServer::Peer peer, const Request&) {
            ++requests;
            user = server.userOf(peer);
            return Report();
        }) {
        const auto listening = lease::listenAt(path, std::nullopt);
        if (listening.descriptor < 0)
            qFatal("%s", qPrintable(listening.fault));
        server.serve(listening.descriptor);
    }
};

const QByteArray kDescribe = R"({"version":1,"verb":"describe"})";

} // namespace

/// The keeper's socket among peers that mean it no good.
class TestLeaseServer : public QObject {
    Q_OBJECT

private slots:
    void answersAndTells() {
        Served served;
        PacketPeer asks(served.path);
        PacketPeer silent(served.path);
        QVERIFY(asks.send(kDescribe));
        QVERIFY(asks.awaitReport());
        QTRY_COMPARE(served.server.peerCount(), 2);
        served.server.tell(Report());
        QVERIFY(asks.takeReport());
        QVERIFY(!silent.takeReport()); // it has not asked
        QCOMPARE(served.requests, 1);
        QCOMPARE(served.user, std::optional(static_cast<quint32>(::geteuid())));
    }

    void nobodyElseIsServed() {
        QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("s"));
        // Served are root and a user who is not this one: for root there is nobody to refuse.
        if (::geteuid() == 0)
            QSKIP("root is always served; the system tests connect as another user");
        LeaseServer server(std::nullopt,
                           [](LeaseServer::Peer, const Request&) { return Report(); });
        server.serve(lease::listenAt(path, std::nullopt).descriptor);
        PacketPeer peer(path);
        (void)peer.send(kDescribe);
        QVERIFY(peer.awaitEnd());
        QCOMPARE(server.peerCount(), 0);
    }

    void oneSocketAPath() {
        Served served;
        QVERIFY(
            lease::listenAt(served.path, std::nullopt).fault.contains(QLatin1String("another")));
        QVERIFY(lease::listenAt(served.dir.path(), std::nullopt)
                    .fault.contains(QLatin1String("another kind")));
        QVERIFY(lease::listenAt(QStringLiteral("relative"), std::nullopt).descriptor < 0);
        QVERIFY(lease::listenOn(0).descriptor < 0);
    }

    void fewPeers() {
        Served served;
        std::vector<std::unique_ptr<PacketPeer>> peers;
        for (int i = 0; i < 30; ++i)
            peers.push_back(std::make_unique<PacketPeer>(served.path));
        QTRY_VERIFY(served.server.peerCount() >= LeaseServer::kMostPeersOfService);
        QVERIFY(peers.back()->awaitEnd());
        QVERIFY(served.server.peerCount() <= LeaseServer::kMostPeers);
        peers.clear();
        QTRY_COMPARE(served.server.peerCount(), 0);
    }

    void wrongPacketsEndTheConnection_data() {
        QTest::addColumn<QByteArray>("packet");
        QTest::newRow("noise") << QByteArray(100, '\x80');
        QTest::newRow("unknown member") << QByteArray(R"({"version":1,"command":"rm"})");
        QTest::newRow("too large") << QByteArray(lease::kMaxPacket + 1, ' ');
    }
    void wrongPacketsEndTheConnection() {
        QFETCH(QByteArray, packet);
        Served served;
        QSignalSpy gone(&served.server, &LeaseServer::peerGone);
        PacketPeer peer(served.path);
        QVERIFY(peer.send(packet));
        QTRY_COMPARE(gone.size(), 1);
        QVERIFY(peer.awaitEnd());
        QCOMPARE(served.requests, 0);
    }

    void tooManyRequestsEndTheConnection() {
        Served served;
        QSignalSpy gone(&served.server, &LeaseServer::peerGone);
        PacketPeer peer(served.path);
        // It reads, but asks without a pause.
        for (int asked = 0; asked < 10'000 && gone.isEmpty(); ++asked) {
            (void)peer.send(kDescribe);
            QCoreApplication::processEvents();
            (void)peer.takeReport();
        }
        QCOMPARE(gone.size(), 1);
        QVERIFY(served.requests >= LeaseServer::kRequestsAtOnce);
    }

    void whoDoesNotReadIsCutOff() {
        Served served;
        PacketPeer deaf(served.path);
        PacketPeer other(served.path);
        QVERIFY(deaf.send(kDescribe) && other.send(kDescribe));
        QTRY_COMPARE(served.requests, 2);
        QVERIFY(other.awaitReport());
        for (int news = 0; news < 10'000 && served.server.peerCount() == 2; ++news) {
            served.server.tell(Report());
            (void)other.takeReport();
        }
        QCOMPARE(served.server.peerCount(), 1);
        QVERIFY(other.send(kDescribe));
        QVERIFY(other.awaitReport());
    }

    void tenThousandWrongPackets() {
        Served served;
        QRandomGenerator random(8310);
        for (int sent = 0; sent < 10'000; ++sent) {
            QByteArray packet = kDescribe;
            for (int changes = random.bounded(1, 5); changes > 0; --changes)
                packet[random.bounded(static_cast<int>(packet.size()))] =
                    static_cast<char>(random.bounded(256));
            PacketPeer peer(served.path);
            (void)peer.send(packet);
            QCoreApplication::processEvents();
        }
        PacketPeer last(served.path);
        QVERIFY(last.send(kDescribe));
        QVERIFY(last.awaitReport());
        QTRY_COMPARE(served.server.peerCount(), 1);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestLeaseServer)
#include "test_lease_server.moc"
