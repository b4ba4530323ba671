// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_peer.h"
#include "protocol/methods.h"
#include "service_process.h"
#include "stand_in_keeper.h"

#include "support/dns_client.h"

#include <QDateTime>
#include <QJsonArray>
#include <QTest>

#include <csignal>
#include <memory>

namespace sotto::test {

namespace {

using lease::State;
using lease::Verb;

/// Who kills the service, and when.
enum class Moment {
    AtTheRequest, ///< the keeper, before it says anything
    Underway,     ///< once the service knows that the keeper has begun
    Done,         ///< once the service knows that the keeper has done it
};

} // namespace

/// A real service that is killed outright at every point of its talk with a stand-in keeper, and
/// started anew: it wants what it wanted, and asks the keeper for that.
class TestServiceKills : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServiceProcess> m_service;
    std::unique_ptr<StandInKeeper> m_keeper;
    std::unique_ptr<JsonPeer> m_peer;

    void startService() {
        QVERIFY2(m_service->start(), m_service->errors().constData());
        m_peer = std::make_unique<JsonPeer>(m_service->socketPath());
        QVERIFY(m_peer->hello());
    }
    void kill() {
        m_service->signal(SIGKILL);
        waitForCrash();
    }
    void waitForCrash() {
        QCOMPARE(m_service->waitForEnd(), ProgramRun::kCrashed);
        m_peer.reset();
        QTRY_COMPARE(m_keeper->connections(), 0);
    }

    QJsonObject status() { return JsonPeer::result(m_peer->request("status")); }
    QJsonObject settings() { return JsonPeer::result(m_peer->request("settings.get")); }
    static QString systemState(const QJsonObject& status) {
        return status.value("system_dns").toObject().value("state").toString();
    }
    QJsonObject waitForState(const QString& state) {
        for (QJsonObject now = status(); !now.isEmpty();
             now = m_peer->notification("status.changed")) {
            if (systemState(now) == state)
                return now;
        }
        return {};
    }
    /// What a status says of the wishes, without addresses and figures of one run.
    static QJsonObject wishes(const QJsonObject& status) {
        QJsonObject wishes;
        for (const char* key : {"enabled", "policy", "providers", "query_log", "paused_until"})
            wishes.insert(QLatin1String(key), status.value(QLatin1String(key)));
        return wishes;
    }
    std::optional<int> codeOf(const QString& name) {
        const QString listen = status().value("listen").toArray().at(0).toString();
        UdpClient client(static_cast<std::uint16_t>(listen.section(':', -1).toInt()));
        const auto reply = client.ask(makeQuery(name.toStdString()));
        return reply && reply->message ? std::optional<int>(reply->message->rcode) : std::nullopt;
    }

    /// An obedient keeper that kills the service as the request comes, or stops half-way.
    void answerUntil(Moment moment, Verb verb) {
        const auto pid = static_cast<pid_t>(m_service->processId());
        m_keeper->setAnswer([moment, verb, pid](const lease::Request& request) {
            auto packets = StandInKeeper::obey(request);
            if (request.verb != verb)
                return packets;
            if (moment == Moment::AtTheRequest)
                ::kill(pid, SIGKILL);
            if (moment != Moment::Done)
                packets.pop_back();
            return packets;
        });
    }
    /// The service is on and asks for the lease as for the first time, with a key of its own.
    void isOnAnew(const lease::Request& before, int applies) {
        QVERIFY(!waitForState("on").isEmpty());
        QCOMPARE(m_keeper->count(Verb::Apply), applies + 1);
        const lease::Request request = m_keeper->lastRequest();
        QVERIFY(request.verb == Verb::Apply);
        QCOMPARE(request.addresses, before.addresses);
        QVERIFY(!request.takeOver);
        QVERIFY(request.checkKey != before.checkKey);
        QCOMPARE(codeOf("localhost"), int(rcode::kNoError));
    }

private slots:
    void init() {
        m_service = std::make_unique<ServiceProcess>();
        m_service->writeConfig("listen = [\"127.0.0.1:0\"]\n[system]\nmanage = true\n");
        m_keeper = std::make_unique<StandInKeeper>(m_service->leaseSocketPath());
        m_keeper->start();
        startService();
        QVERIFY(!waitForState("on").isEmpty());
        QVERIFY(m_peer
                    ->request("settings.set", {{"values", QJsonObject{{"policy", "random"},
                                                                      {"cache.size", "2MiB"}}}})
                    .contains("result"));
    }
    void cleanup() {
        m_keeper->setAnswer(StandInKeeper::obey);
        m_peer.reset();
        if (m_service->isRunning())
            QCOMPARE(m_service->stop(), 0);
        m_keeper.reset();
        m_service.reset();
    }

    void whileItTakes_data() { moments(); }
    void whileItTakes() {
        QFETCH(const Moment, moment);
        QVERIFY(m_peer->request("forwarding.set", {{"enabled", false}}).contains("result"));
        QVERIFY(!waitForState("off").isEmpty());
        const lease::Request before = m_keeper->requests().front();
        const QJsonObject settingsBefore = settings();
        answerUntil(moment, Verb::Apply);
        const QJsonObject on = m_peer->request("forwarding.set", {{"enabled", true}});
        if (moment == Moment::AtTheRequest)
            waitForCrash();
        else {
            QVERIFY(on.contains("result"));
            QVERIFY(!waitForState(moment == Moment::Underway ? "taking" : "on").isEmpty());
            kill();
        }
        m_keeper->setAnswer(StandInKeeper::obey);
        const int applies = m_keeper->count(Verb::Apply);
        startService();
        QCOMPARE(settings(), settingsBefore);
        const bool isOn = status().value("enabled").toBool();
        // Whoever was told that it is on finds it on.
        QVERIFY(isOn || !on.contains("result"));
        if (isOn)
            isOnAnew(before, applies);
        else
            QVERIFY(!waitForState("off").isEmpty());
    }

    void whileItGivesBack_data() { moments(); }
    void whileItGivesBack() {
        QFETCH(const Moment, moment);
        const lease::Request before = m_keeper->requests().front();
        const QJsonObject settingsBefore = settings();
        answerUntil(moment, Verb::Restore);
        const QJsonObject off = m_peer->request("forwarding.set", {{"enabled", false}});
        if (moment == Moment::AtTheRequest)
            waitForCrash();
        else {
            QVERIFY(off.contains("result"));
            QVERIFY(!waitForState(moment == Moment::Underway ? "giving_back" : "off").isEmpty());
            kill();
        }
        m_keeper->setAnswer(StandInKeeper::obey);
        const int applies = m_keeper->count(Verb::Apply);
        const int restores = m_keeper->count(Verb::Restore);
        startService();
        QCOMPARE(settings(), settingsBefore);
        const bool isOn = status().value("enabled").toBool();
        // Whoever was told that it is off finds it off.
        QVERIFY(!isOn || !off.contains("result"));
        if (isOn)
            return isOnAnew(before, applies);
        QTRY_COMPARE(m_keeper->count(Verb::Restore), restores + 1);
        QVERIFY(!waitForState("off").isEmpty());
        QCOMPARE(m_keeper->count(Verb::Apply), applies);
        QTRY_COMPARE(codeOf("localhost"), int(rcode::kRefused));
    }

    void whileItHolds() {
        const lease::Request before = m_keeper->requests().front();
        const QJsonObject settingsBefore = settings();
        const QJsonObject wishesBefore = wishes(status());
        for (int round = 0; round < 3; ++round) {
            const int applies = m_keeper->count(Verb::Apply);
            kill();
            startService();
            isOnAnew(before, applies);
            QCOMPARE(settings(), settingsBefore);
            QCOMPARE(wishes(status()), wishesBefore);
        }
        QCOMPARE(m_keeper->count(Verb::Restore), 0);
    }

    void whileItEnds() {
        const lease::Request before = m_keeper->requests().front();
        const QJsonObject settingsBefore = settings();
        const QJsonObject wishesBefore = wishes(status());
        answerUntil(Moment::AtTheRequest, Verb::Restore);
        const int applies = m_keeper->count(Verb::Apply);
        m_service->signal(SIGTERM);
        waitForCrash();
        QCOMPARE(m_keeper->count(Verb::Restore), 1);
        m_keeper->setAnswer(StandInKeeper::obey);
        startService();
        isOnAnew(before, applies);
        QCOMPARE(settings(), settingsBefore);
        QCOMPARE(wishes(status()), wishesBefore);
    }

    /// A service that starts is never paused, whatever it died of.
    void whileItIsPaused_data() {
        QTest::addColumn<bool>("hasEnd");
        QTest::newRow("for an hour") << true;
        QTest::newRow("until the service starts anew") << false;
    }
    void whileItIsPaused() {
        QFETCH(const bool, hasEnd);
        const lease::Request before = m_keeper->requests().front();
        const QJsonObject wishesBefore = wishes(status());
        QJsonObject params;
        if (hasEnd)
            params.insert("until",
                          static_cast<double>(QDateTime::currentMSecsSinceEpoch() + 3'600'000));
        QVERIFY(m_peer->request("forwarding.pause", params).contains("result"));
        QVERIFY(waitForState("off").contains("paused_until"));
        QTRY_COMPARE(codeOf("localhost"), int(rcode::kRefused));
        const int applies = m_keeper->count(Verb::Apply);
        kill();
        startService();
        isOnAnew(before, applies);
        QCOMPARE(wishes(status()), wishesBefore);
        QVERIFY(!status().contains("paused_until"));
    }

private:
    static void moments() {
        QTest::addColumn<Moment>("moment");
        QTest::newRow("as the keeper is asked") << Moment::AtTheRequest;
        QTest::newRow("while the keeper works") << Moment::Underway;
        QTest::newRow("once it is done") << Moment::Done;
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServiceKills)
#include "test_service_kills.moc"
