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
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestEngineReport)
#include "test_engine_report.moc"
