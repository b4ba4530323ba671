// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_peer.h"
#include "service_process.h"

#include "support/dns_client.h"

#include <QFile>
#include <QJsonArray>
#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
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

/// A process of another user that floods a socket until it is ended. It is forked, and calls
/// nothing that another thread of the test might hold a lock of.
class Flood {
public:
    Flood(const QString& path, uid_t user) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, qPrintable(path), sizeof address.sun_path - 1);
        std::string lines = R"({"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1}})"
                            "\n";
        for (int i = 0; i < 2000; ++i)
            lines += R"({"jsonrpc":"2.0","id":2,"method":"status"})"
                     "\n";
        const std::string endless(1 << 20, '[');
        if (::pipe2(m_alive, O_CLOEXEC | O_NONBLOCK) != 0)
            qFatal("no pipe");
        m_process = ::fork();
        if (m_process != 0)
            return;
        if (::setresuid(user, user, user) != 0)
            ::_exit(1);
        constexpr std::size_t kConnections = 16;
        int connections[kConnections];
        std::fill_n(connections, kConnections, -1);
        for (std::size_t i = 0;; i = (i + 1) % kConnections) {
            int& connection = connections[i];
            if (connection < 0) {
                connection = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
                (void)!::connect(connection, reinterpret_cast<const sockaddr*>(&address),
                                 sizeof address);
            }
            const std::string& text = i % 2 == 0 ? lines : endless;
            if (::send(connection, text.data(), text.size(), MSG_NOSIGNAL) < 0 && errno != EAGAIN) {
                ::close(connection);
                connection = -1;
            }
            if (i == 0) {
                (void)!::write(m_alive[1], "x", 1);
                ::poll(nullptr, 0, 1); // the others are to have a processor, too
            }
        }
    }
    ~Flood() {
        ::kill(m_process, SIGKILL);
        ::waitpid(m_process, nullptr, 0);
        ::close(m_alive[0]);
        ::close(m_alive[1]);
    }

    /// Whether it goes on sending.
    bool isFlooding() const {
        std::array<char, 4096> seen;
        while (::read(m_alive[0], seen.data(), seen.size()) > 0) {
        }
        pollfd more{m_alive[0], POLLIN, 0};
        return ::poll(&more, 1, 5000) == 1;
    }

private:
    int m_alive[2]{-1, -1};
    pid_t m_process = -1;
};

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
            floods.push_back(std::make_unique<Flood>(service.socketPath(), user));
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
