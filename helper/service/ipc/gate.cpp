// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/ipc/gate.h"

#include "service/ipc/ipc_connection.h"

#include <algorithm>

namespace sotto::service {

namespace {

using protocol::Permission;

Refusal notAuthorized(const char* why = nullptr) {
    QString message = QStringLiteral("this user may not do that");
    if (why)
        message += QStringLiteral(" (%1)").arg(QLatin1String(why));
    return {protocol::NotAuthorized, message};
}

std::optional<ProcessSubject> subjectOf(const PeerIdentity& peer) {
    return peer.known && peer.process ? peer.process->subject() : std::nullopt;
}

std::unique_ptr<QTimer> limitOf(int millis, const std::function<void()>& over) {
    auto timer = std::make_unique<QTimer>();
    timer->setSingleShot(true);
    QObject::connect(timer.get(), &QTimer::timeout, timer.get(), over);
    timer->start(millis);
    return timer;
}

} // namespace

Gate::Gate(Authorization authorization, std::unique_ptr<Authority> authority, GateLimits limits,
           QObject* parent)
    : QObject(parent)
    , m_authorization(std::move(authorization))
    , m_authority(std::move(authority))
    , m_limits(limits) {}

Gate::~Gate() = default;

void Gate::pass(IpcConnection& connection, Right right, Decided decided) {
    if (m_authorization.allows(connection.peer(), right))
        return decided(std::nullopt);
    if (!m_authority || !subjectOf(connection.peer()))
        return decided(notAuthorized());
    auto& queue = m_queues[&connection];
    if (!queue) {
        queue = std::make_shared<Queue>();
        queue->peer = connection.peer();
    }
    if (static_cast<int>(queue->requests.size()) >= m_limits.waiting)
        return decided(notAuthorized("too many requests wait for the system's permission"));
    queue->requests.push_back({right, std::move(decided)});
    if (queue->requests.size() == 1)
        askQuickly(&connection);
}

void Gate::askQuickly(IpcConnection* connection) {
    const auto queue = m_queues.value(connection);
    const auto subject = subjectOf(queue->peer);
    if (!subject)
        return conclude(connection, notAuthorized());
    queue->limit = limitOf(m_limits.quickMillis, [this, connection] {
        m_authority->cancel(m_queues.value(connection)->ticket);
        conclude(connection, notAuthorized("the system's authority does not answer"));
    });
    queue->ticket = m_authority->check(
        *subject, queue->requests.front().right, false, [this, connection](Permission permission) {
            if (permission == Permission::Ask)
                return askPerson(connection);
            conclude(connection,
                     permission == Permission::Yes ? std::nullopt : std::optional(notAuthorized()));
        });
}

bool Gate::mayAskPerson(quint32 user) const {
    int all = 0;
    int ofUser = 0;
    for (const auto& queue : m_queues) {
        all += queue->asksPerson ? 1 : 0;
        ofUser += queue->asksPerson && queue->peer.user == user ? 1 : 0;
    }
    return all < m_limits.dialogs && ofUser < m_limits.dialogsPerUser;
}

void Gate::askPerson(IpcConnection* connection) {
    const auto queue = m_queues.value(connection);
    if (queue->limit)
        queue->limit->stop(); // from here on a person decides how long it takes
    const auto subject = subjectOf(queue->peer);
    if (!subject)
        return conclude(connection, notAuthorized());
    if (!mayAskPerson(queue->peer.user))
        return conclude(connection, notAuthorized("too many passwords are being asked for"));
    queue->asksPerson = true;
    queue->ticket = m_authority->check(
        *subject, queue->requests.front().right, true, [this, connection](Permission permission) {
            conclude(connection,
                     permission == Permission::Yes ? std::nullopt : std::optional(notAuthorized()));
        });
}

void Gate::conclude(IpcConnection* connection, std::optional<Refusal> refusal) {
    const auto queue = m_queues.value(connection);
    queue->asksPerson = false;
    queue->ticket = 0;
    if (queue->limit)
        queue->limit.release()->deleteLater(); // we may be inside its signal
    // The answer was for a process; what took over its number meanwhile is another one.
    if (!refusal && !queue->peer.process->isAlive())
        refusal = notAuthorized();
    const Request request = std::move(queue->requests.front());
    queue->requests.pop_front();
    if (queue->requests.empty())
        m_queues.remove(connection);
    request.decided(refusal);
    // What was decided may have ended the connection.
    if (m_queues.value(connection) == queue && queue->ticket == 0)
        askQuickly(connection);
}

void Gate::look(IpcConnection& connection, Looked looked) {
    constexpr std::array kRights{Right::Toggle, Right::ReadLog, Right::Configure};
    const std::array members{&PeerPermissions::toggle, &PeerPermissions::readLog,
                             &PeerPermissions::configure};
    const auto subject = m_authority ? subjectOf(connection.peer()) : std::nullopt;
    const auto look = std::make_shared<Look>();
    look->looked = std::move(looked);
    if (m_looks.contains(&connection))
        endLook(&connection); // who says hello twice gets what is known by now
    m_looks.insert(&connection, look);
    for (std::size_t i = 0; i < kRights.size(); ++i) {
        if (m_authorization.allows(connection.peer(), kRights[i])) {
            look->permissions.*members[i] = Permission::Yes;
        } else if (subject) {
            ++look->missing;
            look->tickets[i] = m_authority->check(*subject, kRights[i], false,
                                                  [this, connection = &connection, look,
                                                   member = members[i], i](Permission permission) {
                                                      look->permissions.*member = permission;
                                                      look->tickets[i] = 0;
                                                      if (--look->missing == 0)
                                                          endLook(connection);
                                                  });
        }
    }
    if (look->missing == 0)
        return endLook(&connection);
    look->limit =
        limitOf(m_limits.quickMillis, [this, connection = &connection] { endLook(connection); });
}

void Gate::endLook(IpcConnection* connection) {
    const auto look = m_looks.take(connection);
    for (const Authority::Ticket ticket : look->tickets) {
        if (ticket != 0)
            m_authority->cancel(ticket);
    }
    if (look->limit)
        look->limit.release()->deleteLater();
    look->looked(look->permissions);
}

void Gate::forget(IpcConnection& connection) {
    if (const auto queue = m_queues.take(&connection); queue && queue->ticket != 0)
        m_authority->cancel(queue->ticket);
    const auto look = m_looks.take(&connection);
    for (const Authority::Ticket ticket :
         look ? look->tickets : std::array<Authority::Ticket, 3>{}) {
        if (ticket != 0)
            m_authority->cancel(ticket);
    }
}

} // namespace sotto::service
