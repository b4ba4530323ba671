// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/client.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace sotto::app {

/// The application's one connection to sottod: its state, the last known status and choices, and
/// every action that a person can take.
///
/// Thread: GUI; nothing blocks. While link() is not Ready nothing that the service said is kept:
/// status(), providers() and settings() are empty. Failures of actions come as problem(), as a
/// sentence for people with what to do.
class ServiceConnection : public QObject {
    Q_OBJECT

public:
    enum class Link {
        Searching,    ///< no attempt has ended yet
        Down,         ///< nobody answers at the socket; tries again by itself
        Incompatible, ///< somebody answers who speaks another version of the protocol
        Ready,        ///< connected, and a first status has arrived
    };
    Q_ENUM(Link)

    /// With an empty path the socket is looked for where clients look by default, anew while
    /// there is no connection.
    explicit ServiceConnection(const QString& socketPath, QObject* parent = nullptr);
    ~ServiceConnection() override;

    void start();

    Link link() const { return m_link; }
    bool isReady() const { return m_link == Link::Ready; }
    QString socketPath() const;
    bool socketWasGiven() const { return m_socketWasGiven; }
    /// Why there is no connection; empty while Ready.
    const QString& failure() const { return m_failure; }
    const protocol::HelloResult& service() const { return m_client->service(); }

    const std::optional<protocol::Status>& status() const { return m_status; }
    const std::optional<protocol::ProviderList>& providers() const { return m_providers; }
    const std::optional<protocol::Settings>& settings() const { return m_settings; }
    /// One key of the effective settings, where known.
    std::optional<protocol::Setting> setting(const QString& key) const;
    /// Whether it may be tried: the system may ask the person for a password then.
    bool mayToggle() const { return isReady() && service().mayToggle != protocol::Permission::No; }
    bool mayReadLog() const {
        return isReady() && service().mayReadLog != protocol::Permission::No;
    }
    bool mayConfigure() const {
        return isReady() && service().mayConfigure != protocol::Permission::No;
    }

    /// The forwarding state that was asked for and not confirmed yet.
    std::optional<bool> pendingForwarding() const { return m_pendingForwarding; }
    bool providersPending() const { return m_providersPending; }

    void setForwarding(bool enabled);
    void useProviders(const QStringList& ids);
    /// Sets one key; when refused, problem() says so after failure, a sentence.
    void changeSetting(const QString& key, const QJsonValue& value, const QString& failure);
    /// Begins a test of a provider of the list, by its id, or of an upstream in use, by its spec.
    void testProvider(const QString& target);
    /// Forgets one name, with all below it where subtree says so, or with nothing everything.
    void flush(const std::optional<QString>& name, bool subtree = false);
    /// Asks once; a call while one is under way does nothing.
    void fetchStatistics();
    /// Reads providers and settings again.
    void refreshChoices();
    void subscribeLog(int backlog);
    void unsubscribeLog();

signals:
    void linkChanged();
    void statusChanged();
    void choicesChanged();
    void pendingChanged();
    void statisticsReceived(const sotto::protocol::Statistics& statistics);
    void flushed(const QString& name, bool subtree, qint64 removed);
    void logReceived(const sotto::protocol::LogBatch& batch);
    /// A subscription was refused or lost; reason is a sentence.
    void logUnavailable(const QString& reason);
    /// A test that was asked for has begun; its reports follow as testProgress().
    void testStarted(const QString& target, const sotto::protocol::ProviderTest& test);
    /// It has not; reason is a sentence or more, with what to do.
    void testRefused(const QString& target, const QString& reason);
    void testProgress(const sotto::protocol::ProviderTestReport& report);
    void problem(const QString& text);

private:
    void makeClient(const QString& path);
    void clientStateChanged(protocol::Client::State state);
    void takeStatus(const protocol::Status& status);
    void becomeUnavailable(Link link, const QString& failure);
    void watch();
    QString advise(const QString& what, const protocol::RpcError& error) const;

    bool m_socketWasGiven;
    std::unique_ptr<protocol::Client> m_client;
    Link m_link = Link::Searching;
    QString m_failure;
    std::optional<protocol::Status> m_status;
    std::optional<protocol::ProviderList> m_providers;
    std::optional<protocol::Settings> m_settings;
    std::optional<bool> m_pendingForwarding;
    bool m_providersPending = false;
    bool m_statisticsUnderWay = false;
    QTimer m_watch;
};

} // namespace sotto::app
