// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/ipc/polkit_authority.h"

#include "service/ipc/polkit_calls.h"

#include <QTimer>

namespace sotto::service {

namespace {

using protocol::Permission;

constexpr int kEndMillis = 1000;

QString actionOf(Right right) {
    switch (right) {
    case Right::Look:
    case Right::Toggle:
        return QStringLiteral("org.sottodns.toggle");
    case Right::ReadLog:
        return QStringLiteral("org.sottodns.read-log");
    case Right::Configure:
        return QStringLiteral("org.sottodns.configure");
    }
    Q_UNREACHABLE();
}

} // namespace

PolkitAuthority::PolkitAuthority(QObject* parent)
    : QObject(parent) {}

PolkitAuthority::~PolkitAuthority() {
    if (!m_thread)
        return;
    m_thread->quit();
    if (!m_thread->wait(kEndMillis))
        static_cast<void>(m_thread.release()); // the bus hangs, and so does whoever opens it
}

Authority::Ticket PolkitAuthority::check(const ProcessSubject& subject, Right right, bool mayAsk,
                                         Done done) {
    const Ticket ticket = ++m_lastTicket;
    const bool isOneTooMany = m_waiting.size() >= kMaxQuestions;
    m_waiting.insert(ticket, std::move(done));
    if (isOneTooMany) {
        QTimer::singleShot(0, this, [this, ticket] { decided(ticket, Permission::No); });
        return ticket;
    }
    if (!m_thread) {
        m_thread = std::make_unique<QThread>();
        m_calls = new PolkitCalls;
        m_calls->moveToThread(m_thread.get());
        connect(m_thread.get(), &QThread::finished, m_calls, &QObject::deleteLater);
        connect(m_calls, &PolkitCalls::decided, this, &PolkitAuthority::decided);
        m_thread->start();
    }
    QMetaObject::invokeMethod(m_calls, [calls = m_calls, ticket, subject, right, mayAsk] {
        calls->check(ticket, subject, actionOf(right), mayAsk);
    });
    return ticket;
}

void PolkitAuthority::cancel(Ticket ticket) {
    if (m_waiting.remove(ticket) && m_calls)
        QMetaObject::invokeMethod(m_calls, [calls = m_calls, ticket] { calls->cancel(ticket); });
}

void PolkitAuthority::decided(Ticket ticket, Permission permission) {
    if (const Done done = m_waiting.take(ticket))
        done(permission);
}

std::unique_ptr<Authority> systemAuthority() {
    return std::make_unique<PolkitAuthority>();
}

} // namespace sotto::service
