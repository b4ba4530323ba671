// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/ipc/authority.h"

#include <QHash>
#include <QObject>
#include <QThread>

namespace sotto::service {

class PolkitCalls;

/// The rights as actions of polkit: org.sottodns.toggle, .read-log and .configure.
///
/// The bus is opened at the first question, on a thread of its own, because a bus that hangs would
/// hold up whoever opens it. Without a bus, or without polkit, the answer is No.
class PolkitAuthority : public QObject, public Authority {
    Q_OBJECT

public:
    /// So many questions at a time; one more is answered No.
    static constexpr qsizetype kMaxQuestions = 64;

    explicit PolkitAuthority(QObject* parent = nullptr);
    ~PolkitAuthority() override;

    Ticket check(const ProcessSubject& subject, Right right, bool mayAsk, Done done) override;
    void cancel(Ticket ticket) override;

private:
    void decided(Ticket ticket, protocol::Permission permission);

    std::unique_ptr<QThread> m_thread;
    PolkitCalls* m_calls = nullptr; ///< lives in the thread, which deletes it
    QHash<Ticket, Done> m_waiting;
    Ticket m_lastTicket = 0;
};

} // namespace sotto::service
