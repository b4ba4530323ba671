// SPDX-License-Identifier: GPL-3.0-or-later
#include "settling.h"
#include "support/stand_in_service.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <csignal>
#include <memory>

namespace sotto::test {

using namespace protocol;

namespace {

struct Run {
    int exitCode = -1; ///< where it crashed or hung
    QByteArray output;
    QByteArray errors;
};

} // namespace

/// sottoctl on the system's DNS, pauses and passwords, against a stand-in: these states do not come
/// at will.
class TestSottoctlSystem : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::unique_ptr<StandInService> m_service;

    std::unique_ptr<QProcess> begin(const QStringList& arguments) {
        auto process = std::make_unique<QProcess>();
        process->start(SOTTO_SOTTOCTL, QStringList{"--socket", m_folder.filePath("s")} + arguments);
        return process;
    }

    static bool hasEnded(const QProcess& process) {
        return process.state() == QProcess::NotRunning;
    }

    /// While the stand-in, in this thread, answers.
    Run ctl(const QStringList& arguments) {
        const auto process = begin(arguments);
        Run run;
        if (QTest::qWaitFor([&] { return hasEnded(*process); }, 30000) &&
            process->exitStatus() == QProcess::NormalExit)
            run.exitCode = process->exitCode();
        run.output = process->readAllStandardOutput();
        run.errors = process->readAllStandardError();
        return run;
    }

    SystemDns& system() { return m_service->status.systemDns; }

private slots:
    void init() {
        m_service = std::make_unique<StandInService>(m_folder.filePath("s"));
        makeSystemWide(*m_service);
        QVERIFY(m_service->start());
    }
    void cleanup() { m_service.reset(); }

    void showsTheSystem() {
        const Run text = ctl({"system"});
        QCOMPARE(text.exitCode, 0);
        QVERIFY2(text.output.contains("System DNS          switched to Sotto\n"),
                 text.output.constData());
        QVERIFY(text.output.contains("eth0, wlan0"));
        const Run json = ctl({"system", "--json"});
        QCOMPARE(QJsonDocument::fromJson(json.output).object().value("state"), "on");
        QVERIFY(ctl({"status"}).output.contains("switched to Sotto through systemd-resolved\n"));
        system().exceptions = {{"vpn", "tun0", "asks its own"}};
        QVERIFY(ctl({"status"}).output.contains("not everything: see \"sottoctl system\""));
    }

    void explains() {
        m_service->findings = {{"systemd-resolved", true, true, "it runs"},
                               {"file", false, false, "it is a link"}};
        const Run text = ctl({"system", "--explain"});
        QCOMPARE(text.exitCode, 0);
        QVERIFY2(text.output.contains("systemd-resolved  yes     yes     it runs\n"),
                 text.output.constData());
        const QJsonObject json =
            QJsonDocument::fromJson(ctl({"--json", "system", "--explain"}).output).object();
        QCOMPARE(json.value("findings").toArray().size(), 2);
        QCOMPARE(json.value("system").toObject().value("state"), "on");
    }

    void takesAgain() {
        system().state = SystemDnsState::Yielded;
        system().winner = "openvpn";
        QVERIFY(ctl({"status"}).output.contains("taken over by openvpn"));
        const Run run = ctl({"system", "take"});
        QCOMPARE(run.exitCode, 0);
        QVERIFY2(run.output.contains("System DNS: switched to Sotto.\n"), run.output.constData());
        QCOMPARE(m_service->calls.count("system.take"), 1);
    }

    void saysThatItWasNotTaken() {
        m_service->switchesSystem = false;
        system().state = SystemDnsState::Failed;
        system().reason = "the file is read-only";
        const Run run = ctl({"system", "take"});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.errors.contains("System DNS: failed: the file is read-only."),
                 run.errors.constData());
        m_service->refuseNextChange = StandInService::Refusal{Rejected, "Sotto is off or paused"};
        const Run refused = ctl({"system", "take", "--json"});
        QCOMPARE(refused.exitCode, 1);
        QCOMPARE(refused.output, QByteArray());
        QVERIFY(refused.errors.contains("Refused: Sotto is off or paused"));
    }

    void waitsUntilItIsSwitched() {
        m_service->status.enabled = false;
        m_service->switchesSystem = false;
        system().state = SystemDnsState::Taking;
        const auto process = begin({"on"});
        QTRY_VERIFY(m_service->status.enabled);
        QVERIFY(!hasEnded(*process));
        system().state = SystemDnsState::On;
        m_service->announce();
        QTRY_VERIFY_WITH_TIMEOUT(hasEnded(*process), 10000);
        QCOMPARE(process->exitCode(), 0);
        QVERIFY(process->readAllStandardOutput().contains("System DNS: switched to Sotto."));
    }

    void doesNotWaitForever() {
        system().state = SystemDnsState::Taking;
        cli::Session session(m_folder.filePath("s"), true);
        QVERIFY(!session.connect());
        Status status = m_service->status;
        QCOMPARE(int(settle(session, status, true, {10, 50})), int(cli::Unfinished));
        status.systemDns.state = SystemDnsState::GivingBack;
        QCOMPARE(int(settleSwitch(session, status, false, {10, 50})), int(cli::Unfinished));
    }

    void aServiceThatEndsIsNoSuccess() {
        system().state = SystemDnsState::Taking;
        cli::Session session(m_folder.filePath("s"), true);
        QVERIFY(!session.connect());
        Status status = m_service->status;
        QTimer::singleShot(0, m_service.get(), &StandInService::stop);
        QCOMPARE(int(settleSwitch(session, status, true)), int(cli::NotReachable));
    }

    void settingsOfTheSystemAreWaitedFor() {
        system().state = SystemDnsState::Taking;
        const auto process = begin({"settings", "set", "system.mechanism", "resolvconf"});
        QTRY_COMPARE(m_service->calls.count("settings.set"), 1);
        QVERIFY(!hasEnded(*process));
        system().state = SystemDnsState::Failed;
        system().reason = "resolvconf is not installed";
        m_service->announce();
        QTRY_VERIFY_WITH_TIMEOUT(hasEnded(*process), 10000);
        QCOMPARE(process->exitCode(), 1);
        const QByteArray errors = process->readAllStandardError();
        QVERIFY2(errors.contains("System DNS: failed: resolvconf is not installed.\n"),
                 errors.constData());
        QVERIFY(process->readAllStandardOutput().contains("system.mechanism"));
        // What concerns other things does not fail for it.
        QCOMPARE(ctl({"settings", "set", "policy", "random"}).exitCode, 0);

        system().state = SystemDnsState::On;
        const Run run = ctl({"settings", "unset", "system.mechanism", "--json"});
        QCOMPARE(run.exitCode, 0);
        QVERIFY(QJsonDocument::fromJson(run.output).object().contains("settings"));
        QVERIFY(ctl({"settings", "set", "system.when_lost", "closed"})
                    .output.contains("System DNS: switched to Sotto."));
    }

    void turnsOffAndSaysSo() {
        const Run run = ctl({"off"});
        QCOMPARE(run.exitCode, 0);
        QVERIFY(!m_service->status.enabled);
        QVERIFY(run.output.contains("Sotto is off"));
        QVERIFY(run.output.contains("System DNS: as it was before Sotto."));
    }

    void pausesAndResumes() {
        const qint64 before = QDateTime::currentMSecsSinceEpoch();
        const Run paused = ctl({"pause", "1h"});
        QCOMPARE(paused.exitCode, 0);
        QVERIFY2(paused.output.startsWith("Sotto is paused until "), paused.output.constData());
        QVERIFY(m_service->lastPause && m_service->lastPause->until);
        QVERIFY(*m_service->lastPause->until >= before + 3'600'000);
        QVERIFY(ctl({"status"}).output.contains("Sotto       paused until "));
        const Run json = ctl({"--json", "status"});
        QCOMPARE(QJsonDocument::fromJson(json.output).object().value("paused_until").toInteger(),
                 *m_service->lastPause->until);

        const Run resumed = ctl({"resume"});
        QCOMPARE(resumed.exitCode, 0);
        QVERIFY(!m_service->status.pausedUntil);
        QVERIFY(m_service->status.enabled);
        QCOMPARE(ctl({"resume", "--json"}).exitCode, 0); // nothing to do
        QCOMPARE(ctl({"pause", "restart"}).exitCode, 0);
        QVERIFY(!m_service->lastPause->until);
        QVERIFY(ctl({"status"}).output.contains("paused until the service starts anew"));
    }

    void whatIsOffIsNotResumed() {
        m_service->status.enabled = false;
        m_service->status.protection = Protection::Off;
        const Run run = ctl({"resume"});
        QCOMPARE(run.exitCode, 1);
        QVERIFY(run.errors.contains("sottoctl enable"));
        QVERIFY(!m_service->status.enabled);
        m_service->refuseNextChange = StandInService::Refusal{Rejected, "nothing to pause"};
        QCOMPARE(ctl({"pause"}).exitCode, 1);
    }

    void wrongUse_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("pause for nothing") << QStringList{"pause", "0s"};
        QTest::newRow("pause twice") << QStringList{"pause", "5m", "1h"};
        QTest::newRow("resume when") << QStringList{"resume", "5m"};
        QTest::newRow("system give") << QStringList{"system", "give"};
        QTest::newRow("system twice") << QStringList{"system", "take", "--explain"};
    }

    void wrongUse() {
        QFETCH(QStringList, arguments);
        const Run run = ctl(arguments);
        QCOMPARE(run.exitCode, 2);
        QVERIFY(run.errors.contains("Usage: sottoctl "));
        QVERIFY(m_service->calls.isEmpty());
    }

    void helpsWithEach() {
        for (const char* command :
             {"enable", "disable", "on", "off", "pause", "resume", "system"}) {
            const Run run = ctl({command, "--help"});
            QCOMPARE(run.exitCode, 0);
            QVERIFY(run.output.startsWith("Usage: sottoctl [--socket PATH] [--json] "));
        }
    }

    void saysThatItWaitsForAPassword() {
        m_service->hello.mayToggle = Permission::Ask;
        m_service->holdChanges = true;
        const auto process = begin({"pause"});
        QByteArray errors;
        QTRY_VERIFY_WITH_TIMEOUT((errors += process->readAllStandardError()).contains("password"),
                                 10000);
        QVERIFY(!hasEnded(*process));
        m_service->release();
        QTRY_VERIFY_WITH_TIMEOUT(hasEnded(*process), 10000);
        QCOMPARE(process->exitCode(), 0);
        QVERIFY(m_service->status.pausedUntil);
    }

    void aPasswordThatIsNotGivenIsAnError() {
        m_service->hello.mayToggle = Permission::Ask;
        m_service->refuseNextChange = StandInService::Refusal{NotAuthorized, "may not do that"};
        QCOMPARE(ctl({"pause"}).exitCode, 4);
    }

    void waitingCanBeInterrupted() {
        m_service->hello.mayToggle = Permission::Ask;
        m_service->holdChanges = true;
        const auto process = begin({"off"});
        QTRY_COMPARE(m_service->held(), 1);
        ::kill(static_cast<pid_t>(process->processId()), SIGINT);
        QTRY_VERIFY_WITH_TIMEOUT(hasEnded(*process), 10000);
        QTRY_COMPARE(m_service->held(), 0);
        QVERIFY(m_service->status.enabled);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestSottoctlSystem)
#include "test_sottoctl_system.moc"
