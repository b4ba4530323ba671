// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/ipc/ipc_connection.h"

#include <QLocalSocket>

namespace sotto::service {

IpcConnection::IpcConnection(QLocalSocket* socket, PeerIdentity peer,
                             std::shared_ptr<UserBudget> budget, int helloMillis, QObject* parent)
    : QObject(parent)
    , m_channel(socket)
    , m_peer(std::move(peer))
    , m_userBudget(std::move(budget)) {
    m_age.start();
    m_helloTimer.setSingleShot(true);
    m_helloTimer.setInterval(helloMillis);
    connect(&m_helloTimer, &QTimer::timeout, &m_channel, &protocol::Channel::cut);
    m_helloTimer.start();
    connect(&m_channel, &protocol::Channel::closed, this, &IpcConnection::closed);
    connect(&m_channel, &protocol::Channel::messageReceived, this, &IpcConnection::receive);
    connect(&m_channel, &protocol::Channel::malformed, this,
            [this](int code, const QString& reason) {
                refuse(QJsonValue::Null, {code, reason});
            });
    m_channel.setAdmission([this](qsizetype octets) { return spend(octets); });
}

void IpcConnection::becomeReady() {
    m_ready = true;
    m_helloTimer.stop();
}

bool IpcConnection::spend(qsizetype octets) {
    const auto tokens = static_cast<double>(1 + octets / kOctetsOfARequest);
    return m_budget.take(m_age.elapsed(), tokens) && (!m_userBudget || m_userBudget->spend(tokens));
}

void IpcConnection::refuse(const QJsonValue& id, const Refusal& refusal) {
    m_channel.sendError(id, refusal.code, refusal.message);
}

void IpcConnection::notify(const char* method, const QJsonValue& params) {
    m_channel.sendNotification(QLatin1String(method), params);
}

void IpcConnection::receive(const QJsonObject& message) {
    const QJsonValue id = message.value(QLatin1String("id"));
    if (!id.isUndefined() && !id.isString() && !id.isDouble() && !id.isNull()) {
        refuse(QJsonValue::Null,
               {protocol::InvalidRequest, QStringLiteral("\"id\" must be a string or a number")});
        return;
    }
    const QJsonValue method = message.value(QLatin1String("method"));
    const QJsonValue params = message.value(QLatin1String("params"));
    const bool valid =
        message.value(QLatin1String("jsonrpc")) == QLatin1String("2.0") && method.isString();
    if (id.isUndefined() && valid)
        return; // a notification: nobody waits for a reply, and it changes nothing here
    const QJsonValue replyId = id.isUndefined() ? QJsonValue(QJsonValue::Null) : id;
    if (!valid) {
        refuse(replyId, {protocol::InvalidRequest,
                         QStringLiteral("\"jsonrpc\": \"2.0\" and a \"method\" are expected")});
        return;
    }
    if (!params.isUndefined() && !params.isObject()) {
        refuse(replyId, {protocol::InvalidParams, QStringLiteral("\"params\" must be an object")});
        return;
    }
    emit requested({replyId, method.toString(), params.toObject()});
}

} // namespace sotto::service
