// SPDX-License-Identifier: GPL-3.0-or-later
//
// What people ask the service for; the connection itself is in service_connection.cpp.
#include "core/service_connection.h"

#include "core/texts.h"

#include <QCoreApplication>

namespace sotto::app {

using protocol::Reply;

namespace {

constexpr int kGivenUp = 1; ///< no code of the protocol: all of those are negative

} // namespace

QString ServiceConnection::advise(const QString& what, const protocol::RpcError& error) const {
    QString advice;
    switch (error.code) {
    case protocol::NotAuthorized:
        advice = tr("Ask an administrator of this computer to do it or to allow it to you.");
        if (toggling() == protocol::Permission::Ask || configuring() == protocol::Permission::Ask)
            advice = tr("It needs the password that the system asks for.");
        break;
    case protocol::SetInFile:
        advice = m_settings && !m_settings->file.isEmpty()
                     ? tr("It is set in %1; change it there.").arg(m_settings->file)
                     : tr("It is set in the administrator's settings file; change it there.");
        break;
    case protocol::Rejected:
        advice = tr("Nothing was changed.");
        break;
    case protocol::MethodNotFound:
        advice = tr("The service is older than this program; restart it after an update.");
        break;
    default:
        advice = tr("Try again; if it stays so, look at the service's own messages.");
        break;
    }
    return tr("%1 %2 %3", "what failed, the reason, what to do")
        .arg(what, asSentence(error.message), advice);
}

void ServiceConnection::tell(const QString& what, const protocol::RpcError& error) {
    if (error.code != kGivenUp)
        emit problem(advise(what, error));
}

template <class Method>
void ServiceConnection::request(
    protocol::Permission permission, const typename Method::Params& params,
    std::function<void(const Reply<typename Method::Result>&)> handler) {
    using Result = typename Method::Result;
    // Behind a request that waits, the service lets every other one wait, too.
    if (permission != protocol::Permission::Ask && m_asked.isEmpty()) {
        m_client->call<Method>(params, this, std::move(handler));
        return;
    }
    const int number = ++m_lastAsked;
    m_asked.insert(number, [handler] {
        Reply<Result> reply;
        reply.error = protocol::RpcError{kGivenUp, {}};
        handler(reply);
    });
    if (!m_askDelay.isActive())
        m_askDelay.start();
    m_client->call<Method>(
        params, m_askContext.get(),
        [this, number, handler = std::move(handler)](const Reply<Result>& reply) {
            m_asked.remove(number);
            noteAsked();
            handler(reply);
        },
        protocol::Patience::Unlimited);
}

void ServiceConnection::noteAsked() {
    if (!m_asked.isEmpty())
        return;
    m_askDelay.stop();
    if (std::exchange(m_waitingForPassword, false))
        emit pendingChanged();
}

void ServiceConnection::stopWaiting() {
    if (m_asked.isEmpty())
        return;
    m_askContext = std::make_unique<QObject>();
    const auto asked = std::exchange(m_asked, {});
    for (const auto& giveUp : asked)
        giveUp();
    noteAsked();
    m_hasReadLog = false;
    m_statisticsUnderWay = false;
    m_renewing = true;
    m_watch.start(); // looks whether there is a new one soon
    m_client->stop();
    m_client->start();
}

template <class Method>
void ServiceConnection::changeForwarding(Change change, const typename Method::Params& params,
                                         const QString& failure) {
    m_pendingChange = change;
    emit pendingChanged();
    request<Method>(toggling(), params, [this, failure](const Reply<protocol::Status>& reply) {
        m_pendingChange.reset();
        if (!reply.ok())
            tell(failure, *reply.error);
        else if (isReady())
            takeStatus(reply.value);
        emit pendingChanged();
    });
}

void ServiceConnection::setForwarding(bool enabled) {
    changeForwarding<protocol::SetForwarding>(enabled ? Change::TurnOn : Change::TurnOff, {enabled},
                                              enabled ? tr("Sotto could not be turned on.")
                                                      : tr("Sotto could not be turned off."));
}

void ServiceConnection::pause(const std::optional<qint64>& until) {
    changeForwarding<protocol::PauseForwarding>(Change::Pause, {until},
                                                tr("Sotto was not paused."));
}

void ServiceConnection::takeSystemDns() {
    changeForwarding<protocol::TakeSystemDns>(Change::TakeSystemDns, {},
                                              tr("This computer's DNS was not switched to Sotto."));
}

void ServiceConnection::useProviders(const QStringList& ids) {
    m_providersPending = true;
    emit pendingChanged();
    protocol::ProviderChoice choice;
    choice.ids = ids;
    // The list takes the place of servers that were set by hand, which is a change of settings.
    const bool replacesOwn = m_status && m_status->providers.isEmpty();
    request<protocol::UseProviders>(replacesOwn ? configuring() : toggling(), choice,
                                    [this](const Reply<protocol::Status>& reply) {
                                        m_providersPending = false;
                                        if (!reply.ok())
                                            tell(tr("The providers were not changed."),
                                                 *reply.error);
                                        else if (isReady())
                                            takeStatus(reply.value);
                                        emit pendingChanged();
                                    });
}

void ServiceConnection::changeSetting(const QString& key, const QJsonValue& value,
                                      const QString& failure) {
    protocol::SettingsChange change;
    change.values.insert(key, value);
    request<protocol::SetSettings>(configuring(), change,
                                   [this, failure](const Reply<protocol::Settings>& reply) {
                                       if (!reply.ok())
                                           tell(failure, *reply.error);
                                       else if (isReady())
                                           m_settings = reply.value;
                                       emit choicesChanged();
                                   });
}

void ServiceConnection::testProvider(const QString& target) {
    protocol::ProviderTestParams params;
    params.target = target;
    request<protocol::TestProvider>(
        toggling(), params, [this, target](const Reply<protocol::ProviderTest>& reply) {
            if (reply.ok() && isReady())
                emit testStarted(target, reply.value);
            else if (!reply.ok() && reply.error->code == protocol::Rejected)
                emit testRefused(target, tr("The test did not begin. %1 Try again in a moment.")
                                             .arg(asSentence(reply.error->message)));
            else if (!reply.ok() && reply.error->code == kGivenUp)
                emit testRefused(target, tr("The test did not begin."));
            else if (!reply.ok())
                emit testRefused(target, advise(tr("The test did not begin."), *reply.error));
        });
}

void ServiceConnection::flush(const std::optional<QString>& name, bool subtree) {
    protocol::FlushParams params;
    params.name = name;
    params.subtree = subtree;
    request<protocol::FlushCache>(
        toggling(), params, [this, name, subtree](const Reply<protocol::FlushResult>& reply) {
            if (!reply.ok()) {
                tell(tr("Nothing was forgotten."), *reply.error);
                return;
            }
            emit flushed(name.value_or(QString()), subtree, reply.value.removed);
            fetchStatistics();
        });
}

void ServiceConnection::noteLogRead() {
    if (!std::exchange(m_hasReadLog, true) && service().mayReadLog == protocol::Permission::Ask)
        emit logAccessChanged();
}

void ServiceConnection::whenLogIsOpen(const std::function<void()>& goOn,
                                      const std::function<void()>& locked) {
    if (!m_logMayLock)
        return goOn();
    protocol::HelloParams params;
    params.client = QStringLiteral("sotto %1").arg(QCoreApplication::applicationVersion());
    m_client->call<protocol::Hello>(
        params, this, [this, goOn, locked](const Reply<protocol::HelloResult>& reply) {
            if (!isReady())
                return;
            if (reply.ok() && reply.value.mayReadLog == protocol::Permission::Yes)
                return goOn();
            if (std::exchange(m_hasReadLog, false))
                emit logAccessChanged();
            locked();
        });
}

void ServiceConnection::fetchStatistics(bool byPerson) {
    if (m_statisticsUnderWay || m_renewing || !mayReadLog())
        return;
    if (byPerson) {
        readStatistics();
    } else if (readingLog() == protocol::Permission::Yes && m_asked.isEmpty()) {
        m_statisticsUnderWay = true;
        whenLogIsOpen([this] { readStatistics(); }, [this] { m_statisticsUnderWay = false; });
    }
}

void ServiceConnection::readStatistics() {
    m_statisticsUnderWay = true;
    request<protocol::GetStatistics>(
        readingLog(), {}, [this](const Reply<protocol::Statistics>& reply) {
            m_statisticsUnderWay = false;
            if (reply.ok() && isReady()) {
                emit statisticsReceived(reply.value);
                noteLogRead();
            } else if (!reply.ok() && reply.error->code != protocol::InternalError) {
                tell(tr("The statistics could not be read."), *reply.error);
            }
        });
}

void ServiceConnection::refreshChoices(bool byPerson) {
    m_client->call<protocol::ListProviders>(
        {}, this, [this](const Reply<protocol::ProviderList>& reply) {
            if (reply.ok() && isReady()) {
                m_providers = reply.value;
                emit choicesChanged();
            } else if (!reply.ok() && reply.error->code != protocol::InternalError) {
                emit problem(advise(tr("The providers could not be read."), *reply.error));
            }
        });
    if (toggling() == protocol::Permission::Ask && !byPerson)
        return;
    request<protocol::GetSettings>(toggling(), {}, [this](const Reply<protocol::Settings>& reply) {
        if (reply.ok() && isReady()) {
            m_settings = reply.value;
            emit choicesChanged();
        } else if (!reply.ok() && reply.error->code != protocol::InternalError) {
            tell(tr("The settings could not be read."), *reply.error);
        }
    });
}

void ServiceConnection::subscribeLog(int backlog, bool byPerson) {
    if (byPerson)
        return readLog(backlog);
    whenLogIsOpen([this, backlog] { readLog(backlog); },
                  [this] { emit logUnavailable(tr("The log was not read.")); });
}

void ServiceConnection::readLog(int backlog) {
    protocol::LogSubscription subscription;
    subscription.backlog = backlog;
    request<protocol::SubscribeLog>(
        readingLog(), subscription, [this](const Reply<protocol::LogBatch>& reply) {
            if (reply.ok() && isReady()) {
                emit logReceived(reply.value);
                noteLogRead();
            } else if (!reply.ok()) {
                emit logUnavailable(reply.error->code == kGivenUp
                                        ? tr("The log was not read.")
                                        : asSentence(reply.error->message));
            }
        });
}

void ServiceConnection::unsubscribeLog() {
    if (isReady())
        m_client->call<protocol::UnsubscribeLog>({}, this, [](const Reply<protocol::Empty>&) {});
}

} // namespace sotto::app
