// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/messages.h"

#include <QTest>

using namespace sotto::protocol;

namespace sotto::test {

class TestJsonFields : public QObject {
    Q_OBJECT

private slots:
    void roundTrip() {
        Status status;
        status.enabled = true;
        status.protection = Protection::Trouble;
        status.listen = {"127.0.0.1:53"};
        status.startedAt = 1234567890123;
        Upstream upstream;
        upstream.state = UpstreamState::Failing;
        upstream.rttMillis = 1.5;
        upstream.lastError = QStringLiteral("caf\u00e9 \"x\"\n");
        status.upstreams = {upstream};
        Status back;
        QString why;
        QVERIFY2(fromJson(toJson(status), back, why), qPrintable(why));
        QCOMPARE(toJson(back), toJson(status));
        QCOMPARE(back.upstreams[0].lastError, upstream.lastError);
        QCOMPARE(back.protection, Protection::Trouble);
    }

    void optionals() {
        LogEntry entry;
        QVERIFY(!toJson(entry).toObject().contains("extended_error"));
        entry.extendedError = 18;
        LogEntry back;
        QString why;
        QVERIFY(fromJson(toJson(entry), back, why));
        QCOMPARE(back.extendedError, 18);
    }

    void missingAndUnknownMembersAreFine() {
        HelloParams params;
        QString why;
        QVERIFY(fromJson(QJsonObject{{"more", 1}}, params, why));
        QCOMPARE(params.protocol, kProtocolVersion);
    }

    void wrongTypes_data() {
        QTest::addColumn<QJsonObject>("json");
        QTest::newRow("string for bool") << QJsonObject{{"enabled", "yes"}};
        QTest::newRow("number for array") << QJsonObject{{"listen", 5}};
        QTest::newRow("number in array of strings") << QJsonObject{{"listen", QJsonArray{5}}};
        QTest::newRow("unknown enumerator") << QJsonObject{{"protection", "maybe"}};
        QTest::newRow("fraction") << QJsonObject{{"started_at", 1.5}};
        QTest::newRow("huge number") << QJsonObject{{"started_at", 1e300}};
    }

    void wrongTypes() {
        QFETCH(QJsonObject, json);
        Status status;
        QString why;
        QVERIFY(!fromJson(json, status, why));
        QVERIFY2(why.contains(json.keys().first()), qPrintable(why));
    }

    void numbersOutOfRange() {
        LogSubscription subscription;
        QString why;
        QVERIFY(!fromJson(QJsonObject{{"backlog", qint64{1} << 40}}, subscription, why));
        QVERIFY(!fromJson(QJsonObject{{"backlog", -(qint64{1} << 40)}}, subscription, why));
        QVERIFY(fromJson(QJsonObject{{"backlog", 2147483647}}, subscription, why));
        QCOMPARE(subscription.backlog, 2147483647);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestJsonFields)
#include "test_json_fields.moc"
