// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/engine_report.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

using namespace sotto::service;

namespace sotto::test {

/// What the engine counts and records, as it travels.
class TestEngineReport : public QObject {
    Q_OBJECT

private slots:
    void statistics() {
        engine::Statistics counted;
        counted.staleAnswers = 3;
        counted.prefetches = 4;
        counted.localAnswers = 5;
        counted.queriesByType = {{0, 7}, {1, 20}, {28, 10}, {65280, 1}};
        const QJsonObject report = protocol::toJson(statisticsReport(counted)).toObject();
        QCOMPARE(report.value("stale_answers").toInt(), 3);
        QCOMPARE(report.value("prefetches").toInt(), 4);
        QCOMPARE(report.value("local_answers").toInt(), 5);
        QCOMPARE(report.value("queries_by_type").toArray(),
                 (QJsonArray{QJsonObject{{"type", "other"}, {"queries", 7}},
                             QJsonObject{{"type", "A"}, {"queries", 20}},
                             QJsonObject{{"type", "AAAA"}, {"queries", 10}},
                             QJsonObject{{"type", "TYPE65280"}, {"queries", 1}}}));
    }

    void staleEntry() {
        engine::QueryRecord record;
        record.source = engine::AnswerSource::Stale;
        const QJsonObject entry = protocol::toJson(logEntry(record, 1, {})).toObject();
        QCOMPARE(entry.value("source"), "stale");
        protocol::LogEntry back;
        QString why;
        QVERIFY(protocol::fromJson(entry, back, why));
        QCOMPARE(back.source, protocol::AnswerSource::Stale);
    }

    void anEntryFromTheCacheStaysSmall() {
        engine::QueryRecord record;
        record.source = engine::AnswerSource::Cache;
        record.answerCount = 1;
        record.cacheAgeSeconds = 12;
        record.ttlSeconds = 288;
        const QJsonObject entry = protocol::toJson(logEntry(record, 1, {})).toObject();
        QCOMPARE(entry.value("cache_age_s").toInt(), 12);
        QCOMPARE(entry.value("ttl_s").toInt(), 288);
        for (const char* member : {"attempts", "rule", "route"})
            QVERIFY2(!entry.contains(QLatin1String(member)), member);
        record.source = engine::AnswerSource::Local; // has no time of its own
        QVERIFY(!logEntry(record, 1, {}).ttlSeconds && !logEntry(record, 1, {}).cacheAgeSeconds);
    }

    void theWayOfAnAnswer() {
        engine::QueryRecord record;
        record.source = engine::AnswerSource::Upstream;
        record.attemptCount = 2;
        record.attempts[0].outcome = engine::AttemptOutcome::PinMismatch;
        record.attempts[0].tookMicros = 21500;
        record.attempts[1].outcome = engine::AttemptOutcome::Answered;
        record.attempts[1].connection = engine::ConnectionUse::Resumed;
        record.attempts[1].address = engine::IpAddress::parse("192.0.2.2").value();
        record.attempts[1].startedMicros = 21500;
        record.attempts[1].connectMicros = 10000;
        record.attempts[1].tlsMicros = 11000;
        record.attempts[1].rcode = 3;
        record.attempts[1].raced = true;
        const protocol::LogEntry entry = logEntry(record, 1, {"B", {"A", "B"}, {}});
        QCOMPARE(entry.attempts.size(), 2);
        QCOMPARE(entry.attempts[0].upstream, "A");
        QCOMPARE(entry.attempts[0].outcome, "pin_mismatch");
        QVERIFY(entry.attempts[0].reason.contains("pinned"));
        QCOMPARE(entry.attempts[0].tookMillis, 21.5);
        QVERIFY(entry.attempts[0].address.isEmpty());
        QVERIFY(!entry.attempts[0].connectMillis && !entry.attempts[0].rcode);
        QCOMPARE(entry.attempts[1].outcome, QString(protocol::Attempt::kAnswered));
        QCOMPARE(entry.attempts[1].address, "192.0.2.2");
        QCOMPARE(entry.attempts[1].connection, protocol::ConnectionUse::Resumed);
        QCOMPARE(entry.attempts[1].startedMillis, 21.5);
        QCOMPARE(entry.attempts[1].connectMillis, std::optional<double>(10));
        QCOMPARE(entry.attempts[1].tlsMillis, std::optional<double>(11));
        QCOMPARE(entry.attempts[1].rcode, std::optional<QString>("NXDOMAIN"));
        QVERIFY(entry.attempts[1].raced);
        protocol::LogEntry back;
        QString why;
        QVERIFY2(protocol::fromJson(protocol::toJson(entry), back, why), qPrintable(why));
        QCOMPARE(protocol::toJson(back), protocol::toJson(entry));
    }

    void rules_data() {
        QTest::addColumn<int>("rule");
        QTest::addColumn<QString>("text");
        const auto row = [](engine::LocalRule rule, const char* text) {
            QTest::addRow("%s %d", text, static_cast<int>(rule))
                << static_cast<int>(rule) << QString(text);
        };
        row(engine::LocalRule::SpecialName, "special_name");
        row(engine::LocalRule::CheckName, "special_name");
        row(engine::LocalRule::BrowserCanary, "browser_canary");
        row(engine::LocalRule::ForwardingOff, "forwarding_off");
        row(engine::LocalRule::TypeRefused, "type_refused");
        row(engine::LocalRule::Malformed, "malformed");
        row(engine::LocalRule::TooManyAtOnce, "too_many_at_once");
        row(engine::LocalRule::AllUpstreamsDown, "all_upstreams_down");
    }

    void rules() {
        QFETCH(int, rule);
        QFETCH(QString, text);
        engine::QueryRecord record;
        record.rule = static_cast<engine::LocalRule>(rule);
        QCOMPARE(logEntry(record, 1, {}).rule, std::optional<QString>(text));
    }

    void upstreams() {
        engine::UpstreamStatus status;
        status.config.protocol = engine::Protocol::Udp;
        status.config.port = 53;
        status.config.addresses = {engine::IpAddress::parse("192.0.2.1").value(),
                                   engine::IpAddress::parse("2001:db8::1").value()};
        protocol::Upstream report = upstreamReport(status, {}, "corp.example");
        QCOMPARE(report.protocol, "udp");
        QVERIFY(!report.encrypted);
        QCOMPARE(report.address, "192.0.2.1");
        QCOMPARE(report.addresses, QStringList({"192.0.2.1", "2001:db8::1"}));
        QCOMPARE(report.route, std::optional<QString>("corp.example"));
        QVERIFY(report.lastOutcome.isEmpty());
        status.address = status.config.addresses[1];
        status.certificateExpiresUnixSeconds = 5;
        status.lastError = "it said no";
        status.lastOutcome = engine::AttemptOutcome::Refused;
        report = upstreamReport(status, {}, {});
        QCOMPARE(report.address, "2001:db8::1");
        QCOMPARE(report.certificateExpiresAt, 5000);
        QCOMPARE(report.lastOutcome, "refused");
        QVERIFY(!report.route);
        status.config = {};
        status.config.tlsName = "dns.example";
        status.address.reset();
        status.resolvedAddresses = {engine::IpAddress::parse("192.0.2.9").value()};
        status.resolvedUnencrypted = true;
        report = upstreamReport(status, {}, {});
        QCOMPARE(report.spec, "tls://dns.example");
        QVERIFY(report.encrypted && report.resolvedUnencrypted && report.address.isEmpty());
        QCOMPARE(report.resolvedAddresses, QStringList{"192.0.2.9"});
    }

    void aTestSaysOnlyWhatIsKnown() {
        engine::UpstreamTestReport measured;
        measured.connectMicros = 1500;
        measured.keepalive = false;
        measured.keepaliveMillis = 9;
        QJsonObject report = protocol::toJson(testReport(measured, 3)).toObject();
        QCOMPARE(report.keys(),
                 QStringList({"connect_ms", "error", "finished", "keepalive", "test"}));
        QCOMPARE(report.value("connect_ms").toDouble(), 1.5);
        measured.keepalive = true;
        measured.padding = true;
        measured.paddedTo = 468;
        measured.validUntilUnixSeconds = 7;
        measured.finished = true;
        report = protocol::toJson(testReport(measured, 3)).toObject();
        QCOMPARE(report.value("keepalive_ms").toInt(), 9);
        QCOMPARE(report.value("padded_to").toInt(), 468);
        QCOMPARE(report.value("valid_until").toInt(), 7000);
        QVERIFY(report.value("finished").toBool());
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestEngineReport)
#include "test_engine_report.moc"
