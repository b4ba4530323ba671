// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/ipc/authorization.h"
#include "service/ipc/request_params.h"
#include "service/ipc/token_bucket.h"
#include "service/query_log.h"

#include <QJsonDocument>
#include <QTest>

#include <cstring>

using namespace sotto::service;

namespace sotto::test {

class TestServiceRules : public QObject {
    Q_OBJECT

private slots:
    void authorization_data() {
        QTest::addColumn<bool>("known");
        QTest::addColumn<quint32>("user");
        QTest::addColumn<bool>("inGroup");
        QTest::addColumn<int>("mostRight"); // the highest right that is granted
        QTest::newRow("root") << true << 0U << false << int(Right::Configure);
        QTest::newRow("the service's user") << true << 990U << false << int(Right::Configure);
        QTest::newRow("a member of the group") << true << 1000U << true << int(Right::ReadLog);
        QTest::newRow("somebody") << true << 1000U << false << int(Right::Look);
        QTest::newRow("unknown, with the number of root")
            << false << 0U << true << int(Right::Look);
    }

    void authorization() {
        QFETCH(bool, known);
        QFETCH(quint32, user);
        QFETCH(bool, inGroup);
        QFETCH(int, mostRight);
        const Authorization rules{{0U, 990U}, 55U};
        PeerIdentity peer{known, user, {user}};
        if (inGroup)
            peer.groups += 55U;
        for (const Right right : {Right::Look, Right::Toggle, Right::ReadLog, Right::Configure})
            QCOMPARE(rules.allows(peer, right), int(right) <= mostRight);
        const Authorization noGroup{{0U, 990U}, std::nullopt};
        QVERIFY(!noGroup.allows({true, 1000U, {0U, 55U}, nullptr}, Right::ReadLog));
    }

    void tokenBucket() {
        TokenBucket bucket(200, 3);
        QVERIFY(bucket.take(0) && bucket.take(0) && bucket.take(0));
        QVERIFY(!bucket.take(0));
        QVERIFY(!bucket.take(4));
        QVERIFY(bucket.take(9));
        QVERIFY(!bucket.take(9));
        QVERIFY(bucket.take(1000) && bucket.take(1000) && bucket.take(1000));
        QVERIFY(!bucket.take(1000));
    }

    void strictParameters() {
        protocol::ForwardingParams params;
        const QStringList required{"enabled"};
        QVERIFY(!readParams(QJsonObject{{"enabled", true}}, required, params));
        QVERIFY(params.enabled);
        for (const QJsonObject& wrong :
             {QJsonObject{}, QJsonObject{{"enabled", QJsonValue::Null}},
              QJsonObject{{"enabled", 1}}, QJsonObject{{"enabled", true}, {"path", "/x"}}}) {
            const auto refusal = readParams(wrong, required, params);
            QVERIFY(refusal);
            QCOMPARE(refusal->code, int(protocol::InvalidParams));
        }
    }

    void logKeepsTheNewest() {
        QueryLog log;
        log.append({LoggedQuery{}});
        QCOMPARE(log.size(), 0);
        log.setCapacity(3);
        for (int i = 1; i <= 5; ++i) {
            LoggedQuery query;
            query.sequence = i;
            log.append({query});
        }
        QCOMPARE(log.size(), 3);
        auto newest = log.newest(2);
        QCOMPARE(newest.size(), 2);
        QCOMPARE(newest[0].sequence, 4);
        QCOMPARE(newest[1].sequence, 5);
        QCOMPARE(log.newest(0).size(), 0);
        QCOMPARE(log.newest(100).size(), 3);
        log.setCapacity(1);
        QCOMPARE(log.newest(100).first().sequence, 5);
        std::vector<LoggedQuery> many(7);
        many.back().sequence = 12;
        log.append(many);
        QCOMPARE(log.size(), 1);
        QCOMPARE(log.newest(100).first().sequence, 12);
    }

    void logKeepsTheWayOfAnAnswer() {
        LoggedQuery query;
        query.record.nameLength = 5;
        std::memcpy(query.record.name.data(), "\3abc", 5);
        query.record.source = engine::AnswerSource::Upstream;
        query.record.ttlSeconds = 300;
        query.record.cacheAgeSeconds = 7;
        query.record.attemptCount = 6; // more than there is room for
        for (std::size_t i = 0; i < engine::QueryRecord::kMaxAttempts; ++i)
            query.record.attempts[i].tookMicros = static_cast<std::uint32_t>(1000 * (i + 1));
        query.labels = {"A", {{"A", {}}, {"B", {}}, {"C", {}}, {"D", 8853}}, {"corp.example", 1}};
        QueryLog log;
        log.setCapacity(2);
        LoggedQuery without = query;
        without.record.attemptCount = 0;
        log.append({query, without});
        const auto entries = log.newest(2);
        QCOMPARE(entries[0].name, "abc");
        QCOMPARE(entries[0].ttlSeconds, std::optional<qint64>(300));
        QCOMPARE(entries[0].route, std::optional<QString>("corp.example"));
        QCOMPARE(entries[0].attempts.size(), 4);
        QCOMPARE(entries[0].attempts[3].upstream, "D");
        QCOMPARE(entries[0].attempts[3].port, std::optional<int>(8853));
        QCOMPARE(entries[0].attempts[3].tookMillis, 4.0);
        QCOMPARE(entries[1].ttlSeconds, std::optional<qint64>(300));
        QVERIFY(entries[1].attempts.isEmpty());
    }

    void batchesFitAMessage() {
        protocol::LogEntry entry;
        entry.name = QString(1000, '\\'); // doubled in JSON
        entry.upstream = QString(60, QChar(1));
        entry.client = "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535";
        entry.sequence = std::numeric_limits<qint64>::max();
        entry.time = entry.sequence;
        entry.extendedError = 65535;
        entry.durationMillis = 1234567.0123456789;
        entry.rule = "too_many_at_once";
        entry.route = QString(1000, '\\');
        entry.cacheAgeSeconds = entry.ttlSeconds = std::numeric_limits<qint64>::max();
        protocol::Attempt attempt;
        attempt.upstream = QString(60, QChar(1));
        attempt.address = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        attempt.outcome = "certificate_not_yet_valid";
        attempt.reason = QString::fromUtf8(
            engine::attemptOutcomeText(engine::AttemptOutcome::CertificateNotYetValid).data());
        attempt.connection = protocol::ConnectionUse::EarlyData;
        attempt.startedMillis = attempt.tookMillis = 1234567.0123456789;
        attempt.connectMillis = attempt.tlsMillis = 1234567.0123456789;
        attempt.rcode = "RCODE15";
        entry.attempts = QList<protocol::Attempt>(4, attempt);
        const QList<protocol::LogEntry> many(500, entry);
        qsizetype sum = 0;
        for (const auto& batch : QueryLog::batches(many)) {
            const QByteArray json =
                QJsonDocument(protocol::toJson(protocol::LogBatch{batch, 0}).toObject())
                    .toJson(QJsonDocument::Compact);
            QVERIFY(json.size() < 250 * 1024);
            sum += batch.size();
        }
        QCOMPARE(sum, 500);
        QueryLog log;
        log.setCapacity(500);
        LoggedQuery query;
        query.labels.upstream = entry.upstream;
        query.record.name.fill(63);
        query.record.nameLength = 255;
        log.append(std::vector<LoggedQuery>(500, query));
        QVERIFY(log.newest(500).size() < 500);
        QVERIFY(QueryLog::batches({}).isEmpty());
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServiceRules)
#include "test_service_rules.moc"
