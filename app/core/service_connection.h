// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/client.h"

#include <QMap>
#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace sotto::app {

/// The application's one connection to sottod: its state, the last known status and choices, and
/// every action that a person can take.
///
/// Thread: GUI; nothing blocks. While link() is not Ready nothing that the service said is kept:
/// status(), providers() and settings() are empty. Failures of actions come as problem(), as a
/// sentence for people with what to do.
///
/// Where the system asks the person for a password first, a request waits as long as that takes;
/// meanwhile isWaitingForPassword() holds, and stopWaiting() gives the request up. What needs a
/// password is asked for only by a person's own action, never by itself.
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

    /// What a person may ask for that decides whether look-ups go through Sotto.
    enum class Change { TurnOn, TurnOff, Pause, TakeSystemDns };

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
    /// No while there is no connection.
    protocol::Permission toggling() const { return ready(service().mayToggle); }
    protocol::Permission configuring() const { return ready(service().mayConfigure); }
    /// Of the query log and the statistics. Yes once they were read on this connection.
    protocol::Permission readingLog() const {
        return m_hasReadLog ? protocol::Permission::Yes : ready(service().mayReadLog);
    }
    /// Whether it may be tried: the system may ask the person for a password then.
    bool mayToggle() const { return toggling() != protocol::Permission::No; }
    bool mayReadLog() const { return readingLog() != protocol::Permission::No; }
    bool mayConfigure() const { return configuring() != protocol::Permission::No; }

    /// What was asked for and is not answered yet.
    std::optional<Change> pendingChange() const { return m_pendingChange; }
    bool providersPending() const { return m_providersPending; }
    /// A request has been without an answer for so long that the system is asking for a password.
    bool isWaitingForPassword() const { return m_waitingForPassword; }
    /// Gives up the requests that wait for a password, and has the system's dialog go away, by
    /// ending the connection that it was opened for; a new one takes its place at once.
    void stopWaiting();

    void setForwarding(bool enabled);
    /// Until then, Unix milliseconds, or until the service starts anew.
    void pause(const std::optional<qint64>& until);
    /// Takes the system's DNS again.
    void takeSystemDns();
    void useProviders(const QStringList& ids);
    /// Sets one key; when refused, problem() says so after failure, a sentence.
    void changeSetting(const QString& key, const QJsonValue& value, const QString& failure);
    /// Begins a test of a provider of the list, by its id, or of an upstream in use, by its spec.
    void testProvider(const QString& target);
    /// Forgets one name, with all below it where subtree says so, or with nothing everything.
    void flush(const std::optional<QString>& name, bool subtree = false);
    /// Asks once; a call while one is under way does nothing, nor one that needs a password before
    /// a person has asked for it.
    void fetchStatistics(bool byPerson = false);
    /// Reads providers and settings again; settings that need a password only byPerson.
    void refreshChoices(bool byPerson = false);
    /// Where that needs a password again, only byPerson; else logUnavailable() says so.
    void subscribeLog(int backlog, bool byPerson = false);
    void unsubscribeLog();

signals:
    void linkChanged();
    void statusChanged();
    void choicesChanged();
    /// Of pendingChange(), providersPending() or isWaitingForPassword().
    void pendingChanged();
    /// readingLog() has become Yes by what a person did, or needs that again.
    void logAccessChanged();
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
    /// Makes a call that the system may ask a password for. Given up, it ends with kGivenUp.
    template <class Method>
    void request(protocol::Permission permission, const typename Method::Params& params,
                 std::function<void(const protocol::Reply<typename Method::Result>&)> handler);
    template <class Method>
    void changeForwarding(Change change, const typename Method::Params& params,
                          const QString& failure);
    protocol::Permission ready(protocol::Permission permission) const {
        return isReady() ? permission : protocol::Permission::No;
    }
    /// Goes on where the log can be read without asking a person. A password that was given holds
    /// for some minutes only; whether it still does, a new hello tells.
    void whenLogIsOpen(const std::function<void()>& goOn, const std::function<void()>& locked);
    void readStatistics();
    void readLog(int backlog);
    void tell(const QString& what, const protocol::RpcError& error);
    void noteAsked();
    void noteLogRead();
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
    std::optional<Change> m_pendingChange;
    bool m_providersPending = false;
    bool m_statisticsUnderWay = false;
    bool m_hasReadLog = false;
    bool m_logMayLock = false; ///< the log needed a password at some time
    bool m_renewing = false;   ///< the connection is being made anew, by our own wish
    bool m_waitingForPassword = false;
    std::unique_ptr<QObject> m_askContext;    ///< its end drops the handlers of what was asked
    QMap<int, std::function<void()>> m_asked; ///< how each gives itself up
    int m_lastAsked = 0;
    QTimer m_askDelay;
    QTimer m_watch;
};

} // namespace sotto::app
