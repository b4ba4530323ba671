// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command_line.h"
#include "core/preferences.h"
#include "core/service_hint.h"
#include "core/single_instance.h"

#include <QDir>
#include <QFile>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

namespace sotto::app {

/// What happens between the command line and the window.
class TestAppStart : public QObject {
    Q_OBJECT

private slots:
    void readsOptions() {
        const CommandLine line =
            CommandLine::parse({"sotto", "--socket", "/tmp/s", "--hidden", "--page", "log",
                                "--theme=dark", "--screenshots", "out"});
        QCOMPARE(line.outcome, CommandLine::Outcome::Run);
        QCOMPARE(line.socket, QString("/tmp/s"));
        QVERIFY(line.hidden);
        QCOMPARE(line.page, QString("log"));
        QVERIFY(line.theme == ThemeChoice::Dark);
        QCOMPARE(line.screenshots, QString("out"));
    }

    void refusesNonsense_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("unknown") << QStringList{"sotto", "--frobnicate"};
        QTest::newRow("no value") << QStringList{"sotto", "--socket"};
        QTest::newRow("empty value") << QStringList{"sotto", "--socket="};
        QTest::newRow("page") << QStringList{"sotto", "--page", "moon"};
        QTest::newRow("theme") << QStringList{"sotto", "--theme", "pink"};
        QTest::newRow("left over") << QStringList{"sotto", "file"};
    }

    void refusesNonsense() {
        QFETCH(QStringList, arguments);
        const CommandLine line = CommandLine::parse(arguments);
        QCOMPARE(line.outcome, CommandLine::Outcome::Error);
        QVERIFY(line.text.startsWith("sotto: "));
    }

    void helpNamesEveryOption() {
        const CommandLine line = CommandLine::parse({"sotto", "--help"});
        QCOMPARE(line.outcome, CommandLine::Outcome::Help);
        for (const char* option : {"--socket", "--hidden", "--page", "--theme", "--screenshots"})
            QVERIFY2(line.text.contains(option), option);
        QVERIFY(CommandLine::parse({"sotto", "--version"}).text.startsWith("sotto "));
    }

    void hintsAtTheServiceOnlyWhereThereIsOne() {
        const QTemporaryDir root;
        const QString systems("/run/sotto/sottod.sock");
        QCOMPARE(startCommand({}, root.path()), QString("sottod"));
        QCOMPARE(startCommand(systems, root.path()), QString("sottod"));
        QVERIFY(QDir(root.path()).mkpath("lib/systemd/system/sottod.service"));
        QCOMPARE(startCommand({}, root.path()), QString("sudo systemctl start sottod"));
        QCOMPARE(startCommand(systems, root.path()), QString("sudo systemctl start sottod"));
        QCOMPARE(startCommand("/tmp/s", root.path()), QString("sottod --socket \"/tmp/s\""));
        QCOMPARE(startCommand("/tmp/a \"$b`", root.path()),
                 QString("sottod --socket \"/tmp/a \\\"\\$b\\`\""));
    }

    void remembersTaste() {
        const QTemporaryDir folder;
        const QString file = folder.filePath("p.ini");
        {
            Preferences preferences(file);
            QCOMPARE(preferences.theme(), ThemeChoice::System);
            QVERIFY(preferences.followLog());
            QVERIFY(!preferences.startHidden());
            preferences.setTheme(ThemeChoice::Dark);
            preferences.setFollowLog(false);
            preferences.setStartHidden(true);
        }
        const Preferences preferences(file);
        QCOMPARE(preferences.theme(), ThemeChoice::Dark);
        QVERIFY(!preferences.followLog());
        QVERIFY(preferences.startHidden());
    }

    void survivesNonsenseInItsFile() {
        const QTemporaryDir folder;
        QFile file(folder.filePath("p.ini"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("theme=pink\nstart_hidden=@Invalid(\n");
        file.close();
        QCOMPARE(Preferences(file.fileName()).theme(), ThemeChoice::System);
    }

    void secondStartRaisesTheFirst() {
        const QTemporaryDir folder;
        const QString place = folder.filePath("run");
        SingleInstance first(place, {});
        QVERIFY(first.acquire());
        QSignalSpy raised(&first, &SingleInstance::raiseRequested);
        SingleInstance second(place, {});
        QVERIFY(!second.acquire());
        QVERIFY(second.raiseOther());
        QTRY_COMPARE(raised.size(), 1);
        QCOMPARE(raised[0][0].toString(), QString());
        QVERIFY(second.raiseOther("log"));
        QTRY_COMPARE(raised.size(), 2);
        QCOMPARE(raised[1][0].toString(), QString("log"));
    }

    void ignoresWhatNoStartSays_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("unknown page") << QByteArray("raise moon\n");
        QTest::newRow("more words") << QByteArray("raise log log\n");
        QTest::newRow("blank page") << QByteArray("raise \n");
        QTest::newRow("zero") << QByteArray("raise log\0\n", 11);
        QTest::newRow("empty") << QByteArray("\n");
        QTest::newRow("long") << QByteArray(5000, 'r') + '\n';
        QTest::newRow("long without end") << QByteArray(5000, 'r');
    }

    void ignoresWhatNoStartSays() {
        QFETCH(QByteArray, line);
        const QTemporaryDir folder;
        SingleInstance first(folder.path(), {});
        QVERIFY(first.acquire());
        QSignalSpy raised(&first, &SingleInstance::raiseRequested);
        QLocalSocket stranger;
        QSignalSpy ended(&stranger, &QLocalSocket::disconnected);
        stranger.connectToServer(folder.filePath("app.sock"));
        QVERIFY(stranger.waitForConnected());
        stranger.write(line);
        QTRY_COMPARE(ended.size(), 1);
        QCOMPARE(raised.size(), 0);
    }

    void otherKeysRunBeside() {
        const QTemporaryDir folder;
        SingleInstance first(folder.path(), {});
        SingleInstance second(folder.path(), "/tmp/other.sock");
        QVERIFY(first.acquire());
        QVERIFY(second.acquire());
    }

    void takesOverFromOneThatDied() {
        const QTemporaryDir folder;
        { // what a killed instance leaves: a lock of a process that is gone, and a socket file
            QFile lock(folder.filePath("app.lock"));
            QVERIFY(lock.open(QIODevice::WriteOnly));
            lock.write("999999999\nsotto\n" + QSysInfo::machineHostName().toLocal8Bit() + "\n");
            QFile socket(folder.filePath("app.sock"));
            QVERIFY(socket.open(QIODevice::WriteOnly));
        }
        SingleInstance instance(folder.path(), {});
        QVERIFY(instance.acquire());
        SingleInstance later(folder.path(), {});
        QVERIFY(!later.acquire());
        QVERIFY(later.raiseOther());
    }

    void nothingToRaise() {
        const QTemporaryDir folder;
        SingleInstance alone(folder.path(), {});
        QVERIFY(!alone.raiseOther());
    }
};

} // namespace sotto::app

QTEST_GUILESS_MAIN(sotto::app::TestAppStart)
#include "test_app_start.moc"
