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
        QVERIFY(row("Says how long it keeps idle connections", "yes, for 10.0 s"));
        QVERIFY(row("Pads answers", "yes, to multiples of 468 octets"));
        QVERIFY(text.contains("tested at 192.0.2.9"));
        report.earlyData.reset();
        report.earlyDataOff = true;
        QVERIFY(testReportText(test, report, 0).contains("not tried: early data is off"));
    }

    void adviceFollowsWhy_data() {
        QTest::addColumn<QString>("outcome");
        QTest::addColumn<QString>("advice");
        const auto row = [](const char* outcome, const char* advice) {
            QTest::newRow(outcome) << outcome << advice;
        };
        for (const char* outcome :
             {"certificate_name", "certificate_untrusted", "certificate_unfit"})
            row(outcome, "do not go on");
        for (const char* outcome : {"certificate_expired", "certificate_not_yet_valid"})
            row(outcome, "set it if it is wrong");
        row("pin_mismatch", "take the new pin");
        row("name_not_found", "Its address is not known");
        for (const char* outcome : {"tls_failed", "tls_timeout"})
            row(outcome, "no encrypted connection came about");
        for (const char* outcome : {"refused", "connect_timeout", "unreachable", "of_tomorrow"})
            row(outcome, "could not be reached");
        row("system_failure", "short of memory");
    }

    void adviceFollowsWhy() {
        QFETCH(QString, outcome);
        QFETCH(QString, advice);
        ProviderTestReport report;
        report.finished = true;
        report.error = "what the service says";
        report.outcome = outcome;
        QVERIFY2(testAdvice(report).contains(advice), qPrintable(testAdvice(report)));
        QCOMPARE(testAdvice(report).contains("do not go on"),
                 outcome == QLatin1String("pin_mismatch") ||
                     advice == QLatin1String("do not go on"));
        sotto::protocol::ProviderTest test;
        test.spec = "tls://192.0.2.9";
        QCOMPARE(testReportText(test, report, 0), "tls://192.0.2.9: nothing could be measured\n");
    }

    void daysAreCounted() {
        ProviderTestReport report;
        report.connectMillis = 10;
        report.validFrom = 0;
        report.validUntil = 24LL * 3600 * 1000;
        QVERIFY(testReportText({}, report, 0).contains("(1 day left)"));
        QVERIFY(testReportText({}, report, 1000).contains("(0 days left)"));
    }

    /// Several upstreams of one name are told apart by their ports.
    void portsTellServersApart() {
        LogEntry entry = entryOf(AnswerSource::Upstream);
        entry.upstream = "dot.example";
        Attempt failed;
        failed.upstream = "dot.example";
        failed.port = 853;
        failed.outcome = "refused";
        failed.reason = "nothing listens on its port";
        Attempt answered;
        answered.upstream = "dot.example";
        answered.port = 8853;
        answered.outcome = Attempt::kAnswered;
        answered.rcode = "NOERROR";
        entry.attempts = QList<Attempt>{failed, answered};
        QCOMPARE(originOf(entry), "upstream (dot.example:8853)");
        const QStringList lines = explanationOf(entry);
        QCOMPARE(lines.value(0), "From dot.example:8853.");
        QVERIFY(lines.value(1).startsWith("1. dot.example:853: nothing listens"));
        QVERIFY(lines.value(3).startsWith("2. dot.example:8853: "));
    }

    void routesOfSeveralZones() {
        LogEntry entry = entryOf(AnswerSource::Upstream);
        entry.route = "corp.example";
        entry.routeMore = 2;
        QVERIFY(explanationOf(entry).value(1).contains("names in corp.example +2 go"));
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
