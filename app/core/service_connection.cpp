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
constexpr int kAskMillis = 700; ///< without a password most requests are answered by then

} // namespace

ServiceConnection::ServiceConnection(const QString& socketPath, QObject* parent)
    : QObject(parent)
    , m_socketWasGiven(!socketPath.isEmpty())
    , m_askContext(std::make_unique<QObject>()) {
    m_askDelay.setSingleShot(true);
    m_askDelay.setInterval(kAskMillis);
    connect(&m_askDelay, &QTimer::timeout, this, [this] {
        m_waitingForPassword = !m_asked.isEmpty();
        emit pendingChanged();
    });
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
        if (m_renewing)
            return;
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
    m_logMayLock = m_logMayLock || service().mayReadLog == protocol::Permission::Ask;
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
    m_pendingChange.reset();
    m_providersPending = false;
    m_statisticsUnderWay = false;
    m_hasReadLog = false;
    m_renewing = false;
    if (changed)
        emit linkChanged();
}

void ServiceConnection::takeStatus(const protocol::Status& status) {
    const bool first = std::exchange(m_renewing, false) || m_link != Link::Ready;
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

} // namespace sotto::app
