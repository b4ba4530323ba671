// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_peer.h"
#include "service_process.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <csignal>
#include <memory>

#include <unistd.h>

namespace sotto::test {

/// The terminal client against a real service: exit codes, text and JSON.
class TestSottoctl : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServiceProcess> m_service;

    ProgramRun ctl(const QStringList& arguments) const {
        return ProgramRun::of(SOTTO_SOTTOCTL,
                              QStringList{"--socket", m_service->socketPath()} + arguments);
    }

    /// Starts "log --follow" and waits for its subscription to be heard in its first line.
    std::unique_ptr<QProcess> follow(const QStringList& extra = {}) const {
        auto process = std::make_unique<QProcess>();
        process->start(SOTTO_SOTTOCTL, QStringList{"--socket", m_service->socketPath(), "log",
                                                   "--follow", "--lines", "1"} +
                                           extra);
        process->waitForStarted();
        return process;
    }

private slots:
    void init() {
        m_service = std::make_unique<ServiceProcess>();
        QVERIFY2(m_service->start(), m_service->errors().constData());
    }
    void cleanup() { m_service.reset(); }

    void status() {
        const ProgramRun text = ctl({"status"});
        QCOMPARE(text.exitCode, 0);
        QVERIFY(text.output.contains("managed by hand"));
        QVERIFY(text.output.contains("127.0.0.1:"));
        QCOMPARE(text.errors, QByteArray());
        const ProgramRun json = ctl({"status", "--json"});
        QCOMPARE(json.exitCode, 0);
        QCOMPARE(QJsonDocument::fromJson(json.output).object().value("enabled"), true);
        QCOMPARE(json.output.count('\n'), 1);
    }

    void everyCommandGivesJson() {
        for (const QStringList& command : {QStringList{"status"},
                                           {"disable"},
                                           {"enable"},
                                           {"providers", "quad9"},
                                           {"use", "quad9", "cloudflare"},
                                           {"log"},
                                           {"stats"},
                                           {"flush"},
                                           {"flush", "example.com"},
                                           {"flush", "--subtree", "example.com"},
                                           {"settings"},
                                           {"settings", "set", "policy", "random"},
                                           {"settings", "unset", "policy"}}) {
            const ProgramRun run = ctl(QStringList{"--json"} + command);
            QCOMPARE(run.exitCode, 0);
            QJsonParseError error{};
            const QJsonDocument document = QJsonDocument::fromJson(run.output, &error);
            QVERIFY2(document.isObject(), qPrintable(command.join(' ') + error.errorString()));
            QCOMPARE(run.errors, QByteArray());
        }
    }

    void switching() {
        QCOMPARE(ctl({"disable"}).exitCode, 0);
        QVERIFY(ctl({"status"}).output.contains("off: every query is refused"));
        const ProgramRun refused = ctl({"query", "example.com"});
        QCOMPARE(refused.exitCode, 1);
        QVERIFY(refused.output.contains("REFUSED"));
        QVERIFY(refused.output.contains("Extended error 18: prohibited"));
        QCOMPARE(ctl({"enable"}).exitCode, 0);
    }

    void providers() {
        const ProgramRun found = ctl({"providers", "QUAD9"});
        QCOMPARE(found.exitCode, 0);
        QVERIFY(found.output.contains("dns.quad9.net"));
        QVERIFY(!found.output.contains("cloudflare"));
        const ProgramRun used = ctl({"use", "quad9"});
        QCOMPARE(used.output, QByteArray("In use: quad9\n"));
        const ProgramRun wrong = ctl({"use", "quad8"});
        QCOMPARE(wrong.exitCode, 1);
        QCOMPARE(wrong.output, QByteArray());
        QVERIFY(wrong.errors.contains("quad9"));
    }

    void settings() {
        const ProgramRun set = ctl({"settings", "set", "log.entries", "5"});
        QCOMPARE(set.exitCode, 0);
        QCOMPARE(ctl({"settings", "set", "cache.size", "8MiB"}).exitCode, 0);
        QVERIFY(ctl({"settings"}).output.contains("8MiB"));
        QVERIFY(set.output.contains("log.entries") && !set.output.contains("cache.size"));
        QCOMPARE(ctl({"settings", "set", "cache.size", "8MB"}).exitCode, 1);
        const ProgramRun inFile = ctl({"settings", "set", "listen", "[\"127.0.0.1:0\"]"});
        QCOMPARE(inFile.exitCode, 1);
        QVERIFY(inFile.errors.contains("is set in " + m_service->configPath().toUtf8()));
    }

    void tablesAndListsAreSettings() {
        QCOMPARE(ctl({"settings", "set", "cache.prefetch", "{\"amount\": 3}"}).exitCode, 0);
        QCOMPARE(ctl({"settings", "set", "cache.disable.denial", "[\"example.com\"]"}).exitCode, 0);
        const ProgramRun run = ctl({"settings", "set", "cache.serve_stale", "{\"enabled\": true}"});
        QCOMPARE(run.exitCode, 0);
        QVERIFY2(run.output.contains("{\"enabled\":true}"), run.output.constData());
    }

    void stats() {
        const ProgramRun text = ctl({"stats"});
        for (const char* row :
             {"Of these, expired", "Asked anew", "Answered here", "Types asked for"})
            QVERIFY2(text.output.contains(row), text.output.constData());
        const QJsonObject json = QJsonDocument::fromJson(ctl({"--json", "stats"}).output).object();
        for (const char* counter : {"stale_answers", "prefetches", "local_answers"})
            QCOMPARE(json.value(QLatin1String(counter)), 0);
        QVERIFY(json.value("queries_by_type").isArray());
    }

    void wrongUse_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("no command") << QStringList{};
        QTest::newRow("unknown command") << QStringList{"stauts"};
        QTest::newRow("extra argument") << QStringList{"status", "x"};
        QTest::newRow("use nothing") << QStringList{"use"};
        QTest::newRow("query nothing") << QStringList{"query"};
        QTest::newRow("unknown option") << QStringList{"log", "--fellow"};
        QTest::newRow("flush a subtree of nothing") << QStringList{"flush", "--subtree"};
        QTest::newRow("flush two") << QStringList{"flush", "a.example", "b.example"};
        QTest::newRow("settings set half") << QStringList{"settings", "set", "policy"};
        QTest::newRow("socket without path") << QStringList{"status", "--socket"};
    }

    void wrongUse() {
        QFETCH(QStringList, arguments);
        const ProgramRun run = ctl(arguments);
        QCOMPARE(run.exitCode, 2);
        QCOMPARE(run.output, QByteArray());
        QVERIFY(!run.errors.isEmpty());
    }

    void mistypedWordsAreRecognised() {
        QVERIFY(ctl({"disabel"}).errors.contains("did you mean \"disable\"?"));
        QVERIFY(ctl({"log", "--fellow"}).errors.contains("did you mean \"--follow\"?"));
        QVERIFY(ctl({"status", "--jsno"}).errors.contains("did you mean \"--json\"?"));
        QVERIFY(ctl({"--jsno", "status"}).errors.contains("no option \"--jsno\" (did you mean"));
        QVERIFY(ctl({"settings", "unsert", "policy"}).errors.contains("did you mean \"unset\"?"));
        QVERIFY(!ctl({"xyzzy"}).errors.contains("did you mean"));
        const ProgramRun pause = ctl({"pause", "5"});
        QCOMPARE(pause.exitCode, 2);
        QVERIFY2(pause.errors.contains("For example: sottoctl pause 30m"),
                 pause.errors.constData());
    }

    /// As on a server, where nobody is logged in.
    void isQuietWithoutAnEnvironment() {
        const ProgramRun run = ProgramRun::of("env", {"-i", SOTTO_SOTTOCTL, "status"});
        for (const QByteArray& line : run.errors.trimmed().split('\n'))
            QVERIFY2(line.isEmpty() || line.startsWith("sottod does not answer") ||
                         line.startsWith("Start it with"),
                     line.constData());
    }

    void help() {
        const ProgramRun all = ProgramRun::of(SOTTO_SOTTOCTL, {"--help"});
        QCOMPARE(all.exitCode, 0);
        for (const char* command : {"status", "enable", "disable", "providers", "use", "log",
                                    "stats", "flush", "query", "settings"}) {
            QVERIFY(all.output.contains(command));
            const ProgramRun one = ProgramRun::of(SOTTO_SOTTOCTL, {command, "--help"});
            QCOMPARE(one.exitCode, 0);
            QVERIFY(
                one.output.contains(QByteArray("sottoctl [--socket PATH] [--json] ") + command));
        }
        QVERIFY(all.output.contains("Exit status"));
        QCOMPARE(ProgramRun::of(SOTTO_SOTTOCTL, {"--version"}).exitCode, 0);
    }

    void socketPathsMayBeRelative() {
        const QString relative = QDir::current().relativeFilePath(m_service->socketPath());
        QVERIFY(!relative.startsWith('/'));
        const ProgramRun run = ProgramRun::of(SOTTO_SOTTOCTL, {"--socket", relative, "status"});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
    }

    void notReachable() {
        QCOMPARE(m_service->stop(), 0);
        const ProgramRun run = ctl({"status", "--json"});
        QCOMPARE(run.exitCode, 3);
        QCOMPARE(run.output, QByteArray());
        QVERIFY(
            run.errors.contains("sottod does not answer at " + m_service->socketPath().toUtf8()));
        QVERIFY(run.errors.contains("Start it with"));
    }

    void notAuthorised() {
        if (::geteuid() != 0)
            QSKIP("needs root to become somebody else");
        QFile::setPermissions(m_service->path(""), QFile::ReadOwner | QFile::WriteOwner |
                                                       QFile::ExeOwner | QFile::ReadOther |
                                                       QFile::ExeOther);
        const QStringList asNobody{"--reuid=65534", "--regid=65534", "--clear-groups",
                                   SOTTO_SOTTOCTL,  "--socket",      m_service->socketPath()};
        const ProgramRun status = ProgramRun::of("setpriv", asNobody + QStringList{"status"});
        QCOMPARE(status.exitCode, 0);
        for (const QStringList& command : {QStringList{"disable"},
                                           {"log"},
                                           {"settings"},
                                           {"settings", "set", "policy", "random"},
                                           {"stats"},
                                           {"query", "example.com"},
                                           {"flush"}}) {
            const ProgramRun run = ProgramRun::of("setpriv", asNobody + command);
            QCOMPARE(run.exitCode, 4);
            QVERIFY(run.errors.contains("root"));
        }
        QVERIFY(ctl({"status"}).output.contains("on, "));
    }

    void followEndsWithTheService() {
        QCOMPARE(ctl({"disable"}).exitCode, 0);
        auto process = follow({"--json"});
        // Questions are asked until the follower shows one: it has subscribed then.
        QByteArray lines;
        QTRY_VERIFY_WITH_TIMEOUT((ctl({"query", "one.example"}),
                                  lines += (process->waitForReadyRead(50), process->readAll()),
                                  lines.contains('\n')),
                                 10000);
        QVERIFY(QJsonDocument::fromJson(lines.left(lines.indexOf('\n'))).isObject());
        QCOMPARE(m_service->stop(), 0);
        QVERIFY(process->waitForFinished(5000));
        QCOMPARE(process->exitCode(), 3);
        QVERIFY(process->readAllStandardError().contains("sottod does not answer"));
    }

    void interruptEndsFollowCleanly() {
        QCOMPARE(ctl({"disable"}).exitCode, 0);
        auto process = follow();
        QByteArray lines;
        QTRY_VERIFY_WITH_TIMEOUT((ctl({"query", "one.example"}),
                                  lines += (process->waitForReadyRead(50), process->readAll()),
                                  lines.contains('\n')),
                                 10000);
        ::kill(static_cast<pid_t>(process->processId()), SIGINT);
        QVERIFY(process->waitForFinished(5000));
        QCOMPARE(process->exitStatus(), QProcess::NormalExit);
        QCOMPARE(process->exitCode(), 0);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestSottoctl)
#include "test_sottoctl.moc"
