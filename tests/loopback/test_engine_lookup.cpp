// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include "support/silent_port.h"

#include <QElapsedTimer>
#include <QTest>

using namespace sotto::test;
using namespace std::chrono_literals;
using sotto::engine::AttemptOutcome;
using State = sotto::engine::UpstreamStatus::State;

namespace {

/// Where upstreams known by name are, as the zones of the looking servers say.
constexpr char kZone[] = R"($TTL 300
$ORIGIN sotto.test.
@ SOA ns hostmaster 1 3600 600 86400 1
dot A 127.0.0.1
two A 127.0.0.9
two A 127.0.0.1
short 1 A 127.0.0.1
none TXT "no address"
v6 AAAA ::1
)";

} // namespace

/// Upstreams given by name: looked up through other upstreams or, where that is wanted, in clear
/// text, and never through themselves.
class TestEngineLookup : public QObject {
    Q_OBJECT

private slots:
    void cleanup() { m_test.reset(); }

    /// The second one has addresses, and knows those of the first.
    void throughAnotherUpstream() {
        make(2);
        knowNames(1);
        nameOnly(0);
        QVERIFY(m_test->start());
        QTRY_VERIFY(m_test->status(0).state == State::Ready);
        QVERIFY(m_test->answers(0));
        QCOMPARE(m_test->allQueries(0), std::size_t{1}); // sequential: it is the first
        QVERIFY(m_test->queriesFor("dot.sotto.test", rr::kA, 1) >= 1);
        const auto status = m_test->status(0);
        QVERIFY(status.resolvedAddresses ==
                std::vector<sotto::engine::IpAddress>{address("127.0.0.1")});
        QVERIFY(!status.resolvedUnencrypted);
        QVERIFY(status.config.addresses.empty());
    }

    void throughBootstrap_data() {
        QTest::addColumn<bool>("truncates");
        QTest::newRow("UDP") << false;
        QTest::newRow("TC, then TCP") << true;
    }
    void throughBootstrap() {
        QFETCH(bool, truncates);
        make(1);
        bootstrap();
        m_test->plainServer().setScript([&] {
            ServerScript script;
            script.behaviour.truncatedUdp = truncates;
            return script;
        }());
        nameOnly(0);
        QVERIFY(m_test->start());
        for (int i = 0; i < 20; ++i)
            QVERIFY(m_test->answers(i));
        QVERIFY(m_test->status().resolvedUnencrypted);
        // In clear text goes this name and nothing else, ever.
        const Observations seen = m_test->plainServer().observations();
        QVERIFY(!seen.queries.empty());
        bool overTcp = false;
        for (const SeenQuery& query : seen.queries) {
            QVERIFY(query.message && query.name().sameAs(*Name::fromText("dot.sotto.test")));
            QVERIFY(query.type() == rr::kA || query.type() == rr::kAaaa);
            overTcp |= query.transport == SeenTransport::Tcp;
        }
        QCOMPARE(overTcp, truncates);
    }

    void noBootstrapUnlessConfigured() {
        make(1);
        nameOnly(0);
        QVERIFY(m_test->start());
        const auto reply = m_test->ask("www.example.com", rr::kA, withEdns());
        QVERIFY(reply && reply->rcode == rcode::kServFail);
        QVERIFY(m_test->status().state == State::Failing);
        QVERIFY(m_test->status().lastOutcome == AttemptOutcome::NameNotFound);
        QVERIFY2(m_test->status().lastError.find("dot.sotto.test") != std::string::npos,
                 m_test->status().lastError.c_str());
        QCOMPARE(m_test->allQueries(), std::size_t{0});
    }

    /// Other upstreams are asked rather than anybody in clear text.
    void encryptedLookupsComeFirst() {
        make(2);
        knowNames(1);
        bootstrap();
        nameOnly(0);
        QVERIFY(m_test->start());
        QTRY_VERIFY(m_test->status(0).state == State::Ready);
        QVERIFY(!m_test->status(0).resolvedUnencrypted);
        QCOMPARE(m_test->plainServer().observations().queries.size(), std::size_t{0});
    }

    /// A needs B and B needs A: said, and over at once.
    void circlesAreSaid() {
        make(2);
        nameOnly(0);
        nameOnly(1);
        m_test->config.upstreams[1].tlsName = "two.sotto.test";
        QVERIFY(m_test->start());
        QElapsedTimer timer;
        timer.start();
        const auto reply = m_test->ask("www.example.com", rr::kA, withEdns());
        QVERIFY(reply && reply->rcode == rcode::kServFail);
        QVERIFY2(timer.elapsed() < 3500, qPrintable(QString::number(timer.elapsed())));
        for (std::size_t i = 0; i < 2; ++i) {
            QVERIFY(m_test->status(i).lastOutcome == AttemptOutcome::NameNotFound);
            QVERIFY(!m_test->status(i).lastError.empty());
            QCOMPARE(m_test->server(i).observations().connections.size(), std::size_t{0});
        }
    }

    void failedLookups_data() {
        QTest::addColumn<QString>("name");
        QTest::newRow("does not exist") << QString("nothing.sotto.test");
        QTest::newRow("has no address") << QString("none.sotto.test");
    }
    void failedLookups() {
        QFETCH(QString, name);
        make(2);
        knowNames(1);
        nameOnly(0);
        m_test->config.upstreams[0].tlsName = name.toStdString();
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0)); // by the other one
        QTRY_VERIFY(m_test->status(0).lastOutcome == AttemptOutcome::NameNotFound);
        QVERIFY(m_test->status(0).lastError.find(name.toStdString()) != std::string::npos);
        QVERIFY(m_test->status(0).resolvedAddresses.empty());
    }

    /// The first address found leads nowhere.
    void allAddressesFoundAreTried() {
        make(2);
        knowNames(1);
        nameOnly(0);
        m_test->config.upstreams[0].tlsName = "two.sotto.test";
        LeafOptions leaf;
        leaf.dnsNames = {"two.sotto.test"};
        m_test->server(0).setIdentity(m_test->ca().issue(leaf));
        QVERIFY(m_test->start());
        QTRY_VERIFY(m_test->status(0).state == State::Ready);
        QCOMPARE(m_test->status(0).resolvedAddresses.size(), std::size_t{2});
        QVERIFY(m_test->status(0).address == address("127.0.0.1"));
    }

    /// Its addresses are not asked for again with every query, and a name that is gone later does
    /// not stop what works.
    void addressesAreKept() {
        make(1);
        bootstrap();
        nameOnly(0);
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
        const std::size_t lookups = m_test->plainServer().observations().queries.size();
        QVERIFY2(lookups <= 2, qPrintable(QString::number(lookups)));
        m_test->plainServer().stop();
        m_test->server().endConnections(Behaviour::Ending::Close);
        for (int i = 1; i < 10; ++i)
            QVERIFY(m_test->answers(i));
    }

    /// Wrong answers from the clear-text server do no harm but delay.
    void forgedLookupsAreNotBelieved() {
        make(1);
        bootstrap();
        ServerScript script;
        script.behaviour.wrongId = true;
        script.behaviour.times = 1;
        m_test->plainServer().setScript(script);
        nameOnly(0);
        QVERIFY(m_test->start());
        QTRY_VERIFY_WITH_TIMEOUT(m_test->answers(0), 10'000);
    }

    /// Whoever answers in clear text can lead us anywhere: the certificate decides.
    void misledIsNotAnswered() {
        make(1);
        bootstrap();
        nameOnly(0);
        LeafOptions leaf;
        leaf.dnsNames = {"liar.test"};
        m_test->server().setIdentity(m_test->ca().issue(leaf));
        QVERIFY(m_test->start());
        const auto reply = m_test->ask("www.example.com");
        QVERIFY(reply && reply->rcode == rcode::kServFail);
        QCOMPARE(m_test->allQueries(), std::size_t{0});
    }

    void aFalseAddressIsNotKept_data() {
        QTest::addColumn<QString>("address");
        QTest::newRow("nobody there") << QString("127.0.0.7");
        QTest::newRow("another's certificate") << QString("127.0.0.2");
    }
    /// Whoever forged one answer, which may be kept for a day, has not shut the provider off.
    void aFalseAddressIsNotKept() {
        QFETCH(QString, address);
        make(1);
        bootstrap();
        nameOnly(0);
        m_test->config.cache.failureTtl = 0s;
        DotServer::Options options;
        options.address = "127.0.0.2";
        options.port = m_test->server().port();
        LeafOptions leaf;
        leaf.dnsNames = {"liar.test"};
        m_test->addServer(options, leaf);
        m_test->plainServer().setZones(names("dot 86400 A " + address.toStdString() + "\n"));
        QVERIFY(m_test->start());
        QVERIFY(!m_test->answers(0));
        m_test->plainServer().setZones(names());
        QTRY_VERIFY(m_test->answers(0));
        QCOMPARE(m_test->allQueries(1), std::size_t{0});
    }

    /// Nor where nothing comes back from there, so that connecting goes on and on.
    void aSilentAddressIsNotKept() {
        make(1);
        bootstrap();
        nameOnly(0);
        m_test->config.cache.failureTtl = 0s;
        const SilentPort silent("127.0.0.7", m_test->server().port());
        QVERIFY(silent.isSilent());
        m_test->plainServer().setZones(names("dot 86400 A 127.0.0.7\n"));
        QVERIFY(m_test->start());
        const auto asked = [&] { return m_test->plainServer().observations().queries.size(); };
        QTRY_VERIFY_WITH_TIMEOUT(!m_test->answers(0) && asked() >= 4, 20'000); // the second time
        m_test->plainServer().setZones(names());
        QTRY_VERIFY_WITH_TIMEOUT(m_test->answers(1), 20'000);
    }

    /// As long as it is false it is looked up again, but not for each query.
    void lookUpsBackOff() {
        make(1);
        bootstrap();
        nameOnly(0);
        m_test->config.cache.failureTtl = 0s;
        m_test->plainServer().setZones(names("dot 86400 A 127.0.0.7\n"));
        QVERIFY(m_test->start());
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; timer.elapsed() < 4000; ++i)
            QVERIFY(!m_test->answers(i % 100));
        const std::size_t asked = m_test->plainServer().observations().queries.size();
        // After one second, two more, four more: each for two types of address.
        QVERIFY2(asked >= 4 && asked <= 2 * 4, qPrintable(QString::number(asked)));
    }

    /// On another network the name may mean another server; the one known serves meanwhile.
    void anotherNetworkIsAskedAnew() {
        make(1);
        bootstrap();
        nameOnly(0);
        QVERIFY(m_test->start());
        QVERIFY(m_test->answers(0));
        const auto asked = [&] { return m_test->plainServer().observations().queries.size(); };
        const std::size_t before = asked();
        // Not at once after another look-up.
        QTRY_VERIFY((m_test->engine().networkChanged(), m_test->answers(1)) && asked() > before);
        QTRY_VERIFY(asked() >= before + 2);
        ServerScript silent;
        silent.behaviour.drop = true;
        m_test->plainServer().setScript(silent);
        m_test->engine().networkChanged();
        QVERIFY(m_test->answers(2, 1s)); // nobody answers the look-up
    }

private:
    void make(std::size_t servers) { m_test = std::make_unique<EngineUnderTest>(servers); }

    /// With these lines in place of the server's own address, where there are any.
    static ZoneSet names(const std::string& instead = {}) {
        std::string zone = kZone;
        const std::string address = "dot A 127.0.0.1\n";
        if (!instead.empty())
            zone.replace(zone.find(address), address.size(), instead);
        std::string error;
        return *ZoneSet::fromText(zone, error);
    }
    /// This server answers for the names of upstreams, too: all else as ever.
    void knowNames(std::size_t index) {
        m_test->server(index).setResponder(
            [names = names()](const SeenQuery& query) -> std::optional<Bytes> {
                if (!query.message || !query.name().isAtOrBelow(*Name::fromText("sotto.test")))
                    return std::nullopt;
                return names.answer(*query.message).toWire();
            });
    }
    void bootstrap() {
        m_test->addPlainServer();
        m_test->plainServer().setZones(names());
        m_test->config.forward.bootstrap = {{address("127.0.0.1"), m_test->plainServer().port()}};
    }
    void nameOnly(std::size_t index) { m_test->config.upstreams[index].addresses.clear(); }

    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineLookup)
#include "test_engine_lookup.moc"
