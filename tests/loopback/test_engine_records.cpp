// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include "support/silent_port.h"

#include <QTest>

#include <future>

using namespace sotto::test;
using namespace std::chrono_literals;
using sotto::engine::AnswerSource;
using sotto::engine::AttemptOutcome;
using sotto::engine::ConnectionUse;
using sotto::engine::LocalRule;
using sotto::engine::QueryRecord;
using sotto::engine::UpstreamAttempt;

namespace {

/// What is wrong with the first server.
enum class Fault {
    Gone,
    SilentPort,
    NoTls,
    ClosesInHandshake,
    OldTls,
    OtherName,
    Expired,
    NotYetValid,
    OtherAuthority,
    SelfSigned,
    ForClients,
    OtherPin,
    Swallows,
    Closes,
    Rubbish,
    Fails,
};

} // namespace

Q_DECLARE_METATYPE(Fault)
Q_DECLARE_METATYPE(sotto::engine::LocalRule)
Q_DECLARE_METATYPE(sotto::engine::AttemptOutcome)

/// Each query's record says how it was answered, and why an upstream did not.
class TestEngineRecords : public QObject {
    Q_OBJECT

private slots:
    void init() { m_test = std::make_unique<EngineUnderTest>(2); }
    void cleanup() {
        m_test.reset();
        m_silent.reset();
    }

    void outcomes_data() {
        QTest::addColumn<Fault>("fault");
        QTest::addColumn<AttemptOutcome>("outcome");
        using O = AttemptOutcome;
        QTest::newRow("gone") << Fault::Gone << O::Refused;
        QTest::newRow("silent port") << Fault::SilentPort << O::ConnectTimeout;
        QTest::newRow("no TLS") << Fault::NoTls << O::TlsTimeout;
        QTest::newRow("closes in the handshake") << Fault::ClosesInHandshake << O::TlsFailed;
        QTest::newRow("TLS 1.1") << Fault::OldTls << O::TlsFailed;
        QTest::newRow("another name") << Fault::OtherName << O::CertificateName;
        QTest::newRow("expired") << Fault::Expired << O::CertificateExpired;
        QTest::newRow("not yet valid") << Fault::NotYetValid << O::CertificateNotYetValid;
        QTest::newRow("another authority") << Fault::OtherAuthority << O::CertificateUntrusted;
        QTest::newRow("self-signed") << Fault::SelfSigned << O::CertificateUntrusted;
        QTest::newRow("for clients") << Fault::ForClients << O::CertificateUnfit;
        QTest::newRow("another pin") << Fault::OtherPin << O::PinMismatch;
        QTest::newRow("swallows") << Fault::Swallows << O::Silent;
        QTest::newRow("closes") << Fault::Closes << O::ConnectionLost;
        QTest::newRow("rubbish") << Fault::Rubbish << O::BadAnswer;
        QTest::newRow("fails") << Fault::Fails << O::ServerFailure;
    }
    void outcomes() {
        QFETCH(Fault, fault);
        QFETCH(AttemptOutcome, outcome);
        apply(fault);
        // Alone, so that nobody answers before its failure is known.
        m_test->config.upstreams.resize(1);
        QVERIFY(m_test->start());
        const auto reply = m_test->ask("www.example.com", rr::kA, withEdns(), 6s);
        QVERIFY(reply);
        QCOMPARE(reply->rcode, rcode::kServFail);
        const auto record = m_test->recordFor("www.example.com");
        QVERIFY(record && record->attemptCount >= 1);
        bool found = false;
        for (std::size_t i = 0; i < record->attemptCount && i < QueryRecord::kMaxAttempts; ++i)
            // Known from the connection that was tried ahead, or it is the answer to give.
            found |= record->attempts[i].outcome == outcome ||
                     record->attempts[i].outcome ==
                         (fault == Fault::Fails ? AttemptOutcome::Answered : AttemptOutcome::Held);
        QVERIFY2(found, std::string(attemptOutcomeName(record->attempts[0].outcome)).c_str());
        QCOMPARE(record->attempts[0].upstreamId, m_test->status().id);
        const bool mustNotAsk = fault >= Fault::OldTls && fault <= Fault::OtherPin;
        if (mustNotAsk) // strict profile: no query ever arrives
            QCOMPARE(m_test->allQueries(), std::size_t{0});
        if (fault != Fault::Fails)
            QVERIFY(m_test->status().lastOutcome == outcome ||
                    m_test->status().lastOutcome == AttemptOutcome::Held);
    }

    /// With another one that works the client notices nothing; the record tells all.
    void whoAnsweredInstead_data() { outcomes_data(); }
    void whoAnsweredInstead() {
        QFETCH(Fault, fault);
        QFETCH(AttemptOutcome, outcome);
        apply(fault);
        QVERIFY(m_test->start());
        const auto reply = m_test->ask("www.example.com");
        QVERIFY(hasAddress(reply, "192.0.2.80"));
        const auto record = m_test->recordFor("www.example.com");
        QVERIFY(record && record->source == AnswerSource::Upstream);
        QCOMPARE(record->upstreamId, m_test->status(1).id);
        QVERIFY(record->attemptCount >= 1);
        const auto answered =
            std::find_if(record->attempts.begin(), record->attempts.begin() + record->attemptCount,
                         [](const auto& each) { return each.outcome == AttemptOutcome::Answered; });
        QVERIFY(answered != record->attempts.begin() + record->attemptCount);
        QCOMPARE(answered->upstreamId, m_test->status(1).id);
        for (auto each = record->attempts.begin(); each != answered; ++each)
            QVERIFY2(each->outcome == outcome || each->outcome == AttemptOutcome::Held ||
                         each->outcome == AttemptOutcome::Pending,
                     std::string(attemptOutcomeName(each->outcome)).c_str());
        // The certificate's fault keeps every query away.
        if (fault >= Fault::OldTls && fault <= Fault::OtherPin)
            QCOMPARE(m_test->allQueries(0), std::size_t{0});
    }

    void connectionsAndTimes() {
        m_test->config.forwarding = false; // no connection ahead of the first query
        QVERIFY(m_test->start());
        m_test->setScript([](ServerScript& s) {
            s.helloDelay = 60ms;
            s.behaviour.delay = 40ms;
        });
        m_test->config.forwarding = true;
        QVERIFY(m_test->reconfigure());
        QVERIFY(m_test->answers(0));
        QVERIFY(m_test->answers(1));
        const auto first = m_test->recordFor("n0.example.com");
        QVERIFY(first);
        const UpstreamAttempt& fresh = first->attempts[0];
        QVERIFY(fresh.connection == ConnectionUse::New);
        QVERIFY(fresh.outcome == AttemptOutcome::Answered);
        QVERIFY(fresh.address == address("127.0.0.1"));
        QVERIFY2(fresh.tookMicros >= 40'000, qPrintable(QString::number(fresh.tookMicros)));
        QVERIFY(fresh.tookMicros <= first->durationMicros);
        QVERIFY2(fresh.tlsMicros >= 30'000 && fresh.tlsMicros < 1'000'000,
                 qPrintable(QString::number(fresh.tlsMicros)));
        QVERIFY(m_test->answers(2));
        const auto next = m_test->recordFor("n2.example.com");
        QVERIFY(next && next->attempts[0].connection == ConnectionUse::Reused);
        QCOMPARE(next->attempts[0].tlsMicros, 0U);
        QCOMPARE(next->attempts[0].connectMicros, 0U);
        QCOMPARE(int(next->attemptCount), 1);
        m_test->server().endConnections(Behaviour::Ending::Close);
        QTRY_VERIFY(m_test->status().state == sotto::engine::UpstreamStatus::State::Idle);
        QVERIFY(m_test->answers(3));
        const auto resumed = m_test->recordFor("n3.example.com");
        QVERIFY(resumed && resumed->attempts[0].connection == ConnectionUse::Resumed);
    }

    void cacheTellsAgeAndTtl() {
        m_test->answerWith([](Message& m) { addAddress(m, "192.0.2.1", 100); });
        QVERIFY(m_test->start());
        QVERIFY(m_test->ask("www.example.com"));
        const auto asked = TestClock::now();
        const auto first = m_test->recordFor("www.example.com");
        QVERIFY(first && first->source == AnswerSource::Upstream);
        QCOMPARE(first->ttlSeconds, 100U);
        QCOMPARE(first->cacheAgeSeconds, 0U);
        QTRY_VERIFY_WITH_TIMEOUT(TestClock::now() - asked > 2100ms, 5000);
        QVERIFY(m_test->ask("www.example.com"));
        const auto second = m_test->recordFor("www.example.com");
        QVERIFY(second && second->source == AnswerSource::Cache);
        QVERIFY(second->cacheAgeSeconds >= 2 && second->cacheAgeSeconds <= 4);
        QCOMPARE(second->ttlSeconds + second->cacheAgeSeconds, 100U);
        QCOMPARE(int(second->attemptCount), 0);
        QCOMPARE(second->upstreamId, QueryRecord::kNoUpstream);
    }

    void rules_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("type");
        QTest::addColumn<LocalRule>("rule");
        QTest::newRow("a special name") << "printer.local" << int(rr::kA) << LocalRule::SpecialName;
        QTest::newRow("localhost") << "localhost" << int(rr::kA) << LocalRule::SpecialName;
        QTest::newRow("the browsers' canary")
            << "use-application-dns.net" << int(rr::kA) << LocalRule::BrowserCanary;
        QTest::newRow("a zone transfer") << "example.com" << 252 << LocalRule::TypeRefused;
        QTest::newRow("forwarded") << "www.example.com" << int(rr::kA) << LocalRule::None;
    }
    void rules() {
        QFETCH(QString, name);
        QFETCH(int, type);
        QFETCH(LocalRule, rule);
        QVERIFY(m_test->start());
        QVERIFY(m_test->ask(name.toStdString(), std::uint16_t(type)));
        const auto record = m_test->recordFor(name.toStdString());
        QVERIFY(record);
        QVERIFY(record->rule == rule);
        QCOMPARE(record->source == AnswerSource::Local, rule != LocalRule::None);
    }

    void offIsARule() {
        m_test->config.forwarding = false;
        QVERIFY(m_test->start());
        QVERIFY(m_test->ask("www.example.com")->rcode == rcode::kRefused);
        const auto record = m_test->recordFor("www.example.com");
        QVERIFY(record && record->rule == LocalRule::ForwardingOff);
    }

    void whoWaitedTellsOfTheQueryItWaitedFor() {
        m_test->setBehaviour([](Behaviour& b) { b.delay = 400ms; }); // before another one is asked
        QVERIFY(m_test->start());
        UdpClient first(m_test->port());
        UdpClient second(m_test->port());
        QVERIFY(first.send(makeQuery("www.example.com")));
        QVERIFY(second.send(makeQuery("www.example.com")));
        QVERIFY(first.receive() && second.receive());
        std::vector<QueryRecord> records;
        QTRY_VERIFY((m_test->engine().readRecords(records), records.size() >= 2));
        const auto waited =
            std::find_if(records.begin(), records.end(), [](const QueryRecord& each) {
                return each.source == AnswerSource::Coalesced;
            });
        QVERIFY(waited != records.end());
        QCOMPARE(waited->upstreamId, m_test->status().id);
        QCOMPARE(int(waited->attemptCount), 1);
        QVERIFY(waited->attempts[0].outcome == AttemptOutcome::Answered);
    }

    /// Who has the answer finds it in the log.
    void theRecordIsThereBeforeTheAnswer() {
        QVERIFY(m_test->start());
        for (const char* name : {"www.example.com", "www.example.com", "localhost"}) {
            std::promise<std::size_t> told;
            QVERIFY(m_test->engine().resolve(name, rr::kA, [&](const auto&) {
                std::vector<QueryRecord> records;
                m_test->engine().readRecords(records); // this thread waits meanwhile
                told.set_value(records.size());
            }));
            QCOMPARE(told.get_future().get(), std::size_t{1});
        }
    }

    void resolveTellsTheSame() {
        QVERIFY(m_test->start());
        std::promise<sotto::engine::Engine::Resolution> done;
        QVERIFY(m_test->engine()
                    .resolve("www.example.com", rr::kA,
                             [&](sotto::engine::Engine::Resolution resolution) {
                                 done.set_value(std::move(resolution));
                             })
                    .ok());
        auto future = done.get_future();
        QVERIFY(future.wait_for(5s) == std::future_status::ready);
        const auto resolution = future.get();
        QVERIFY(resolution.record.transport == sotto::engine::Transport::Internal);
        QCOMPARE(int(resolution.record.attemptCount), 1);
        QVERIFY(resolution.record.attempts[0].outcome == AttemptOutcome::Answered);
        QVERIFY(!resolution.records.empty());
        QVERIFY(Message::parse(resolution.message));
    }

private:
    void apply(Fault fault) {
        LeafOptions leaf = EngineUnderTest::serverLeaf();
        DotServer& server = m_test->server();
        switch (fault) {
        case Fault::Gone:
            return server.stop();
        case Fault::SilentPort:
            server.stop();
            m_silent = std::make_unique<SilentPort>("127.0.0.1", server.port());
            return;
        case Fault::NoTls:
            return m_test->setScript(
                [](ServerScript& s) { s.atAccept = ServerScript::AtAccept::Stall; });
        case Fault::ClosesInHandshake:
            return m_test->setScript(
                [](ServerScript& s) { s.atAccept = ServerScript::AtAccept::Close; });
        case Fault::OldTls:
            return m_test->setScript(
                [](ServerScript& s) { s.oldest = s.newest = ServerScript::Tls::V1_1; });
        case Fault::OtherName:
            leaf.dnsNames = {"another.test"};
            break;
        case Fault::Expired:
            leaf.validFrom = -48h;
            leaf.validUntil = -1h;
            break;
        case Fault::NotYetValid:
            leaf.validFrom = 1h;
            break;
        case Fault::OtherAuthority:
            return server.setIdentity(ThrowawayCa().issue(leaf));
        case Fault::SelfSigned:
            return server.setIdentity(ThrowawayCa::selfSigned(leaf));
        case Fault::ForClients:
            leaf.usage = LeafOptions::Usage::Client;
            break;
        case Fault::OtherPin:
            m_test->config.upstreams[0].pins = {m_test->ca().issue(leaf).pin()};
            return;
        case Fault::Swallows:
            return m_test->setBehaviour([](Behaviour& b) { b.drop = true; });
        case Fault::Closes:
            return m_test->setBehaviour([](Behaviour& b) {
                b.drop = true;
                b.ending = Behaviour::Ending::Close;
            });
        case Fault::Rubbish:
            return m_test->setBehaviour([](Behaviour& b) { b.truncated = true; });
        case Fault::Fails:
            return m_test->setBehaviour([](Behaviour& b) { b.rcode = rcode::kServFail; });
        }
        server.setIdentity(m_test->ca().issue(leaf));
    }

    std::unique_ptr<EngineUnderTest> m_test;
    std::unique_ptr<SilentPort> m_silent;
};

QTEST_GUILESS_MAIN(TestEngineRecords)
#include "test_engine_records.moc"
