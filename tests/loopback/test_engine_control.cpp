// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <future>

using namespace sotto::test;
using namespace std::chrono_literals;
using sotto::engine::AnswerSource;
using sotto::engine::Endpoint;
using sotto::engine::Engine;
using sotto::engine::IpAddress;
using sotto::engine::Transport;

namespace {

constexpr std::uint16_t kProhibited = 18; // RFC 8914 §4.19

Endpoint freePortAt(const char* address) {
    Endpoint endpoint;
    endpoint.address = *IpAddress::parse(address);
    return endpoint;
}

int openDescriptors() {
    return int(QDir("/proc/self/fd").entryList(QDir::Files | QDir::System).size());
}

} // namespace

/// The engine's owner at work: switching, reconfiguring, flushing, asking, stopping.
class TestEngineControl : public QObject {
    Q_OBJECT

private slots:
    void cleanup() { m_test.reset(); }

    void disabledRefusesAndSendsNothing() {
        m_test = std::make_unique<EngineUnderTest>();
        m_test->config.forwarding = false;
        QVERIFY(m_test->start());
        const Message query = makeQuery("www.example.com", rr::kA, withEdns());
        for (const auto& reply : {m_test->ask(query), m_test->askTcp(query)}) {
            QVERIFY(reply);
            QCOMPARE(reply->rcode, rcode::kRefused);
            QVERIFY(extendedError(*reply) == kProhibited);
            QVERIFY(reply->questions == query.questions);
        }
        QCOMPARE(m_test->server().observations().connections.size(), std::size_t{0});
        QCOMPARE(m_test->engine().statistics().refused, std::uint64_t{2});

        m_test->config.forwarding = true;
        QVERIFY(m_test->reconfigure());
        QVERIFY(hasAddress(m_test->ask(query), "192.0.2.80"));
        m_test->config.forwarding = false;
        QVERIFY(m_test->reconfigure());
        const auto cached = m_test->ask(query);
        QVERIFY(cached && cached->rcode == rcode::kRefused && cached->answers.empty());
        QCOMPARE(m_test->allQueries(), std::size_t{1});
    }

    void disabledWhileConnectingItConnectsNoFurther() {
        constexpr std::size_t kServers = 6; // more than are connected to at first
        m_test = std::make_unique<EngineUnderTest>(kServers);
        for (std::size_t i = 0; i < kServers; ++i)
            m_test->setScript([](ServerScript& s) { s.atAccept = ServerScript::AtAccept::Stall; },
                              i);
        QVERIFY(m_test->start());
        m_test->config.forwarding = false;
        QVERIFY(m_test->reconfigure());
        for (const auto& status : m_test->engine().upstreams())
            QVERIFY(status.state == sotto::engine::UpstreamStatus::State::Idle);
        QCOMPARE(m_test->server(kServers - 1).observations().connections.size(), std::size_t{0});
    }

    void listenAddressesComeAndGo() {
        start();
        const std::uint16_t first = m_test->port();
        m_test->config.listen.push_back(freePortAt("127.0.0.2"));
        QVERIFY(m_test->reconfigure());
        QCOMPARE(m_test->engine().listening().size(), std::size_t{2});
        QCOMPARE(m_test->port(), first);
        const std::uint16_t second = m_test->engine().listening()[1].port;
        const Message query = makeQuery("www.example.com");
        QVERIFY(UdpClient(second, "127.0.0.2").ask(query));
        StreamClient kept(second, "127.0.0.2");
        QVERIFY(kept.ask(query));
        QVERIFY(m_test->ask(query));

        m_test->config.listen.pop_back();
        QVERIFY(m_test->reconfigure());
        QCOMPARE(m_test->engine().listening().size(), std::size_t{1});
        QTRY_VERIFY(StreamClient(second, "127.0.0.2").state() == StreamClient::State::Failed);
        // What comes while the socket is being left is answered still.
        QTRY_VERIFY(!UdpClient(second, "127.0.0.2").ask(query, 50ms));
        QVERIFY(m_test->ask(query));
        QCOMPARE(m_test->allQueries(), std::size_t{1});
    }

    void answersLeaveFromTheAskedAddress() {
        m_test = std::make_unique<EngineUnderTest>();
        m_test->config.listen = {freePortAt("0.0.0.0")};
        QVERIFY(m_test->start());
        // The client's socket is connected: an answer from elsewhere would not reach it.
        for (const char* address : {"127.0.0.1", "127.0.0.3", "127.0.0.1"}) {
            const auto reply = UdpClient(m_test->port(), address).ask(makeQuery("www.example.com"));
            QVERIFY(reply && hasAddress(reply->message, "192.0.2.80"));
        }
    }

    void anAddressThatIsNotHereIsWaitedFor() {
        m_test = std::make_unique<EngineUnderTest>();
        const Endpoint elsewhere = freePortAt("192.0.2.1");
        m_test->config.listen = {freePortAt("127.0.0.1"), elsewhere};
        auto started = sotto::engine::Engine::start(m_test->config, {});
        QVERIFY2(started.ok(), started.ok() ? "" : started.error().message().c_str());
        auto& engine = *started.value().engine;
        const auto tellsOfIt = [&](const std::vector<std::string>& notices) {
            return notices.size() == 1 && notices[0].starts_with(elsewhere.toString() + ": ");
        };
        QVERIFY(tellsOfIt(started.value().notices));
        QCOMPARE(engine.listening().size(), std::size_t{1});
        const auto again = engine.addressesChanged();
        QVERIFY(again && tellsOfIt(again.value()));
        auto other = m_test->config;
        other.workers = 2;
        other.forwarding = false;
        const auto changed = engine.reconfigure(other);
        QVERIFY(changed && tellsOfIt(changed.value()));
        QCOMPARE(engine.listening().size(), std::size_t{1});
        engine.stop();
        QVERIFY(!engine.addressesChanged());
    }

    void addressesThatAreAllElsewhereAreRefusedUnlessTheyWereSetBefore() {
        start();
        const auto before = m_test->engine().config();
        auto wanted = before;
        wanted.listen = {freePortAt("192.0.2.1")};
        const auto refused = m_test->engine().reconfigure(wanted);
        QVERIFY(!refused);
        QCOMPARE(refused.error().subject, std::string("listen"));
        QVERIFY(m_test->engine().config() == before);
        QVERIFY(m_test->ask("www.example.com"));

        auto started = sotto::engine::Engine::start(wanted, {});
        QVERIFY(started.ok());
        QVERIFY(started.value().engine->listening().empty());
        wanted.recordQueries = !wanted.recordQueries;
        QVERIFY(started.value().engine->reconfigure(wanted).ok());
        wanted.listen = before.listen;
        QVERIFY(started.value().engine->reconfigure(wanted).ok());
        QCOMPARE(started.value().engine->listening().size(), std::size_t{1});
    }

    void aRefusedConfigurationChangesNothing() {
        start();
        EngineUnderTest other;
        QVERIFY(other.start());
        QVERIFY(m_test->ask("www.example.com"));
        const auto before = m_test->engine().config();
        auto wanted = before;
        wanted.listen = {freePortAt("127.0.0.1"), other.engine().listening()[0]};
        const auto refused = m_test->engine().reconfigure(wanted);
        QVERIFY(!refused);
        QVERIFY(refused.error().code == sotto::engine::ErrorCode::AddressInUse);
        QVERIFY(refused.error().message().find(std::to_string(other.port())) != std::string::npos);
        wanted = before;
        wanted.upstreams[0].caPem = "nothing of use";
        QVERIFY(!m_test->engine().reconfigure(wanted));
        wanted = before;
        wanted.upstreams[0].pins = {"sha256/short"};
        QVERIFY(!m_test->engine().reconfigure(wanted));

        QVERIFY(m_test->engine().config() == before);
        QCOMPARE(m_test->engine().listening().size(), std::size_t{1});
        QVERIFY(m_test->ask("www.example.com"));
        QCOMPARE(m_test->allQueries(), std::size_t{1});
    }

    void otherUpstreamsEmptyTheCache() {
        start(2, 1);
        QVERIFY(m_test->ask("www.example.com"));
        QVERIFY(m_test->reconfigure()); // the same again: nothing is lost
        QVERIFY(m_test->ask("www.example.com"));
        QCOMPARE(m_test->allQueries(), std::size_t{1});
        QCOMPARE(m_test->server().observations().connections.size(), std::size_t{1});

        m_test->config.upstreams = {m_test->upstream(1)};
        QVERIFY(m_test->reconfigure());
        QVERIFY(m_test->ask("www.example.com"));
        QCOMPARE(m_test->allQueries(0), std::size_t{1});
        QCOMPARE(m_test->allQueries(1), std::size_t{1});
        QVERIFY(m_test->server(0).waitFor(
            [](const Observations& seen) { return seen.openConnections() == 0; }));
    }

    void whatIsInFlightSurvives() {
        start(2, 1);
        m_test->setBehaviour([](Behaviour& b) { b.delay = 400ms; });
        UdpClient udp(m_test->port());
        StreamClient tcp(m_test->port());
        QVERIFY(udp.send(makeQuery("www.example.com")));
        QVERIFY(tcp.send(makeQuery("slow.example.com")));
        QVERIFY(m_test->server().waitFor(
            [](const Observations& seen) { return seen.queries.size() == 2; }));
        m_test->config.upstreams = {m_test->upstream(1)};
        m_test->config.listen = {freePortAt("127.0.0.2")};
        QVERIFY(m_test->reconfigure());
        const auto overUdp = udp.receive();
        const auto overTcp = tcp.receive();
        QVERIFY(overUdp && hasAddress(overUdp->message, "192.0.2.80"));
        QVERIFY(overTcp && hasAddress(overTcp->message, "192.0.2.9"));
        // What the former provider said is not kept.
        QVERIFY(UdpClient(m_test->port(), "127.0.0.2").ask(makeQuery("www.example.com")));
        QCOMPARE(m_test->queriesFor("www.example.com", 0, 1), std::size_t{1});
    }

    void theNewUpstreamIsAskedWhatTheFormerDoesNotAnswer() {
        start(2, 1);
        m_test->setBehaviour([](Behaviour& b) { b.drop = true; });
        UdpClient waiting(m_test->port());
        QVERIFY(waiting.send(makeQuery("www.example.com")));
        QVERIFY(m_test->server().waitFor(
            [](const Observations& seen) { return !seen.queries.empty(); }));
        m_test->config.upstreams = {m_test->upstream(1)};
        QVERIFY(m_test->reconfigure());
        QVERIFY(hasAddress(m_test->ask("www.example.com", rr::kA, {}, 1000ms), "192.0.2.80"));
        QVERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80"));
        QCOMPARE(m_test->allQueries(1), std::size_t{1});
        const auto late = waiting.receive(6s);
        QVERIFY(late && late->message);
    }

    void aLeftUpstreamMayCloseRightBehindItsAnswer() {
        start(2, 1);
        ServerScript script;
        script.behaviour.delay = 20ms;
        script.behaviour.ending = Behaviour::Ending::Close;
        for (int i = 0; i < 20; ++i) {
            const std::size_t used = std::size_t(i) % 2;
            m_test->server(used).setScript(script);
            m_test->server(used).forgetObservations();
            UdpClient udp(m_test->port());
            QVERIFY(udp.send(makeQuery(numberedName(i))));
            QVERIFY(m_test->server(used).waitFor(
                [](const Observations& seen) { return !seen.queries.empty(); }));
            m_test->config.upstreams = {m_test->upstream(1 - used)};
            QVERIFY(m_test->reconfigure());
            const auto reply = udp.receive();
            QVERIFY(reply && reply->message && reply->message->answer(rr::kA));
            QCOMPARE(*reply->message->answer(rr::kA), numberedAddress(i));
        }
    }

    void flushForgetsAllOrOneName() {
        start();
        for (const char* name : {"www.example.com", "other.example.com"}) {
            QVERIFY(m_test->ask(name));
            QVERIFY(m_test->ask(name, rr::kAaaa));
        }
        QCOMPARE(m_test->allQueries(), std::size_t{4});
        const auto one = m_test->engine().flushCache("WWW.example.com.");
        QVERIFY(one);
        QCOMPARE(one.value(), std::size_t{2});
        QVERIFY(!m_test->engine().flushCache("not..a.name"));
        QVERIFY(m_test->ask("other.example.com"));
        QCOMPARE(m_test->allQueries(), std::size_t{4});
        QVERIFY(m_test->ask("www.example.com"));
        QCOMPARE(m_test->allQueries(), std::size_t{5});
        QCOMPARE(m_test->engine().flushCache(), std::size_t{3});
        QCOMPARE(m_test->engine().statistics().cacheEntries, std::uint64_t{0});
        QVERIFY(m_test->ask("other.example.com"));
        QCOMPARE(m_test->allQueries(), std::size_t{6});
    }

    void resolveAnswersAsAClientIsAnswered() {
        start();
        const auto first = resolve("www.example.com", rr::kA);
        const auto message = Message::parse(first.message);
        QVERIFY(hasAddress(message, "192.0.2.80"));
        QCOMPARE(first.records.size(), std::size_t{1});
        QVERIFY2(first.records[0].find("192.0.2.80") != std::string::npos,
                 first.records[0].c_str());
        QVERIFY(first.record.source == AnswerSource::Upstream);
        QVERIFY(first.record.transport == Transport::Internal);
        QCOMPARE(first.record.nameText(), std::string("www.example.com"));
        QVERIFY(resolve("WWW.example.com", rr::kA).record.source == AnswerSource::Cache);
        QVERIFY(!m_test->engine().resolve("bad..name", rr::kA, [](Engine::Resolution) {}));
        QCOMPARE(m_test->engine().statistics().queriesInternal, std::uint64_t{2});
    }

    void whatIsNoQuestionIsNotResolvedEither_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("rcode");
        QTest::newRow("AXFR") << 252 << int(rcode::kRefused);
        QTest::newRow("IXFR") << 251 << int(rcode::kRefused);
        QTest::newRow("OPT") << int(rr::kOpt) << int(rcode::kNotImp);
        QTest::newRow("TSIG") << 250 << int(rcode::kNotImp);
        QTest::newRow("0") << 0 << int(rcode::kNotImp);
    }
    void whatIsNoQuestionIsNotResolvedEither() {
        QFETCH(int, type);
        QFETCH(int, rcode);
        start();
        const auto got = resolve("www.example.com", static_cast<std::uint16_t>(type));
        QCOMPARE(int(got.record.rcode), rcode);
        QVERIFY(got.record.source == AnswerSource::Local);
        QCOMPARE(m_test->allQueries(), std::size_t{0});
    }

    void recordsTellHowItWas() {
        start();
        QVERIFY(m_test->ask("www.example.com"));
        QVERIFY(m_test->askTcp(makeQuery("www.example.com")));
        QVERIFY(m_test->ask(makeQuery("example.com", 252))); // AXFR
        std::vector<sotto::engine::QueryRecord> records;
        QTRY_VERIFY((m_test->engine().readRecords(records), records.size() >= 3));
        std::vector<AnswerSource> sources;
        for (const auto& record : records) {
            sources.push_back(record.source);
            QVERIFY(record.client == *IpAddress::parse("127.0.0.1") && record.clientPort != 0);
            QVERIFY(record.unixMicros > 0);
            if (record.source == AnswerSource::Upstream)
                QCOMPARE(record.upstreamId, m_test->status().id);
        }
        for (const AnswerSource source :
             {AnswerSource::Upstream, AnswerSource::Cache, AnswerSource::Local})
            QCOMPARE(std::count(sources.begin(), sources.end(), source), std::ptrdiff_t{1});
    }

    void stopIsQuickAndAnswersAll() {
        start();
        m_test->setBehaviour([](Behaviour& b) { b.drop = true; });
        constexpr int kClients = 40;
        std::vector<std::unique_ptr<UdpClient>> udp;
        StreamClient tcp(m_test->port());
        std::atomic<int> resolved = 0;
        for (int i = 0; i < kClients; ++i) {
            udp.push_back(std::make_unique<UdpClient>(m_test->port()));
            QVERIFY(udp.back()->send(makeQuery(numberedName(i / 2))));
            QVERIFY(tcp.send(makeQuery(numberedName(i))));
        }
        QVERIFY(m_test->server().waitFor(
            [](const Observations& seen) { return seen.queries.size() == kClients; }));
        QVERIFY(m_test->engine().resolve("www.example.com", rr::kA, [&](Engine::Resolution got) {
            resolved += got.record.rcode == rcode::kServFail ? 1 : 100;
        }));
        QElapsedTimer timer;
        timer.start();
        m_test->engine().stop();
        QVERIFY2(timer.elapsed() < 3000, "SIGTERM has to end the service soon");
        QCOMPARE(resolved.load(), 1);
        for (int i = 0; i < kClients; ++i) {
            const auto overUdp = udp[std::size_t(i)]->receive();
            QVERIFY(overUdp && overUdp->message && overUdp->message->rcode == rcode::kServFail);
            const auto overTcp = tcp.receive();
            QVERIFY(overTcp && overTcp->message && overTcp->message->rcode == rcode::kServFail);
        }
        QVERIFY(tcp.waitForEnd());
    }

    void stoppedItStaysStopped() {
        start();
        QVERIFY(m_test->ask("www.example.com"));
        const auto port = m_test->port();
        m_test->engine().stop();
        m_test->engine().stop();
        bool answered = false;
        QVERIFY(!m_test->engine().resolve("www.example.com", rr::kA,
                                          [&](Engine::Resolution) { answered = true; }));
        QVERIFY(!answered);
        QVERIFY(!m_test->engine().reconfigure(m_test->config));
        m_test->engine().networkChanged();
        m_test->engine().suspending();
        QVERIFY(m_test->engine().listening().empty());
        QVERIFY(m_test->engine().upstreams().empty());
        QVERIFY(m_test->engine().statistics().queriesUdp == 1);
        QVERIFY(StreamClient(port).state() == StreamClient::State::Failed);
    }

    void networkChangesCostNoQuery() {
        start();
        QVERIFY(m_test->ask("www.example.com"));
        m_test->setBehaviour([](Behaviour& b) { b.delay = 200ms; });
        UdpClient udp(m_test->port());
        QVERIFY(udp.send(makeQuery("other.example.com")));
        QVERIFY(m_test->server().waitFor(
            [](const Observations& seen) { return seen.queries.size() == 2; }));
        m_test->engine().networkChanged();
        QVERIFY(m_test->server().waitFor(
            [](const Observations& seen) { return seen.handshakes() == 2; })); // unasked
        const auto reply = udp.receive();
        QVERIFY(reply && hasAddress(reply->message, "192.0.2.10"));
        QVERIFY(m_test->server().waitFor(
            [](const Observations& seen) { return seen.openConnections() == 1; }));
        m_test->engine().suspending();
        QVERIFY(m_test->server().waitFor(
            [](const Observations& seen) { return seen.openConnections() == 0; }));
        QVERIFY(m_test->ask("many.example.com"));
    }

    void thePulseIsThatOfEveryThread() {
        start();
        sotto::engine::Engine& engine = m_test->engine();
        QVERIFY(engine.takePulse());
        QVERIFY(QTest::qWaitFor([&] { return engine.takePulse(); }));
        // A callback that does not come back keeps the resolver from its work.
        std::promise<void> entered;
        std::promise<void> free;
        QVERIFY(engine.resolve("www.example.com", rr::kA, [&](Engine::Resolution) {
            entered.set_value();
            free.get_future().wait();
        }));
        entered.get_future().wait();
        (void)engine.takePulse();
        const bool beats = engine.takePulse() || engine.takePulse();
        free.set_value();
        QVERIFY(!beats);
        QVERIFY(QTest::qWaitFor([&] { return engine.takePulse(); }));
    }

    void thePulseStopsWithAListener() {
        std::promise<void> entered;
        std::promise<void> free;
        std::atomic<bool> blocks = true;
        m_test = std::make_unique<EngineUnderTest>();
        m_test->callbacks.recordsAvailable = [&] {
            if (!blocks.exchange(false))
                return;
            entered.set_value();
            free.get_future().wait();
        };
        QVERIFY(m_test->start());
        QVERIFY(m_test->engine().takePulse());
        UdpClient udp(m_test->port());
        QVERIFY(udp.send(makeQuery("localhost"))); // answered and recorded by the listener
        entered.get_future().wait();
        (void)m_test->engine().takePulse();
        const bool beats = m_test->engine().takePulse();
        free.set_value();
        const bool beatsAgain = QTest::qWaitFor([&] { return m_test->engine().takePulse(); });
        m_test->destroyEngine(); // before what its callback uses
        QVERIFY(!beats);
        QVERIFY(beatsAgain);
    }

    void descriptorsDoNotGrow() {
        start(2, 1);
        const auto round = [&](int i) {
            m_test->config.upstreams = {m_test->upstream(std::size_t(i % 2))};
            m_test->config.listen = {freePortAt(i % 2 ? "127.0.0.1" : "127.0.0.2")};
            if (!m_test->reconfigure())
                return false;
            StreamClient tcp(m_test->port(), i % 2 ? "127.0.0.1" : "127.0.0.2");
            return tcp.ask(makeQuery(numberedName(i % 250))).has_value();
        };
        for (int i = 0; i < 4; ++i)
            QVERIFY(round(i));
        const int before = openDescriptors();
        for (int i = 0; i < 200; ++i)
            QVERIFY(round(i));
        QTRY_VERIFY2(openDescriptors() <= before + 2,
                     qPrintable(QString("%1 before, %2 after").arg(before).arg(openDescriptors())));
    }

    void enginesComeAndGo() {
        start();
        QVERIFY(m_test->ask("www.example.com"));
        m_test->destroyEngine();
        const int before = openDescriptors();
        for (int i = 0; i < 20; ++i) {
            QVERIFY(m_test->start());
            UdpClient udp(m_test->port());
            QVERIFY(udp.send(makeQuery("www.example.com"))); // may be under way at the end
            m_test->destroyEngine();
        }
        QTRY_VERIFY(openDescriptors() <= before);
    }

private:
    void start(std::size_t servers = 1, std::size_t used = 1) {
        m_test = std::make_unique<EngineUnderTest>(servers);
        m_test->config.upstreams.resize(used);
        QVERIFY(m_test->start());
    }
    Engine::Resolution resolve(std::string_view name, std::uint16_t type) {
        std::promise<Engine::Resolution> promise;
        auto future = promise.get_future();
        const auto asked = m_test->engine().resolve(
            name, type, [&](Engine::Resolution got) { promise.set_value(std::move(got)); });
        return asked ? future.get() : Engine::Resolution{};
    }

    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineControl)
#include "test_engine_control.moc"
