// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/contract/lease_messages.h"
#include "service/system_dns/lease_socket.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace sotto::service {

/// How long the lease keeper is waited for; tests choose less.
struct LeasePatience {
    int replyMillis = 20000; ///< a mechanism may wait for its daemon
    int firstRetryMillis = 100;
    int lastRetryMillis = 30000; ///< each try waits twice as long as the one before
};

/// Tells the lease keeper what is wanted, and gives its reports. A connection that is lost is made
/// anew, and the newest request sent again; a keeper that is silent counts as lost. What it reports
/// is bounded and plain text, whatever it sends.
///
/// Thread: the one that made it.
class LeaseClient : public QObject {
    Q_OBJECT

public:
    explicit LeaseClient(QString path, LeasePatience patience = {}, QObject* parent = nullptr);

    /// Takes the place of every request before; take_over counts for the first sending only.
    void request(const lease::Request& request);
    /// Asks for nothing any more, and ends the connection.
    void leave();
    /// Tries again now, where it waits for the next try.
    void retryNow();

    const QString& path() const { return m_path; }
    /// The verb of the newest request.
    std::optional<lease::Verb> wanted() const;
    /// The newest one of this connection; nothing where none has come.
    const std::optional<lease::Report>& report() const { return m_report; }
    /// Whether the newest request waits for its reply: report() is of before it.
    bool isAwaiting() const { return m_reply.isActive(); }
    /// Why no keeper can be asked, as a phrase for people; empty while one can.
    const QString& fault() const { return m_fault; }

signals:
    /// The newest request is on its way.
    void sent();
    void reported();
    /// fault() says why. It goes on trying.
    void unreachable();

private:
    void connectNow();
    void sendRequest();
    void receive(const QByteArray& packet);
    void giveUp(const QString& reason);

    QString m_path;
    LeasePatience m_patience;
    LeaseSocket m_socket;
    std::optional<lease::Request> m_request;
    std::optional<lease::Report> m_report;
    QString m_fault;
    QTimer m_reply;
    QTimer m_retry;
    int m_retryMillis = 0;
};

/// A report as it may be shown: lists and texts cut, control characters gone. Pure.
lease::Report boundedReport(lease::Report report);

} // namespace sotto::service
