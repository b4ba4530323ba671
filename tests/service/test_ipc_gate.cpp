// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/ipc/ipc_server.h"
#include "service_here.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QLocalSocket>
#include <QTest>

#include <memory>

namespace sotto::test {

namespace {

using protocol::Permission;
using service::Authority;
using service::Right;

/// An authority whose person answers when the test says so.
class StandInAuthority : public Authority {
public:
    struct Question {
        Ticket ticket;
        service::ProcessSubject subject;
        Right right;
        bool mayAsk;
        Done done;
    };

    Ticket check(const service::ProcessSubject& subject, Right right, bool mayAsk,
                 Done done) override {
        ++asked;
        const Ticket ticket = ++m_last;
        if (mayAsk || silent) {
            open.append({ticket, subject, right, mayAsk, std::move(done)});
        } else {
            lastSubject = subject;
            QMetaObject::invokeMethod(
                &m_context, [done = std::move(done), verdict = verdict(right)] { done(verdict); },
                Qt::QueuedConnection);
        }
        return ticket;
    }
    void cancel(Ticket ticket) override {
        ++cancelled;
        open.removeIf([&](const Question& one) { return one.ticket == ticket; });
    }
    void answer(Permission permission) { open.takeFirst().done(permission); }

    std::function<Permission(Right)> verdict = [](Right) { return Permission::Ask; };
    bool silent = false;
    QList<Question> open;
    service::ProcessSubject lastSubject;
    int asked = 0;
    int cancelled = 0;

private:
    QObject m_context;
    Ticket m_last = 0;
};

/// A client in this process, whose every message is kept.
class Client {
public:
    explicit Client(const QString& path) { m_socket.connectToServer(path); }

    void send(int id, const char* method, const QJsonObject& params = {}) {
        m_socket.write(QJsonDocument(QJsonObject{{"jsonrpc", "2.0"},
                                                 {"id", id},
                                                 {"method", QLatin1String(method)},
                                                 {"params", params}})
                           .toJson(QJsonDocument::Compact) +
                       '\n');
    }
    void hello() {
        send(1, "hello", {{"protocol", protocol::kProtocolVersion}, {"client", "test"}});
    }
    /// The reply to a request; empty while there is none.
    QJsonObject reply(int id) {
        while (m_socket.canReadLine())
            m_messages.append(QJsonDocument::fromJson(m_socket.readLine()).object());
        for (const QJsonObject& message : m_messages) {
            if (message.value("id").toInt() == id)
                return message;
        }
        return {};
    }
    int errorOf(int id) { return reply(id).value("error").toObject().value("code").toInt(); }
    QString errorTextOf(int id) {
        return reply(id).value("error").toObject().value("message").toString();
    }
    void leave() { m_socket.abort(); }

private:
    QLocalSocket m_socket;
    QList<QJsonObject> m_messages;
};

} // namespace

/// Peers that the service does not know by itself, and an authority that is asked about them. The
/// test's own user stands for a stranger.
class TestIpcGate : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServiceHere> m_here;
    std::unique_ptr<service::IpcServer> m_server;
    StandInAuthority* m_authority = nullptr; ///< the server's
    std::unique_ptr<Client> m_client;

    void open(service::IpcLimits limits = {}) {
        auto authority = std::make_unique<StandInAuthority>();
        m_authority = authority.get();
        m_server = std::make_unique<service::IpcServer>(m_here->service(),
                                                        service::Authorization{{}, std::nullopt},
                                                        limits, std::move(authority));
        QString why;
        QVERIFY2(m_server->open(m_here->socketPath(), why), qPrintable(why));
        m_client = std::make_unique<Client>(m_here->socketPath());
    }
    bool isEnabled() const { return m_here->service().status().enabled; }

private slots:
    void init() { m_here = std::make_unique<ServiceHere>(); }
    void cleanup() {
        m_client.reset();
        m_server.reset();
        m_here.reset();
    }

    void helloTellsWhatAPeerMay() {
        open();
        m_authority->verdict = [](Right right) {
            return right == Right::Toggle    ? Permission::Yes
                   : right == Right::ReadLog ? Permission::Ask
                                             : Permission::No;
        };
        m_client->hello();
        QTRY_VERIFY(!m_client->reply(1).isEmpty());
        const QJsonObject result = m_client->reply(1).value("result").toObject();
        QCOMPARE(result.value("may_toggle"), "yes");
        QCOMPARE(result.value("may_read_log"), "ask");
        QCOMPARE(result.value("may_configure"), "no");
        QVERIFY(m_authority->open.isEmpty()); // no person was asked
    }

    void theKernelSaysWhoAsks() {
        open();
        m_client->hello();
        QTRY_VERIFY(!m_client->reply(1).isEmpty());
        QCOMPARE(m_authority->lastSubject.pid, quint32(QCoreApplication::applicationPid()));
        QCOMPARE(m_authority->lastSubject.user, service::ownUser().value());
        QVERIFY(m_authority->lastSubject.startTime > 0);
    }

    void aSilentAuthorityHoldsNobodyUp() {
        open({.gate = {.quickMillis = 50}});
        m_authority->silent = true;
        m_client->hello();
        QTRY_VERIFY(!m_client->reply(1).isEmpty());
        QCOMPARE(m_client->reply(1).value("result").toObject().value("may_toggle"), "no");
        m_client->send(2, "forwarding.set", {{"enabled", false}});
        QTRY_COMPARE(m_client->errorOf(2), int(protocol::NotAuthorized));
        QVERIFY(isEnabled());
        QVERIFY(m_authority->open.isEmpty()); // all were cancelled
    }

    void aRequestWaitsForAPerson() {
        open({.gate = {.quickMillis = 50}});
        m_client->hello();
        m_client->send(2, "forwarding.set", {{"enabled", false}});
        QTRY_COMPARE(m_authority->open.size(), 1);
        QVERIFY(m_authority->open.first().mayAsk);
        QVERIFY(m_authority->open.first().right == Right::Toggle);
        // Meanwhile what needs no right is answered, here and to others.
        m_client->send(3, "status");
        QTRY_VERIFY(m_client->reply(3).contains("result"));
        Client other(m_here->socketPath());
        other.hello();
        other.send(2, "status");
        QTRY_VERIFY(other.reply(2).contains("result"));
        QVERIFY(m_client->reply(2).isEmpty());
        QVERIFY(isEnabled());
        m_authority->answer(Permission::Yes);
        QTRY_VERIFY(m_client->reply(2).contains("result"));
        QVERIFY(!isEnabled());
    }

    void whoIsRefusedChangesNothing() {
        open();
        m_client->hello();
        m_client->send(2, "settings.set", {{"values", QJsonObject{{"policy", "random"}}}});
        QTRY_COMPARE(m_authority->open.size(), 1);
        QVERIFY(m_authority->open.first().right == Right::Configure);
        m_authority->answer(Permission::No);
        QTRY_COMPARE(m_client->errorOf(2), int(protocol::NotAuthorized));
        QCOMPARE(m_here->service().status().policy, "fastest");
        m_authority->verdict = [](Right) { return Permission::No; };
        m_client->send(3, "log.subscribe");
        QTRY_COMPARE(m_client->errorOf(3), int(protocol::NotAuthorized));
        QVERIFY(m_authority->open.isEmpty());
    }

    void ofAConnectionOnePersonIsAskedAtATime() {
        open({.gate = {.waiting = 3}});
        m_client->hello();
        m_client->send(2, "forwarding.set", {{"enabled", false}});
        m_client->send(3, "statistics");
        m_client->send(4, "cache.flush");
        m_client->send(5, "cache.flush");
        QTRY_COMPARE(m_client->errorOf(5), int(protocol::NotAuthorized));
        QVERIFY(m_client->errorTextOf(5).contains("wait"));
        QTRY_COMPARE(m_authority->open.size(), 1);
        m_authority->answer(Permission::Yes);
        QTRY_VERIFY(m_client->reply(2).contains("result"));
        QTRY_COMPARE(m_authority->open.size(), 1);
        QVERIFY(m_authority->open.first().right == Right::ReadLog);
        m_authority->verdict = [](Right) { return Permission::Yes; };
        m_authority->answer(Permission::No);
        QTRY_COMPARE(m_client->errorOf(3), int(protocol::NotAuthorized));
        QTRY_VERIFY(m_client->reply(4).contains("result")); // that needed nobody any more
    }

    void passwordsAreAskedForInNumbersOnly() {
        open({.gate = {.dialogsPerUser = 2}});
        std::vector<std::unique_ptr<Client>> clients;
        for (int i = 0; i < 3; ++i) {
            clients.push_back(std::make_unique<Client>(m_here->socketPath()));
            clients.back()->hello();
            QTRY_VERIFY(!clients.back()->reply(1).isEmpty());
            clients.back()->send(2, "statistics");
            QTRY_COMPARE(m_authority->open.size(), std::min(i + 1, 2));
        }
        QTRY_COMPARE(clients[2]->errorOf(2), int(protocol::NotAuthorized));
        QVERIFY(clients[2]->errorTextOf(2).contains("too many passwords"));
        m_authority->answer(Permission::Yes);
        QTRY_VERIFY(clients[0]->reply(2).contains("result"));
        clients[2]->send(3, "statistics");
        QTRY_COMPARE(m_authority->open.size(), 2);
    }

    void whoLeavesIsNotAskedFor() {
        open();
        m_client->hello();
        m_client->send(2, "statistics");
        m_client->send(3, "forwarding.set", {{"enabled", false}});
        QTRY_COMPARE(m_authority->open.size(), 1);
        m_client->leave();
        QTRY_VERIFY(m_authority->open.isEmpty());
        QCOMPARE(m_server->connectionCount(), std::size_t{0});
        QVERIFY(isEnabled());
    }

    void serversOfOnesOwnNeedMore() {
        open();
        m_authority->verdict = [](Right right) {
            return right == Right::Toggle ? Permission::Yes : Permission::No;
        };
        m_client->hello();
        m_client->send(2, "providers.test", {{"target", "tls://192.0.2.7%own.example"}});
        QTRY_COMPARE(m_client->errorOf(2), int(protocol::NotAuthorized));
        m_client->send(3, "providers.use", {{"ids", QJsonArray{"quad9"}}});
        QTRY_VERIFY(m_client->reply(3).contains("result"));
        QVERIFY(!m_here->service().changeSettings({{"upstreams", QJsonArray{"tls://192.0.2.1"}}}));
        m_client->send(4, "providers.use", {{"ids", QJsonArray{"quad9"}}});
        QTRY_COMPARE(m_client->errorOf(4), int(protocol::NotAuthorized));
        QVERIFY(m_here->service().hasServersByHand());
        m_authority->verdict = [](Right) { return Permission::Yes; };
        m_client->send(5, "providers.use", {{"ids", QJsonArray{"quad9"}}});
        QTRY_VERIFY(m_client->reply(5).contains("result"));
    }

    void withoutAnAuthorityStrangersOnlyLook() {
        m_server = std::make_unique<service::IpcServer>(m_here->service(),
                                                        service::Authorization{{}, std::nullopt},
                                                        service::IpcLimits{}, nullptr);
        QString why;
        QVERIFY2(m_server->open(m_here->socketPath(), why), qPrintable(why));
        Client client(m_here->socketPath());
        client.hello();
        client.send(2, "statistics");
        client.send(3, "providers.list");
        QTRY_COMPARE(client.errorOf(2), int(protocol::NotAuthorized));
        QTRY_VERIFY(client.reply(3).contains("result"));
        QCOMPARE(client.reply(1).value("result").toObject().value("may_toggle"), "no");
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestIpcGate)
#include "test_ipc_gate.moc"
