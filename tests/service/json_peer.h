// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QLocalSocket>

namespace sotto::test {

/// A client of the service that speaks in bare lines, also wrong ones. Waits are bounded.
class JsonPeer {
public:
    static constexpr int kWaitMillis = 5000;

    explicit JsonPeer(const QString& socketPath);

    bool isConnected() const { return m_socket.state() == QLocalSocket::ConnectedState; }
    void send(const QByteArray& line);
    /// The next message; empty where none comes in time or the connection ends.
    QJsonObject read();
    /// The next message that is no notification.
    QJsonObject readReply();
    /// Sends a request and gives the reply to it, passing over notifications.
    QJsonObject request(const QString& method, const QJsonObject& params = {});
    /// The next notification of this method, passing over everything else.
    QJsonObject notification(const QString& method);
    /// Says hello; true where the service welcomes it.
    bool hello();
    /// Waits for the service to end the connection.
    bool waitForEnd();

    static int errorCode(const QJsonObject& reply);
    static QString errorText(const QJsonObject& reply);
    static QJsonObject result(const QJsonObject& reply);

private:
    QLocalSocket m_socket;
    int m_nextId = 1;
};

} // namespace sotto::test
