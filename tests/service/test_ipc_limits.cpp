// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_peer.h"
#include "service/ipc/ipc_server.h"
#include "service_here.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QTest>

#include <unistd.h>

namespace sotto::test {

namespace {

constexpr int kHelloMillis = 50;
constexpr qsizetype kRequestsOfABatch = 35;
constexpr int kBatches = 10;

QByteArray line(int id, const char* method, const QJsonObject& params = {}) {
    return QJsonDocument(QJsonObject{{"jsonrpc", "2.0"},
                                     {"id", id},
                                     {"method", QLatin1String(method)},
                                     {"params", params}})
               .toJson(QJsonDocument::Compact) +
           '\n';
}

QByteArray helloLine() {
    return line(1, "hello", {{"protocol", protocol::kProtocolVersion}, {"client", "test"}});
}

} // namespace

/// The limits of the socket that need a server in this process: short times, and a peer that
/// really does not read.
class TestIpcLimits : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServiceHere> m_here;
    std::unique_ptr<service::IpcServer> m_server;

    QString socketPath() const { return m_here->socketPath(); }

    void open(service::IpcLimits limits) {
        m_server = std::make_unique<service::IpcServer>(
            m_here->service(), service::Authorization::ofThisProcess(), limits);
        QString why;
        QVERIFY2(m_server->open(socketPath(), why), qPrintable(why));
    }

private slots:
    void init() { m_here = std::make_unique<ServiceHere>(); }

    void cleanup() {
        m_server.reset();
        m_here.reset();
    }

    void whoDoesNotSayHelloIsCut() {
        open({.helloMillis = kHelloMillis});
        QLocalSocket silent;
        silent.connectToServer(socketPath());
        QLocalSocket polite;
        polite.connectToServer(socketPath());
        QTRY_COMPARE(polite.state(), QLocalSocket::ConnectedState);
        polite.write(helloLine());
        QTRY_COMPARE(silent.state(), QLocalSocket::UnconnectedState);
        QCOMPARE(polite.state(), QLocalSocket::ConnectedState);
        QTRY_VERIFY(polite.canReadLine());
    }

    void strangersCannotTakeEveryPlace() {
        if (::geteuid() != 0)
            QSKIP("needs root to become somebody else");
        open({.connections = 2, .reserved = 2});
        QVERIFY(QFile::setPermissions(m_here->folder(), QFile::ReadOwner | QFile::WriteOwner |
                                                            QFile::ExeOwner | QFile::ReadOther |
                                                            QFile::ExeOther));
        QProcess stranger;
        stranger.start("setpriv", {"--reuid=65534", "--regid=65534", "--clear-groups",
                                   SOTTO_SOTTOCTL, "--socket", socketPath(), "status"});
        QTRY_COMPARE(stranger.state(), QProcess::NotRunning);
        QCOMPARE(stranger.exitCode(), 3);
        QLocalSocket root;
        join(root);
        QCOMPARE(root.state(), QLocalSocket::ConnectedState);
    }

    void operatorsDoNotReplaceServersSetByHand() {
        QVERIFY(!m_here->service().changeSettings({{"upstreams", QJsonArray{"tls://192.0.2.1"}}}));
        const auto refused = m_here->service().useProviders({"quad9"}, false);
        QVERIFY(refused);
        QCOMPARE(refused->code, int(protocol::NotAuthorized));
        QVERIFY(m_here->service().status().providers.isEmpty());
        QVERIFY(!m_here->service().useProviders({"quad9"}, true));
        QCOMPARE(m_here->service().status().providers, QStringList{"quad9"});
        QVERIFY(!m_here->service().useProviders({"cloudflare"}, false));
    }

    void whoDoesNotReadIsCut() {
        open({});
        // Fewer requests than are allowed, with replies of more than 4 MiB.
        QByteArray batch;
        for (int i = 0; i < kRequestsOfABatch; ++i)
            batch += line(i + 2, "providers.list");

        QLocalSocket eager;
        join(eager);
        QByteArray received;
        const auto replies = [&] {
            received += eager.readAll();
            return received.count('\n') - received.count("\"method\":"); // notifications
        };
        for (int sent = 1; sent <= kBatches; ++sent) {
            eager.write(batch);
            QTRY_COMPARE(replies(), qsizetype{kRequestsOfABatch} * sent);
        }
        QVERIFY(received.size() > protocol::Channel::kMaxUnsentBytes);
        QCOMPARE(eager.state(), QLocalSocket::ConnectedState);
        eager.abort();
        QTRY_COMPARE(m_server->connectionCount(), std::size_t{0});

        QLocalSocket lazy;
        join(lazy);
        lazy.setReadBufferSize(1);
        lazy.write(batch.repeated(kBatches));
        QTRY_COMPARE(m_server->connectionCount(), std::size_t{0});
    }

private:
    /// Connects and says hello.
    void join(QLocalSocket& socket) {
        socket.connectToServer(socketPath());
        QTRY_COMPARE(m_server->connectionCount(), std::size_t{1});
        socket.write(helloLine());
        QTRY_VERIFY(socket.canReadLine());
        socket.readAll();
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestIpcLimits)
#include "test_ipc_limits.moc"
