// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_peer.h"

#include "protocol/methods.h"

#include <QDeadlineTimer>
#include <QJsonDocument>

namespace sotto::test {

JsonPeer::JsonPeer(const QString& socketPath) {
    m_socket.connectToServer(socketPath);
    m_socket.waitForConnected(kWaitMillis);
}

void JsonPeer::send(const QByteArray& line) {
    m_socket.write(line + '\n');
    m_socket.flush();
}

QJsonObject JsonPeer::read() {
    const QDeadlineTimer deadline(kWaitMillis);
    while (!m_socket.canReadLine()) {
        if (!m_socket.waitForReadyRead(static_cast<int>(deadline.remainingTime())))
            return {};
    }
    return QJsonDocument::fromJson(m_socket.readLine()).object();
}

QJsonObject JsonPeer::readReply() {
    for (;;) {
        const QJsonObject message = read();
        if (!message.contains("method"))
            return message;
    }
}

QJsonObject JsonPeer::request(const QString& method, const QJsonObject& params) {
    const int id = m_nextId++;
    send(QJsonDocument(
             QJsonObject{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}})
             .toJson(QJsonDocument::Compact));
    for (;;) {
        const QJsonObject message = read();
        if (message.isEmpty() || message.value("id").toInt() == id)
            return message;
    }
}

QJsonObject JsonPeer::notification(const QString& method) {
    for (;;) {
        const QJsonObject message = read();
        if (message.isEmpty() || message.value("method").toString() == method)
            return message.value("params").toObject();
    }
}

bool JsonPeer::hello() {
    const QJsonObject reply =
        request("hello", {{"protocol", protocol::kProtocolVersion}, {"client", "test"}});
    return result(reply).value("server") == QLatin1String("sottod");
}

bool JsonPeer::waitForEnd() {
    return m_socket.state() == QLocalSocket::UnconnectedState ||
           m_socket.waitForDisconnected(kWaitMillis);
}

int JsonPeer::errorCode(const QJsonObject& reply) {
    return reply.value("error").toObject().value("code").toInt();
}

QString JsonPeer::errorText(const QJsonObject& reply) {
    return reply.value("error").toObject().value("message").toString();
}

QJsonObject JsonPeer::result(const QJsonObject& reply) {
    return reply.value("result").toObject();
}

} // namespace sotto::test
