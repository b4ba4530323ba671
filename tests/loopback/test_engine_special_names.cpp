// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include "support/rdata_text.h"

#include <QTest>

#include <algorithm>
#include <future>

using namespace sotto::test;
using namespace std::chrono_literals;
using sotto::engine::AnswerSource;
using sotto::engine::Engine;
using sotto::engine::Transport;

namespace {

constexpr char kCanary[] = "use-application-dns.net";
constexpr char kCheck[] = "0123456789abcdef.check.sotto.internal";
constexpr char kCheckAddress[] = "127.83.176.62"; // under a key of zeros
constexpr char kLoopback6[] =
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa";

} // namespace

/// Names that are answered on this computer and never leave it.
class TestEngineSpecialNames : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_test = std::make_unique<EngineUnderTest>();
        QVERIFY(m_test->start());
    }
    void cleanup() { m_test.reset(); }

    void names_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("rcode");
        QTest::addColumn<QByteArray>("data"); // of the only answer; empty: none, but an SOA
        const auto row = [](const char* name, std::uint16_t type, std::uint16_t code,
                            const char* data = "") {
            QTest::addRow("%s %d", name, int(type))
                << QByteArray(name) << int(type) << int(code) << QByteArray(data);
        };
        row("localhost", rr::kA, rcode::kNoError, "127.0.0.1");
        row("localhost", rr::kAaaa, rcode::kNoError, "::1");
        row("localhost", rr::kMx, rcode::kNoError);
        row("app.LocalHost", rr::kA, rcode::kNoError, "127.0.0.1");
        row("invalid", rr::kA, rcode::kNxDomain);
        row("no.such.name.Invalid", rr::kAaaa, rcode::kNxDomain);
        row("example.onion", rr::kA, rcode::kNxDomain);
        row("printer.local", rr::kA, rcode::kNxDomain);
        row("nas.home.arpa", rr::kA, rcode::kNxDomain);
        row("home.arpa", rr::kA, rcode::kNoError);
        row("resolver.arpa", rr::kA, rcode::kNoError);
        row("_dns.resolver.arpa", rr::kSvcb, rcode::kNoError);
        row("1.0.0.127.in-addr.arpa", rr::kPtr, rcode::kNoError, "localhost.");
        row(kLoopback6, rr::kPtr, rcode::kNoError, "localhost.");
        row("1.1.168.192.in-addr.arpa", rr::kPtr, rcode::kNxDomain);
        row("1.0.0.10.in-addr.arpa", rr::kPtr, rcode::kNxDomain);
        row("1.0.31.172.in-addr.arpa", rr::kPtr, rcode::kNxDomain);
        row("1.0.0.0.d.f.ip6.arpa", rr::kPtr, rcode::kNxDomain);
        row(kCanary, rr::kA, rcode::kNxDomain);
    }
    void names() {
        QFETCH(QByteArray, name);
        QFETCH(int, type);
        QFETCH(int, rcode);
        QFETCH(QByteArray, data);
        const auto asked = static_cast<std::uint16_t>(type);
        QueryOptions options = withEdns();
        options.authenticData = true;
        const Message query = makeQuery(name.toStdString(), asked, options);
        for (const auto& reply : {m_test->ask(query), m_test->askTcp(query)}) {
            QVERIFY(reply);
            QCOMPARE(reply->id, query.id);
            QVERIFY(reply->questions == query.questions); // with its case
            QVERIFY(reply->response && reply->recursionAvailable && reply->recursionDesired);
            QVERIFY(!reply->authoritative && !reply->authenticData && !reply->truncated);
            QCOMPARE(int(reply->rcode), rcode);
            QVERIFY(reply->edns && reply->edns->options.empty());
            if (data.isEmpty()) {
                QVERIFY(reply->answers.empty());
                QCOMPARE(reply->authorities.size(), std::size_t{1});
                QCOMPARE(reply->authorities[0].type, rr::kSoa);
            } else {
                QCOMPARE(reply->answers.size(), std::size_t{1});
                QVERIFY(reply->answers[0].rdata == rdata(asked, data.toStdString()));
            }
        }
        const auto plain = m_test->ask(name.toStdString(), asked);
        QVERIFY(plain && !plain->edns);
        const auto statistics = m_test->engine().statistics();
        QCOMPARE(statistics.localAnswers, std::uint64_t{3});
        QCOMPARE(statistics.cacheMisses, std::uint64_t{0});
        QCOMPARE(statistics.cacheEntries, std::uint64_t{0});
        QCOMPARE(m_test->allQueries(), std::size_t{0});
    }

    void askedFromWithin_data() { names_data(); }
    void askedFromWithin() {
        QFETCH(QByteArray, name);
        QFETCH(int, type);
        QFETCH(int, rcode);
        QFETCH(QByteArray, data);
        std::promise<Engine::Resolution> promise;
        auto future = promise.get_future();
        QVERIFY(m_test->engine().resolve(
            name.toStdString(), static_cast<std::uint16_t>(type),
            [&](Engine::Resolution got) { promise.set_value(std::move(got)); }));
        const Engine::Resolution resolution = future.get();
        QVERIFY(resolution.record.source == AnswerSource::Local);
        QVERIFY(resolution.record.transport == Transport::Internal);
        QCOMPARE(int(resolution.record.rcode), rcode);
        const auto message = Message::parse(resolution.message);
        QVERIFY(message);
        QCOMPARE(message->answers.size(), std::size_t(data.isEmpty() ? 0 : 1));
        QCOMPARE(resolution.records.size(), std::size_t{1});
        QCOMPARE(m_test->engine().statistics().localAnswers, std::uint64_t{1});
        QCOMPARE(m_test->engine().statistics().cacheMisses, std::uint64_t{0});
        QCOMPARE(m_test->allQueries(), std::size_t{0});
    }

    void othersLeave_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("type");
        QTest::newRow("no label boundary") << QByteArray("notlocalhost") << int(rr::kA);
        QTest::newRow("in the middle") << QByteArray("localhost.example.com") << int(rr::kA);
        QTest::newRow("a public reverse zone")
            << QByteArray("1.0.32.172.in-addr.arpa") << int(rr::kPtr);
        QTest::newRow("the canary's child")
            << QByteArray("www.use-application-dns.net") << int(rr::kA);
        QTest::newRow("the proof of a delegation") << QByteArray("home.arpa") << 43;
        QTest::newRow("arpa") << QByteArray("arpa") << int(rr::kA);
        QTest::newRow("test") << QByteArray("www.test") << int(rr::kA);
        QTest::newRow("the root") << QByteArray(".") << int(rr::kNs);
    }
    void othersLeave() {
        QFETCH(QByteArray, name);
        QFETCH(int, type);
        QVERIFY(m_test->ask(name.toStdString(), static_cast<std::uint16_t>(type)));
        QCOMPARE(m_test->allQueries(), std::size_t{1});
        QCOMPARE(m_test->engine().statistics().localAnswers, std::uint64_t{0});
    }

    void otherClassesStayHereToo() {
        QueryOptions options;
        options.klass = 3; // CHAOS
        const auto reply = m_test->ask("a.localhost", rr::kA, options);
        QVERIFY(reply && reply->rcode == rcode::kNoError && reply->answers.empty());
        QCOMPARE(m_test->allQueries(), std::size_t{0});
    }

    void theCanaryIsASetting() {
        m_test->answerWith([](Message& m) { addAddress(m, "192.0.2.1", 300); });
        QVERIFY(m_test->ask(kCanary)->rcode == rcode::kNxDomain);
        m_test->config.browserCanary = false;
        QVERIFY(m_test->reconfigure());
        QVERIFY(hasAddress(m_test->ask(kCanary), "192.0.2.1"));
        QVERIFY(hasAddress(m_test->ask(kCanary), "192.0.2.1"));
        QCOMPARE(m_test->allQueries(), std::size_t{1});
        QVERIFY(m_test->ask("localhost")->answers.size() == 1); // that one is none
        m_test->config.browserCanary = true;
        QVERIFY(m_test->reconfigure());
        QVERIFY(m_test->ask(kCanary)->rcode == rcode::kNxDomain); // what was kept is gone
        QVERIFY(m_test->askTcp(makeQuery(kCanary))->rcode == rcode::kNxDomain);
        QCOMPARE(m_test->allQueries(), std::size_t{1});
    }

    void withoutAnyUpstreamToo() {
        m_test->server().stop();
        QVERIFY(hasAddress(m_test->ask("localhost"), "127.0.0.1"));
        m_test->config.upstreams.clear();
        QVERIFY(m_test->reconfigure());
        QVERIFY(hasAddress(m_test->ask("localhost"), "127.0.0.1"));
    }

    void switchedOffTheyAreRefusedAsAllElse() {
        m_test->config.forwarding = false;
        QVERIFY(m_test->reconfigure());
        QVERIFY(m_test->ask("localhost")->rcode == rcode::kRefused);
        QCOMPARE(m_test->engine().statistics().localAnswers, std::uint64_t{0});
    }

    void checksAreAnsweredWhateverIsSwitched_data() {
        QTest::addColumn<bool>("forwarding");
        QTest::newRow("on") << true;
        QTest::newRow("off") << false;
    }
    void checksAreAnsweredWhateverIsSwitched() {
        QFETCH(bool, forwarding);
        m_test->config.forwarding = forwarding;
        sotto::engine::Route everything;
        everything.zones = {".", "internal"};
        everything.upstreams = {m_test->upstream()};
        m_test->config.routes = {everything};
        QVERIFY(m_test->reconfigure());
        for (int i = 0; i < 2; ++i) {
            QVERIFY(hasAddress(m_test->ask(kCheck), kCheckAddress));
            QVERIFY(hasAddress(m_test->askTcp(makeQuery(kCheck)), kCheckAddress));
        }
        QCOMPARE(m_test->ask(kCheck)->answers[0].ttl, 0U);
        const auto none = m_test->ask("other.check.sotto.internal");
        QVERIFY(none && none->rcode == rcode::kNxDomain);
        QVERIFY(m_test->ask("check.sotto.internal", 43)->rcode == rcode::kNoError); // DS
        std::promise<Engine::Resolution> promise;
        QVERIFY(m_test->engine().resolve(
            kCheck, rr::kA, [&](Engine::Resolution got) { promise.set_value(std::move(got)); }));
        const auto message = Message::parse(promise.get_future().get().message);
        QVERIFY(hasAddress(message, kCheckAddress));
        QCOMPARE(m_test->allQueries(), std::size_t{0});
        QCOMPARE(m_test->engine().statistics().cacheEntries, std::uint64_t{0});
    }

    void checksStayOutOfTheLog() {
        QVERIFY(m_test->ask(kCheck));
        QVERIFY(m_test->askTcp(makeQuery(kCheck)));
        QVERIFY(m_test->ask("last.localhost"));
        std::vector<sotto::engine::QueryRecord> records;
        QTRY_VERIFY((m_test->engine().readRecords(records), !records.empty()));
        QCOMPARE(records.size(), std::size_t{1});
        QCOMPARE(records[0].nameText(), std::string("last.localhost"));
    }

    void theLogTells() {
        QVERIFY(m_test->ask("a.localhost"));
        QVERIFY(m_test->askTcp(makeQuery("b.invalid")));
        std::vector<sotto::engine::QueryRecord> records;
        QTRY_VERIFY((m_test->engine().readRecords(records), records.size() >= 2));
        for (const auto& record : records) {
            QVERIFY(record.source == AnswerSource::Local);
            QCOMPARE(record.upstreamId, sotto::engine::QueryRecord::kNoUpstream);
        }
        std::sort(records.begin(), records.end(), [](const auto& left, const auto& right) {
            return left.nameText() < right.nameText();
        });
        QCOMPARE(records[0].nameText(), std::string("a.localhost"));
        QCOMPARE(int(records[0].answerCount), 1);
        QCOMPARE(records[1].nameText(), std::string("b.invalid"));
        QCOMPARE(int(records[1].rcode), int(rcode::kNxDomain));
    }

private:
    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineSpecialNames)
#include "test_engine_special_names.moc"
