// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_peer.h"
#include "protocol/methods.h"
#include "service_process.h"
#include "stand_in_keeper.h"

#include "lease/contract/check_name.h"
#include "support/dns_client.h"
#include "support/rdata_text.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <csignal>
#include <memory>

namespace sotto::test {

namespace {

using lease::State;
using lease::Verb;

std::optional<Message> askOverUdp(const QString& listen, const QString& name) {
    UdpClient client(static_cast<std::uint16_t>(listen.section(':', -1).toInt()),
                     listen.section(':', 0, -2).toStdString());
    const auto reply = client.ask(makeQuery(name.toStdString()));
    return reply ? reply->message : std::nullopt;
}

} // namespace

/// The system's DNS in the hands of a stand-in keeper, which is asked by a real service.
class TestServiceSystemDns : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServiceProcess> m_service;
    std::unique_ptr<StandInKeeper> m_keeper;
    std::unique_ptr<JsonPeer> m_peer;

    void startService(const QByteArray& settings = "[system]\nmanage = true\n") {
        m_service->writeConfig("listen = [\"127.0.0.1:0\"]\n" + settings);
        QVERIFY2(m_service->start(), m_service->errors().constData());
        m_peer = std::make_unique<JsonPeer>(m_service->socketPath());
        QVERIFY(m_peer->hello());
    }

    QJsonObject status() { return JsonPeer::result(m_peer->request("status")); }
    static QJsonObject systemDns(const QJsonObject& status) {
        return status.value("system_dns").toObject();
    }
    QString listen() { return status().value("listen").toArray().at(0).toString(); }

    /// Waits until the status fits; empty where it never does.
    QJsonObject waitFor(const std::function<bool(const QJsonObject&)>& fits) {
        for (QJsonObject now = status(); !now.isEmpty();
             now = m_peer->notification("status.changed")) {
            if (fits(now))
                return now;
        }
        return {};
    }
    QJsonObject waitForState(const QString& state) {
        return systemDns(waitFor(
            [&](const QJsonObject& now) { return systemDns(now).value("state") == state; }));
    }

private slots:
    void init() {
        m_service = std::make_unique<ServiceProcess>();
        m_keeper = std::make_unique<StandInKeeper>(m_service->leaseSocketPath());
    }
    void cleanup() {
        m_keeper->setAnswer(StandInKeeper::obey); // what a test's own looks at is gone
        m_peer.reset();
        if (m_service->isRunning())
            QCOMPARE(m_service->stop(), 0);
        QVERIFY2(!m_service->errors().contains("QSocketNotifier"), m_service->errors().constData());
        m_keeper.reset();
        m_service.reset();
    }

    void takesItOnceItAnswers() {
        std::atomic<bool> answered = false;
        m_keeper->setAnswer([&](const lease::Request& request) {
            if (request.verb == Verb::Apply) {
                const QString name = lease::newCheckName();
                const auto reply = askOverUdp(
                    QStringLiteral("%1:%2").arg(request.addresses.value(0)).arg(request.port),
                    name);
                answered =
                    reply && reply->answers.size() == 1 &&
                    reply->answers[0].rdata ==
                        rdata(rr::kA, lease::checkAddress(name, request.checkKey).toStdString());
            }
            return StandInKeeper::obey(request);
        });
        m_keeper->start();
        startService("[system]\nmanage = true\nmechanism = \"file\"\nwhen_lost = \"closed\"\n");
        const QJsonObject system = waitForState("on");
        QVERIFY(answered);
        QCOMPARE(system.value("mechanisms"), QJsonArray{"file"});
        QCOMPARE(system.value("addresses"), QJsonArray{"127.0.0.1"});
        QCOMPARE(system.value("interfaces"), QJsonArray{"veth0"});
        QCOMPARE(system.value("keeps_closed"), true);
        QCOMPARE(system.value("reason"), "");
        const lease::Request request = m_keeper->requests().front();
        QVERIFY(request.verb == Verb::Apply);
        QCOMPARE(QString::number(request.port), listen().section(':', -1));
        QCOMPARE(request.mechanism, "file");
        QVERIFY(request.whenLost == lease::WhenLost::Closed);
        QVERIFY(!request.takeOver);
    }

    /// What does not ask us depends on where we listen, beside the addresses that the system asks.
    void hasItLookedAgainWhereItListensElsewhereAsWell() {
        m_keeper->start();
        startService();
        QVERIFY(!waitForState("on").isEmpty());
        QTRY_COMPARE(m_keeper->count(Verb::Apply), 1);
        m_service->writeConfig("listen = [\"127.0.0.1:0\", \"127.0.0.2:0\"]\n"
                               "[system]\nmanage = true\n");
        m_service->signal(SIGHUP);
        QTRY_COMPARE(m_keeper->count(Verb::Apply), 2);
        QCOMPARE(m_keeper->lastRequest().addresses, QStringList{"127.0.0.1"});
        QVERIFY(!waitForState("on").isEmpty());
    }

    void givesItBackBeforeItGoesOff() {
        m_keeper->start();
        startService();
        QVERIFY(!waitForState("on").isEmpty());
        std::atomic<int> code = -1;
        m_keeper->setAnswer([&, address = listen()](const lease::Request& request) {
            if (request.verb == Verb::Restore) {
                const auto reply = askOverUdp(address, "localhost");
                code = reply ? int(reply->rcode) : -2;
            }
            return StandInKeeper::obey(request);
        });
        const QJsonObject off =
            JsonPeer::result(m_peer->request("forwarding.set", {{"enabled", false}}));
        QCOMPARE(off.value("enabled"), false);
        QCOMPARE(off.value("protection"), "off");
        QVERIFY(!waitForState("off").isEmpty());
        QCOMPARE(code.load(), int(rcode::kNoError));
        const QString address = listen();
        QTRY_VERIFY(askOverUdp(address, "localhost")->rcode == rcode::kRefused);
        QVERIFY(m_peer->request("forwarding.set", {{"enabled", true}}).contains("result"));
        QVERIFY(!waitForState("on").isEmpty());
        QVERIFY(askOverUdp(address, "localhost")->rcode == rcode::kNoError);
    }

    void goesOnAnsweringUntilItIsBack() {
        m_keeper->start();
        startService();
        QVERIFY(!waitForState("on").isEmpty());
        m_keeper->setAnswer([](const lease::Request& request) {
            lease::Report stuck =
                StandInKeeper::report(State::Failed, {.addresses = {"127.0.0.1"}, .port = 53});
            stuck.fault = "the file is read-only";
            return request.verb == Verb::Restore ? std::vector{StandInKeeper::packet(stuck)}
                                                 : StandInKeeper::obey(request);
        });
        QVERIFY(m_peer->request("forwarding.set", {{"enabled", false}}).contains("result"));
        QCOMPARE(waitForState("failed").value("reason"), "the file is read-only");
        QVERIFY(askOverUdp(listen(), "localhost")->rcode == rcode::kNoError);
        QVERIFY(QJsonDocument(status()).toJson().contains("answers until the system's DNS"));
        QCOMPARE(status().value("still_answers"), true);
        m_keeper->tell(StandInKeeper::packet(StandInKeeper::report(State::Free)));
        QVERIFY(!waitForState("off").isEmpty());
        const QString address = listen();
        QTRY_VERIFY(askOverUdp(address, "localhost")->rcode == rcode::kRefused);
        QCOMPARE(status().value("still_answers"), false);
    }

    /// As after the keeper has lost its record: the system asks a service that is off.
    void answersFromTheStartWhereItIsNotBack() {
        m_keeper->start();
        startService();
        QVERIFY(!waitForState("on").isEmpty());
        QVERIFY(m_peer->request("forwarding.set", {{"enabled", false}}).contains("result"));
        QVERIFY(!waitForState("off").isEmpty());
        m_peer.reset();
        QCOMPARE(m_service->stop(), 0);
        m_keeper->setAnswer([](const lease::Request&) {
            lease::Report left =
                StandInKeeper::report(State::Failed, {.addresses = {"127.0.0.1"}, .port = 53});
            left.fault = "the file is one that Sotto wrote";
            return std::vector{StandInKeeper::packet(left)};
        });
        startService();
        const QJsonObject system = waitForState("failed");
        QCOMPARE(system.value("reason"), "the file is one that Sotto wrote");
        QCOMPARE(system.value("addresses"), QJsonArray{"127.0.0.1"});
        const QString address = listen();
        QTRY_VERIFY(askOverUdp(address, "localhost")->rcode == rcode::kNoError);
        QVERIFY(QJsonDocument(status()).toJson().contains("answers until the system's DNS"));
        m_keeper->tell(StandInKeeper::packet(StandInKeeper::report(State::Free)));
        QVERIFY(!waitForState("off").isEmpty());
        QTRY_VERIFY(askOverUdp(address, "localhost")->rcode == rcode::kRefused);
    }

    void endsAlsoWhereItIsNotBackAndSaysWhy() {
        m_keeper->start();
        startService();
        QVERIFY(!waitForState("on").isEmpty());
        m_keeper->setAnswer([](const lease::Request& request) {
            lease::Report stuck = StandInKeeper::report(State::Failed, request);
            stuck.addresses = QStringList{"127.0.0.1"};
            stuck.fault = "the file is read-only";
            return std::vector{StandInKeeper::packet(stuck)};
        });
        QCOMPARE(m_service->stop(), 0);
        QVERIFY2(m_service->errors().contains("are not back: the file is read-only"),
                 m_service->errors().constData());
    }

    /// Before the time for the next notification it is as it was at the last one again.
    void whatAReplyToldIsSetRight() {
        m_keeper->start();
        startService();
        QVERIFY(!waitForState("on").isEmpty());
        lease::Report yielded = StandInKeeper::report(State::Yielded);
        yielded.winnerKind = "person";
        m_keeper->tell(StandInKeeper::packet(yielded));
        while (systemDns(status()).value("state") == QLatin1String("on")) {
        }
        QCOMPARE(systemDns(JsonPeer::result(m_peer->request("system.take"))).value("state"),
                 "taking");
        QJsonObject told;
        do
            told = m_peer->notification("status.changed");
        while (!told.isEmpty() && systemDns(told).value("state") != QLatin1String("on"));
        QVERIFY(!told.isEmpty());
    }

    void endsAfterGivingItBack() {
        m_keeper->start();
        startService();
        QVERIFY(!waitForState("on").isEmpty());
        std::atomic<bool> answered = false;
        m_keeper->setAnswer([&, address = listen()](const lease::Request& request) {
            if (request.verb == Verb::Restore)
                answered = askOverUdp(address, "localhost").has_value();
            return StandInKeeper::obey(request);
        });
        QCOMPARE(m_service->stop(), 0);
        QCOMPARE(m_keeper->count(Verb::Restore), 1);
        QVERIFY(answered);
    }

    void endsAlsoWhereTheKeeperIsSilent() {
        m_keeper->start();
        startService();
        QVERIFY(!waitForState("on").isEmpty());
        m_keeper->setAnswer([](const lease::Request&) { return std::vector<QByteArray>{}; });
        QCOMPARE(m_service->stop(), 0);
        QCOMPARE(m_keeper->count(Verb::Restore), 1);
        QVERIFY(m_service->errors().contains("are not back yet"));
    }

    void handsOverWithoutGivingItBack() {
        m_keeper->start();
        startService();
        QVERIFY(!waitForState("on").isEmpty());
        m_service->signal(SIGUSR1);
        QCOMPARE(m_service->waitForEnd(), 75);
        QCOMPARE(m_keeper->count(Verb::Restore), 0);
    }

    void waitsForAKeeper() {
        startService();
        const QString reason = waitForState("unavailable").value("reason").toString();
        QVERIFY2(reason.contains(m_service->leaseSocketPath()) && reason.contains("systemctl"),
                 qPrintable(reason));
        m_keeper->start();
        QVERIFY(!waitForState("on").isEmpty());
        m_keeper->stop();
        QVERIFY(!waitForState("unavailable").isEmpty());
        m_keeper->start();
        QVERIFY(!waitForState("on").isEmpty());
        QCOMPARE(m_keeper->count(Verb::Apply), 2);
        QCOMPARE(m_keeper->count(Verb::Restore), 0);
    }

    void doesNotTrustAKeeper_data() {
        QTest::addColumn<QByteArray>("packet");
        QTest::addColumn<QString>("reason");
        QTest::newRow("no JSON") << QByteArray("hello") << "cannot be read";
        QTest::newRow("an array") << QByteArray("[]") << "cannot be read";
        QTest::newRow("unknown state")
            << QByteArray(R"({"version":1,"state":"fine"})") << "cannot be read";
        QTest::newRow("another version") << QByteArray(R"({"version":2})") << "another version";
        QTest::newRow("too long") << QByteArray(100 * 1024, ' ') << "ended the connection";
        QTest::newRow("the end") << QByteArray() << "ended the connection";
    }
    void doesNotTrustAKeeper() {
        QFETCH(const QByteArray, packet);
        QFETCH(const QString, reason);
        m_keeper->setAnswer([&](const lease::Request&) { return std::vector{packet}; });
        m_keeper->start();
        startService();
        const QString told = waitForState("unavailable").value("reason").toString();
        QVERIFY2(told.contains(reason), qPrintable(told));
        m_keeper->setAnswer(StandInKeeper::obey);
        QVERIFY(!waitForState("on").isEmpty());
    }

    void boundsWhatAKeeperTells() {
        m_keeper->setAnswer([](const lease::Request& request) {
            lease::Report report = StandInKeeper::report(State::Failed, request);
            report.fault = QString("a\n\x1b[31mb") + QString(3000, 'x');
            for (int i = 0; i < 500; ++i)
                report.exceptions += {"link_domains", QString(20, 'y'), QString(50, 'z')};
            return std::vector{StandInKeeper::packet(report)};
        });
        m_keeper->start();
        startService();
        const QJsonObject system = waitForState("failed");
        QCOMPARE(system.value("exceptions").toArray().size(), 64);
        const QString reason = system.value("reason").toString();
        QCOMPARE(reason.size(), 400);
        QVERIFY(reason.startsWith("a  [31mb"));
    }

    void takesItAnewAtOtherAddresses() {
        m_keeper->start();
        startService();
        QVERIFY(!waitForState("on").isEmpty());
        m_service->writeConfig("listen = [\"127.0.0.9:0\"]\n[system]\nmanage = true\n");
        m_service->signal(SIGHUP);
        QTRY_COMPARE(m_keeper->lastRequest().addresses, QStringList{"127.0.0.9"});
        QVERIFY(m_keeper->lastRequest().verb == Verb::Apply);
        QVERIFY(!waitForState("on").isEmpty());
        QCOMPARE(QString::number(m_keeper->lastRequest().port), listen().section(':', -1));
    }

    void changedSettingsReachTheKeeper() {
        m_keeper->start();
        startService();
        QVERIFY(!waitForState("on").isEmpty());
        QVERIFY(m_peer
                    ->request("settings.set",
                              {{"values", QJsonObject{{"system.when_lost", "closed"},
                                                      {"system.mechanism", "resolvconf"}}}})
                    .contains("result"));
        QTRY_COMPARE(m_keeper->lastRequest().mechanism, "resolvconf");
        QVERIFY(m_keeper->lastRequest().whenLost == lease::WhenLost::Closed);
    }

    void letsAPersonWinAndTakesItWhenAsked() {
        m_keeper->setAnswer([](const lease::Request& request) {
            if (request.verb != Verb::Apply || request.takeOver)
                return StandInKeeper::obey(request);
            lease::Report yielded = StandInKeeper::report(State::Yielded);
            yielded.winner = "someone's editor";
            yielded.winnerKind = "person";
            return std::vector{StandInKeeper::packet(yielded)};
        });
        m_keeper->start();
        startService();
        const QJsonObject system = waitForState("yielded");
        QCOMPARE(system.value("winner"), "someone's editor");
        QCOMPARE(system.value("winner_kind"), "person");
        QVERIFY(m_peer->request("system.take").contains("result"));
        QVERIFY(!waitForState("on").isEmpty());
        QVERIFY(m_keeper->lastRequest().takeOver);
        QCOMPARE(m_keeper->count(Verb::Apply), 2);
    }

    void aPersonIsNamedByWhatWasChanged() {
        m_keeper->setAnswer([](const lease::Request&) {
            lease::Report yielded = StandInKeeper::report(State::Yielded);
            yielded.winner = "/etc/resolv.conf";
            yielded.winnerKind = "person";
            return std::vector{StandInKeeper::packet(yielded)};
        });
        m_keeper->start();
        startService();
        QCOMPARE(waitForState("yielded").value("winner"), "/etc/resolv.conf");
        QVERIFY(
            m_service->waitForErrors("system DNS: yielded, changed by hand in /etc/resolv.conf\n"));
    }

    /// A refusal leaves the keeper as it was.
    void whatTheKeeperRefusesHasFailed() {
        m_keeper->setAnswer([](const lease::Request& request) {
            if (request.verb != Verb::Apply)
                return StandInKeeper::obey(request);
            lease::Report refusal = StandInKeeper::report(State::Free);
            refusal.fault = "the port is impossible";
            return std::vector{StandInKeeper::packet(refusal)};
        });
        m_keeper->start();
        startService();
        QCOMPARE(waitForState("failed").value("reason"), "the port is impossible");
    }

    void whatIsAskedForIsNotYetSo() {
        m_keeper->setAnswer([](const lease::Request& request) {
            lease::Report failed = StandInKeeper::report(State::Failed);
            failed.fault = "the file is read-only";
            return request.takeOver ? std::vector<QByteArray>{}
                                    : std::vector{StandInKeeper::packet(failed)};
        });
        m_keeper->start();
        startService();
        QVERIFY(!waitForState("failed").isEmpty());
        QCOMPARE(systemDns(JsonPeer::result(m_peer->request("system.take"))).value("state"),
                 "taking");
        m_keeper->tell(
            StandInKeeper::packet(StandInKeeper::report(State::Held, m_keeper->lastRequest())));
        QVERIFY(!waitForState("on").isEmpty());
        m_keeper->setAnswer([](const lease::Request&) { return std::vector<QByteArray>{}; });
        QVERIFY(
            m_peer->request("settings.set", {{"values", QJsonObject{{"system.mechanism", "file"}}}})
                .contains("result"));
        QCOMPARE(systemDns(status()).value("state"), "taking");
    }

    void explainsForWhatIsWanted() {
        m_keeper->start();
        startService("[system]\nmanage = true\nmechanism = \"file\"\n");
        QVERIFY(!waitForState("on").isEmpty());
        const QJsonObject explained = JsonPeer::result(m_peer->request("system.explain"));
        const lease::Request asked = m_keeper->lastRequest();
        QVERIFY(asked.verb == Verb::Describe);
        QCOMPARE(asked.addresses, QStringList{"127.0.0.1"});
        QCOMPARE(QString::number(asked.port), listen().section(':', -1));
        QCOMPARE(asked.mechanism, "file");
        QCOMPARE(explained.value("addresses"), QJsonArray{"127.0.0.1"});
        QCOMPARE(explained.value("port"), asked.port);
        QCOMPARE(explained.value("mechanism"), "file");
    }

    void exceptionsComeWithTheirData() {
        m_keeper->setAnswer([](const lease::Request& request) {
            lease::Report report = StandInKeeper::report(State::Held, request);
            report.exceptions = {{"link_domains", "tun0", "names …", QStringList{"10.8.0.1"},
                                  QStringList{"corp.example\x1b"}}};
            return std::vector{StandInKeeper::packet(report)};
        });
        m_keeper->start();
        startService();
        const QJsonObject exception =
            waitForState("on").value("exceptions").toArray().at(0).toObject();
        QCOMPARE(exception.value("servers"), QJsonArray{"10.8.0.1"});
        QCOMPARE(exception.value("domains"), QJsonArray{"corp.example "});
    }

    void turnedOnAgainItTakesWhatRootGaveBack_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<bool>("taken");
        QTest::newRow("root") << QString::fromLatin1(lease::kRestored) << true;
        QTest::newRow("an editor") << "person" << false;
    }
    void turnedOnAgainItTakesWhatRootGaveBack() {
        QFETCH(const QString, kind);
        QFETCH(const bool, taken);
        m_keeper->setAnswer([&](const lease::Request& request) {
            if (request.verb != Verb::Apply || request.takeOver)
                return StandInKeeper::obey(request);
            lease::Report yielded = StandInKeeper::report(State::Yielded);
            yielded.winnerKind = kind;
            return std::vector{StandInKeeper::packet(yielded)};
        });
        m_keeper->start();
        startService();
        QCOMPARE(waitForState("yielded").value("winner_kind"), kind);
        QVERIFY(m_peer->request("forwarding.set", {{"enabled", true}}).contains("result"));
        if (taken)
            QVERIFY(!waitForState("on").isEmpty());
        QCOMPARE(m_keeper->count(Verb::Apply), taken ? 2 : 1);
        QCOMPARE(systemDns(status()).value("state"), taken ? "on" : "yielded");
    }

    void leavesTheSystemAloneUnlessItMayManageIt() {
        m_keeper->start();
        startService("[system]\nmanage = false\n");
        QCOMPARE(systemDns(status()).value("state"), "by_hand");
        QTRY_COMPARE(m_keeper->requests().size(), std::size_t{1});
        QVERIFY(m_keeper->lastRequest().verb == Verb::Describe);
        QTRY_COMPARE(m_keeper->connections(), 0);
        QCOMPARE(JsonPeer::errorCode(m_peer->request("system.take")), int(protocol::Rejected));
        const QJsonObject explained = JsonPeer::result(m_peer->request("system.explain"));
        QCOMPARE(explained.value("findings").toArray().size(), 2);
        QCOMPARE(explained.value("system").toObject().value("state"), "by_hand");
    }

    void givesBackWhatAnEarlierRunLeft() {
        m_keeper->setAnswer([](const lease::Request& request) {
            if (request.verb != Verb::Describe)
                return StandInKeeper::obey(request);
            return std::vector{StandInKeeper::packet(
                StandInKeeper::report(State::Held, {.addresses = {"127.0.0.7"}, .port = 15353}))};
        });
        m_keeper->start();
        startService("[system]\nmanage = false\n");
        QTRY_COMPARE(m_keeper->count(Verb::Describe), 1); // another service's: left alone
        QTRY_COMPARE(m_keeper->connections(), 0);
        QCOMPARE(m_keeper->count(Verb::Restore), 0);
        m_keeper->setAnswer([address = listen()](const lease::Request& request) {
            if (request.verb != Verb::Describe)
                return StandInKeeper::obey(request);
            return std::vector{StandInKeeper::packet(
                StandInKeeper::report(State::Held, {.addresses = {"127.0.0.1"},
                                                    .port = address.section(':', -1).toInt()}))};
        });
        const QByteArray fixed = "listen = [\"" + listen().toUtf8() + "\"]\n";
        QCOMPARE(m_service->stop(), 0);
        m_service->writeConfig(fixed);
        QVERIFY2(m_service->start(), m_service->errors().constData());
        QTRY_COMPARE(m_keeper->count(Verb::Restore), 1);
    }

    void managingEndsByASetting() {
        m_keeper->start();
        startService("");
        QVERIFY(m_peer->request("settings.set", {{"values", QJsonObject{{"system.manage", true}}}})
                    .contains("result"));
        QVERIFY(!waitForState("on").isEmpty());
        QVERIFY(m_peer->request("settings.set", {{"values", QJsonObject{{"system.manage", false}}}})
                    .contains("result"));
        QVERIFY(!waitForState("by_hand").isEmpty());
        QCOMPARE(m_keeper->count(Verb::Restore), 1);
        QTRY_COMPARE(m_keeper->connections(), 0);
        QVERIFY(askOverUdp(listen(), "localhost")->rcode == rcode::kNoError);
    }

    void aServiceThatStartsOffGivesBack() {
        m_keeper->start();
        startService();
        QVERIFY(!waitForState("on").isEmpty());
        QVERIFY(m_peer->request("forwarding.set", {{"enabled", false}}).contains("result"));
        QVERIFY(!waitForState("off").isEmpty());
        m_peer.reset();
        QCOMPARE(m_service->stop(), 0);
        const auto before = m_keeper->requests().size();
        QVERIFY2(m_service->start(), m_service->errors().constData());
        QTRY_COMPARE(m_keeper->requests().size(), before + 1);
        QVERIFY(m_keeper->lastRequest().verb == Verb::Restore);
    }

    void pausesAndGoesOnByItself() {
        m_keeper->start();
        startService();
        QVERIFY(!waitForState("on").isEmpty());
        const double until = static_cast<double>(QDateTime::currentMSecsSinceEpoch() + 3000);
        const QJsonObject paused =
            JsonPeer::result(m_peer->request("forwarding.pause", {{"until", until}}));
        QCOMPARE(paused.value("enabled"), true);
        QCOMPARE(paused.value("protection"), "off");
        QCOMPARE(paused.value("paused_until").toDouble(), until);
        QVERIFY(!waitForState("off").isEmpty());
        QCOMPARE(m_keeper->count(Verb::Restore), 1);
        QVERIFY(!waitFor([&](const QJsonObject& now) {
                     return !now.contains("paused_until") &&
                            systemDns(now).value("state") == QLatin1String("on");
                 }).isEmpty());
        QVERIFY(askOverUdp(listen(), "localhost")->rcode == rcode::kNoError);
    }

    void pausesWithoutAnEnd() {
        startService("");
        const QJsonObject paused = JsonPeer::result(m_peer->request("forwarding.pause"));
        QCOMPARE(paused.value("paused_until"), 0);
        QCOMPARE(systemDns(paused).value("state"), "by_hand");
        const auto refused = askOverUdp(listen(), "localhost");
        QVERIFY(refused && refused->rcode == rcode::kRefused);
        const QJsonObject on =
            JsonPeer::result(m_peer->request("forwarding.set", {{"enabled", true}}));
        QVERIFY(!on.contains("paused_until"));
        QVERIFY(askOverUdp(listen(), "localhost")->rcode == rcode::kNoError);
    }

    void aPauseIsNotKept() {
        startService("");
        QVERIFY(m_peer->request("forwarding.pause").contains("result"));
        m_peer.reset();
        QCOMPARE(m_service->stop(), 0);
        startService("");
        QVERIFY(!status().contains("paused_until"));
        QCOMPARE(status().value("enabled"), true);
        QVERIFY(askOverUdp(listen(), "localhost")->rcode == rcode::kNoError);
    }

    void pausesThatCannotBe() {
        startService("");
        QCOMPARE(JsonPeer::errorCode(m_peer->request("forwarding.pause", {{"until", 1000}})),
                 int(protocol::Rejected));
        QVERIFY(m_peer->request("forwarding.set", {{"enabled", false}}).contains("result"));
        QCOMPARE(JsonPeer::errorCode(m_peer->request("forwarding.pause")), int(protocol::Rejected));
        QVERIFY(!status().contains("paused_until"));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServiceSystemDns)
#include "test_service_system_dns.moc"
