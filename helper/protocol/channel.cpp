// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/channel.h"

#include "protocol/methods.h"

#include <QJsonDocument>
#include <QLocalSocket>

#include <algorithm>

namespace sotto::protocol {

Channel::Channel(QLocalSocket* socket, QObject* parent)
    : QObject(parent)
    , m_socket(socket) {
    m_socket->setParent(this);
    m_socket->setReadBufferSize(kMaxLineBytes);
    connect(m_socket, &QLocalSocket::readyRead, this, &Channel::readLines);
    connect(m_socket, &QLocalSocket::disconnected, this, [this] {
        m_pending.clear();
        m_searched = 0;
        emit closed();
    });
}

void Channel::cut() {
    m_pending.clear();
    m_searched = 0;
    m_socket->abort();
}

bool Channel::isOpen() const {
    return m_socket->state() == QLocalSocket::ConnectedState;
}

void Channel::readLines() {
    while (m_socket->isValid() && m_socket->bytesAvailable() > 0) {
        m_pending += m_socket->read(kMaxLineBytes);
        qsizetype start = 0;
        for (;;) {
            const qsizetype end = m_pending.indexOf('\n', std::max(start, m_searched));
            if (end < 0)
                break;
            const QByteArray line = m_pending.mid(start, end - start);
            start = end + 1;
            if (line.size() >= kMaxLineBytes || (m_admits && !m_admits(line.size()))) {
                cut();
                return;
            }
            if (line.trimmed().isEmpty())
                continue;
            QJsonParseError error{};
            const QJsonDocument document = QJsonDocument::fromJson(line, &error);
            if (!document.isObject())
                error.error == QJsonParseError::NoError
                    ? emit malformed(InvalidRequest,
                                     QStringLiteral("a JSON object is expected on each line"))
                    : emit malformed(ParseError, error.errorString());
            else
                emit messageReceived(document.object());
            if (m_pending.isEmpty())
                return; // a receiver cut the connection
        }
        m_pending.remove(0, start);
        m_searched = m_pending.size();
        if (m_pending.size() >= kMaxLineBytes) {
            cut();
            return;
        }
    }
}

void Channel::send(const QJsonObject& message) {
    if (!isOpen())
        return;
    m_socket->write(QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n');
    // What the peer would take at once is not unread; writing waits for the event loop otherwise.
    if (m_socket->bytesToWrite() > m_maxUnsent)
        m_socket->flush();
    if (m_socket->bytesToWrite() > m_maxUnsent)
        cut();
}

void Channel::sendRequest(qint64 id, const QString& method, const QJsonValue& params) {
    send({{QStringLiteral("jsonrpc"), QStringLiteral("2.0")},
          {QStringLiteral("id"), id},
          {QStringLiteral("method"), method},
          {QStringLiteral("params"), params}});
}

void Channel::sendResult(const QJsonValue& id, const QJsonValue& result) {
    send({{QStringLiteral("jsonrpc"), QStringLiteral("2.0")},
          {QStringLiteral("id"), id},
          {QStringLiteral("result"), result}});
}

void Channel::sendError(const QJsonValue& id, int code, const QString& message) {
    send({{QStringLiteral("jsonrpc"), QStringLiteral("2.0")},
          {QStringLiteral("id"), id},
          {QStringLiteral("error"),
           QJsonObject{{QStringLiteral("code"), code}, {QStringLiteral("message"), message}}}});
}

void Channel::sendNotification(const QString& method, const QJsonValue& params) {
    send({{QStringLiteral("jsonrpc"), QStringLiteral("2.0")},
          {QStringLiteral("method"), method},
          {QStringLiteral("params"), params}});
}

} // namespace sotto::protocol
