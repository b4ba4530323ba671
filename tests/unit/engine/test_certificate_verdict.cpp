// SPDX-License-Identifier: GPL-3.0-or-later
#include "tls_samples.h"
#include "upstream/certificate_facts.h"
#include "upstream/certificate_verdict.h"
#include "upstream/session_store.h"

#include <QTest>

#include <openssl/pem.h>

#include <ctime>

using namespace sotto::engine;

namespace sotto::test {

namespace {

constexpr qint64 kHour = 3600;
constexpr qint64 kDay = 24 * kHour;

SslPointer<X509> parsed(const std::string& pem) {
    const SslPointer<BIO> source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return SslPointer<X509>(PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr));
}

QString text(const std::string& string) {
    return QString::fromStdString(string);
}

} // namespace

class TestCertificateVerdict : public QObject {
    Q_OBJECT

    const ThrowawayCa m_ca{"the right authority"};
    const UpstreamConfig m_upstream = upstreamOf(m_ca);
    const IpAddress m_address = m_upstream.addresses.front();
    const std::int64_t m_now = std::time(nullptr);

    /// What is said of a server that shows this.
    CertificateVerdict verdictOn(const Identity& identity, const UpstreamConfig& upstream,
                                 std::int64_t now, std::int64_t built) {
        MemoryTlsServer server(identity);
        const auto connection = connectTo(server, upstream);
        if (connection.connected)
            return {AttemptOutcome::Answered, "connected"};
        return verdictOnFailure(connection.ssl.get(), upstream, m_address, now, built);
    }

    UpstreamConfig pinned(std::vector<std::string> pins) const {
        UpstreamConfig upstream = m_upstream;
        upstream.pins = std::move(pins);
        return upstream;
    }

    std::string authorityPin() const { return Identity{m_ca.certificatePem(), {}}.pin(); }

private slots:
    void tellsWhyNot_data() {
        QTest::addColumn<int>("flaw");
        QTest::addColumn<int>("outcome");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, int flaw, AttemptOutcome outcome,
                            const char* reason) {
            QTest::newRow(name) << flaw << static_cast<int>(outcome) << QString(reason);
        };
        row("none", 0, AttemptOutcome::Answered, "connected");
        row("other name", 1, AttemptOutcome::CertificateName,
            "the certificate is not for dot.sotto.test (it is for a.test, 192.0.2.7)");
        row("no name", 2, AttemptOutcome::CertificateName,
            "the certificate is not for dot.sotto.test (it carries no name)");
        row("other address", 3, AttemptOutcome::CertificateName,
            "the certificate is not for 192.0.2.1 (it is for dot.sotto.test)");
        row("self-signed", 4, AttemptOutcome::CertificateUntrusted,
            "the certificate is self-signed");
        row("another authority", 5, AttemptOutcome::CertificateUntrusted,
            "the certificate is not signed by a trusted authority");
        row("for clients", 6, AttemptOutcome::CertificateUnfit,
            "the certificate is not meant for servers");
        row("many names", 7, AttemptOutcome::CertificateName,
            "the certificate is not for dot.sotto.test (it is for 1.test, 2.test, 3.test, 4.test "
            "and 1 more)");
    }
    void tellsWhyNot() {
        QFETCH(int, flaw);
        LeafOptions leaf = goodLeaf();
        UpstreamConfig upstream = m_upstream;
        switch (flaw) {
        case 1:
            leaf.dnsNames = {"a.test"};
            leaf.ipAddresses = {"192.0.2.7"};
            break;
        case 2:
            leaf.dnsNames.clear();
            leaf.ipAddresses.clear();
            leaf.commonName = kServerName; // which is not looked at
            break;
        case 3:
            leaf.ipAddresses.clear();
            upstream.tlsName.clear();
            break;
        case 6:
            leaf.usage = LeafOptions::Usage::Client;
            break;
        case 7:
            leaf.dnsNames = {"1.test", "2.test", "3.test", "4.test", "5.test"};
            leaf.ipAddresses.clear();
            break;
        }
        const Identity identity = flaw == 4   ? ThrowawayCa::selfSigned(leaf)
                                  : flaw == 5 ? ThrowawayCa("another").issue(leaf)
                                              : m_ca.issue(leaf);
        const CertificateVerdict verdict = verdictOn(identity, upstream, m_now, m_now - kDay);
        QTEST(text(verdict.reason), "reason");
        QTEST(static_cast<int>(verdict.outcome), "outcome");
    }

    void tellsOfAWrongClock_data() {
        QTest::addColumn<qint64>("from"); // of the certificate; seconds from now on
        QTest::addColumn<qint64>("until");
        QTest::addColumn<qint64>("built");
        QTest::addColumn<int>("outcome");
        QTest::addColumn<QString>("reason");
        const int early = static_cast<int>(AttemptOutcome::CertificateNotYetValid);
        const int late = static_cast<int>(AttemptOutcome::CertificateExpired);
        const qint64 decade = 3652 * kDay;
        QTest::newRow("behind the build date")
            << 400 * kDay << 500 * kDay << 412 * kDay + kHour << early
            << "this computer's clock is 412 days behind the build date: it says NOWDAY, and the "
               "certificate is valid only from FROM on";
        QTest::newRow("behind, and the certificate newer than the build")
            << 420 * kDay << 500 * kDay << 412 * kDay + kHour << early
            << "this computer's clock is 412 days behind the build date: it says NOWDAY, and the "
               "certificate is valid only from FROM on";
        QTest::newRow("too early")
            << 2 * kDay << 5 * kDay << -kDay << early
            << "the certificate is valid only from FROM on, and this computer's clock says NOW";
        QTest::newRow("too early, built today elsewhere")
            << 2 * kDay << 5 * kDay << kDay - kHour << early
            << "the certificate is valid only from FROM on, and this computer's clock says NOW";
        QTest::newRow("expired") << -9 * kDay << -2 * kDay << -400 * kDay << late
                                 << "the certificate expired on UNTIL, and this computer's clock "
                                    "says NOW";
        QTest::newRow("expired, though the clock is behind")
            << -9 * kDay << -2 * kDay << 400 * kDay << late
            << "the certificate expired on UNTIL, and this computer's clock says NOW";
        QTest::newRow("far ahead of the build date")
            << -decade << -20 * kDay << -decade - 5 * kDay << late
            << "this computer's clock is 3657 days ahead of the build date: it says NOWDAY, and "
               "the certificate expired on UNTIL";
        QTest::newRow("far ahead, but it had expired before")
            << -decade - 30 * kDay << -decade - 20 * kDay << -decade - 5 * kDay << late
            << "the certificate expired on UNTIL, and this computer's clock says NOW";
    }
    void tellsOfAWrongClock() {
        QFETCH(qint64, from);
        QFETCH(qint64, until);
        QFETCH(qint64, built);
        QFETCH(QString, reason);
        LeafOptions leaf = goodLeaf();
        leaf.validFrom = std::chrono::seconds(from);
        leaf.validUntil = std::chrono::seconds(until);
        const Identity identity = m_ca.issue(leaf);
        const auto certificate = parsed(identity.chainPem);
        const auto verdict = verdictOn(identity, m_upstream, m_now, m_now + built);
        reason.replace("NOWDAY", text(timeText(m_now)).left(10));
        reason.replace("NOW", text(timeText(m_now)));
        reason.replace("FROM", text(timeText(validFromUnix(certificate.get()))));
        reason.replace("UNTIL", text(timeText(validUntilUnix(certificate.get()))));
        QCOMPARE(text(verdict.reason), reason);
        QTEST(static_cast<int>(verdict.outcome), "outcome");
    }

    void theBuildDateIsNotAhead() {
        QVERIFY(buildDateUnix() > 1'790'000'000); // September 2026
        QVERIFY(buildDateUnix() <= m_now + kDay);
    }

    void pinsOfAnyOfTheChain_data() {
        QTest::addColumn<int>("which");
        QTest::addColumn<bool>("met");
        QTest::newRow("none") << 0 << true;
        QTest::newRow("the server's") << 1 << true;
        QTest::newRow("the authority's") << 2 << true;
        QTest::newRow("others") << 3 << false;
    }
    void pinsOfAnyOfTheChain() {
        QFETCH(int, which);
        QFETCH(bool, met);
        const Identity identity = m_ca.issue(goodLeaf());
        const std::string other = ThrowawayCa::selfSigned({}).pin();
        std::vector<std::string> pins;
        if (which != 0)
            pins = {other, which == 1 ? identity.pin() : which == 2 ? authorityPin() : other};
        MemoryTlsServer server(identity);
        const auto connection = connectTo(server, m_upstream);
        QVERIFY(connection.connected);
        const auto verdict = verdictOnPins(connection.ssl.get(), pins);
        QCOMPARE(!verdict, met);
        if (met)
            return;
        QCOMPARE(verdict->outcome, AttemptOutcome::PinMismatch);
        QCOMPARE(text(verdict->reason),
                 text("none of the pinned keys was shown; the server's key is " + identity.pin() +
                      ", expected is " + other + ", " + other));
    }

    void manyPinsAreAbbreviated() {
        MemoryTlsServer server(m_ca.issue(goodLeaf()));
        const auto connection = connectTo(server, m_upstream);
        const auto verdict = verdictOnPins(connection.ssl.get(), {"1", "2", "3", "4", "5"});
        QVERIFY(verdict && verdict->reason.ends_with("expected is 1, 2 or 3 more"));
    }

    void sessionsAreJudgedAgain_data() {
        QTest::addColumn<int>("change");
        QTest::addColumn<bool>("may");
        QTest::newRow("nothing") << 0 << true;
        QTest::newRow("another name") << 1 << false;
        QTest::newRow("a name below") << 2 << false;
        QTest::newRow("the address for the name") << 3 << true;
        QTest::newRow("another address for the name") << 4 << false;
        QTest::newRow("another address with the name") << 5 << true;
        QTest::newRow("an address as the name") << 6 << true;
        QTest::newRow("the certificate has ended") << 7 << false;
        QTest::newRow("it has not begun") << 8 << false;
        QTest::newRow("its key is pinned now") << 9 << true;
        QTest::newRow("another key is pinned now") << 10 << false;
        QTest::newRow("its authority's key is pinned now") << 11 << false;
    }
    void sessionsAreJudgedAgain() {
        QFETCH(int, change);
        const Identity identity = m_ca.issue(goodLeaf());
        MemoryTlsServer server(identity);
        const auto connection = connectTo(server, m_upstream);
        QVERIFY(connection.connected);
        UpstreamConfig upstream = m_upstream;
        IpAddress address = m_address;
        std::int64_t now = m_now;
        switch (change) {
        case 1:
            upstream.tlsName = "other.sotto.test";
            break;
        case 2:
            upstream.tlsName = std::string("a.") + kServerName;
            break;
        case 3:
            upstream.tlsName.clear();
            break;
        case 4:
            upstream.tlsName.clear();
            address = *IpAddress::parse("192.0.2.2");
            break;
        case 5:
            address = *IpAddress::parse("2001:db8::1");
            break;
        case 6:
            upstream.tlsName = "192.0.2.1";
            address = *IpAddress::parse("2001:db8::1");
            break;
        case 7:
            now += kDay + kHour;
            break;
        case 8:
            now -= kDay;
            break;
        case 9:
            upstream.pins = {identity.pin()};
            break;
        case 10:
            upstream.pins = {ThrowawayCa::selfSigned({}).pin()};
            break;
        case 11:
            upstream.pins = {authorityPin()};
            break;
        }
        QTEST(mayResume(connection.sessions[0].get(), upstream, address, now), "may");
    }

    void theNoteOfPinsOutlivesARestart() {
        const UpstreamConfig upstream = pinned({authorityPin(), "sha256/other"});
        const SessionKey key = sessionKeyOf(upstream);
        MemoryTlsServer server(m_ca.issue(goodLeaf()));
        SessionStore store;
        const auto first = connectAndKeep(server, upstream, nullptr, store, key);
        QVERIFY(first.connected);

        SessionStore after;
        QCOMPARE(after.import(store.exportAll(m_now), m_now).value(), std::size_t{2});
        const auto session = after.take(key, m_now);
        QVERIFY(mayResume(session.get(), upstream, m_address, m_now));
        QVERIFY(
            mayResume(session.get(), pinned({"sha256/other", authorityPin()}), m_address, m_now));
        QVERIFY(!mayResume(session.get(), pinned({authorityPin()}), m_address, m_now));

        // Once more: the tickets of a resumed connection carry it on.
        SessionStore third;
        const auto again = connectAndKeep(server, upstream, session.get(), third, key);
        QVERIFY(again.connected);
        QCOMPARE(SSL_session_reused(again.ssl.get()), 1);
        QVERIFY(!verdictOnPins(again.ssl.get(), upstream.pins));
        QVERIFY(verdictOnPins(again.ssl.get(), {authorityPin()}));
        const auto next = third.take(key, m_now);
        QVERIFY(next && mayResume(next.get(), upstream, m_address, m_now));
    }

    void whatWasTakenBeforeThePinsWereCheckedIsNotNoted() {
        const UpstreamConfig upstream = pinned({authorityPin()});
        MemoryTlsServer::Options options;
        options.version = TLS1_2_VERSION;
        MemoryTlsServer server(m_ca.issue(goodLeaf()), options);
        const auto connection = connectTo(server, upstream);
        QVERIFY(connection.connected);
        const SslPointer<SSL_SESSION> early(SSL_SESSION_dup(connection.sessions[0].get()));
        QVERIFY(!verdictOnPins(connection.ssl.get(), upstream.pins));
        QVERIFY(!mayResume(early.get(), upstream, m_address, m_now));
        QVERIFY(mayResume(connection.sessions[0].get(), upstream, m_address, m_now));
    }

    void warnings_data() {
        QTest::addColumn<qint64>("life");
        QTest::addColumn<qint64>("left");
        QTest::addColumn<QString>("warning");
        QTest::newRow("long") << 90 * kDay << 30 * kDay << "";
        QTest::newRow("a week and an hour") << 90 * kDay << 7 * kDay + kHour << "";
        QTest::newRow("a week") << 90 * kDay << 7 * kDay << "its certificate ends in 7 days";
        QTest::newRow("days") << 90 * kDay << 4 * kDay - 1 << "its certificate ends in 3 days";
        QTest::newRow("a day") << 90 * kDay << kDay << "its certificate ends in 1 day";
        QTest::newRow("hours") << 90 * kDay << kDay - 1 << "its certificate ends in 23 hours";
        QTest::newRow("an hour") << 90 * kDay << kHour << "its certificate ends in 1 hour";
        QTest::newRow("minutes") << 90 * kDay << kHour - 1
                                 << "its certificate ends within the hour";
        QTest::newRow("over") << 90 * kDay << qint64{0} << "";
        QTest::newRow("of six days, new") << 6 * kDay << 5 * kDay << "";
        QTest::newRow("of six days, old")
            << 6 * kDay << 2 * kDay << "its certificate ends in 2 days";
    }
    void warnings() {
        QFETCH(qint64, life);
        QFETCH(qint64, left);
        QTEST(text(warningOnExpiry(m_now + left - life, m_now + left, m_now)), "warning");
    }

    void saysWhatACertificateSays() {
        LeafOptions leaf = goodLeaf();
        leaf.dnsNames = {"dot.sotto.test", "*.sotto.test", "a.test", "b.test"};
        leaf.ipAddresses = {"192.0.2.1", "2001:db8::1"};
        leaf.validFrom = std::chrono::seconds(-100);
        leaf.validUntil = std::chrono::seconds(200);
        const std::int64_t before = std::time(nullptr);
        const Identity identity = m_ca.issue(leaf);
        const auto certificate = parsed(identity.chainPem);
        QCOMPARE(text(certificateNames(certificate.get())),
                 QString("dot.sotto.test, *.sotto.test, a.test, b.test, 192.0.2.1, 2001:db8::1"));
        QCOMPARE(text(certificateNames(certificate.get(), 2)),
                 QString("dot.sotto.test, *.sotto.test and 4 more"));
        QCOMPARE(text(certificateIssuer(certificate.get())), QString("the right authority"));
        QCOMPARE(text(pinOf(certificate.get())), text(identity.pin()));
        QVERIFY(isPin(identity.pin()));
        const std::int64_t from = validFromUnix(certificate.get());
        QVERIFY(from >= before - 100 && from <= std::time(nullptr) - 100);
        QCOMPARE(validUntilUnix(certificate.get()), from + 300);
    }

    void namesOfOthersDoNoHarm() {
        const auto certificate = parsed(ThrowawayCa("a\nb\x1b[31mc").issue(goodLeaf()).chainPem);
        QCOMPARE(text(certificateIssuer(certificate.get())), QString("a?b?[31mc"));
    }

    void times_data() {
        QTest::addColumn<qint64>("unix");
        QTest::addColumn<QString>("expected");
        QTest::newRow("begin") << qint64{0} << "1970-01-01 00:00 UTC";
        QTest::newRow("before it") << qint64{-1} << "1969-12-31 23:59 UTC";
        QTest::newRow("leap day") << qint64{1709209799} << "2024-02-29 12:29 UTC";
        QTest::newRow("unreadable") << std::numeric_limits<qint64>::min() << "an unreadable date";
    }
    void times() {
        QFETCH(qint64, unix);
        QTEST(text(timeText(unix)), "expected");
    }

    void pinTexts_data() {
        QTest::addColumn<QByteArray>("pin");
        QTest::addColumn<bool>("good");
        const QByteArray digits(43, 'A');
        QTest::newRow("good") << "sha256/" + digits + '=' << true;
        QTest::newRow("no prefix") << digits + '=' << false;
        QTest::newRow("short") << "sha256/" + digits.left(42) + '=' << false;
        QTest::newRow("unpadded") << "sha256/" + digits + 'A' << false;
        QTest::newRow("no digit") << "sha256/" + digits.left(42) + "-=" << false;
        QTest::newRow("nothing") << QByteArray() << false;
    }
    void pinTexts() {
        QFETCH(QByteArray, pin);
        QTEST(isPin(pin.toStdString()), "good");
    }

private:
    /// As a connection does: the pins are checked, and then the tickets come.
    TlsConnection connectAndKeep(MemoryTlsServer& server, const UpstreamConfig& upstream,
                                 SSL_SESSION* session, SessionStore& store,
                                 const SessionKey& key) const {
        auto connection = connectTo(server, upstream, session, [&](SSL* ssl) {
            return !verdictOnPins(ssl, upstream.pins).has_value();
        });
        for (const auto& one : connection.sessions)
            store.put(key, one.get(), m_now);
        return connection;
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestCertificateVerdict)
#include "test_certificate_verdict.moc"
