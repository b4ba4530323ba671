// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include "support/silent_port.h"

#include <QTest>

#include <mutex>

using namespace sotto::test;
using namespace std::chrono_literals;
using sotto::engine::AttemptOutcome;
using sotto::engine::ErrorCode;
using sotto::engine::Protocol;
using sotto::engine::UpstreamConfig;
using sotto::engine::UpstreamTestNames;
using ZeroRtt = ServerScript::ZeroRtt;
using Report = sotto::engine::UpstreamTestReport;

namespace {

constexpr std::size_t kTested = 1; // the server that is tested; the first one is in force
const char* const kPlain = "www.example.com";
const char* const kGood = "n1.example.com";
const char* const kBad = "n2.example.com";
const char* const kFiltered = "n3.example.com";
constexpr int kTestTime = 21000; // ms

/// What progress told, from the engine's thread.
class Told {
public:
    void add(const Report& report) {
        const std::lock_guard lock(m_mutex);
        m_reports.push_back(report);
    }
    std::vector<Report> all() const {
        const std::lock_guard lock(m_mutex);
        return m_reports;
    }
    bool isFinished() const {
        const auto reports = all();
        return !reports.empty() && reports.back().finished;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<Report> m_reports;
};

/// How a server is, and what a test of it must find.
struct Finding {
    std::function<void(ServerScript&)> script;
    std::function<bool(const Report&)> holds;
};
struct Failure {
    std::function<void(EngineUnderTest&, UpstreamConfig&)> arrange;
    const char* says;
    AttemptOutcome outcome;
};
struct Mistake {
    std::function<void(UpstreamConfig&, UpstreamTestNames&)> make;
    ErrorCode code;
};

/// Validates, filters, and offers all that is to be found.
void makeGood(ServerScript& script) {
    script.earlyData = ZeroRtt::Accepted;
    script.behaviour.keepalive = 10s;
    for (const char* name : {kGood, kBad, kFiltered})
        script.byName[name] = script.behaviour;
    script.byName[kGood].authenticData = true;
    script.byName[kBad].rcode = rcode::kServFail;
    script.byName[kFiltered].rcode = rcode::kNxDomain;
}

} // namespace

Q_DECLARE_METATYPE(Finding)
Q_DECLARE_METATYPE(Failure)
Q_DECLARE_METATYPE(Mistake)

/// Engine::testUpstream: what a server can do, measured apart from all else.
class TestEngineProviderTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_test = std::make_unique<EngineUnderTest>(1);
        m_test->addServer({});
        m_test->setScript(makeGood, kTested);
        m_told = std::make_shared<Told>();
        m_names = {kPlain, kGood, kBad, kFiltered};
        m_test->config.forward.earlyData = true;
    }
    void cleanup() { m_test.reset(); }

    void whatAServerCanDo() {
        LeafOptions leaf = EngineUnderTest::serverLeaf();
        leaf.ipAddresses = {"192.0.2.1"};
        const Identity identity = m_test->ca().issue(leaf);
        m_test->server(kTested).setIdentity(identity);
        QVERIFY(m_test->start());
        Report report;
        run(m_test->upstream(kTested), report);
        QCOMPARE(report.error, std::string());
        QVERIFY(report.address == address("127.0.0.1"));
        QVERIFY(report.connectMicros && report.tlsMicros && report.queryMicros);
        QVERIFY(*report.tlsMicros > 0 && *report.queryMicros > 0);
        QCOMPARE(report.tlsVersion, std::string("TLSv1.3"));
        QVERIFY(report.cipher.starts_with("TLS_"));
        QCOMPARE(report.certificateNames, std::string("dot.sotto.test, 192.0.2.1"));
        QCOMPARE(report.issuer, std::string("throw-away CA"));
        QVERIFY(report.validUntilUnixSeconds - report.validFromUnixSeconds == 25 * 3600);
        QCOMPARE(report.pin, identity.pin());
        QVERIFY(report.resumes == true);
        QVERIFY(report.earlyData == true);
        QVERIFY(report.keepalive == true);
        QCOMPARE(report.keepaliveMillis, 10000U);
        QVERIFY(report.padding == true);
        QCOMPARE(report.paddedTo, 468U);
        QVERIFY(report.validates == true);
        QVERIFY(report.refusesBad == true);
        QVERIFY(report.filters == true);
        QVERIFY(report.answers == true);
        QVERIFY(!report.ipv6);

        const auto all = m_told->all();
        QVERIFY(all.size() > 6);
        QVERIFY(!all.front().finished && all.front().connectMicros && !all.front().queryMicros);
        for (std::size_t i = 0; i + 1 < all.size(); ++i)
            QVERIFY(!all[i].finished);
    }

    /// Nothing of it reaches the pool, the cache, the sessions or the statistics.
    void theRestIsLeftAlone() {
        m_test->config.upstreams = {m_test->upstream(kTested)};
        m_test->config.forwarding = false; // so that all connections are the test's
        QVERIFY(m_test->start());
        Report report;
        run(m_test->upstream(kTested), report);
        QCOMPARE(report.error, std::string());
        QVERIFY(m_test->server(kTested).waitFor(
            [](const Observations& now) { return now.openConnections() == 0; }));
        const Observations seen = m_test->server(kTested).observations();
        QCOMPARE(seen.handshakes(), std::size_t{3});
        QCOMPARE(seen.resumptions(), std::size_t{2});
        for (const SeenConnection& each : seen.connections)
            QVERIFY(!each.ticketSeenBefore);
        QVERIFY(!seen.connections.at(0).offeredTicket);
        QCOMPARE(seen.connections.at(2).earlyQueries, std::size_t{1});
        QVERIFY(seen.firstFor(kGood, rr::kA)->message->edns->dnssecOk);
        QVERIFY(!seen.firstFor(kPlain, rr::kA)->message->edns->dnssecOk);

        QVERIFY(m_test->engine().exportSessions().empty());
        QCOMPARE(m_test->engine().statistics().upstreamQueries, std::uint64_t{0});
        QCOMPARE(m_test->engine().statistics().cacheEntries, std::uint64_t{0});
        QCOMPARE(m_test->status().connections, std::uint64_t{0});
    }

    void earlyDataOnlyWhereChosen_data() {
        QTest::addColumn<bool>("allowed");
        QTest::newRow("tickets allow it") << true;
        QTest::newRow("tickets do not") << false;
    }
    /// Where the settings do not allow early data, none is sent to measure it either.
    void earlyDataOnlyWhereChosen() {
        QFETCH(bool, allowed);
        m_test->config.forward.earlyData = false;
        if (!allowed)
            m_test->setScript(
                [](ServerScript& script) {
                    makeGood(script);
                    script.earlyData = ZeroRtt::NotOffered;
                },
                kTested);
        QVERIFY(m_test->start());
        Report report;
        run(m_test->upstream(kTested), report);
        QCOMPARE(report.error, std::string());
        QVERIFY(report.resumes == true);
        QCOMPARE(report.earlyData.has_value(), !allowed); // that much a ticket says by itself
        QCOMPARE(report.earlyDataOff, allowed);
        QVERIFY(!report.earlyData.value_or(false));
        for (const SeenConnection& each : m_test->server(kTested).observations().connections)
            QVERIFY(!each.offeredEarlyData);
    }

    void findings_data() {
        QTest::addColumn<Finding>("finding");
        const auto row = [](const char* name, std::function<void(ServerScript&)> script,
                            std::function<bool(const Report&)> holds) {
            QTest::newRow(name) << Finding{std::move(script), std::move(holds)};
        };
        row(
            "early data rejected", [](ServerScript& s) { s.earlyData = ZeroRtt::Rejected; },
            [](const Report& r) { return r.resumes == true && r.earlyData == false; });
        row(
            "no early data", [](ServerScript& s) { s.earlyData = ZeroRtt::NotOffered; },
            [](const Report& r) { return r.resumes == true && r.earlyData == false; });
        row(
            "no tickets", [](ServerScript& s) { s.tickets = false; },
            [](const Report& r) { return r.resumes == false && r.earlyData == false; });
        row(
            "TLS 1.2", [](ServerScript& s) { s.newest = ServerScript::Tls::V1_2; },
            [](const Report& r) {
                return r.tlsVersion == "TLSv1.2" && r.resumes == true && r.earlyData == false;
            });
        row(
            "no keepalive", [](ServerScript& s) { s.behaviour.keepalive.reset(); },
            [](const Report& r) { return r.keepalive == false && r.keepaliveMillis == 0; });
        row(
            "padded to 128", [](ServerScript& s) { s.behaviour.paddingBlock = 128; },
            [](const Report& r) { return r.padding == true && r.paddedTo == 128; });
        row(
            "padded otherwise", [](ServerScript& s) { s.behaviour.paddingBlock = 100; },
            [](const Report& r) { return r.padding == true && r.paddedTo == 0; });
        row(
            "not padded", [](ServerScript& s) { s.behaviour.paddingBlock = 0; },
            [](const Report& r) { return r.padding == false && r.paddedTo == 0; });
        row(
            "does not validate",
            [](ServerScript& s) { s.byName[kGood] = s.byName[kBad] = s.behaviour; },
            [](const Report& r) { return r.validates == false && r.refusesBad == false; });
        row(
            "every signed name fails",
            [](ServerScript& s) { s.byName[kGood].rcode = rcode::kServFail; },
            [](const Report& r) { return !r.validates && !r.refusesBad && r.filters == true; });
        row(
            "does not filter", [](ServerScript& s) { s.byName[kFiltered] = s.behaviour; },
            [](const Report& r) { return r.filters == false; });
        row(
            "refuses what it filters",
            [](ServerScript& s) { s.byName[kFiltered].rcode = rcode::kRefused; },
            [](const Report& r) { return r.filters == true; });
        row(
            "denies an address of what it filters",
            [](ServerScript& s) { s.byName[kFiltered].rcode = rcode::kNoError; },
            [](const Report& r) { return r.filters == true; });
        row(
            "fails at the filtered name",
            [](ServerScript& s) { s.byName[kFiltered].rcode = rcode::kServFail; },
            [](const Report& r) { return !r.filters && r.answers == true; });
        row(
            "is silent at the signed name", [](ServerScript& s) { s.byName[kGood].drop = true; },
            [](const Report& r) { return !r.validates && r.refusesBad == true; });
        row(
            "has no plain name", [](ServerScript& s) { s.behaviour.rcode = rcode::kNxDomain; },
            [](const Report& r) { return r.answers == false && r.queryMicros; });
        row(
            "ends connections after each answer", [](ServerScript& s) { s.closeAfterAnswers = 1; },
            [](const Report& r) {
                return r.validates == true && r.refusesBad == true && r.filters == true &&
                       r.resumes == true && r.earlyData == true;
            });
    }
    void findings() {
        QFETCH(Finding, finding);
        m_test->setScript(
            [&](ServerScript& script) {
                makeGood(script);
                finding.script(script);
            },
            kTested);
        QVERIFY(m_test->start());
        Report report;
        run(m_test->upstream(kTested), report);
        QCOMPARE(report.error, std::string());
        QVERIFY(finding.holds(report));
    }

    void signsOfAFilter_data() {
        QTest::addColumn<QString>("address");
        QTest::addColumn<int>("extendedError");
        QTest::addColumn<bool>("filters");
        QTest::newRow("an address") << "192.0.2.3" << -1 << false;
        QTest::newRow("no address at all") << "0.0.0.0" << -1 << true;
        QTest::newRow("our own computer") << "127.0.0.1" << -1 << true;
        QTest::newRow("another page, and says so") << "192.0.2.3" << 15 << true;
        QTest::newRow("filtered, as it says") << "192.0.2.3" << 17 << true;
        QTest::newRow("an old answer") << "192.0.2.3" << 3 << false;
    }
    void signsOfAFilter() {
        QFETCH(QString, address);
        QFETCH(int, extendedError);
        QFETCH(bool, filters);
        m_test->answerWith(
            [=](Message& response) {
                addAddress(response, address.toStdString(), 300);
                if (extendedError >= 0)
                    response.edns.emplace().options.push_back(
                        {edns::kExtendedError, {0, static_cast<std::uint8_t>(extendedError)}});
            },
            kTested);
        QVERIFY(m_test->start());
        m_names = {kPlain, {}, {}, kFiltered};
        Report report;
        run(m_test->upstream(kTested), report);
        QCOMPARE(report.error, std::string());
        QVERIFY(report.filters.has_value());
        QCOMPARE(*report.filters, filters);
    }

    /// Without names the connection is measured all the same.
    void emptyNamesAreLeftOut() {
        m_names = {};
        QVERIFY(m_test->start());
        Report report;
        run(m_test->upstream(kTested), report);
        QCOMPARE(report.error, std::string());
        QVERIFY(report.tlsMicros && report.resumes == true);
        QVERIFY(!report.queryMicros && !report.answers && !report.validates);
        QVERIFY(!report.refusesBad && !report.filters && !report.keepalive && !report.earlyData);
        QCOMPARE(m_test->allQueries(kTested), std::size_t{0});
    }

    void failures_data() {
        QTest::addColumn<Failure>("failure");
        using O = AttemptOutcome;
        const auto row = [](const char* name, const char* says, AttemptOutcome outcome,
                            std::function<void(EngineUnderTest&, UpstreamConfig&)> arrange) {
            QTest::newRow(name) << Failure{std::move(arrange), says, outcome};
        };
        const auto reissue = [](EngineUnderTest& test,
                                const std::function<void(LeafOptions&)>& change) {
            LeafOptions leaf = EngineUnderTest::serverLeaf();
            change(leaf);
            test.server(kTested).setIdentity(test.ca().issue(leaf));
        };
        row("another name", "another.test", O::CertificateName,
            [=](EngineUnderTest& test, UpstreamConfig&) {
                reissue(test, [](LeafOptions& leaf) { leaf.dnsNames = {"another.test"}; });
            });
        row("expired", "expired", O::CertificateExpired,
            [=](EngineUnderTest& test, UpstreamConfig&) {
                reissue(test, [](LeafOptions& leaf) {
                    leaf.validFrom = -48h;
                    leaf.validUntil = -1h;
                });
            });
        row("another pin", "pin", O::PinMismatch, [](EngineUnderTest&, UpstreamConfig& upstream) {
            upstream.pins = {"sha256/" + std::string(43, 'A') + "="};
        });
        row("nobody there", "refused", O::Refused,
            [](EngineUnderTest& test, UpstreamConfig&) { test.server(kTested).stop(); });
        row("no answer to a query", kPlain, O::Silent, [](EngineUnderTest& test, UpstreamConfig&) {
            test.setBehaviour([](Behaviour& b) { b.drop = true; }, kTested);
        });
        row("a broken answer", kPlain, O::BadAnswer, [](EngineUnderTest& test, UpstreamConfig&) {
            test.setBehaviour([](Behaviour& b) { b.truncated = true; }, kTested);
        });
        row("an unknown name", "nowhere.sotto.test", O::NameNotFound,
            [](EngineUnderTest&, UpstreamConfig& upstream) {
                upstream.addresses.clear();
                upstream.tlsName = "nowhere.sotto.test";
            });
    }
    void failures() {
        QFETCH(Failure, failure);
        UpstreamConfig upstream = m_test->upstream(kTested);
        failure.arrange(*m_test, upstream);
        QVERIFY(m_test->start());
        Report report;
        run(upstream, report);
        QVERIFY2(report.error.find(failure.says) != std::string::npos, report.error.c_str());
        QCOMPARE(attemptOutcomeName(report.outcome), attemptOutcomeName(failure.outcome));
        QVERIFY(report.answers != true);
        QVERIFY(!report.resumes);
    }

    /// What was seen before the handshake failed is kept.
    void whatAnUntrustedServerShowed_data() {
        QTest::addColumn<bool>("pinned");
        QTest::newRow("another name") << false;
        QTest::newRow("another pin") << true;
    }
    void whatAnUntrustedServerShowed() {
        QFETCH(bool, pinned);
        LeafOptions leaf = EngineUnderTest::serverLeaf();
        if (!pinned)
            leaf.dnsNames = {"another.test"};
        const Identity identity = m_test->ca().issue(leaf);
        m_test->server(kTested).setIdentity(identity);
        UpstreamConfig upstream = m_test->upstream(kTested);
        if (pinned)
            upstream.pins = {"sha256/" + std::string(43, 'A') + "="};
        QVERIFY(m_test->start());
        Report report;
        run(upstream, report);
        QVERIFY(report.address == address("127.0.0.1"));
        QVERIFY(report.connectMicros && !report.tlsMicros && !report.queryMicros);
        QCOMPARE(report.certificateNames, leaf.dnsNames.at(0));
        QCOMPARE(report.issuer, std::string("throw-away CA"));
        QVERIFY(report.validUntilUnixSeconds > report.validFromUnixSeconds);
        QCOMPARE(report.pin, identity.pin());
        QCOMPARE(m_test->allQueries(kTested), std::size_t{0});
    }

    void aSilentPort() {
        const SilentPort silent("127.0.0.1");
        if (!silent.isSilent())
            QSKIP("the queue of a listening socket cannot be filled here");
        UpstreamConfig upstream = m_test->upstream(kTested);
        upstream.port = silent.port();
        QVERIFY(m_test->start());
        Report report;
        run(upstream, report);
        QVERIFY2(report.error.find("no answer on port") != std::string::npos, report.error.c_str());
        QVERIFY(report.outcome == AttemptOutcome::ConnectTimeout);
        QVERIFY(!report.address && !report.connectMicros);
    }

    void mistakes_data() {
        QTest::addColumn<Mistake>("mistake");
        const auto row = [](const char* name, ErrorCode code,
                            std::function<void(UpstreamConfig&, UpstreamTestNames&)> make) {
            QTest::newRow(name) << Mistake{std::move(make), code};
        };
        row("clear text", ErrorCode::InvalidArgument,
            [](UpstreamConfig& u, UpstreamTestNames&) { u.protocol = Protocol::Udp; });
        row("a wrong pin", ErrorCode::InvalidArgument,
            [](UpstreamConfig& u, UpstreamTestNames&) { u.pins = {"sha256/short"}; });
        row("neither address nor name", ErrorCode::InvalidArgument,
            [](UpstreamConfig& u, UpstreamTestNames&) {
                u.addresses.clear();
                u.tlsName.clear();
            });
        row("no certificate", ErrorCode::TlsFailure,
            [](UpstreamConfig& u, UpstreamTestNames&) { u.caPem = "nothing of use"; });
        row("no name", ErrorCode::InvalidArgument,
            [](UpstreamConfig&, UpstreamTestNames& n) { n.filtered = "two..dots"; });
    }
    void mistakes() {
        QFETCH(Mistake, mistake);
        UpstreamConfig upstream = m_test->upstream(kTested);
        mistake.make(upstream, m_names);
        QVERIFY(m_test->start());
        const auto begun = begin(upstream, m_told);
        QVERIFY(!begun);
        QVERIFY(begun.error().code == mistake.code);
        m_test->destroyEngine();
        QVERIFY(m_told->all().empty());
    }

    void aNameIsLookedUp() {
        std::string error;
        const auto zone = ZoneSet::fromText(
            "$TTL 300\n$ORIGIN sotto.test.\n@ SOA ns h 1 3600 600 86400 1\ndot A 127.0.0.1\n",
            error);
        QVERIFY2(zone, error.c_str());
        m_test->server(0).setZones(*zone);
        UpstreamConfig upstream = m_test->upstream(kTested);
        upstream.addresses.clear();
        QVERIFY(m_test->start());
        Report report;
        run(upstream, report);
        QCOMPARE(report.error, std::string());
        QVERIFY(report.address == address("127.0.0.1"));
        QCOMPARE(m_test->queriesFor("dot.sotto.test", rr::kA, kTested), std::size_t{0});
    }

    void theFirstAddressThatShakesHands() {
        UpstreamConfig upstream = m_test->upstream(kTested);
        upstream.addresses = {address("127.0.0.9"), address("127.0.0.1")};
        QVERIFY(m_test->start());
        Report report;
        run(upstream, report);
        QCOMPARE(report.error, std::string());
        QVERIFY(report.address == address("127.0.0.1"));
    }

    void addressesOfV6_data() {
        QTest::addColumn<bool>("serves");
        QTest::newRow("serves") << true;
        QTest::newRow("nobody there") << false;
    }
    void addressesOfV6() {
        QFETCH(bool, serves);
        DotServer::Options options;
        options.address = "::1";
        options.port = m_test->server(kTested).port();
        DotServer other(m_test->ca().issue(EngineUnderTest::serverLeaf()), EngineUnderTest::zones(),
                        options);
        std::string error;
        if (!other.start(&error))
            QSKIP("no IPv6 on this host");
        if (!serves)
            other.stop();
        UpstreamConfig upstream = m_test->upstream(kTested);
        upstream.addresses.push_back(address("::1"));
        QVERIFY(m_test->start());
        Report report;
        run(upstream, report);
        QCOMPARE(report.error, std::string());
        QVERIFY(report.address == address("127.0.0.1"));
        QVERIFY(report.ipv6.has_value());
        QCOMPARE(*report.ipv6, serves);
    }

    void theSourceAddressCounts() {
        m_test->config.forward.sourceAddressV4 = address("127.0.0.7");
        QVERIFY(m_test->start());
        Report report;
        run(m_test->upstream(kTested), report);
        QCOMPARE(report.error, std::string());
        for (const SeenConnection& each : m_test->server(kTested).observations().connections)
            QVERIFY2(each.client.starts_with("127.0.0.7"), each.client.c_str());
    }

    void endsWithTheEngine() {
        m_test->setBehaviour([](Behaviour& b) { b.drop = true; }, kTested);
        QVERIFY(m_test->start());
        const auto waiting = std::make_shared<Told>();
        QVERIFY(begin(m_test->upstream(kTested), waiting));
        QVERIFY(m_test->server(kTested).waitFor(
            [](const Observations& now) { return !now.queries.empty(); }));
        QVERIFY(begin(m_test->upstream(kTested), m_told)); // has hardly begun
        m_test->engine().stop();
        for (const auto& told : {waiting, m_told}) {
            QVERIFY(told->isFinished());
            QVERIFY(told->all().back().error.find("stopped") != std::string::npos);
        }
        QVERIFY(!begin(m_test->upstream(kTested), m_told));
    }

    void noMoreThanFourAtOnce() {
        m_test->setBehaviour([](Behaviour& b) { b.drop = true; }, kTested);
        QVERIFY(m_test->start());
        for (int i = 0; i < 4; ++i)
            QVERIFY(begin(m_test->upstream(kTested), m_told));
        const auto refused = std::make_shared<Told>();
        QVERIFY(!begin(m_test->upstream(kTested), refused));
        const auto finished = [this] {
            const auto all = m_told->all();
            return std::count_if(all.begin(), all.end(),
                                 [](const Report& each) { return each.finished; });
        };
        QTRY_COMPARE_WITH_TIMEOUT(int(finished()), 4, kTestTime);
        QVERIFY(refused->all().empty());
        QVERIFY(begin(m_test->upstream(kTested), refused)); // there is room again
    }

private:
    sotto::engine::Result<void> begin(const UpstreamConfig& upstream,
                                      const std::shared_ptr<Told>& told) {
        return m_test->engine().testUpstream(upstream, m_names,
                                             [told](const Report& report) { told->add(report); });
    }
    void run(const UpstreamConfig& upstream, Report& report) {
        const auto begun = begin(upstream, m_told);
        QVERIFY2(begun.ok(), begun ? "" : begun.error().message().c_str());
        QTRY_VERIFY_WITH_TIMEOUT(m_told->isFinished(), kTestTime);
        report = m_told->all().back();
    }

    std::unique_ptr<EngineUnderTest> m_test;
    std::shared_ptr<Told> m_told;
    UpstreamTestNames m_names;
};

QTEST_GUILESS_MAIN(TestEngineProviderTest)
#include "test_engine_provider_test.moc"
