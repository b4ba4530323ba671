// SPDX-License-Identifier: GPL-3.0-or-later
#include "tls_samples.h"
#include "upstream/session_store.h"

#include <QFile>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <openssl/sha.h>

#include <ctime>

using namespace sotto::engine;

namespace sotto::test {

namespace {

using Octets = std::vector<std::uint8_t>;

constexpr qint64 kHour = 3600;
constexpr qint64 kDay = 24 * kHour;

SessionKey keyNumbered(std::uint8_t number) {
    SessionKey key{};
    key[31] = number;
    return key;
}

/// Puts the right checksum behind octets that were changed.
void seal(Octets& octets) {
    const std::size_t body = octets.size() - SHA256_DIGEST_LENGTH;
    SHA256(octets.data(), body, octets.data() + body);
}

std::string ticketOf(const SSL_SESSION* session) {
    const unsigned char* octets = nullptr;
    std::size_t length = 0;
    SSL_SESSION_get0_ticket(session, &octets, &length);
    return std::string(reinterpret_cast<const char*>(octets), length);
}

void learn(SessionStore& store, const SessionKey& key, SessionStore::Learnt learnt) {
    store.learnIdleMillis(key, learnt.idleMillis);
    store.learnRefusals(key, learnt.refusesEarlyData, learnt.refusesFastOpen);
}

} // namespace

class TestSessionStore : public QObject {
    Q_OBJECT

    const ThrowawayCa m_ca;
    const UpstreamConfig m_upstream = upstreamOf(m_ca);
    const SessionKey m_key = sessionKeyOf(m_upstream);
    const std::int64_t m_now = std::time(nullptr);

    /// A session of a new connection; its server forgets it. Its certificate is valid for a week.
    SslPointer<SSL_SESSION> session(int version = TLS1_3_VERSION,
                                    std::chrono::seconds validUntil = std::chrono::hours(7 * 24)) {
        LeafOptions leaf = goodLeaf();
        leaf.validUntil = validUntil;
        MemoryTlsServer::Options options;
        options.version = version;
        MemoryTlsServer server(m_ca.issue(leaf), options);
        auto connection = connectTo(server, m_upstream);
        return SslPointer<SSL_SESSION>(
            connection.connected ? SSL_SESSION_dup(connection.sessions.at(0).get()) : nullptr);
    }

private slots:
    void resumesAfterARestart_data() {
        QTest::addColumn<int>("version");
        QTest::newRow("TLS 1.2") << TLS1_2_VERSION;
        QTest::newRow("TLS 1.3") << TLS1_3_VERSION;
    }
    void resumesAfterARestart() {
        QFETCH(int, version);
        MemoryTlsServer::Options options;
        options.version = version;
        MemoryTlsServer server(m_ca.issue(goodLeaf()), options);
        const auto first = connectTo(server, m_upstream);
        QVERIFY(first.connected);
        const std::size_t given = version == TLS1_3_VERSION ? 2 : 1;
        QCOMPARE(first.sessions.size(), given);

        SessionStore before;
        for (const auto& session : first.sessions)
            before.put(m_key, session.get(), m_now);
        const Octets kept = before.exportAll(m_now);
        QVERIFY(!before.has(m_key, m_now)); // none is used twice
        QVERIFY(!before.take(m_key, m_now));

        SessionStore after;
        const auto imported = after.import(kept, m_now + 1);
        QVERIFY(imported.ok());
        QCOMPARE(imported.value(), given);
        std::string lastTicket;
        for (std::size_t i = 0; i < given; ++i) {
            const auto session = after.take(m_key, m_now + 1);
            QVERIFY(session);
            const std::string ticket = ticketOf(session.get());
            QVERIFY(!ticket.empty() && ticket != lastTicket);
            lastTicket = ticket;
            const auto again = connectTo(server, m_upstream, session.get());
            QVERIFY(again.connected);
            QCOMPARE(SSL_session_reused(again.ssl.get()), 1);
            QCOMPARE(SSL_get_verify_result(again.ssl.get()), long{X509_V_OK});
            QVERIFY(SSL_get0_peer_certificate(again.ssl.get()));
        }
        QVERIFY(!after.take(m_key, m_now + 1));
    }

    void outlivesItsConnection_data() { resumesAfterARestart_data(); }
    void outlivesItsConnection() {
        QFETCH(int, version);
        MemoryTlsServer::Options options;
        options.version = version;
        MemoryTlsServer server(m_ca.issue(goodLeaf()), options);
        SessionStore store;
        {
            const auto first = connectTo(server, m_upstream);
            QVERIFY(first.connected);
            store.put(m_key, first.sessions.back().get(), m_now);
        } // and nobody said goodbye
        const auto session = store.take(m_key, m_now);
        QVERIFY(session);
        const auto again = connectTo(server, m_upstream, session.get());
        QVERIFY(again.connected);
        QCOMPARE(SSL_session_reused(again.ssl.get()), 1);
    }

    void theNewestGoesFirstAndTheOldestAway() {
        SessionStore store;
        std::vector<SslPointer<SSL_SESSION>> sessions;
        for (std::size_t i = 0; i < SessionStore::kPerUpstream + 2; ++i) {
            sessions.push_back(session());
            store.put(m_key, sessions.back().get(), m_now + static_cast<std::int64_t>(i));
        }
        for (std::size_t i = sessions.size(); i > 2; --i)
            QCOMPARE(ticketOf(store.take(m_key, m_now + 100).get()),
                     ticketOf(sessions[i - 1].get()));
        QVERIFY(!store.take(m_key, m_now + 100));
    }

    void serversDoNotMix() {
        SessionStore store;
        store.put(keyNumbered(1), session().get(), m_now);
        QVERIFY(!store.has(keyNumbered(2), m_now));
        QVERIFY(!store.take(keyNumbered(2), m_now));
        QVERIFY(store.has(keyNumbered(1), m_now));
        store.forget(keyNumbered(1));
        QVERIFY(!store.take(keyNumbered(1), m_now));
    }

    void theServerNotUsedForLongestGoes() {
        SessionStore store;
        const auto one = session();
        for (std::uint8_t i = 0; i < SessionStore::kMaxUpstreams; ++i)
            store.put(keyNumbered(i), one.get(), m_now);
        learn(store, keyNumbered(0), {1, false, false});
        store.put(keyNumbered(200), one.get(), m_now);
        QVERIFY(store.has(keyNumbered(0), m_now));
        QVERIFY(!store.has(keyNumbered(1), m_now));
        QVERIFY(store.has(keyNumbered(2), m_now));

        // The order outlives a restart.
        SessionStore after;
        QVERIFY(after.import(store.exportAll(m_now), m_now).ok());
        after.put(keyNumbered(201), one.get(), m_now);
        QVERIFY(!after.has(keyNumbered(2), m_now));
        QVERIFY(after.has(keyNumbered(0), m_now));
        QVERIFY(after.has(keyNumbered(3), m_now));
    }

    void endsInTime_data() {
        QTest::addColumn<qint64>("hint");
        QTest::addColumn<int>("version");
        QTest::addColumn<qint64>("certificate");
        QTest::addColumn<qint64>("lasts");
        // OpenSSL's servers give tickets for two hours.
        QTest::newRow("by its ticket") << qint64{7200} << TLS1_3_VERSION << 7 * kDay << 2 * kHour;
        QTest::newRow("by its certificate") << qint64{7200} << TLS1_3_VERSION << kHour << kHour;
        QTest::newRow("by its ticket, TLS 1.2")
            << qint64{7200} << TLS1_2_VERSION << 7 * kDay << 2 * kHour;
    }
    void endsInTime() {
        QFETCH(qint64, hint);
        QFETCH(int, version);
        QFETCH(qint64, certificate);
        QFETCH(qint64, lasts);
        const auto one = session(version, std::chrono::seconds(certificate));
        QVERIFY(one);
        QCOMPARE(static_cast<qint64>(SSL_SESSION_get_ticket_lifetime_hint(one.get())), hint);
        SessionStore store;
        store.put(m_key, one.get(), m_now);
        QVERIFY(store.has(m_key, m_now + lasts - 5));
        QVERIFY(!store.has(m_key, m_now + lasts + 5)); // the certificate was made a moment later
        QVERIFY(!store.take(m_key, m_now + lasts + 5));

        SessionStore before;
        before.put(m_key, one.get(), m_now);
        const Octets kept = before.exportAll(m_now);
        SessionStore early;
        QCOMPARE(early.import(kept, m_now + lasts - 5).value(), std::size_t{1});
        SessionStore late;
        QCOMPARE(late.import(kept, m_now + lasts + 5).value(), std::size_t{0});
        QVERIFY(!late.has(m_key, m_now));
    }

    void aDayIsTheMost() {
        MemoryTlsServer::Options options;
        options.ticketSeconds = 7 * kDay;
        LeafOptions leaf = goodLeaf();
        leaf.validUntil = std::chrono::hours(7 * 24);
        MemoryTlsServer server(m_ca.issue(leaf), options);
        const auto connection = connectTo(server, m_upstream);
        QVERIFY(connection.connected);
        SSL_SESSION* one = connection.sessions[0].get();
        QCOMPARE(SSL_SESSION_get_ticket_lifetime_hint(one), static_cast<unsigned long>(7 * kDay));
        SessionStore store;
        store.put(m_key, one, m_now);
        QVERIFY(store.has(m_key, m_now + kDay - 1));
        QVERIFY(!store.has(m_key, m_now + kDay));
    }

    void nothingCountsUnderAClockThatIsBehind() {
        SessionStore store;
        store.put(m_key, session().get(), m_now);
        QVERIFY(!store.has(m_key, m_now - 1));
        QVERIFY(!store.take(m_key, m_now - 1));

        SessionStore before;
        before.put(m_key, session().get(), m_now);
        const Octets kept = before.exportAll(m_now);
        SessionStore after;
        const auto imported = after.import(kept, m_now - 1);
        QVERIFY(!imported.ok());
        QVERIFY(imported.error().message().find("clock") != std::string::npos);
        QVERIFY(!after.has(m_key, m_now));
    }

    void whatWasLearntOutlivesARestart() {
        SessionStore before;
        QVERIFY(before.exportAll(m_now).empty());
        QCOMPARE(before.learnt(m_key), SessionStore::Learnt{});
        learn(before, keyNumbered(1), {10000, true, false});
        learn(before, keyNumbered(2), {0, false, true});
        learn(before, keyNumbered(3), {}); // of no use to anybody
        SessionStore after;
        QCOMPARE(after.import(before.exportAll(m_now), m_now).value(), std::size_t{0});
        QCOMPARE(after.learnt(keyNumbered(1)), (SessionStore::Learnt{10000, true, false}));
        QCOMPARE(after.learnt(keyNumbered(2)), (SessionStore::Learnt{0, false, true}));
        QCOMPARE(before.learnt(keyNumbered(2)), (SessionStore::Learnt{0, false, true}));
    }

    /// Several upstreams under one name tell the store what they learn, each of its own.
    void whatWasRefusedStaysRefused() {
        SessionStore store;
        store.learnRefusals(m_key, true, false);
        store.learnIdleMillis(m_key, 10000);
        store.learnRefusals(m_key, false, true);
        QCOMPARE(store.learnt(m_key), (SessionStore::Learnt{10000, true, true}));
        store.learnIdleMillis(m_key, 7000);
        store.learnRefusals(m_key, false, false);
        QCOMPARE(store.learnt(m_key), (SessionStore::Learnt{7000, true, true}));
    }

    void ofOthersNothingIsTaken() {
        SessionStore before;
        before.put(keyNumbered(1), session().get(), m_now);
        before.put(keyNumbered(2), session().get(), m_now);
        learn(before, keyNumbered(1), {5, false, false});
        SessionStore after;
        const auto imported =
            after.import(before.exportAll(m_now), m_now,
                         [](const SessionKey& key) { return key == keyNumbered(2); });
        QCOMPARE(imported.value(), std::size_t{1});
        QVERIFY(after.has(keyNumbered(2), m_now) && !after.has(keyNumbered(1), m_now));
        QCOMPARE(after.learnt(keyNumbered(1)), SessionStore::Learnt{});
    }

    void anImportStandsBehindWhatThisRunGot() {
        SessionStore before;
        for (std::size_t i = 0; i < SessionStore::kPerUpstream; ++i)
            before.put(m_key, session().get(), m_now);
        SessionStore after;
        const auto own = session();
        after.put(m_key, own.get(), m_now);
        learn(after, m_key, {5, false, false});
        learn(before, m_key, {7, true, true});
        QCOMPARE(after.import(before.exportAll(m_now), m_now).value(),
                 SessionStore::kPerUpstream - 1);
        // But for what was refused, which stays so.
        QCOMPARE(after.learnt(m_key), (SessionStore::Learnt{5, true, true}));
        QCOMPARE(ticketOf(after.take(m_key, m_now).get()), ticketOf(own.get()));
    }

    void damageIsRefused() {
        SessionStore before;
        before.put(m_key, session().get(), m_now);
        const Octets kept = before.exportAll(m_now);
        const auto refused = [&](const Octets& octets) {
            SessionStore store;
            learn(store, keyNumbered(9), {9, false, false});
            return !store.import(octets, m_now).ok() && !store.has(m_key, m_now) &&
                   store.learnt(keyNumbered(9)).idleMillis == 9;
        };
        QVERIFY(refused({}));
        for (std::size_t at = 0; at < kept.size(); ++at) {
            Octets changed = kept;
            changed[at] ^= 1;
            QVERIFY(refused(changed));
        }
        for (std::size_t size = 0; size < kept.size(); size += 7)
            QVERIFY(refused(Octets(kept.begin(), kept.begin() + static_cast<long>(size))));
        // The right checksum does not make it better.
        Octets longer = kept;
        longer.insert(longer.end() - SHA256_DIGEST_LENGTH, std::uint8_t{1});
        seal(longer);
        QVERIFY(refused(longer));
        Octets version = kept;
        version[14] = 2;
        seal(version);
        QVERIFY(refused(version));
    }

    void whatIsNoSessionIsLeftOut() {
        SessionStore before;
        before.put(m_key, session().get(), m_now);
        before.put(m_key, session().get(), m_now);
        Octets kept = before.exportAll(m_now);
        // The first session's outermost tag, behind head, key, what was learnt and its frame.
        const std::size_t at = 13 + 2 + 8 + 32 + 4 + 1 + 1 + 8 + 4;
        QCOMPARE(int{kept[at]}, 0x30);
        kept[at] = 0x31;
        seal(kept);
        SessionStore after;
        QCOMPARE(after.import(kept, m_now).value(), std::size_t{1});
    }

    void keysFollowWhatIsVerified_data() {
        QTest::addColumn<int>("change");
        QTest::newRow("name") << 0;
        QTest::newRow("port") << 1;
        QTest::newRow("pins") << 2;
        QTest::newRow("authorities") << 3;
        QTest::newRow("the system's authorities") << 4;
        QTest::newRow("client certificate") << 5;
        QTest::newRow("address instead of the name") << 6;
    }
    void keysFollowWhatIsVerified() {
        QFETCH(int, change);
        UpstreamConfig other = m_upstream;
        switch (change) {
        case 0:
            other.tlsName += ".example";
            break;
        case 1:
            other.port = 8853;
            break;
        case 2:
            other.pins.push_back("sha256/a");
            break;
        case 3:
            other.caPem += '\n';
            break;
        case 4:
            other.caPem.clear();
            break;
        case 5:
            other.clientCertificatePem = "certificate";
            break;
        case 6:
            other.tlsName.clear();
            break;
        }
        QVERIFY(sessionKeyOf(other) != m_key);
        QVERIFY(sessionKeyOf(other) == sessionKeyOf(other));
    }

    void keysForgetTheRest() {
        UpstreamConfig other = m_upstream;
        other.label = "another";
        other.addresses.push_back(*IpAddress::parse("192.0.2.2"));
        QVERIFY(sessionKeyOf(other) == m_key);
        UpstreamConfig pinned = m_upstream;
        pinned.pins = {"sha256/a", "sha256/b"};
        other.pins = {"sha256/b", "sha256/a"};
        QVERIFY(sessionKeyOf(other) == sessionKeyOf(pinned));

        other.tlsName.clear();
        UpstreamConfig elsewhere = other;
        elsewhere.addresses.pop_back();
        QVERIFY(sessionKeyOf(other) != sessionKeyOf(elsewhere));
    }

    void keysFollowTheSystemsAuthorities() {
        QTemporaryDir folder;
        const QString file = folder.filePath("authorities.pem");
        UpstreamConfig upstream = m_upstream;
        upstream.caPem.clear();
        qputenv("SSL_CERT_FILE", file.toUtf8());
        const auto restore = qScopeGuard([] { qunsetenv("SSL_CERT_FILE"); });
        const SessionKey without = sessionKeyOf(upstream);
        QFile authorities(file);
        QVERIFY(authorities.open(QIODevice::WriteOnly));
        QVERIFY(authorities.write("a") == 1 && authorities.flush());
        const SessionKey with = sessionKeyOf(upstream);
        QVERIFY(with != without);
        QVERIFY(authorities.write("b") == 1 && authorities.flush());
        QVERIFY(sessionKeyOf(upstream) != with);
        QVERIFY(sessionKeyOf(m_upstream) == m_key);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestSessionStore)
#include "test_session_store.moc"
