// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/result.h"
#include "service/state/session_file.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace sotto::service {

/// Keeps TLS sessions over a restart, always: they hold no names that were looked up. The file is
/// gone as soon as it has been read, and what is wrong with it is said in the log and forgotten.
///
/// Thread: main.
class SessionKeeper {
public:
    /// The forwarder's part; see Engine.
    struct Sessions {
        std::function<std::vector<std::uint8_t>()> octets;
        std::function<engine::Result<std::size_t>(std::span<const std::uint8_t>)> take;
    };

    SessionKeeper(const QString& stateDirectory, Sessions sessions);

    /// Before the forwarder starts, so that its first connections find the sessions: takes the
    /// file away.
    void read();
    /// At once after the start: gives the sessions to the forwarder.
    void restore();
    /// Once, in an orderly stop.
    void keep() const;

private:
    SessionFile m_file;
    Sessions m_sessions;
    QByteArray m_octets; ///< between read() and restore()
};

} // namespace sotto::service
