// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QDir>
#include <QTest>

#include <atomic>
#include <fstream>
#include <thread>

using namespace sotto::test;
using namespace std::chrono_literals;
using sotto::engine::EngineConfig;

namespace {

int openDescriptors() {
    return int(QDir("/proc/self/fd").entryList(QDir::Files | QDir::System).size());
}

} // namespace

/// Several threads that answer UDP on one port.
class TestEngineWorkers : public QObject {
    Q_OBJECT

private slots:
    void init() { m_test = std::make_unique<EngineUnderTest>(); }
    void cleanup() { m_test.reset(); }

    void onlySoMany_data() {
        QTest::addColumn<int>("workers");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("none") << 0 << false;
        QTest::newRow("one") << 1 << true;
        QTest::newRow("the most") << int(EngineConfig::kMaxWorkers) << true;
        QTest::newRow("one too many") << int(EngineConfig::kMaxWorkers) + 1 << false;
    }
    void onlySoMany() {
        QFETCH(int, workers);
        QFETCH(bool, accepted);
        m_test->config.workers = static_cast<unsigned>(workers);
        const auto started = sotto::engine::Engine::start(m_test->config, {});
        QCOMPARE(started.ok(), accepted);
        m_test->config.workers = 1;
        QVERIFY(m_test->start());
        auto wanted = m_test->config;
        wanted.workers = static_cast<unsigned>(workers);
        const auto changed = m_test->engine().reconfigure(wanted);
        QCOMPARE(changed.ok(), accepted);
        if (!accepted) {
            QVERIFY(started.error().code == sotto::engine::ErrorCode::InvalidArgument);
            QVERIFY(changed.error().code == sotto::engine::ErrorCode::InvalidArgument);
            QVERIFY(m_test->engine().config() == m_test->config);
        }
        QVERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80"));
    }

    void manyClientsShareThem() {
        constexpr int kClients = 200;
        m_test->config.workers = 4;
        QVERIFY(m_test->start());
        std::vector<std::unique_ptr<UdpClient>> clients;
        for (int i = 0; i < kClients; ++i)
            clients.push_back(std::make_unique<UdpClient>(m_test->port()));
        for (int round = 0; round < 3; ++round) { // misses, then hits
            for (int i = 0; i < kClients; ++i)
                QVERIFY(clients[std::size_t(i)]->send(makeQuery(numberedName(i))));
            for (int i = 0; i < kClients; ++i) {
                const auto reply = clients[std::size_t(i)]->receive();
                QVERIFY2(reply && reply->message, qPrintable(QString::number(i)));
                QVERIFY(reply->message->answer(rr::kA));
                QCOMPARE(*reply->message->answer(rr::kA), numberedAddress(i));
            }
        }
        QCOMPARE(m_test->allQueries(), std::size_t{kClients});
        const auto statistics = m_test->engine().statistics();
        QCOMPARE(statistics.queriesUdp, std::uint64_t{3 * kClients});
        QCOMPARE(statistics.cacheHits, std::uint64_t{2 * kClients});
        QCOMPARE(statistics.cacheMisses, std::uint64_t{kClients});
        std::vector<sotto::engine::QueryRecord> records;
        QTRY_VERIFY((m_test->engine().readRecords(records), records.size() >= 3 * kClients));
        QCOMPARE(records.size(), std::size_t{3 * kClients});
    }

    void identicalQuestionsOfAllWorkersShareOneUpstreamQuery() {
        constexpr int kClients = 100;
        m_test->config.workers = 4;
        m_test->setBehaviour([](Behaviour& b) { b.delay = 300ms; });
        QVERIFY(m_test->start());
        std::vector<std::unique_ptr<UdpClient>> clients;
        for (int i = 0; i < kClients; ++i) {
            clients.push_back(std::make_unique<UdpClient>(m_test->port()));
            QVERIFY(clients.back()->send(makeQuery("www.example.com")));
        }
        for (auto& client : clients) {
            const auto reply = client->receive();
            QVERIFY(reply && hasAddress(reply->message, "192.0.2.80"));
        }
        QCOMPARE(m_test->allQueries(), std::size_t{1});
    }

    void changedUnderLoad() {
        constexpr int kClients = 16;
        m_test->config.workers = 1;
        QVERIFY(m_test->start());
        for (int i = 0; i < 8; ++i)
            QVERIFY(m_test->ask(numberedName(i)));
        const std::uint16_t port = m_test->port();
        std::atomic<bool> stop{false};
        std::atomic<int> phase{0};
        std::array<std::atomic<int>, 3> answered{};
        std::array<std::atomic<int>, 3> lost{};
        std::atomic<int> wrong{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < kClients; ++i)
            threads.emplace_back([&, i] {
                UdpClient client(port);
                while (!stop) {
                    // A question belongs to the phase in which it was asked.
                    const auto at = static_cast<std::size_t>(phase.load());
                    const auto reply = client.ask(makeQuery(numberedName(i % 8)), 3s);
                    if (!reply)
                        ++lost[at];
                    else if (!reply->message || !reply->message->answer(rr::kA) ||
                             *reply->message->answer(rr::kA) != numberedAddress(i % 8))
                        ++wrong;
                    else
                        ++answered[at];
                }
            });
        const auto finish = [&] {
            stop = true;
            for (std::thread& thread : threads)
                thread.join();
            threads.clear();
        };
        const auto works = [&](std::size_t at) {
            const int wanted = answered[at] + 300;
            [&] { QTRY_VERIFY_WITH_TIMEOUT(answered[at] >= wanted, 20'000); }();
            return answered[at] >= wanted;
        };
        bool fine = works(0);
        m_test->config.workers = 4;
        fine = fine && m_test->reconfigure() && works(0);
        phase = 1;
        fine = fine && works(1);
        m_test->config.workers = 2;
        fine = fine && m_test->reconfigure() && works(1);
        phase = 2;
        fine = fine && works(2);
        finish();
        QVERIFY(fine);
        QCOMPARE(wrong.load(), 0);
        for (const auto& each : lost) // the sockets stay, and go from hand to hand
            QCOMPARE(each.load(), 0);
        QCOMPARE(m_test->port(), port);
        // What those counted who have no work any more still counts.
        const auto statistics = m_test->engine().statistics();
        const int all = answered[0] + answered[1] + answered[2] + 8;
        QCOMPARE(statistics.queriesUdp, std::uint64_t(all));
        QCOMPARE(m_test->allQueries(), std::size_t{8});
    }

    void descriptorsComeAndGo() {
        QVERIFY(m_test->start());
        QVERIFY(m_test->ask("www.example.com"));
        const auto change = [&](unsigned workers) {
            m_test->config.workers = workers;
            return m_test->reconfigure() && m_test->ask("www.example.com");
        };
        QVERIFY(change(8) && change(1)); // threads stay, with what they need
        const int before = openDescriptors();
        for (int i = 0; i < 20; ++i)
            QVERIFY(change(8) && change(1));
        QTRY_VERIFY2(openDescriptors() <= before + 2,
                     qPrintable(QString("%1 before, %2 after").arg(before).arg(openDescriptors())));
    }

    void aTakenPortIsStillAnError_data() {
        QTest::addColumn<int>("ours");
        QTest::addColumn<int>("theirs");
        QTest::newRow("1 and 1") << 1 << 1;
        QTest::newRow("4 and 4") << 4 << 4;
        QTest::newRow("1 and 4") << 1 << 4;
    }
    void aTakenPortIsStillAnError() {
        QFETCH(int, ours);
        QFETCH(int, theirs);
        EngineUnderTest other;
        other.config.workers = static_cast<unsigned>(theirs);
        QVERIFY(other.start());
        m_test->config.workers = static_cast<unsigned>(ours);
        m_test->config.listen = {other.engine().listening()[0]};
        const auto refused = sotto::engine::Engine::start(m_test->config, {});
        QVERIFY(!refused);
        QVERIFY(refused.error().code == sotto::engine::ErrorCode::AddressInUse);
        for (int i = 0; i < 50; ++i) // nobody takes away what is theirs
            QVERIFY(other.ask("www.example.com"));
        QCOMPARE(m_test->allQueries(), std::size_t{0});
        other.destroyEngine();
        QVERIFY(m_test->start());
        QVERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80"));
    }

    void newAddressesHaveAllWorkers() {
        m_test->config.workers = 3;
        QVERIFY(m_test->start());
        sotto::engine::Endpoint second;
        second.address = *sotto::engine::IpAddress::parse("127.0.0.2");
        m_test->config.listen.push_back(second);
        QVERIFY(m_test->reconfigure());
        const std::uint16_t port = m_test->engine().listening().at(1).port;
        QCOMPARE(socketsAt(port), 3);
        QCOMPARE(socketsAt(m_test->port()), 3);
        for (int i = 0; i < 30; ++i) {
            const auto reply = UdpClient(port, "127.0.0.2").ask(makeQuery("www.example.com"));
            QVERIFY(reply && hasAddress(reply->message, "192.0.2.80"));
        }
        m_test->config.workers = 2;
        m_test->config.listen.pop_back();
        QVERIFY(m_test->reconfigure());
        QTRY_COMPARE(socketsAt(port), 0);
        QCOMPARE(socketsAt(m_test->port()), 3); // given up only with the address
    }

    void fewerWorkersServeAllSocketsWhileQuestionsWait() {
        m_test->config.workers = 4;
        QVERIFY(m_test->start());
        QVERIFY(m_test->ask("www.example.com"));
        m_test->setBehaviour([](Behaviour& b) { b.drop = true; });
        std::vector<std::unique_ptr<UdpClient>> waiting; // each socket has a question that waits
        for (int i = 0; i < 32; ++i) {
            waiting.push_back(std::make_unique<UdpClient>(m_test->port()));
            QVERIFY(waiting.back()->send(makeQuery(numberedName(i))));
        }
        QTRY_COMPARE(m_test->engine().statistics().queriesUdp, std::uint64_t{33});
        m_test->config.workers = 1;
        QVERIFY(m_test->reconfigure());
        for (int i = 0; i < 100; ++i) // of another port each
            QVERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80"));
    }

    void stoppedWithManyInFlight() {
        m_test->config.workers = 4;
        m_test->setBehaviour([](Behaviour& b) { b.drop = true; });
        QVERIFY(m_test->start());
        constexpr int kClients = 60;
        std::vector<std::unique_ptr<UdpClient>> clients;
        for (int i = 0; i < kClients; ++i) {
            clients.push_back(std::make_unique<UdpClient>(m_test->port()));
            QVERIFY(clients.back()->send(makeQuery(numberedName(i))));
        }
        QVERIFY(m_test->server().waitFor(
            [](const Observations& seen) { return seen.queries.size() == kClients; }));
        m_test->engine().stop();
        for (auto& client : clients) {
            const auto reply = client->receive();
            QVERIFY(reply && reply->message && reply->message->rcode == rcode::kServFail);
        }
    }

private:
    /// UDP sockets that are bound to the port, as the system lists them.
    static int socketsAt(std::uint16_t port) {
        std::ifstream table("/proc/net/udp");
        const QString wanted = QString(":%1").arg(port, 4, 16, QLatin1Char('0')).toUpper();
        int count = 0;
        for (std::string line; std::getline(table, line);) {
            const QStringList words = QString::fromStdString(line).split(' ', Qt::SkipEmptyParts);
            count += words.size() > 1 && words[1].endsWith(wanted) ? 1 : 0;
        }
        return count;
    }

    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineWorkers)
#include "test_engine_workers.moc"
