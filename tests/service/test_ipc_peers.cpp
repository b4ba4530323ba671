// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/ipc/ipc_server.h"
#include "stranger.h"
#include "verb_table.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocalSocket>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>

#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sotto::test {

namespace {

using protocol::Permission;
using service::Authority;
using service::PeerProcess;
using service::Right;

constexpr gid_t kGroupOfSotto = 54321; // which nobody has by chance

/// Somebody who is asked, and answers when the test says so.
class SlowAuthority : public Authority {
public:
    Ticket check(const service::ProcessSubject& subject, Right, bool mayAsk, Done done) override {
        subjects.append(subject);
        open.append(std::move(done));
        asksPerson = mayAsk;
        return static_cast<Ticket>(subjects.size());
    }
    void cancel(Ticket) override { open.clear(); }

    QList<service::ProcessSubject> subjects;
    QList<Done> open;
    bool asksPerson = false;
};

/// A child that connects a socket which its parent goes on using, and waits for its end: what the
/// kernel says of the peer is the child's.
class ConnectingChild {
public:
    explicit ConnectingChild(const QString& path, const Person& person = {0, 0, {}}) {
        const sockaddr_un address = unixAddress(path);
        m_socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int ready[2];
        if (m_socket < 0 || ::pipe(ready) != 0)
            qFatal("no socket");
        m_process = ::fork();
        if (m_process == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            const bool connected = (person.user == 0 || becomeStranger(person)) &&
                                   ::connect(m_socket, reinterpret_cast<const sockaddr*>(&address),
                                             sizeof address) == 0;
            (void)!::write(ready[1], connected ? "y" : "n", 1);
            for (;;)
                ::pause();
        }
        char answer = 'n';
        ::close(ready[1]);
        (void)!::read(ready[0], &answer, 1);
        ::close(ready[0]);
        isConnected = answer == 'y';
    }
    ~ConnectingChild() {
        end();
        if (m_socket >= 0)
            ::close(m_socket);
    }
    ConnectingChild(const ConnectingChild&) = delete;
    ConnectingChild& operator=(const ConnectingChild&) = delete;

    void end() {
        if (m_process <= 0)
            return;
        ::kill(m_process, SIGKILL);
        ::waitpid(m_process, nullptr, 0);
        m_process = -1;
    }
    /// Once only: for a QLocalSocket.
    int takeSocket() { return std::exchange(m_socket, -1); }
    pid_t processId() const { return m_process; }

    bool isConnected = false;

private:
    int m_socket = -1;
    pid_t m_process = -1;
};

/// The same without a service: both ends of a connection in this process, the one of a child.
struct AcceptedChild {
    QTemporaryDir folder;
    int listener = -1;
    std::unique_ptr<ConnectingChild> child;
    int accepted = -1;

    explicit AcceptedChild(const Person& person = {0, 0, {}}) {
        const QString path = folder.filePath("s");
        const sockaddr_un address = unixAddress(path);
        listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
            ::listen(listener, 1) != 0)
            qFatal("no listener");
        QFile::setPermissions(folder.path(), QFile::ReadOwner | QFile::WriteOwner |
                                                 QFile::ExeOwner | QFile::ExeOther);
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::WriteOther);
        child = std::make_unique<ConnectingChild>(path, person);
        accepted = ::accept(listener, nullptr, nullptr);
    }
    ~AcceptedChild() {
        ::close(accepted);
        ::close(listener);
    }
};

bool isRoot() {
    return ::geteuid() == 0;
}

} // namespace

/// Who is at the other end of the socket: members of the group, and processes that come and go.
class TestIpcPeers : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_dir;
    service::ProviderCatalog m_catalog;
    std::unique_ptr<service::Service> m_service;
    std::unique_ptr<service::IpcServer> m_server;
    SlowAuthority* m_authority = nullptr; ///< the server's, where it has one

    QString socketPath() const { return m_dir->filePath("s"); }
    void open(bool hasAuthority, service::IpcLimits limits = {}) {
        auto authority = std::make_unique<SlowAuthority>();
        m_authority = authority.get();
        m_server = std::make_unique<service::IpcServer>(
            *m_service, service::Authorization{{}, kGroupOfSotto}, limits,
            hasAuthority ? std::move(authority) : nullptr);
        QString why;
        QVERIFY2(m_server->open(socketPath(), why), qPrintable(why));
        QVERIFY(QFile::setPermissions(m_dir->path(), QFile::ReadOwner | QFile::WriteOwner |
                                                         QFile::ExeOwner | QFile::ExeOther));
    }

private slots:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        QString why;
        QVERIFY2(m_catalog.readShipped(why), qPrintable(why));
        QFile file(m_dir->filePath("sotto.toml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("listen = [\"127.0.0.1:0\"]\nforward.source_address = \"127.0.0.1\"\n");
        file.close();
        m_service = std::make_unique<service::Service>(file.fileName(), m_dir->path(), m_catalog);
        QVERIFY(!m_service->start());
    }
    void cleanup() {
        m_server.reset();
        m_service->stop();
        m_service.reset();
    }

    void membersToggleAndReadTheLog_data() {
        QTest::addColumn<int>("group");
        QTest::addColumn<QList<int>>("beside");
        QTest::addColumn<bool>("isMember");
        const int ours = int(kGroupOfSotto);
        QList<int> many;
        for (int i = 0; i < 100; ++i) // more than are read at first
            many += 60'000 + i;
        QTest::newRow("no member") << 65534 << QList<int>{60'000, 60'001} << false;
        QTest::newRow("beside others") << 65534 << QList<int>{60'000, ours} << true;
        QTest::newRow("as the first group") << ours << QList<int>() << true;
        QTest::newRow("after many others") << 65534 << (many + QList<int>{ours}) << true;
        QTest::newRow("of many others") << 65534 << many << false;
    }
    void membersToggleAndReadTheLog() {
        QFETCH(const int, group);
        QFETCH(const QList<int>, beside);
        QFETCH(const bool, isMember);
        if (!isRoot())
            QSKIP("needs root to become somebody else");
        open(false);
        Person person{65534, static_cast<gid_t>(group), {}};
        for (const int other : beside)
            person.groups.push_back(static_cast<gid_t>(other));
        QByteArrayList lines;
        const auto& samples = verbSamples();
        for (int i = 0; i < samples.size(); ++i)
            lines += Stranger::line(10 + i, samples[i].method, samples[i].params);
        Stranger stranger(socketPath(), person, lines, {.replies = 1 + lines.size()});
        QTRY_VERIFY_WITH_TIMEOUT(stranger.hasEnded(), 20'000);
        QCOMPARE(stranger.replyCount(), 1 + lines.size());

        const QStringList open = documentedMethods("none needed");
        const QStringList forMembers =
            documentedMethods("toggle") + documentedMethods("read the log");
        const QJsonObject hello = stranger.reply(1).value("result").toObject();
        QCOMPARE(hello.value("may_toggle"), isMember ? "yes" : "no");
        QCOMPARE(hello.value("may_read_log"), isMember ? "yes" : "no");
        QCOMPARE(hello.value("may_configure"), "no");
        for (int i = 0; i < samples.size(); ++i) {
            const bool isOwnServer =
                samples[i].params.value("target").toString().startsWith("tls://");
            const bool may = open.contains(samples[i].method) ||
                             (isMember && forMembers.contains(samples[i].method) && !isOwnServer);
            const QJsonObject reply = stranger.reply(10 + i);
            const bool isRefused =
                reply.value("error").toObject().value("code").toInt() == protocol::NotAuthorized;
            QVERIFY2(isRefused != may, samples[i].method.toUtf8() + QJsonDocument(reply).toJson());
        }
        QCOMPARE(m_service->status().enabled, !isMember); // forwarding.set
        QCOMPARE(m_service->status().policy, "fastest");  // settings.set
    }

    /// The group's number is looked up as the service starts: a change of the database, or a name
    /// service that hangs, comes to nothing later.
    void theGroupIsANumber() {
        const service::Authorization authorization{{}, kGroupOfSotto};
        service::PeerIdentity member;
        QVERIFY(!authorization.isTrusted(member)); // the system does not say who it is
        member.known = true;
        member.user = 65534;
        member.groups = {65534, kGroupOfSotto};
        QVERIFY(authorization.allows(member, Right::Toggle));
        QVERIFY(authorization.allows(member, Right::ReadLog));
        QVERIFY(!authorization.allows(member, Right::Configure));
        QVERIFY(!(service::Authorization{{}, std::nullopt}.isTrusted(member)));
        member.known = false;
        QVERIFY(!authorization.isTrusted(member));
    }

    void aProcessIsHeldUntilItsEnd_data() {
        QTest::addColumn<bool>("asOldKernel");
        QTest::newRow("by the socket") << false;
        QTest::newRow("by its number, where the socket does not give it") << true;
    }
    void aProcessIsHeldUntilItsEnd() {
        QFETCH(const bool, asOldKernel);
        AcceptedChild peer;
        QVERIFY(peer.child->isConnected);
        const auto process = asOldKernel ? PeerProcess::ofNumber(peer.child->processId(), 0)
                                         : PeerProcess::ofSocket(peer.accepted);
        QVERIFY(process);
        QVERIFY(process->isAlive());
        const auto subject = process->subject();
        QVERIFY(subject);
        QCOMPARE(subject->pid, quint32(peer.child->processId()));
        QCOMPARE(subject->user, ::geteuid());
        QVERIFY(subject->startTime > 0);
        peer.child->end();
        QVERIFY(!process->isAlive());
        QVERIFY(!process->subject());
    }

    void whoHasEndedIsNobody() {
        AcceptedChild peer;
        const pid_t pid = peer.child->processId();
        peer.child->end();
        QVERIFY(!PeerProcess::ofNumber(pid, 0));
        const auto late = PeerProcess::ofSocket(peer.accepted);
        QVERIFY(!late || !late->subject());
        QVERIFY(!PeerProcess::ofNumber(0, 0));
        QVERIFY(!PeerProcess::ofNumber(-1, 0));
    }

    /// A process that runs as another user than the one who connected is not that user's peer.
    void anotherUserIsNoSubject() {
        if (!isRoot())
            QSKIP("needs root to become somebody else");
        AcceptedChild peer({65534, 65534, {}});
        QVERIFY(peer.child->isConnected);
        QVERIFY(PeerProcess::ofNumber(peer.child->processId(), 65534)->subject());
        const auto other = PeerProcess::ofNumber(peer.child->processId(), 1000);
        QVERIFY(other && other->isAlive());
        QVERIFY(!other->subject());
    }

    /// As ProtectProc=invisible does to sottod.service: nothing can be read of the peer, which is
    /// the same as far as anybody is let in, and is seen to end all the same.
    void whereProcHidesOthers() {
        if (!isRoot())
            QSKIP("needs root to become somebody else");
        AcceptedChild peer({65534, 65534, {}});
        QVERIFY(peer.child->isConnected);
        const pid_t pid = peer.child->processId();
        const QByteArray stat = "/proc/" + QByteArray::number(pid) + "/stat";
        enum Result { Right, NoNamespace, NotHidden, NotHeld, NoSubject, NotSeenToEnd };
        int toChild[2];
        int toParent[2];
        QVERIFY(::pipe(toChild) == 0 && ::pipe(toParent) == 0);
        const pid_t service = ::fork();
        if (service == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            char ended = 0;
            if (::unshare(CLONE_NEWNS) != 0 ||
                ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
                ::mount("proc", "/proc", "proc", 0, "hidepid=2") != 0)
                ::_exit(NoNamespace);
            if (!becomeStranger({65533, 65533, {}}) || ::access(stat.constData(), F_OK) == 0)
                ::_exit(NotHidden);
            const auto process = PeerProcess::ofNumber(pid, 65534);
            if (!process || !process->isAlive())
                ::_exit(NotHeld);
            const auto subject = process->subject();
            if (!subject || subject->pid != static_cast<quint32>(pid) || subject->user != 65534 ||
                subject->startTime != 0) // polkit finds it out
                ::_exit(NoSubject);
            if (::write(toParent[1], "x", 1) != 1 || ::read(toChild[0], &ended, 1) != 1)
                ::_exit(NotSeenToEnd);
            ::_exit(process->isAlive() || process->subject() ? NotSeenToEnd : Right);
        }
        ::close(toParent[1]);
        char held = 0;
        (void)!::read(toParent[0], &held, 1);
        peer.child->end();
        (void)!::write(toChild[1], "x", 1);
        int status = 0;
        ::waitpid(service, &status, 0);
        for (const int end : {toChild[0], toChild[1], toParent[0]})
            ::close(end);
        QVERIFY(WIFEXITED(status));
        if (WEXITSTATUS(status) == NoNamespace)
            QSKIP("this computer lets nobody mount another /proc");
        QCOMPARE(WEXITSTATUS(status), int(Right));
    }

    /// The connection goes on in another process, the one that polkit was asked about has ended.
    void aYesForWhoHasEndedIsNone_data() {
        QTest::addColumn<bool>("byAPerson");
        QTest::newRow("an answer at once") << false;
        QTest::newRow("a password") << true;
    }
    void aYesForWhoHasEndedIsNone() {
        QFETCH(const bool, byAPerson);
        open(true, {.gate = {.quickMillis = 20'000}});
        ConnectingChild child(socketPath());
        QVERIFY(child.isConnected);
        QLocalSocket socket;
        QVERIFY(socket.setSocketDescriptor(child.takeSocket()));
        socket.write(Stranger::helloLine() + '\n');
        QTRY_COMPARE(m_authority->open.size(), 3); // what it might do
        while (!m_authority->open.isEmpty())
            m_authority->open.takeFirst()(Permission::Ask);
        QTRY_VERIFY(socket.canReadLine());
        socket.readAll();

        socket.write(Stranger::line(2, "forwarding.set", {{"enabled", false}}) + '\n');
        QTRY_COMPARE(m_authority->open.size(), 1);
        QCOMPARE(m_authority->subjects.last().pid, quint32(child.processId()));
        if (byAPerson) {
            m_authority->open.takeFirst()(Permission::Ask);
            QTRY_COMPARE(m_authority->open.size(), 1);
            QVERIFY(m_authority->asksPerson);
        }
        child.end();
        m_authority->open.takeFirst()(Permission::Yes);
        QByteArray received;
        const auto reply = [&] {
            received += socket.readAll();
            for (const QByteArray& line : received.split('\n')) {
                const QJsonObject message = QJsonDocument::fromJson(line).object();
                if (message.value("id").toInt() == 2)
                    return message;
            }
            return QJsonObject();
        };
        QTRY_COMPARE(reply().value("error").toObject().value("code").toInt(),
                     int(protocol::NotAuthorized));
        QVERIFY(m_service->status().enabled);
        // And nobody is asked any more in its name.
        const auto asked = m_authority->subjects.size();
        received.clear();
        socket.write(Stranger::line(2, "cache.flush") + '\n');
        QTRY_COMPARE(reply().value("error").toObject().value("code").toInt(),
                     int(protocol::NotAuthorized));
        QCOMPARE(m_authority->subjects.size(), asked);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestIpcPeers)
#include "test_ipc_peers.moc"
