// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/client.h"

#include <QJsonDocument>
#include <QLocalServer>
#include <QLocalSocket>
#include <QTemporaryDir>
#include <QTest>

using sotto::protocol::Client;

namespace sotto::test {

/// The client against services that end or answer wrongly.
class TestClient : public QObject {
    Q_OBJECT

private:
    static void reply(QLocalSocket& socket, const QJsonObject& content) {
        const QJsonObject request = QJsonDocument::fromJson(socket.readLine()).object();
        QJsonObject message = content;
        message.insert("jsonrpc", "2.0");
        message.insert("id", request.value("id"));
        socket.write(QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n');
    }

private slots:
    void whatHelloGives_data() {
        QTest::addColumn<QJsonObject>("answer"); // empty: the service ends the connection
        QTest::addColumn<Client::State>("state");
        QTest::newRow("connection lost") << QJsonObject{} << Client::State::Disconnected;
        QTest::newRow("fault") << QJsonObject{{"error", QJsonObject{{"code", -32603},
                                                                    {"message", "a fault"}}}}
                               << Client::State::Disconnected;
        QTest::newRow("unreadable") << QJsonObject{{"result", QJsonObject{{"protocol", "one"}}}}
                                    << Client::State::Disconnected;
        QTest::newRow("version refused")
            << QJsonObject{{"error", QJsonObject{{"code", int(protocol::Rejected)},
                                                 {"message", "speaks version 9"}}}}
            << Client::State::Incompatible;
    }

    void whatHelloGives() {
        QFETCH(QJsonObject, answer);
        QFETCH(Client::State, state);
        QTemporaryDir dir;
        QLocalServer server;
        QVERIFY(server.listen(dir.filePath("s")));
        Client client(server.fullServerName(), "test");
        QList<Client::State> states;
        connect(&client, &Client::stateChanged, this, [&](Client::State now) { states += now; });
        client.start();
        QTRY_VERIFY(server.hasPendingConnections());
        QLocalSocket* socket = server.nextPendingConnection();
        QTRY_VERIFY(socket->canReadLine());
        if (answer.isEmpty())
            socket->abort();
        else
            reply(*socket, answer);
        QTRY_COMPARE(states.size(), 2);
        QCOMPARE(states, (QList{Client::State::Connecting, state}));
        QVERIFY(!client.failure().isEmpty());
    }

    void handlersSeeTheNewState() {
        QTemporaryDir dir;
        QLocalServer server;
        QVERIFY(server.listen(dir.filePath("s")));
        Client client(server.fullServerName(), "test");
        client.start();
        QTRY_VERIFY(server.hasPendingConnections());
        QLocalSocket* socket = server.nextPendingConnection();
        QTRY_VERIFY(socket->canReadLine());
        protocol::HelloResult hello;
        hello.protocol = protocol::kProtocolVersion;
        reply(*socket, {{"result", protocol::toJson(hello)}});
        QTRY_COMPARE(client.state(), Client::State::Ready);
        std::optional<Client::State> seen;
        client.call<protocol::GetStatus>({}, this,
                                         [&](const protocol::Reply<protocol::Status>& status) {
                                             if (!status.ok())
                                                 seen = client.state();
                                         });
        QTRY_VERIFY(socket->canReadLine());
        client.stop();
        QVERIFY(seen);
        QCOMPARE(*seen, Client::State::Disconnected);
    }

    void whatMayNeedAPasswordIsWaitedFor() {
        QTemporaryDir dir;
        QLocalServer server;
        QVERIFY(server.listen(dir.filePath("s")));
        Client client(server.fullServerName(), "test");
        client.start();
        QTRY_VERIFY(server.hasPendingConnections());
        QLocalSocket* socket = server.nextPendingConnection();
        QTRY_VERIFY(socket->canReadLine());
        protocol::HelloResult hello;
        hello.protocol = protocol::kProtocolVersion;
        reply(*socket, {{"result", protocol::toJson(hello)}});
        QTRY_COMPARE(client.state(), Client::State::Ready);

        client.setCallTimeout(0);
        int patient = 0;
        int usual = 0;
        client.call<protocol::SetForwarding>(
            {true}, this,
            [&](const protocol::Reply<protocol::Status>& answer) {
                patient += answer.ok() ? 1 : 9;
            },
            protocol::Patience::Unlimited);
        client.call<protocol::GetStatus>(
            {}, this,
            [&](const protocol::Reply<protocol::Status>& answer) { usual += answer.ok() ? 9 : 1; });
        QTRY_COMPARE(usual, 1);
        QCOMPARE(patient, 0);
        QTRY_VERIFY(socket->canReadLine());
        reply(*socket, {{"result", protocol::toJson(protocol::Status{})}});
        QTRY_COMPARE(patient, 1);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestClient)
#include "test_client.moc"
