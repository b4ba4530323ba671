// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/mechanism.h"

#include <functional>

namespace sotto::lease {

/// Asks names that only the sottod that holds the lease answers (contract/check_name.h), a new one
/// every time. Before useKey() no answer comes.
///
/// Thread: one. Handlers are called once, later, on the caller's thread, and not any more once the
/// object is gone.
class Reach {
public:
    struct Answer {
        bool came = false;
        QString reason; ///< why it did not come, in a sentence for people, without a full stop
        /// Of the system: it asks nobody at all as long as it has no network.
        bool networkIsDown = false;
    };
    using Handler = std::function<void(const Answer&)>;

    virtual ~Reach() = default;

    /// What is asked from now on is judged by this key.
    virtual void useKey(const QString& checkKey) = 0;

    enum class Which { EveryAddress, AnyAddress };
    /// Whether a listener answers on the target's addresses, over UDP and over TCP. Ends within a
    /// second or so.
    virtual void askListener(const systemdns::Target& target, Which which, Handler handler) = 0;

    /// Whether the computer's own look-ups, by the ways that programs use while these mechanisms
    /// are in force, come to the listener. Ends within four seconds.
    virtual void askSystem(const QList<systemdns::MechanismId>& mechanisms, Handler handler) = 0;
};

} // namespace sotto::lease
