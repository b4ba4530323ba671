// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QObject>
#include <QString>

#include <functional>

class QLocalSocket;

namespace sotto::protocol {

/// JSON-RPC 2.0 messages over a local socket: one JSON object a line, UTF-8, at most
/// kMaxLineBytes with its line feed. Used by both ends.
///
/// Thread: that of the socket. A peer that sends a longer line, or does not read until
/// more than it may leave unread has gathered, is cut off. A line that is no JSON object is
/// reported by malformed() and the channel goes on.
class Channel : public QObject {
    Q_OBJECT

public:
    static constexpr qint64 kMaxLineBytes = 256 * 1024;
    static constexpr qint64 kMaxUnsentBytes = 4 * 1024 * 1024;

    /// Takes ownership of the socket, which may be connected already or later.
    explicit Channel(QLocalSocket* socket, QObject* parent = nullptr);

    QLocalSocket* socket() const { return m_socket; }

    bool isOpen() const;

    /// Asked before a line of so many octets is read; false cuts the connection.
    void setAdmission(std::function<bool(qsizetype octets)> admits) {
        m_admits = std::move(admits);
    }
    /// How much a peer may leave unread; at the most, and at first, kMaxUnsentBytes.
    void setMaxUnsent(qint64 octets) { m_maxUnsent = octets; }

    void sendRequest(qint64 id, const QString& method, const QJsonValue& params);
    void sendResult(const QJsonValue& id, const QJsonValue& result);
    /// An id of null answers what had none that could be read.
    void sendError(const QJsonValue& id, int code, const QString& message);
    void sendNotification(const QString& method, const QJsonValue& params);

    /// Ends the connection at once.
    void cut();

signals:
    void messageReceived(const QJsonObject& message);
    /// code: ParseError, or InvalidRequest where it is JSON but no object.
    void malformed(int code, const QString& reason);
    /// The connection ended, by either side. Comes once a connection.
    void closed();

private:
    void readLines();
    void send(const QJsonObject& message);

    QLocalSocket* m_socket;
    QByteArray m_pending;
    qsizetype m_searched = 0; ///< so far into m_pending there is no line feed
    std::function<bool(qsizetype)> m_admits;
    qint64 m_maxUnsent = kMaxUnsentBytes;
};

} // namespace sotto::protocol
