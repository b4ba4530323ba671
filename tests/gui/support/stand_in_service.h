// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/channel.h"
#include "protocol/methods.h"

#include <QLocalServer>
#include <QObject>
#include <QStringList>

#include <memory>
#include <optional>
#include <vector>

namespace sotto::test {

/// Speaks the service's true protocol without being a service: for states that a real sottod
/// cannot be brought into at will (no permission, another version, a refusal).
///
/// Thread: that of the test. The test sets the public members, then calls announce() where
/// clients should hear of it.
class StandInService : public QObject {
    Q_OBJECT

public:
    struct Refusal {
        int code = protocol::InternalError;
        QString message;
    };

    explicit StandInService(QString socketPath, QObject* parent = nullptr);
    ~StandInService() override;

    [[nodiscard]] bool start();
    /// Ends every connection and the listening.
    void stop();

    /// Sends the status to every client.
    void announce();
    /// Gives the entries sequence numbers and sends them to subscribers.
    void record(QList<protocol::LogEntry> entries);
    int subscribers() const;
    /// Answers what was held back, as it would have been at once.
    void release();
    int held() const { return static_cast<int>(m_held.size()); }
    /// Sends a report of the test that was begun last, with its number.
    void reportTest(protocol::ProviderTestReport report);

    protocol::HelloResult hello;
    protocol::Status status;
    protocol::ProviderList providers;
    protocol::Settings settings;
    protocol::Statistics statistics;
    qint64 flushRemoves = 0;
    protocol::FlushParams lastFlush;
    protocol::ProviderTest testBegins;       ///< given for a test, with a number
    QStringList tested;                      ///< what tests were asked for, in order
    std::optional<Refusal> refuseNextChange; ///< given once in place of a change or a test
    bool holdChanges = false; ///< changes and tests wait, as for a password, until release()
    /// Where it is set, turning on and off, pausing and taking bring the system's DNS to its end.
    bool switchesSystem = false;
    std::optional<protocol::PauseParams> lastPause;
    QList<protocol::MechanismFinding> findings;
    QStringList calls; ///< methods asked for, in order, without polling ones

private:
    struct Peer {
        protocol::Channel* channel;
        bool subscribed = false;
    };

    void welcome();
    void beginTest(Peer& peer, const QJsonValue& id, const QJsonObject& params);
    void receive(Peer& peer, const QJsonObject& message);
    void answerChange(Peer& peer, const QJsonValue& id, const QString& method,
                      const QJsonObject& params);
    QJsonValue change(const QString& method, const QJsonObject& params);
    QJsonValue changeSwitch(const QString& method, const QJsonObject& params);

    struct Held {
        protocol::Channel* channel;
        QJsonValue id;
        QString method;
        QJsonObject params;
    };

    QString m_socketPath;
    std::unique_ptr<QLocalServer> m_server;
    std::vector<std::unique_ptr<Peer>> m_peers;
    QList<protocol::LogEntry> m_log;
    QList<Held> m_held;
};

/// A stand-in that looks like an ordinary service: enabled, two providers answering.
void makeOrdinary(StandInService& service);

/// The same with the system's DNS switched to it.
void makeSystemWide(StandInService& service);

/// A finished report of a provider that validates, filters and answers.
protocol::ProviderTestReport goodReport();

/// A log entry with the usual values.
protocol::LogEntry logEntry(const QString& name, protocol::AnswerSource source,
                            const QString& rcode = QStringLiteral("NOERROR"));

} // namespace sotto::test
