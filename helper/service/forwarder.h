// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine.h"
#include "protocol/messages.h"
#include "service/query_log.h"
#include "service/settings/effective_settings.h"

#include <QHash>
#include <QMap>
#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <span>

namespace sotto::service {

/// The engine as an object of the main thread: its callbacks arrive here as signals, gathered so
/// that a busy engine wakes the thread at most every kDrainMillis, and an idle one never.
class Forwarder : public QObject {
    Q_OBJECT

public:
    static constexpr int kDrainMillis = 100;
    static constexpr qsizetype kMaxQueries = 1024;
    static constexpr qsizetype kMaxLabels = 1024;

    using TestProgress = std::function<void(const engine::UpstreamTestReport&)>;
    using QueryDone = std::function<void(const protocol::QueryResult&)>;

    /// checkKey: 16 octets as hexadecimal digits; see EngineConfig.
    explicit Forwarder(const QString& checkKey, QObject* parent = nullptr);
    ~Forwarder() override;

    /// Starts the engine, or puts other settings in force. On an error nothing has changed.
    /// sessions: what a start takes over; see Engine.
    [[nodiscard]] engine::Result<void> apply(const EffectiveSettings& settings,
                                             std::span<const std::uint8_t> sessions = {});
    /// Why the start could not take the sessions over; empty else.
    const QString& sessionsFault() const { return m_sessionsFault; }
    /// Answers what is in flight and closes the ports.
    void stop();

    const EffectiveSettings& settings() const { return m_settings; }
    /// What could not be done of the settings, but does no harm.
    const QStringList& notices() const { return m_notices; }

    QStringList listening() const;
    std::vector<engine::Endpoint> endpoints() const;
    QList<protocol::Upstream> upstreams() const;
    protocol::Protection protection() const;
    protocol::Statistics statistics() const;

    /// Reads what the engine has recorded until now, in place of waiting for the next time.
    void drain();

    qint64 flush();
    [[nodiscard]] engine::Result<std::size_t> flush(const QString& name,
                                                    engine::Engine::FlushScope scope);

    /// The cache as octets, and back; see Engine.
    std::vector<std::uint8_t> exportCache() const;
    [[nodiscard]] engine::Result<std::size_t> importCache(std::span<const std::uint8_t> octets);
    /// Since the start.
    std::uint64_t queriesAnswered() const;

    /// As Engine's.
    bool takePulse() { return !m_engine || m_engine->takePulse(); }

    /// The computer came into another network, or woke up.
    void networkChanged();
    /// The computer is about to sleep.
    void suspending();

    /// The TLS sessions as octets; see Engine.
    std::vector<std::uint8_t> exportSessions();

    /// Tries an upstream out with the names of the settings. progress runs on the main thread, the
    /// last time with a finished report, unless the forwarder ends first.
    [[nodiscard]] engine::Result<void> test(const engine::UpstreamConfig& upstream,
                                            TestProgress progress);
    /// The name that tells whether an upstream filters; empty: that is not tried.
    QString filteredTestName() const;

    /// done runs on the main thread, exactly once unless the forwarder ends first. Refused while
    /// kMaxQueries wait.
    [[nodiscard]] engine::Result<void> query(const QString& name, std::uint16_t type,
                                             QueryDone done);

signals:
    void upstreamsChanged();
    /// Answers were forgotten because somebody wished it.
    void flushed();
    /// Queries that were answered, oldest first, and how many were lost since the last time.
    void queriesLogged(const std::vector<sotto::service::LoggedQuery>& queries, qint64 dropped);

private:
    engine::Engine::Callbacks callbacks();
    void passReport(quint64 ticket, const engine::UpstreamTestReport& report);
    void finishQuery(quint64 ticket, const engine::Engine::Resolution& resolution);
    AnswerLabels labelsOf(const engine::QueryRecord& record);
    RouteName routeName(std::uint8_t route) const;
    ServerName serverName(std::uint32_t id);
    void refreshLabels();

    const engine::CheckKey m_checkKey;
    std::unique_ptr<engine::Engine> m_engine;
    EffectiveSettings m_settings;
    QStringList m_notices;
    QString m_sessionsFault;
    QTimer m_drainTimer;
    std::vector<engine::QueryRecord> m_records; ///< reused between drains
    std::vector<LoggedQuery> m_logged;          ///< likewise
    qint64 m_sequence = 0;
    std::uint64_t m_dropped = 0;
    /// By the engine's numbers, which rise and never come back; also of servers that left.
    QMap<std::uint32_t, ServerName> m_labels;
    QHash<quint64, QueryDone> m_queries;
    QHash<quint64, TestProgress> m_tests;
    quint64 m_nextTicket = 1;
};

} // namespace sotto::service
