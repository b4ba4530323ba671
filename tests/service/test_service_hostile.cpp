// SPDX-License-Identifier: GPL-3.0-or-later
#include "flood.h"
#include "json_peer.h"
#include "service_process.h"
#include "stranger.h"

#include "support/dns_client.h"

#include <QFile>
#include <QJsonArray>
#include <QRandomGenerator>
#include <QTest>

#include <memory>
#include <vector>

#include <unistd.h>

namespace sotto::test {

namespace {

constexpr int kFrames = 10000;
constexpr int kFramesOfAPeer = 350; // under the burst that is allowed
constexpr int kIdlePeers = 63;
constexpr qint64 kGrowthKiB = 64 * 1024;
constexpr qint64 kFloodKiB = 128 * 1024; // of 48 connections, a MiB unread each and what is read
constexpr int kRequestsUnderFlood = 200;

const QByteArrayList kSeeds{
    R"({"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1,"client":"x"}})",
    R"({"jsonrpc":"2.0","id":"a","method":"status"})",
    R"({"jsonrpc":"2.0","id":3,"method":"settings.get","params":{}})",
    R"({"jsonrpc":"2.0","id":4,"method":"settings.set","params":{"values":{"policy":"random"}}})",
    R"({"jsonrpc":"2.0","id":5,"method":"settings.set","params":{"values":{"cache.size":"2MiB"}}})",
    R"({"jsonrpc":"2.0","id":6,"method":"providers.use","params":{"ids":["quad9"]}})",
    R"({"jsonrpc":"2.0","id":7,"method":"log.subscribe","params":{"backlog":2147483647}})",
    R"({"jsonrpc":"2.0","id":8,"method":"log.unsubscribe"})",
    R"({"jsonrpc":"2.0","id":9,"method":"cache.flush","params":{"name":"a.example"}})",
    R"({"jsonrpc":"2.0","id":10,"method":"statistics"})",
    R"({"jsonrpc":"2.0","id":11,"method":"query","params":{"name":"a.example","type":"AAAA"}})",
};

const QByteArrayList kFlood(2000, Stranger::line(2, "status"));

QByteArray randomFrame(QRandomGenerator& random) {
    QByteArray frame = kSeeds[random.bounded(static_cast<int>(kSeeds.size()))];
    for (int changes = random.bounded(6); changes > 0; --changes) {
        const int at = random.bounded(static_cast<int>(frame.size()) + 1);
        const auto octet = static_cast<char>(random.bounded(256));
        switch (random.bounded(4)) {
        case 0:
            frame.insert(at, octet);
            break;
        case 1:
            frame.remove(at, random.bounded(20));
            break;
        case 2:
            frame.insert(at, QByteArray(random.bounded(200), random.bounded(2) ? '[' : octet));
            break;
        default:
            if (at < frame.size())
                frame[at] = octet;
        }
    }
    return frame.replace('\n', ' ');
}

} // namespace

/// Peers that send nonsense, and peers that only sit there.
class TestServiceHostile : public QObject {
    Q_OBJECT

private slots:
    void nonsenseDoesNoHarm() {
        ServiceProcess service;
        QVERIFY2(service.start(), service.errors().constData());
        std::vector<std::unique_ptr<JsonPeer>> idle;
        JsonPeer first(service.socketPath());
        QVERIFY(first.hello());
        QVERIFY(first.request("forwarding.set", {{"enabled", false}}).contains("result"));
        const qint64 before = residentKiB(service.processId());
        // A user other than root gets fewer; the last place is for the one that talks.
        while (static_cast<int>(idle.size()) < kIdlePeers - 1) {
            idle.push_back(std::make_unique<JsonPeer>(service.socketPath()));
            if (!idle.back()->hello())
                break;
        }
        if (static_cast<int>(idle.size()) < kIdlePeers - 1)
            idle.resize(idle.size() / 2);

        QRandomGenerator random(8310);
        for (int sent = 0; sent < kFrames; sent += kFramesOfAPeer) {
            auto peer = std::make_unique<JsonPeer>(service.socketPath());
            QTRY_VERIFY(peer->hello() ||
                        (peer = std::make_unique<JsonPeer>(service.socketPath()), false));
            for (int i = 0; i < kFramesOfAPeer; ++i)
                peer->send(randomFrame(random));
            QVERIFY2(!peer->request("status").isEmpty(), service.errors().constData());
        }
        QVERIFY(service.isRunning());
        QVERIFY(first.request("status").contains("result"));
        const qint64 grown = residentKiB(service.processId()) - before;
        if (before > 0 && !isSanitized())
            QVERIFY2(grown < kGrowthKiB, qPrintable(QString::number(grown)));
        idle.clear();
        QCOMPARE(service.stop(), 0);
    }

    /// Strangers who send as much as they can, over as many connections as they get, read nothing,
    /// and come back when they are cut.
    void floodsOfStrangersHoldNobodyUp() {
        if (::geteuid() != 0)
            QSKIP("needs root to become somebody else");
        ServiceProcess service;
        QVERIFY(QFile::setPermissions(service.path(""), QFile::ReadOwner | QFile::WriteOwner |
                                                            QFile::ExeOwner | QFile::ExeOther));
        QVERIFY2(service.start(), service.errors().constData());
        JsonPeer root(service.socketPath());
        QVERIFY(root.hello());
        const QString listen =
            JsonPeer::result(root.request("status")).value("listen").toArray().at(0).toString();
        const qint64 before = residentKiB(service.processId());

        std::vector<std::unique_ptr<Flood>> floods;
        for (const uid_t user : {65534U, 65533U, 65532U})
            floods.push_back(std::make_unique<Flood>(service.socketPath(), user, kFlood));
        for (const auto& flood : floods)
            QVERIFY(flood->isFlooding());
        for (int i = 0; i < kRequestsUnderFlood; ++i) {
            QVERIFY2(root.request("status").contains("result"), service.errors().constData());
            UdpClient client(static_cast<std::uint16_t>(listen.section(':', 1).toInt()));
            QVERIFY(client.ask(makeQuery("localhost")));
            JsonPeer other(service.socketPath());
            QVERIFY(other.hello());
        }
        const qint64 grown = residentKiB(service.processId()) - before;
        for (const auto& flood : floods)
            QVERIFY(flood->isFlooding()); // to the end
        floods.clear();
        if (before > 0 && !isSanitized())
            QVERIFY2(grown < kFloodKiB, qPrintable(QString::number(grown)));
        QVERIFY(root.request("status").contains("result"));
        QCOMPARE(service.stop(), 0);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServiceHostile)
#include "test_service_hostile.moc"
