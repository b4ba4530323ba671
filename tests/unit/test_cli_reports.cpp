// SPDX-License-Identifier: GPL-3.0-or-later
#include "explanation.h"
#include "query_options.h"
#include "test_report_text.h"

#include <QRegularExpression>
#include <QTest>

using namespace sotto::cli;
using namespace sotto::protocol;

namespace sotto::test {

/// What sottoctl says of an answer's way and of a provider's test.
class TestCliReports : public QObject {
    Q_OBJECT

private:
    static LogEntry entryOf(AnswerSource source) {
        LogEntry entry;
        entry.source = source;
        return entry;
    }

private slots:
    void queryOptions() {
        QVERIFY(!QueryOptions::read({}));
        QVERIFY(!QueryOptions::read({"--explain"}));
        QVERIFY(!QueryOptions::read({"a", "A", "x"}));
        QVERIFY(!QueryOptions::read({"--explian", "a"}));
        auto options = QueryOptions::read({"a.example"});
        QVERIFY(options && !options->explain && options->type == "A");
        options = QueryOptions::read({"a.example", "AAAA", "--explain"});
        QVERIFY(options && options->explain && options->name == "a.example" &&
                options->type == "AAAA");
    }

    void fromTheCache() {
        LogEntry entry = entryOf(AnswerSource::Cache);
        entry.cacheAgeSeconds = 31;
        entry.ttlSeconds = 269;
        QCOMPARE(explanationOf(entry), QStringList({"From the cache, 31 s after the answer came.",
                                                    "Shortest TTL in the answer: 269 s."}));
        entry.source = AnswerSource::Stale;
        QVERIFY(explanationOf(entry).first().contains("expired"));
    }

    void fromUpstreams() {
        LogEntry entry = entryOf(AnswerSource::Upstream);
        entry.upstream = "Second";
        entry.route = "corp.example";
        Attempt failed;
        failed.upstream = "First";
        failed.address = "192.0.2.1";
        failed.outcome = "connect_timeout";
        failed.reason = "no answer on its port";
        failed.tookMillis = 400;
        Attempt answered;
        answered.upstream = "Second";
        answered.outcome = Attempt::kAnswered;
        answered.reason = "it answered";
        answered.connection = ConnectionUse::Resumed;
        answered.startedMillis = 250;
        answered.tookMillis = 60;
        answered.connectMillis = 20;
        answered.tlsMillis = 21;
        answered.rcode = "NOERROR";
        answered.raced = true;
        entry.attempts = QList<Attempt>{failed, answered};
        QCOMPARE(
            explanationOf(entry),
            QStringList({"From Second.", "Route: names in corp.example go to servers of their own.",
                         "1. First (192.0.2.1): no answer on its port",
                         "   at 0 µs, for 400 ms: no connection",
                         "2. Second: it answered, NOERROR (asked because the one before was "
                         "late)",
                         "   at 250 ms, for 60.0 ms: resumed connection, TCP 20.0 ms, TLS "
                         "21.0 ms, answer 19.0 ms"}));
    }

    void clearTextIsSaid() {
        LogEntry entry = entryOf(AnswerSource::Upstream);
        Attempt plain;
        plain.connection = ConnectionUse::Plain;
        entry.attempts = QList<Attempt>{plain};
        QVERIFY(explanationOf(entry).last().contains("UNENCRYPTED"));
    }

    void everyRuleHasASentence() {
        for (const char* rule : {"special_name", "browser_canary", "forwarding_off", "type_refused",
                                 "malformed", "too_many_at_once", "all_upstreams_down"}) {
            LogEntry entry = entryOf(AnswerSource::Local);
            entry.rule = QLatin1String(rule);
            const QString line = explanationOf(entry).value(0);
            QVERIFY2(!line.contains(QStringLiteral("(%1)").arg(QLatin1String(rule))),
                     qPrintable(line));
            entry.source = AnswerSource::Failed;
            QCOMPARE(explanationOf(entry).value(0), line);
        }
        LogEntry newer = entryOf(AnswerSource::Local);
        newer.rule = "of_a_newer_service";
        QVERIFY(explanationOf(newer).value(0).contains("of_a_newer_service"));
    }

    void claimsStandBesideMeasurements() {
        sotto::protocol::ProviderTest test;
        test.label = "Quad\x1b[31m9";
        test.spec = "tls://192.0.2.9%q9.example";
        test.filtered = "ads.example";
        test.claims = {"malware", true, true, std::nullopt, true};
        ProviderTestReport report;
        report.finished = true;
        report.address = "192.0.2.9";
        report.connectMillis = 10;
        report.tlsMillis = 12.5;
        report.tlsVersion = "TLSv1.3";
        report.certificateNames = "q9.example, \x1b]0;x";
        report.validFrom = 0;
        report.validUntil = 40LL * 24 * 3600 * 1000;
        report.validates = true;
        report.refusesBad = false;
        report.filters = false;
        report.ipv6 = true;
        report.keepalive = true;
        report.keepaliveMillis = 10000;
        report.padding = true;
        report.paddedTo = 468;
        report.earlyData = false;
        const QString text = testReportText(test, report, 10LL * 24 * 3600 * 1000);
        QVERIFY(!text.contains('\x1b'));
        const QStringList lines = text.split('\n');
        const auto row = [&](const char* name, const char* end) {
            const QStringList found = lines.filter(
                QRegularExpression(QStringLiteral("^%1  ").arg(QRegularExpression::escape(name))));
            return found.size() == 1 && found.first().endsWith(QString::fromUtf8(end));
        };
        QVERIFY2(row("DNSSEC is checked", "yes      no: a wrong one is not refused"),
                 qPrintable(text));
        QVERIFY(row("Filters", "malware  ads.example is answered"));
        QVERIFY(row("IPv6", "yes      yes"));
        QVERIFY(row("Keeps no log", "yes      cannot be measured"));
        QVERIFY(row("Passes your network on", "?        cannot be measured"));
        QVERIFY(row("TCP handshake", "10.0 ms"));
        QVERIFY(row("TLS handshake", "12.5 ms"));
        QVERIFY(row("Query", "?"));
        QVERIFY(row("Valid", "1970-01-01 to 1970-02-10 (30 days left)"));
        QVERIFY(row("Takes early data", "no"));
        QVERIFY(row("Resumes sessions", "?"));
        QVERIFY(row("Keeps idle connections", "yes, for 10.0 s"));
        QVERIFY(row("Pads answers", "yes, to multiples of 468 octets"));
        QVERIFY(text.contains("tested at 192.0.2.9"));
    }

    void adviceFollowsWhy_data() {
        QTest::addColumn<QString>("error");
        QTest::addColumn<QString>("advice");
        const auto row = [](const char* error, const char* advice) {
            QTest::newRow(error) << error << advice;
        };
        row("the certificate is not for dns.example (it is for evil.example)", "do not go on");
        row("the certificate is self-signed", "do not go on");
        row("the server showed no certificate", "do not go on");
        row("the certificate expired on 2020-01-01, and this computer's clock says 2026-01-01",
            "set it if it is wrong");
        row("this computer's clock is 9 days behind the build date: it says 2020-01-01, and the "
            "certificate is valid only from 2025-01-01 on",
            "set it if it is wrong");
        row("none of the pinned keys was shown; the server's key is sha256/x, expected is sha256/y",
            "take the new pin");
        row("certificate.example could not be looked up: no answer in time",
            "Its address is not known");
        row("cannot connect: Connection refused", "could not be reached");
        row("no answer on port 853", "could not be reached");
        row("the TLS handshake failed: tlsv13 alert certificate required", "could not be reached");
    }

    void adviceFollowsWhy() {
        QFETCH(QString, error);
        QFETCH(QString, advice);
        ProviderTestReport report;
        report.finished = true;
        report.error = error;
        QVERIFY2(testAdvice(report).contains(advice), qPrintable(testAdvice(report)));
        QCOMPARE(testAdvice(report).contains("do not go on"),
                 error.contains("pinned") || advice == QLatin1String("do not go on"));
        sotto::protocol::ProviderTest test;
        test.spec = "tls://192.0.2.9";
        QCOMPARE(testReportText(test, report, 0), "tls://192.0.2.9: nothing could be measured\n");
    }

    void answersInClearTextAreMarked() {
        LogEntry entry = entryOf(AnswerSource::Upstream);
        entry.upstream = "10.0.0.1";
        Attempt attempt;
        attempt.outcome = Attempt::kAnswered;
        attempt.connection = ConnectionUse::Plain;
        entry.attempts = {attempt};
        QCOMPARE(originOf(entry), "upstream (10.0.0.1) UNENCRYPTED");
        entry.attempts.first().connection = ConnectionUse::Reused;
        QCOMPARE(originOf(entry), "upstream (10.0.0.1)");
        entry.attempts.first().connection = ConnectionUse::Plain;
        entry.attempts.first().outcome = Attempt::kPending;
        QCOMPARE(originOf(entry), "upstream (10.0.0.1)");
    }

    void adviceFollowsHowFarItCame() {
        ProviderTestReport report;
        QCOMPARE(testProgressText(report), "connecting");
        report.connectMillis = 10;
        report.tlsMillis = 10;
        QVERIFY(testAdvice(report).contains("Try again later"));
        QCOMPARE(testProgressText(report), "TCP 10.0 ms, TLS 10.0 ms");
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestCliReports)
#include "test_cli_reports.moc"
