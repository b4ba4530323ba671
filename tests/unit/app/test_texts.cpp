// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/answer_explanation.h"
#include "core/texts.h"

#include <QLocale>
#include <QTest>

namespace sotto::app {

class TestTexts : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void durations_data() {
        QTest::addColumn<double>("millis");
        QTest::addColumn<QString>("text");
        QTest::newRow("unknown") << 0.0 << "—";
        QTest::newRow("below a microsecond") << 0.0002 << "1 µs";
        QTest::newRow("microseconds") << 0.021 << "21 µs";
        QTest::newRow("few") << 1.24 << "1.2 ms";
        QTest::newRow("many") << 123.4 << "123 ms";
        QTest::newRow("seconds") << 1840.0 << "1.8 s";
    }

    void durations() {
        QFETCH(double, millis);
        QTEST(durationText(millis), "text");
    }

    void uptimes() {
        QCOMPARE(uptimeText(35), QString("35 s"));
        QCOMPARE(uptimeText(61), QString("1 min"));
        QCOMPARE(uptimeText(3600 * 4 + 600), QString("4 h 10 min"));
        QCOMPARE(uptimeText(86400 * 2 + 3600 * 3), QString("2 d 3 h"));
    }

    void shares_data() {
        QTest::addColumn<double>("share");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << 0.0 << "0 %";
        QTest::newRow("hardly anything") << 0.00001 << "< 0.1 %";
        QTest::newRow("little") << 0.004 << "0.4 %";
        QTest::newRow("as good as one") << 0.0096 << "1 %";
        QTest::newRow("usual") << 0.926 << "93 %";
        QTest::newRow("much") << 0.994 << "99.4 %";
        QTest::newRow("nearly all") << 0.99999 << "99.9 %";
        QTest::newRow("all") << 1.0 << "100 %";
    }

    void shares() {
        QFETCH(double, share);
        QTEST(shareText(share), "text");
    }

    void lists() {
        QCOMPARE(joinedText({}), QString());
        QCOMPARE(joinedText({"A"}), QString("A"));
        QCOMPARE(joinedText({"A", "B", "C"}), QString("A, B and C"));
    }

    void sentences() {
        QCOMPARE(asSentence("it failed"), QString("it failed."));
        QCOMPARE(asSentence("Why? "), QString("Why?"));
        QCOMPARE(asSentence(""), QString());
        QCOMPARE(plainReason("QLocalSocket::connectToServer: Connection refused"),
                 QString("Connection refused"));
        QCOMPARE(plainReason("version 2: too new"), QString("version 2: too new"));
    }

    void codes() {
        QCOMPARE(extendedErrorText(18), QString("18: prohibited"));
        QCOMPARE(extendedErrorText(24), QString("24: invalid data"));
        QCOMPARE(extendedErrorText(4242), QString("4242: not described here"));
        QCOMPARE(extendedErrorText(-1), QString("-1: not described here"));
        QCOMPARE(tlsVersionText("TLSv1.2"), QString("TLS 1.2"));
        QCOMPARE(countryText("CH"), QString("Switzerland"));
        QCOMPARE(countryText("XX"), QString("XX"));
        QCOMPARE(countryText(""), QString());
    }

    void explainsAnswers() {
        protocol::LogEntry entry;
        entry.source = protocol::AnswerSource::Cache;
        entry.rcode = QStringLiteral("NOERROR");
        entry.answers = 1;
        QCOMPARE(answerExplanation(entry),
                 QString("Answered from Sotto's memory; no provider was asked. The name exists."));
        entry.answers = 0;
        QVERIFY(answerExplanation(entry).contains("no record of this type"));

        entry.source = protocol::AnswerSource::Stale;
        entry.answers = 1;
        entry.extendedError = 3;
        QCOMPARE(answerExplanation(entry),
                 QString("Answered from Sotto's memory with an answer past its time, as the "
                         "settings allow. The name exists. Extended error 3: stale answer."));
        entry.extendedError.reset();

        entry.source = protocol::AnswerSource::Upstream;
        entry.upstream = QStringLiteral("Quad9");
        entry.rcode = QStringLiteral("NXDOMAIN");
        QVERIFY(answerExplanation(entry).contains("Answered by Quad9"));
        QVERIFY(answerExplanation(entry).contains("does not exist"));

        entry.source = protocol::AnswerSource::Failed;
        entry.rcode = QStringLiteral("SERVFAIL");
        entry.extendedError = 22;
        QCOMPARE(answerExplanation(entry),
                 QString("Providers were asked but gave no usable answer. "
                         "Extended error 22: no reachable server."));
        entry.extendedError = 23;
        QVERIFY(answerExplanation(entry).contains("nothing was sent"));
        entry.extendedError.reset();
        QCOMPARE(answerExplanation(entry), QString("No provider gave a usable answer."));
    }
};

} // namespace sotto::app

QTEST_GUILESS_MAIN(sotto::app::TestTexts)
#include "test_texts.moc"
