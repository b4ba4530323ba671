// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/answer_explanation.h"
#include "core/outcome_text.h"

#include <QTest>

namespace sotto::app {

using protocol::Attempt;
using protocol::ConnectionUse;

namespace {

Attempt attempt(const QString& outcome, ConnectionUse connection, double took) {
    Attempt made;
    made.upstream = QStringLiteral("Quad9");
    made.outcome = outcome;
    made.reason = QStringLiteral("in the service's words");
    made.connection = connection;
    made.tookMillis = took;
    return made;
}

QStringList texts(const QList<AnswerStep>& steps) {
    QStringList found;
    for (const AnswerStep& step : steps)
        found.append(step.text);
    return found;
}

} // namespace

/// The steps on the way to an answer, and the sentences around them.
class TestAnswerSteps : public QObject {
    Q_OBJECT

private slots:
    void namesTheConnection_data() {
        QTest::addColumn<ConnectionUse>("use");
        QTest::addColumn<QString>("text");
        QTest::newRow("reused") << ConnectionUse::Reused << "asked over an open connection";
        QTest::newRow("new") << ConnectionUse::New << "asked over the new connection";
        QTest::newRow("resumed") << ConnectionUse::Resumed << "asked over the resumed connection";
        QTest::newRow("early data")
            << ConnectionUse::EarlyData << "asked along with the TLS handshake (early data)";
        QTest::newRow("plain") << ConnectionUse::Plain << "asked unencrypted";
    }

    void namesTheConnection() {
        QFETCH(ConnectionUse, use);
        QFETCH(QString, text);
        protocol::LogEntry entry;
        entry.attempts = {attempt("answered", use, 10)};
        QCOMPARE(texts(answerSteps(entry)), QStringList{"Quad9: " + text + "; it answered"});
    }

    void dividesTheTime() {
        Attempt resumed = attempt("answered", ConnectionUse::Resumed, 60);
        resumed.connectMillis = 20;
        resumed.tlsMillis = 25;
        resumed.startedMillis = 5;
        protocol::LogEntry entry;
        entry.attempts = {resumed};
        const QList<AnswerStep> steps = answerSteps(entry);
        QCOMPARE(steps.size(), 3);
        QCOMPARE(steps[1].text, QString("Quad9: TLS handshake, resumed with a ticket"));
        QCOMPARE(steps[1].atMillis, 25.0);
        QCOMPARE(steps[2].atMillis, 50.0);
        QCOMPARE(*steps[2].tookMillis, 15.0);
        QVERIFY(!steps[2].failed);
    }

    void countsTheHandshakeOnceForEarlyData() {
        Attempt early = attempt("answered", ConnectionUse::EarlyData, 45);
        early.connectMillis = 20;
        early.tlsMillis = 21;
        protocol::LogEntry entry;
        entry.attempts = {early};
        const QList<AnswerStep> steps = answerSteps(entry);
        QCOMPARE(steps.size(), 2);
        QCOMPARE(*steps[1].tookMillis, 25.0);
    }

    void ordersByTime() {
        Attempt raced = attempt("answered", ConnectionUse::Reused, 12);
        raced.startedMillis = 30;
        raced.raced = true;
        Attempt first = attempt("pending", ConnectionUse::New, 42);
        first.upstream = QStringLiteral("Slow");
        first.connectMillis = 40;
        protocol::LogEntry entry;
        entry.attempts = {first, raced};
        QCOMPARE(texts(answerSteps(entry)),
                 QStringList({"Slow: TCP handshake",
                              "Quad9: asked as well, because the first is later than usual",
                              "Quad9: asked over an open connection; it answered",
                              "Slow: asked over the new connection; no answer was awaited any "
                              "more"}));
    }

    void fallsBackToTheServicesWords() {
        protocol::LogEntry entry;
        entry.attempts = {attempt("abducted", ConnectionUse::None, 3)};
        const QList<AnswerStep> steps = answerSteps(entry);
        QCOMPARE(steps[0].text, QString("Quad9: in the service's words"));
        QVERIFY(steps[0].failed);
        entry.attempts = {attempt("held", ConnectionUse::None, 0)};
        QCOMPARE(answerSteps(entry)[0].text,
                 QString("Quad9: it failed a moment ago and was not tried again"));
    }

    void namesRuleAndRoute_data() {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("text");
        QTest::newRow("special") << "special_name"
                                 << "never leaves this computer";
        QTest::newRow("canary") << "browser_canary"
                                << "Browsers ask for it";
        QTest::newRow("off") << "forwarding_off"
                             << "turned off";
        QTest::newRow("type") << "type_refused"
                              << "not passed on";
        QTest::newRow("malformed") << "malformed"
                                   << "could not be read";
        QTest::newRow("many") << "too_many_at_once"
                              << "Too many questions";
        QTest::newRow("down") << "all_upstreams_down"
                              << "All providers were down";
    }

    void namesRuleAndRoute() {
        QFETCH(QString, rule);
        QFETCH(QString, text);
        protocol::LogEntry entry;
        entry.source = protocol::AnswerSource::Local;
        entry.route = QStringLiteral("corp.example");
        QVERIFY(!answerExplanation(entry).contains(text));
        QVERIFY(answerExplanation(entry).contains("corp.example"));
        entry.rule = rule;
        QVERIFY2(answerExplanation(entry).contains(text), qPrintable(answerExplanation(entry)));
    }

    void portsTellServersApart() {
        protocol::LogEntry entry;
        entry.source = protocol::AnswerSource::Upstream;
        entry.upstream = QStringLiteral("dot.example");
        entry.route = QStringLiteral("corp.example");
        entry.routeMore = 2;
        protocol::Attempt answered = attempt("answered", ConnectionUse::Reused, 2);
        answered.upstream = entry.upstream;
        answered.port = 8853;
        answered.rcode = QStringLiteral("NOERROR");
        entry.attempts = {answered};
        QVERIFY(answerExplanation(entry).startsWith("Answered by dot.example:8853 over"));
        QVERIFY(answerExplanation(entry).contains("Names below corp.example and 2 more have"));
        QVERIFY(answerSteps(entry).first().text.startsWith("dot.example:8853"));
    }

    void doesNotCallAPlainAnswerEncrypted() {
        protocol::LogEntry entry;
        entry.source = protocol::AnswerSource::Upstream;
        entry.upstream = QStringLiteral("10.0.0.1");
        entry.attempts = {attempt("answered", ConnectionUse::Plain, 2)};
        QVERIFY(answerExplanation(entry).startsWith("Answered by 10.0.0.1, unencrypted."));
    }
};

} // namespace sotto::app

QTEST_GUILESS_MAIN(sotto::app::TestAnswerSteps)
#include "test_answer_steps.moc"
