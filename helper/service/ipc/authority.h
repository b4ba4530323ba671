// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"
#include "service/ipc/authorization.h"
#include "service/ipc/peer_process.h"

#include <functional>
#include <memory>

namespace sotto::service {

/// Who is asked about peers that the service does not know by itself: the system's own authority.
///
/// Thread: main; nothing blocks.
class Authority {
public:
    virtual ~Authority() = default;

    using Ticket = quint64;
    using Done = std::function<void(protocol::Permission)>;

    /// Whether a process may do something. mayAsk: the person at the computer may be asked for a
    /// password, which takes as long as it takes; without it Ask is an answer. done runs later, at
    /// most once, not after cancel().
    virtual Ticket check(const ProcessSubject& subject, Right right, bool mayAsk, Done done) = 0;
    /// Nobody waits for it any more; a person who is being asked need not answer.
    virtual void cancel(Ticket ticket) = 0;
};

/// polkit on Linux; elsewhere there is none, and the pointer is empty.
std::unique_ptr<Authority> systemAuthority();

} // namespace sotto::service
