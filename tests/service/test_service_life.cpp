// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_peer.h"
#include "service_process.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QHostAddress>
#include <QJsonArray>
#include <QTcpServer>
#include <QTest>
#include <QUdpSocket>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <memory>
#include <vector>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace sotto::test {

namespace {

/// The end that a service manager holds of NOTIFY_SOCKET.
class NotifySocket {
public:
    explicit NotifySocket(const QString& path) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, qPrintable(path), sizeof address.sun_path - 1);
        const timeval patience{5, 0};
        m_descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        ::setsockopt(m_descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (::bind(m_descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            qFatal("no socket at %s", address.sun_path);
    }
    ~NotifySocket() { ::close(m_descriptor); }

    /// Reads messages until one begins so.
    bool waitFor(const QByteArray& beginning) {
        for (;;) {
            QByteArray message(4096, Qt::Uninitialized);
            const auto octets =
                ::recv(m_descriptor, message.data(), static_cast<std::size_t>(message.size()), 0);
            if (octets < 0)
                return false;
            message.truncate(octets);
            m_received += message + '\n';
            if (message.startsWith(beginning))
                return true;
        }
    }
    const QByteArray& received() const { return m_received; }

private:
    int m_descriptor = -1;
    QByteArray m_received;
};

} // namespace

/// How the service starts, what keeps it from starting, and how it ends.
class TestServiceLife : public QObject {
    Q_OBJECT

private slots:
    void endsSoon_data() {
        QTest::addColumn<int>("number");
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGINT") << SIGINT;
    }

    void endsSoon() {
        QFETCH(int, number);
        ServiceProcess service;
        QVERIFY2(service.start(), service.errors().constData());
        JsonPeer peer(service.socketPath());
        QVERIFY(peer.hello());
        QElapsedTimer timer;
        timer.start();
        service.signal(number);
        QCOMPARE(service.waitForEnd(), 0);
        QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(peer.waitForEnd());
        QVERIFY(!QFileInfo::exists(service.socketPath()));
    }

    void showsRealPorts() {
        ServiceProcess service;
        service.writeConfig("listen = [\"127.0.0.1:0\", \"127.0.0.2:0\"]\n");
        QVERIFY2(service.start(), service.errors().constData());
        JsonPeer peer(service.socketPath());
        QVERIFY(peer.hello());
        const QJsonArray listen =
            JsonPeer::result(peer.request("status")).value("listen").toArray();
        QCOMPARE(listen.size(), 2);
        for (const QJsonValue& address : listen)
            QVERIFY(address.toString().section(':', 1).toInt() > 0);
    }

    void stateIsPrivate() {
        ServiceProcess service;
        QVERIFY(service.start());
        const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup |
                            QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
        QVERIFY(!(QFileInfo(service.path("state")).permissions() & others));
        QTRY_VERIFY(QFileInfo::exists(service.stateFile("last-good.toml")));
        QVERIFY(!(QFileInfo(service.stateFile("last-good.toml")).permissions() & others));
    }

    /// What root wrote there, the folder's owner could not read at the next start.
    void rootLeavesFoldersOfOthersAlone() {
        if (::geteuid() != 0)
            QSKIP("needs root to make a folder of somebody else");
        const ServiceProcess service;
        const QString folder = service.path("state");
        QVERIFY(QDir().mkdir(folder));
        QCOMPARE(::chown(qPrintable(folder), 65534, 65534), 0);
        const ProgramRun run = service.runToEnd();
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.errors.contains("--user") && run.errors.contains("--state-dir"),
                 run.errors.constData());
        QVERIFY(QDir(folder).isEmpty());
    }

    void rootIsWarned() {
        ServiceProcess service;
        QVERIFY2(service.start(), service.errors().constData());
        QCOMPARE(service.errors().contains("it runs as root"), ::geteuid() == 0);
    }

    void wrongFileWithoutLastGood() {
        ServiceProcess service;
        service.writeConfig("listen = [\"127.0.0.1:0\"]\npolicy = \"fastets\"\n");
        const ProgramRun run = service.runToEnd();
        QCOMPARE(run.exitCode, 2);
        const QByteArray place = service.configPath().toUtf8() + ":2:1: policy: ";
        QVERIFY2(run.errors.contains(place), run.errors.constData());
        QVERIFY2(run.errors.contains("did you mean \"fastest\"?"), run.errors.constData());
    }

    void missingFile() {
        ServiceProcess service;
        QVERIFY(QFile::remove(service.configPath()));
        const ProgramRun run = service.runToEnd();
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(run.errors.contains(service.configPath().toUtf8() + ": cannot be read"),
                 run.errors.constData());
    }

    void wrongArguments() {
        QCOMPARE(ProgramRun::of(SOTTO_SOTTOD, {"--nonsense"}).exitCode, 2);
        QCOMPARE(ProgramRun::of(SOTTO_SOTTOD, {"extra"}).exitCode, 2);
        const ProgramRun version = ProgramRun::of(SOTTO_SOTTOD, {"--version"});
        QCOMPARE(version.exitCode, 0);
        QVERIFY(version.output.startsWith("sottod "));
        const ProgramRun help = ProgramRun::of(SOTTO_SOTTOD, {"--help"});
        QCOMPARE(help.exitCode, 0);
        QVERIFY(help.output.contains("--state-dir"));
        QVERIFY(help.output.contains("Usage: sottod ["));
    }

    void portTaken() {
        QUdpSocket other;
        QVERIFY(other.bind(QHostAddress::LocalHost, 0, QUdpSocket::DontShareAddress));
        ServiceProcess service;
        const QByteArray address = "127.0.0.1:" + QByteArray::number(other.localPort());
        service.writeConfig("listen = [\"" + address + "\"]\n");
        const ProgramRun run = service.runToEnd();
        QCOMPARE(run.exitCode, 1);
        const QByteArray owner = address + " is taken by test_service_li (pid " +
                                 QByteArray::number(QCoreApplication::applicationPid()) + ')';
        QVERIFY2(run.errors.contains(owner), run.errors.constData());
        QVERIFY2(run.errors.contains("set \"listen\" to a free address"), run.errors.constData());
    }

    void portTakenForTcpOrByAll() {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::Any, 0)); // IPv6 and IPv4
        ServiceProcess service;
        const QByteArray address = "127.0.0.1:" + QByteArray::number(other.serverPort());
        service.writeConfig("listen = [\"" + address + "\"]\n");
        const ProgramRun run = service.runToEnd();
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.errors.contains(address + " is taken by test_service_li (pid "),
                 run.errors.constData());
    }

    void tellsTheServiceManager() {
        ServiceProcess service;
        NotifySocket manager(service.path("notify"));
        service.setVariable("NOTIFY_SOCKET", service.path("notify"));
        service.setVariable("WATCHDOG_USEC", "200000");
        QVERIFY2(service.start(), service.errors().constData());
        QVERIFY(manager.waitFor("READY=1"));
        QVERIFY2(manager.received().contains("STATUS=Answering on 127.0.0.1:"),
                 manager.received().constData());
        QVERIFY(manager.waitFor("WATCHDOG=1"));
        QVERIFY(manager.waitFor("WATCHDOG=1"));
        service.signal(SIGHUP);
        QVERIFY(manager.waitFor("RELOADING=1\nMONOTONIC_USEC="));
        QVERIFY(manager.waitFor("READY=1"));
        QCOMPARE(service.stop(), 0);
        QVERIFY(manager.waitFor("STOPPING=1"));
    }

    void secondOnTheSameStateIsRefused() {
        ServiceProcess service;
        QVERIFY(service.start());
        QStringList arguments = service.arguments();
        arguments[5] = service.path("s2");
        const ProgramRun run = ProgramRun::of(SOTTO_SOTTOD, arguments);
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.errors.contains("uses this state directory"), run.errors.constData());
    }

    void secondOnTheSameSocketIsRefused() {
        ServiceProcess service;
        QVERIFY(service.start());
        QStringList arguments = service.arguments();
        arguments[3] = service.path("state2");
        const ProgramRun run = ProgramRun::of(SOTTO_SOTTOD, arguments);
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.errors.contains("another sottod serves " + service.socketPath().toUtf8()),
                 run.errors.constData());
        JsonPeer peer(service.socketPath());
        QVERIFY(peer.hello()); // the first one still serves
    }

    void ofManyAtOnceOneServes() {
        ServiceProcess folders; // not started: only its folder and file are used
        std::vector<std::unique_ptr<QProcess>> services;
        for (int i = 0; i < 6; ++i) {
            QStringList arguments = folders.arguments();
            arguments[3] = folders.path(QStringLiteral("state%1").arg(i));
            services.push_back(std::make_unique<QProcess>());
            services.back()->start(SOTTO_SOTTOD, arguments);
        }
        const auto running = [&] {
            return std::ranges::count_if(services, [](const std::unique_ptr<QProcess>& service) {
                return service->state() != QProcess::NotRunning;
            });
        };
        QTRY_COMPARE_WITH_TIMEOUT(running(), 1, 10000);
        for (const auto& service : services) {
            if (service->state() == QProcess::NotRunning) {
                QCOMPARE(service->exitCode(), 1);
                continue;
            }
            QByteArray said;
            QTRY_VERIFY((said += service->readAllStandardError()).contains("answers on"));
            JsonPeer peer(folders.socketPath());
            QVERIFY(peer.hello());
            service->terminate();
            QVERIFY(service->waitForFinished());
        }
        QVERIFY(!QFileInfo::exists(folders.socketPath()));
        QVERIFY(!QFileInfo::exists(folders.socketPath() + ".lock"));
    }

    void staleSocketIsTakenOver() {
        ServiceProcess service;
        QVERIFY(service.start());
        service.signal(SIGKILL);
        QCOMPARE(service.waitForEnd(), ProgramRun::kCrashed);
        QVERIFY(QFileInfo::exists(service.socketPath()));
        QVERIFY2(service.start(), service.errors().constData());
        JsonPeer peer(service.socketPath());
        QVERIFY(peer.hello());
    }

    void otherFilesAreNotRemoved() {
        ServiceProcess service;
        ServiceProcess::write(service.socketPath(), "precious");
        const ProgramRun run = service.runToEnd();
        QCOMPARE(run.exitCode, 1);
        QCOMPARE(ServiceProcess::contentOf(service.socketPath()), "precious");
    }

    void everybodyMayConnect() {
        ServiceProcess service;
        QVERIFY(service.start());
        const auto everybody = QFile::ReadOther | QFile::WriteOther;
        QCOMPARE(QFileInfo(service.socketPath()).permissions() & everybody, everybody);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServiceLife)
#include "test_service_life.moc"
