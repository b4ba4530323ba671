// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_peer.h"
#include "service_process.h"

#include <QFile>
#include <QRandomGenerator>
#include <QTest>

#include <memory>
#include <vector>

namespace sotto::test {

namespace {

constexpr int kFrames = 10000;
constexpr int kFramesOfAPeer = 350; // under the burst that is allowed
constexpr int kIdlePeers = 63;
constexpr qint64 kGrowthKiB = 64 * 1024;

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

/// Resident memory; -1 where the system does not say.
qint64 residentKiB(qint64 pid) {
    QFile file(QStringLiteral("/proc/%1/status").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith("VmRSS:"))
            return line.mid(6).simplified().split(' ').first().toLongLong();
    }
    return -1;
}

bool isSanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
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
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServiceHostile)
#include "test_service_hostile.moc"
