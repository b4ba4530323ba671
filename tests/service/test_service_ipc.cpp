// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_peer.h"
#include "protocol/client.h"
#include "service_process.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

#include <memory>
#include <vector>

namespace sotto::test {

/// The frame of requests, its limits, and what the service sends by itself.
class TestServiceIpc : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServiceProcess> m_service;

private slots:
    void init() {
        m_service = std::make_unique<ServiceProcess>();
        QVERIFY2(m_service->start(), m_service->errors().constData());
    }

    void cleanup() {
        QVERIFY(m_service->isRunning());
        QCOMPARE(m_service->stop(), 0);
        m_service.reset();
    }

    void helloComesFirst() {
        JsonPeer peer(m_service->socketPath());
        QCOMPARE(JsonPeer::errorCode(peer.request("status")), int(protocol::HelloRequired));
        QCOMPARE(JsonPeer::errorCode(peer.request("nonsense")), int(protocol::HelloRequired));
        const QJsonObject other = peer.request("hello", {{"protocol", 999}, {"client", "x"}});
        QCOMPARE(JsonPeer::errorCode(other), int(protocol::Rejected));
        QCOMPARE(JsonPeer::errorCode(peer.request("status")), int(protocol::HelloRequired));
        QCOMPARE(JsonPeer::errorCode(peer.request("hello")), int(protocol::InvalidParams));
        QVERIFY(peer.hello());
        QVERIFY(peer.request("status").contains("result"));
    }

    void wrongRequests_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("code");
        QTest::addColumn<QJsonValue>("id");
        const auto row = [](const char* name, const QByteArray& line, int code,
                            const QJsonValue& id) { QTest::newRow(name) << line << code << id; };
        row("no JSON", "hello", protocol::ParseError, QJsonValue::Null);
        row("half JSON", R"({"jsonrpc":"2.0","id":1)", protocol::ParseError, QJsonValue::Null);
        row("deep JSON", QByteArray(5000, '['), protocol::ParseError, QJsonValue::Null);
        row("batch", R"([{"jsonrpc":"2.0","id":1,"method":"status"}])", protocol::InvalidRequest,
            QJsonValue::Null);
        row("no version", R"({"id":1,"method":"status"})", protocol::InvalidRequest, 1);
        row("old version", R"({"jsonrpc":"1.0","id":1,"method":"status"})",
            protocol::InvalidRequest, 1);
        row("no method", R"({"jsonrpc":"2.0","id":"a"})", protocol::InvalidRequest, "a");
        row("method no string", R"({"jsonrpc":"2.0","id":1,"method":5})", protocol::InvalidRequest,
            1);
        row("id an object", R"({"jsonrpc":"2.0","id":{},"method":"status"})",
            protocol::InvalidRequest, QJsonValue::Null);
        row("unknown method", R"({"jsonrpc":"2.0","id":1,"method":"exec"})",
            protocol::MethodNotFound, 1);
        row("params an array", R"({"jsonrpc":"2.0","id":1,"method":"status","params":[]})",
            protocol::InvalidParams, 1);
        row("unknown parameter",
            R"({"jsonrpc":"2.0","id":1,"method":"status","params":{"path":"/"}})",
            protocol::InvalidParams, 1);
        row("missing parameter", R"({"jsonrpc":"2.0","id":1,"method":"forwarding.set"})",
            protocol::InvalidParams, 1);
        row("wrong type",
            R"({"jsonrpc":"2.0","id":1,"method":"forwarding.set","params":{"enabled":"no"}})",
            protocol::InvalidParams, 1);
        row("bad record type",
            R"({"jsonrpc":"2.0","id":1,"method":"query","params":{"name":"a","type":"ZZ"}})",
            protocol::InvalidParams, 1);
        row("bad query name",
            R"({"jsonrpc":"2.0","id":1,"method":"query","params":{"name":"a..b"}})",
            protocol::Rejected, 1);
        row("bad flush name",
            R"({"jsonrpc":"2.0","id":1,"method":"cache.flush","params":{"name":"a..b"}})",
            protocol::Rejected, 1);
        row("negative backlog",
            R"({"jsonrpc":"2.0","id":1,"method":"log.subscribe","params":{"backlog":-1}})",
            protocol::InvalidParams, 1);
    }

    void wrongRequests() {
        QFETCH(QByteArray, line);
        QFETCH(int, code);
        QFETCH(QJsonValue, id);
        JsonPeer peer(m_service->socketPath());
        QVERIFY(peer.hello());
        peer.send(line);
        const QJsonObject reply = peer.readReply();
        QCOMPARE(JsonPeer::errorCode(reply), code);
        QVERIFY(!JsonPeer::errorText(reply).isEmpty());
        QCOMPARE(reply.value("id"), id);
        QVERIFY(peer.request("status").contains("result")); // the connection goes on
    }

    void requestsWithoutIdChangeNothing() {
        JsonPeer peer(m_service->socketPath());
        QVERIFY(peer.hello());
        peer.send(R"({"jsonrpc":"2.0","method":"forwarding.set","params":{"enabled":false}})");
        const QJsonObject status = JsonPeer::result(peer.request("status"));
        QCOMPARE(status.value("enabled"), true);
    }

    void tooLongALineEndsTheConnection() {
        JsonPeer peer(m_service->socketPath());
        QVERIFY(peer.hello());
        peer.send(QByteArray(300 * 1024, 'x'));
        QVERIFY(peer.waitForEnd());
        JsonPeer other(m_service->socketPath());
        QVERIFY(other.hello());
    }

    void tooManyRequestsEndTheConnection() {
        JsonPeer peer(m_service->socketPath());
        QVERIFY(peer.hello());
        QByteArray many;
        for (int i = 0; i < 3000; ++i)
            many += "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"}\n";
        peer.send(many);
        QVERIFY(peer.waitForEnd());
    }

    void connectionsAreLimited() {
        std::vector<std::unique_ptr<JsonPeer>> peers;
        int welcomed = 0;
        for (int i = 0; i < 70; ++i) {
            peers.push_back(std::make_unique<JsonPeer>(m_service->socketPath()));
            welcomed += peers.back()->hello() ? 1 : 0;
        }
        // A user other than root gets 16 of the 64.
        QVERIFY2(welcomed == 64 || welcomed == 16, qPrintable(QString::number(welcomed)));
        peers.clear();
        JsonPeer peer(m_service->socketPath());
        QTRY_VERIFY(JsonPeer(m_service->socketPath()).hello());
    }

    void logFollowersAreLimited() {
        std::vector<std::unique_ptr<JsonPeer>> peers;
        for (int i = 0; i < 8; ++i) {
            peers.push_back(std::make_unique<JsonPeer>(m_service->socketPath()));
            QVERIFY(peers.back()->hello());
            QVERIFY(peers.back()->request("log.subscribe").contains("result"));
        }
        JsonPeer late(m_service->socketPath());
        QVERIFY(late.hello());
        QCOMPARE(JsonPeer::errorCode(late.request("log.subscribe")), int(protocol::Rejected));
        QVERIFY(peers[0]->request("log.unsubscribe").contains("result"));
        QVERIFY(late.request("log.subscribe").contains("result"));
    }

    void changesOfStatusReachEverybody() {
        JsonPeer watcher(m_service->socketPath());
        QVERIFY(watcher.hello());
        JsonPeer actor(m_service->socketPath());
        QVERIFY(actor.hello());
        QVERIFY(actor.request("forwarding.set", {{"enabled", false}}).contains("result"));
        QJsonObject status = watcher.notification("status.changed");
        while (status.value("enabled").toBool() && watcher.isConnected())
            status = watcher.notification("status.changed");
        QCOMPARE(status.value("protection"), "off");
    }

    void logIsStreamedAndKept() {
        JsonPeer peer(m_service->socketPath());
        QVERIFY(peer.hello());
        QVERIFY(peer.request("forwarding.set", {{"enabled", false}}).contains("result"));
        JsonPeer follower(m_service->socketPath());
        QVERIFY(follower.hello());
        QVERIFY(follower.request("log.subscribe", {{"backlog", 5}}).contains("result"));
        const QJsonObject answer =
            JsonPeer::result(peer.request("query", {{"name", "example.com"}, {"type", "AAAA"}}));
        QCOMPARE(answer.value("entry").toObject().value("rcode"), "REFUSED");
        const QJsonArray entries = follower.notification("log.entries").value("entries").toArray();
        QCOMPARE(entries.size(), 1);
        const QJsonObject entry = entries[0].toObject();
        QCOMPARE(entry.value("source"), "local");
        QCOMPARE(entry.value("transport"), "internal");
        QCOMPARE(entry.value("sequence"), 1);
        const QJsonArray kept = JsonPeer::result(peer.request("log.subscribe", {{"backlog", 5}}))
                                    .value("entries")
                                    .toArray();
        QCOMPARE(kept, entries);
        QVERIFY(!m_service->errors().contains("example.com"));
    }

    void statisticsCount() {
        JsonPeer peer(m_service->socketPath());
        QVERIFY(peer.hello());
        const QJsonObject statistics = JsonPeer::result(peer.request("statistics"));
        QCOMPARE(statistics.value("hit_times").toArray().size(), 24);
        QVERIFY(statistics.contains("cache_capacity_bytes"));
        QVERIFY(JsonPeer::result(peer.request("cache.flush")).contains("removed"));
    }

    void theLibrarysClientWorks() {
        using protocol::Client;
        Client client(m_service->socketPath(), "test");
        QSignalSpy states(&client, &Client::stateChanged);
        QSignalSpy statuses(&client, &Client::statusChanged);
        client.start();
        QTRY_COMPARE(client.state(), Client::State::Ready);
        QCOMPARE(client.service().server, "sottod");
        QVERIFY(client.service().mayToggle == protocol::Permission::Yes);
        bool off = false;
        client.call<protocol::SetForwarding>({false}, this,
                                             [&](const protocol::Reply<protocol::Status>& reply) {
                                                 off = reply.ok() && !reply.value.enabled;
                                             });
        QTRY_VERIFY(off);
        QTRY_VERIFY(!statuses.isEmpty());
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServiceIpc)
#include "test_service_ipc.moc"
