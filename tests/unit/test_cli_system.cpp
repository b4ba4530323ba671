// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "pause_options.h"
#include "settling.h"
#include "start_hint.h"
#include "status_text.h"
#include "system_text.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>

using namespace sotto::cli;
using namespace sotto::protocol;

namespace sotto::test {

/// What sottoctl understands and says of pauses and of the system's DNS.
class TestCliSystem : public QObject {
    Q_OBJECT

private:
    static SystemDns systemOf(SystemDnsState state) {
        SystemDns system;
        system.state = state;
        return system;
    }

private slots:
    void pauses_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<qint64>("seconds"); // 0: refused; -1: tomorrow; -2: the next start
        QTest::newRow("none") << QStringList{} << qint64{300};
        QTest::newRow("minutes") << QStringList{"5m"} << qint64{300};
        QTest::newRow("an hour") << QStringList{"1h"} << qint64{3600};
        QTest::newRow("together") << QStringList{"1d2h3m4s"} << qint64{93784};
        QTest::newRow("a year") << QStringList{"366d"} << qint64{366 * 86400};
        QTest::newRow("tomorrow") << QStringList{"tomorrow"} << qint64{-1};
        QTest::newRow("restart") << QStringList{"restart"} << qint64{-2};
        for (const char* wrong :
             {"", "0s", "5", "m", "-5m", "5m1h", "5 m", "367d", "99999999999d", "5M", "soon"})
            QTest::newRow(qPrintable(QStringLiteral("wrong: \"%1\"").arg(wrong)))
                << QStringList{wrong} << qint64{0};
        QTest::newRow("two") << QStringList{"5m", "1h"} << qint64{0};
    }

    void pauses() {
        QFETCH(QStringList, arguments);
        QFETCH(qint64, seconds);
        const auto options = PauseOptions::read(arguments);
        QCOMPARE(options.has_value(), seconds != 0);
        if (!options)
            return;
        const QDateTime now(QDate(2026, 11, 27), QTime(23, 0), QTimeZone::utc());
        const auto until = options->until(now);
        if (seconds == -2)
            QVERIFY(!until);
        else
            QCOMPARE(
                until,
                std::optional((now.toSecsSinceEpoch() + (seconds == -1 ? 3600 : seconds)) * 1000));
    }

    void pauseTexts() {
        const QDateTime now(QDate(2026, 11, 27), QTime(23, 0), QTimeZone::utc());
        const auto text = [&](qint64 seconds) {
            return pauseText(now.toMSecsSinceEpoch() + seconds * 1000, now);
        };
        QCOMPARE(text(45), QString("until 23:00:45, 45 s left"));
        QCOMPARE(text(241), QString("until 23:04:01, 5 min left"));
        QCOMPARE(text(2 * 3600), QString("until 2026-11-28 01:00:00, 2 h 0 min left"));
        QCOMPARE(text(-1), QString("until 22:59:59, 0 s left"));
        QCOMPARE(pauseText(0, now), QString("until the service starts anew"));
    }

    void aPauseIsNeitherOnNorOff() {
        Status status;
        status.enabled = true;
        status.pausedUntil = 0;
        QCOMPARE(switchText(status, QDateTime::currentDateTime()),
                 QString("paused until the service starts anew"));
        status.pausedUntil.reset();
        QVERIFY(switchText(status, QDateTime::currentDateTime()).startsWith("off"));
    }

    void whatIsOffMayStillAnswer() {
        Status status;
        const QDateTime now = QDateTime::currentDateTime();
        QCOMPARE(switchText(status, now), QString("off: every query is refused"));
        status.stillAnswers = true;
        QCOMPARE(switchText(status, now),
                 QString("off, but answers until the system's DNS is given back"));
        status.pausedUntil = 0;
        QCOMPARE(switchText(status, now), QString("paused until the service starts anew, but "
                                                  "answers until the system's DNS is given back"));
    }

    void aPersonHasNoNameButAPlace() {
        SystemDns system = systemOf(SystemDnsState::Yielded);
        const QString take("; \"sottoctl system take\" takes it again");
        QCOMPARE(systemStateText(system), "taken over by somebody else" + take);
        system.winnerKind = "vpn";
        QCOMPARE(systemStateText(system), "taken over by a VPN" + take);
        system.winnerKind = "person";
        QCOMPARE(systemStateText(system), "changed by hand" + take);
        system.winner = "/etc/resolv.conf";
        QCOMPARE(systemStateText(system), "changed by hand in /etc/resolv.conf" + take);
    }

    void everyEndOfASwitchHasItsStatus_data() {
        QTest::addColumn<SystemDnsState>("state");
        QTest::addColumn<bool>("wantsOn");
        QTest::addColumn<int>("code");
        using S = SystemDnsState;
        QTest::newRow("on") << S::On << true << int(Done);
        QTest::newRow("off") << S::Off << false << int(Done);
        QTest::newRow("by hand") << S::ByHand << true << int(Done);
        QTest::newRow("by hand, off") << S::ByHand << false << int(Done);
        QTest::newRow("failed") << S::Failed << true << int(Refused);
        QTest::newRow("yielded") << S::Yielded << true << int(Refused);
        QTest::newRow("not given back") << S::Failed << false << int(Refused);
        QTest::newRow("no keeper") << S::Unavailable << false << int(Refused);
        QTest::newRow("still taking") << S::Taking << true << int(Unfinished);
        QTest::newRow("not begun") << S::Off << true << int(Unfinished);
        QTest::newRow("still giving back") << S::GivingBack << false << int(Unfinished);
        QTest::newRow("still on") << S::On << false << int(Unfinished);
    }

    void everyEndOfASwitchHasItsStatus() {
        QFETCH(SystemDnsState, state);
        QFETCH(bool, wantsOn);
        QFETCH(int, code);
        const SwitchOutcome outcome = outcomeOf(systemOf(state), wantsOn);
        QCOMPARE(int(outcome.code), code);
        QCOMPARE(outcome.complaint.isEmpty(), code == Done);
        QCOMPARE(outcome.complaint.contains("not finished"), code == Unfinished);
    }

    void hintsAtTheServiceManager_data() {
        QTest::addColumn<QStringList>("installed");
        QTest::addColumn<QString>("command");
        const QString unit("/lib/systemd/system/sottod.service");
        const QString booted("/run/systemd/system/.");
        QTest::newRow("nothing") << QStringList{} << QString("sottod\", as the user");
        QTest::newRow("systemd") << QStringList{unit, booted} << "systemctl start sottod\"";
        QTest::newRow("a unit") << QStringList{unit} << "systemctl start sottod\"";
        QTest::newRow("OpenRC") << QStringList{unit, "/etc/init.d/sottod"}
                                << "rc-service sottod start\"";
        QTest::newRow("runit") << QStringList{"/etc/sv/sottod"} << "sv up sottod\"";
        QTest::newRow("all") << QStringList{unit, booted, "/etc/init.d/sottod", "/etc/sv/sottod"}
                             << "systemctl start sottod\"";
    }

    void hintsAtTheServiceManager() {
        QFETCH(QStringList, installed);
        QFETCH(QString, command);
        const QTemporaryDir root;
        for (const QString& path : installed)
            QVERIFY(QDir().mkpath(root.path() + path));
        const QString hint = startHint("/run/sotto/sottod.sock", root.path());
        QVERIFY2(hint.startsWith("Start it with \"" + command), qPrintable(hint));
        QCOMPARE(hint.contains("not as root"), installed.isEmpty());
        const QString own = startHint("/tmp/a b", root.path());
        QVERIFY2(own.startsWith("Start it with \"sottod --socket \"/tmp/a b\"\", as the user"),
                 qPrintable(own));
    }

    void wrongPausesAreExplained() {
        for (const Command& command : allCommands()) {
            if (!command.isCalled("pause"))
                continue;
            const QString text = wrongArgumentsText(command, {"0s"});
            QVERIFY2(text.contains("at most 366d"), qPrintable(text));
            QVERIFY(text.endsWith("For example: sottoctl pause 30m"));
            QVERIFY(wrongArgumentsText(command, {"tomorow"}).contains("did you mean \"tomorrow\""));
        }
    }

    void everyStateIsTold_data() {
        QTest::addColumn<SystemDnsState>("state");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("settled");
        QTest::addColumn<bool>("amiss");
        using S = SystemDnsState;
        QTest::newRow("by hand") << S::ByHand << "managed by hand" << true << false;
        QTest::newRow("off") << S::Off << "as it was before Sotto" << true << false;
        QTest::newRow("taking") << S::Taking << "being switched to Sotto" << false << false;
        QTest::newRow("on") << S::On << "switched to Sotto" << true << false;
        QTest::newRow("unanswered") << S::Unanswered
                                    << "switched to Sotto, which does not answer; about to be "
                                       "given back"
                                    << true << true;
        QTest::newRow("yielded") << S::Yielded
                                 << "taken over by openvpn; \"sottoctl system take\" takes it again"
                                 << true << true;
        QTest::newRow("giving back") << S::GivingBack << "being given back" << false << false;
        QTest::newRow("failed") << S::Failed << "failed: why" << true << true;
        QTest::newRow("unavailable") << S::Unavailable << "cannot be switched: why" << true << true;
    }

    void everyStateIsTold() {
        QFETCH(SystemDnsState, state);
        SystemDns system = systemOf(state);
        system.winner = "openvpn";
        system.reason = "why";
        QTEST(systemStateText(system), "text");
        QTEST(isSettled(system), "settled");
        QTEST(isAmiss(system), "amiss");
    }

    void reportsCoverage() {
        SystemDns system = systemOf(SystemDnsState::On);
        system.mechanisms = QStringList{"systemd-resolved", "file"};
        system.addresses = QStringList{"127.0.0.1", "::1"};
        system.port = 53;
        system.interfaces = QStringList{"eth0\x1b[31m", "wlan0"};
        system.ipv4 = system.ipv6 = true;
        system.exceptions = {{"containers", "docker0", "they ask \x1b]0;others"}, {"vpn", "", ""}};
        QCOMPARE(systemReport(system), QString("System DNS          switched to Sotto\n"
                                               "Mechanism           systemd-resolved, file\n"
                                               "Addresses           127.0.0.1, ::1\n"
                                               "Interfaces          eth0\\u{1b}[31m, wlan0\n"
                                               "Protocols           IPv4, IPv6\n"
                                               "When Sotto is lost  the earlier servers come back\n"
                                               "\n"
                                               "Not covered:\n"
                                               "  docker0: they ask \\u{1b}]0;others\n"
                                               "  vpn\n"));
        system.port = 5300;
        system.keepsClosed = true;
        QVERIFY(systemReport(system).contains("127.0.0.1, ::1, port 5300\n"));
        QVERIFY(systemReport(system).contains("names stay unresolved"));
        QCOMPARE(systemReport(systemOf(SystemDnsState::ByHand)),
                 QString("System DNS  managed by hand\n"));
    }

    void explains() {
        SystemDnsExplanation explanation;
        explanation.findings = {{"systemd-resolved", true, true, "it runs"},
                                {"file", true, false, "nobody reads it\n"}};
        QCOMPARE(explanationReport(explanation),
                 QString("MECHANISM         USABLE  CHOSEN  WHY\n"
                         "systemd-resolved  yes     yes     it runs\n"
                         "file              yes     no      nobody reads it\\u{a}\n"));
        explanation.addresses = QStringList{"127.0.0.1", "::1"};
        explanation.port = 5300;
        explanation.mechanism = "file";
        QVERIFY2(explanationReport(explanation)
                     .startsWith("For 127.0.0.1, ::1, port 5300, mechanism: file\n\nMECHANISM"),
                 qPrintable(explanationReport(explanation)));
        explanation.system = systemOf(SystemDnsState::Failed);
        explanation.system.reason = "why";
        QVERIFY(explanationReport(explanation).endsWith("\n\nSystem DNS: failed: why\n"));
        explanation.system = {};
        explanation.findings.clear();
        const QString unknown("Nothing is known of this computer's mechanisms: %1.\n");
        QCOMPARE(explanationReport(explanation), unknown.arg("the lease keeper does not answer"));
        explanation.system = systemOf(SystemDnsState::Unavailable);
        explanation.system.reason = "no\x1bkeeper";
        QCOMPARE(explanationReport(explanation), unknown.arg("no\\u{1b}keeper"));
    }

    void otherNamesMeanTheSame() {
        int found = 0;
        for (const Command& command : allCommands()) {
            for (const char* name : {"on", "off", "enable", "disable", "pause", "resume", "system"})
                found += command.isCalled(QLatin1String(name)) ? 1 : 0;
        }
        QCOMPARE(found, 7);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestCliSystem)
#include "test_cli_system.moc"
