// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/system_dns/lease_client.h"

#include <QJsonDocument>

#include <algorithm>

namespace sotto::service {

namespace {

constexpr qsizetype kMaxText = 400;
constexpr qsizetype kMaxItems = 64;

void bound(QString& text) {
    text.truncate(kMaxText);
    for (QChar& character : text) {
        if (!character.isPrint())
            character = QLatin1Char(' ');
    }
}

template <class T>
void boundList(QList<T>& list) {
    if (list.size() > kMaxItems)
        list.resize(kMaxItems);
}

void bound(QList<QString>& list) {
    boundList(list);
    for (QString& text : list)
        bound(text);
}

} // namespace

lease::Report boundedReport(lease::Report report) {
    bound(report.mechanisms);
    bound(report.addresses);
    bound(report.interfaces);
    boundList(report.exceptions);
    for (lease::Exception& exception : report.exceptions) {
        bound(exception.kind);
        bound(exception.subject);
        bound(exception.detail);
        bound(exception.servers);
        bound(exception.domains);
    }
    boundList(report.findings);
    for (lease::Finding& finding : report.findings) {
        bound(finding.mechanism);
        bound(finding.reason);
    }
    bound(report.winner);
    bound(report.winnerKind);
    bound(report.fault);
    report.port = std::clamp(report.port, 0, 65535);
    return report;
}

LeaseClient::LeaseClient(QString path, LeasePatience patience, QObject* parent)
    : QObject(parent)
    , m_path(std::move(path))
    , m_patience(patience) {
    m_reply.setSingleShot(true);
    m_retry.setSingleShot(true);
    connect(&m_reply, &QTimer::timeout, this, [this] {
        giveUp(QStringLiteral("it has not replied for %1 s").arg(m_patience.replyMillis / 1000));
    });
    connect(&m_retry, &QTimer::timeout, this, &LeaseClient::connectNow);
    connect(&m_socket, &LeaseSocket::received, this, &LeaseClient::receive);
    connect(&m_socket, &LeaseSocket::lost, this,
            [this] { giveUp(QStringLiteral("it has ended the connection")); });
}

std::optional<lease::Verb> LeaseClient::wanted() const {
    return m_request ? std::optional(m_request->verb) : std::nullopt;
}

void LeaseClient::request(const lease::Request& request) {
    m_request = request;
    if (m_socket.isOpen())
        sendRequest();
    else
        connectNow();
}

void LeaseClient::leave() {
    m_request.reset();
    m_report.reset();
    m_fault.clear();
    m_reply.stop();
    m_retry.stop();
    m_retryMillis = 0;
    m_socket.close();
}

void LeaseClient::retryNow() {
    if (m_retry.isActive())
        connectNow();
}

void LeaseClient::connectNow() {
    m_retry.stop();
    QString why;
    if (m_socket.open(m_path, why))
        sendRequest();
    else
        giveUp(why);
}

void LeaseClient::sendRequest() {
    const QByteArray packet =
        QJsonDocument(json::toJson(*m_request).toObject()).toJson(QJsonDocument::Compact);
    if (!m_socket.send(packet))
        return giveUp(QStringLiteral("it takes no request"));
    m_request->takeOver = false;
    m_reply.start(m_patience.replyMillis);
    emit sent();
}

void LeaseClient::receive(const QByteArray& packet) {
    const QJsonDocument document = QJsonDocument::fromJson(packet);
    lease::Report report;
    QString reason;
    if (!document.isObject() || !json::fromJson(document.object(), report, reason))
        return giveUp(QStringLiteral("what it reports cannot be read"));
    if (report.version != lease::kContractVersion)
        return giveUp(QStringLiteral("it is of another version than sottod (%1, not %2)")
                          .arg(report.version)
                          .arg(lease::kContractVersion));
    m_reply.stop();
    m_retryMillis = 0;
    m_fault.clear();
    m_report = boundedReport(std::move(report));
    emit reported();
}

void LeaseClient::giveUp(const QString& reason) {
    m_socket.close();
    m_reply.stop();
    m_report.reset();
    m_fault = reason;
    m_retryMillis = m_retryMillis == 0 ? m_patience.firstRetryMillis
                                       : std::min(2 * m_retryMillis, m_patience.lastRetryMillis);
    m_retry.start(m_retryMillis);
    emit unreachable();
}

} // namespace sotto::service
