// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/service_connection.h"

#include "core/texts.h"
#include "protocol/socket_path.h"

#include <QCoreApplication>

namespace sotto::app {

using protocol::Client;
using protocol::Reply;

namespace {

constexpr int kFirstLookMillis = 150;
constexpr int kWatchMillis = 1000;

} // namespace

ServiceConnection::ServiceConnection(const QString& socketPath, QObject* parent)
    : QObject(parent)
    , m_socketWasGiven(!socketPath.isEmpty()) {
    makeClient(m_socketWasGiven ? socketPath : protocol::defaultClientSocketPath());
    connect(&m_watch, &QTimer::timeout, this, &ServiceConnection::watch);
}

ServiceConnection::~ServiceConnection() {
    m_client->disconnect(this);
}

void ServiceConnection::makeClient(const QString& path) {
    m_client = std::make_unique<Client>(
        path, QStringLiteral("sotto %1").arg(QCoreApplication::applicationVersion()));
    connect(m_client.get(), &Client::stateChanged, this, &ServiceConnection::clientStateChanged);
    connect(m_client.get(), &Client::statusChanged, this, &ServiceConnection::takeStatus);
    connect(m_client.get(), &Client::logEntries, this, &ServiceConnection::logReceived);
    connect(m_client.get(), &Client::testProgress, this, &ServiceConnection::testProgress);
}

void ServiceConnection::start() {
    m_watch.start(kFirstLookMillis);
    m_client->start();
}

QString ServiceConnection::socketPath() const {
    return m_client->socketPath();
}

/// The client says nothing when an attempt fails as the one before, and keeps to one path. So
/// while there is no connection we look for a new reason or a better path ourselves.
void ServiceConnection::watch() {
    if (m_client->state() != Client::State::Disconnected)
        return;
    m_watch.setInterval(kWatchMillis);
    if (const QString failure = plainReason(m_client->failure());
        m_link != Link::Down || m_failure != failure)
        becomeUnavailable(Link::Down, failure);
    if (m_socketWasGiven)
        return;
    const QString path = protocol::defaultClientSocketPath();
    if (path != m_client->socketPath()) {
        makeClient(path);
        m_client->start();
        emit linkChanged();
    }
}

void ServiceConnection::clientStateChanged(Client::State state) {
    switch (state) {
    case Client::State::Connecting:
        return; // what was shown stays until this attempt has an outcome
    case Client::State::Disconnected:
        becomeUnavailable(Link::Down, plainReason(m_client->failure()));
        m_watch.start(kWatchMillis);
        return;
    case Client::State::Incompatible:
        becomeUnavailable(Link::Incompatible, m_client->failure());
        return;
    case Client::State::Ready:
        break;
    }
    m_watch.stop();
    m_client->call<protocol::GetStatus>({}, this, [this](const Reply<protocol::Status>& reply) {
        if (m_client->state() != Client::State::Ready)
            return;
        if (!reply.ok()) {
            becomeUnavailable(Link::Incompatible, reply.error->message);
            return;
        }
        takeStatus(reply.value);
    });
}

void ServiceConnection::becomeUnavailable(Link link, const QString& failure) {
    const bool changed = m_link != link || m_failure != failure;
    m_link = link;
    m_failure = failure;
    m_status.reset();
    m_providers.reset();
    m_settings.reset();
    m_pendingForwarding.reset();
    m_providersPending = false;
    m_statisticsUnderWay = false;
    if (changed)
        emit linkChanged();
}

void ServiceConnection::takeStatus(const protocol::Status& status) {
    const bool first = m_link != Link::Ready;
    const bool choicesMoved = first || m_status->providers != status.providers ||
                              m_status->policy != status.policy ||
                              m_status->notices != status.notices;
    m_status = status;
    if (first) {
        m_link = Link::Ready;
        m_failure.clear();
        emit linkChanged();
    }
    emit statusChanged();
    if (choicesMoved)
        refreshChoices();
}

std::optional<protocol::Setting> ServiceConnection::setting(const QString& key) const {
    if (m_settings) {
        for (const protocol::Setting& setting : m_settings->settings) {
            if (setting.key == key)
                return setting;
        }
    }
    return std::nullopt;
}

QString ServiceConnection::advise(const QString& what, const protocol::RpcError& error) const {
    QString advice;
    switch (error.code) {
    case protocol::NotAuthorized:
        advice = tr("Ask an administrator of this computer to do it or to allow it to you.");
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

void ServiceConnection::setForwarding(bool enabled) {
    m_pendingForwarding = enabled;
    emit pendingChanged();
    protocol::ForwardingParams params;
    params.enabled = enabled;
    m_client->call<protocol::SetForwarding>(
        params, this, [this, enabled](const Reply<protocol::Status>& reply) {
            m_pendingForwarding.reset();
            if (!reply.ok())
                emit problem(advise(enabled ? tr("Sotto could not be turned on.")
                                            : tr("Sotto could not be turned off."),
                                    *reply.error));
            else if (isReady())
                takeStatus(reply.value);
            emit pendingChanged();
        });
}

void ServiceConnection::useProviders(const QStringList& ids) {
    m_providersPending = true;
    emit pendingChanged();
    protocol::ProviderChoice choice;
    choice.ids = ids;
    m_client->call<protocol::UseProviders>(
        choice, this, [this](const Reply<protocol::Status>& reply) {
            m_providersPending = false;
            if (!reply.ok())
                emit problem(advise(tr("The providers were not changed."), *reply.error));
            else if (isReady())
                takeStatus(reply.value);
            emit pendingChanged();
        });
}

void ServiceConnection::changeSetting(const QString& key, const QJsonValue& value,
                                      const QString& failure) {
    protocol::SettingsChange change;
    change.values.insert(key, value);
    m_client->call<protocol::SetSettings>(change, this,
                                          [this, failure](const Reply<protocol::Settings>& reply) {
                                              if (!reply.ok())
                                                  emit problem(advise(failure, *reply.error));
                                              else if (isReady())
                                                  m_settings = reply.value;
                                              emit choicesChanged();
                                          });
}

void ServiceConnection::testProvider(const QString& target) {
    protocol::ProviderTestParams params;
    params.target = target;
    m_client->call<protocol::TestProvider>(
        params, this, [this, target](const Reply<protocol::ProviderTest>& reply) {
            if (reply.ok() && isReady())
                emit testStarted(target, reply.value);
            else if (!reply.ok() && reply.error->code == protocol::Rejected)
                emit testRefused(target, tr("The test did not begin. %1 Try again in a moment.")
                                             .arg(asSentence(reply.error->message)));
            else if (!reply.ok())
                emit testRefused(target, advise(tr("The test did not begin."), *reply.error));
        });
}

void ServiceConnection::flush(const std::optional<QString>& name, bool subtree) {
    protocol::FlushParams params;
    params.name = name;
    params.subtree = subtree;
    m_client->call<protocol::FlushCache>(
        params, this, [this, name, subtree](const Reply<protocol::FlushResult>& reply) {
            if (!reply.ok()) {
                emit problem(advise(tr("Nothing was forgotten."), *reply.error));
                return;
            }
            emit flushed(name.value_or(QString()), subtree, reply.value.removed);
            fetchStatistics();
        });
}

void ServiceConnection::fetchStatistics() {
    if (m_statisticsUnderWay || !isReady())
        return;
    m_statisticsUnderWay = true;
    m_client->call<protocol::GetStatistics>(
        {}, this, [this](const Reply<protocol::Statistics>& reply) {
            m_statisticsUnderWay = false;
            if (reply.ok() && isReady())
                emit statisticsReceived(reply.value);
            else if (!reply.ok() && reply.error->code != protocol::InternalError)
                emit problem(advise(tr("The statistics could not be read."), *reply.error));
        });
}

void ServiceConnection::refreshChoices() {
    m_client->call<protocol::ListProviders>(
        {}, this, [this](const Reply<protocol::ProviderList>& reply) {
            if (reply.ok() && isReady()) {
                m_providers = reply.value;
                emit choicesChanged();
            } else if (!reply.ok() && reply.error->code != protocol::InternalError) {
                emit problem(advise(tr("The providers could not be read."), *reply.error));
            }
        });
    m_client->call<protocol::GetSettings>({}, this, [this](const Reply<protocol::Settings>& reply) {
        if (reply.ok() && isReady()) {
            m_settings = reply.value;
            emit choicesChanged();
        } else if (!reply.ok() && reply.error->code != protocol::InternalError) {
            emit problem(advise(tr("The settings could not be read."), *reply.error));
        }
    });
}

void ServiceConnection::subscribeLog(int backlog) {
    protocol::LogSubscription subscription;
    subscription.backlog = backlog;
    m_client->call<protocol::SubscribeLog>(
        subscription, this, [this](const Reply<protocol::LogBatch>& reply) {
            if (reply.ok() && isReady())
                emit logReceived(reply.value);
            else if (!reply.ok())
                emit logUnavailable(asSentence(reply.error->message));
        });
}

void ServiceConnection::unsubscribeLog() {
    if (isReady())
        m_client->call<protocol::UnsubscribeLog>({}, this, [](const Reply<protocol::Empty>&) {});
}

} // namespace sotto::app
