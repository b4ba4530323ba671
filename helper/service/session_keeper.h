// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/state/session_file.h"

#include <cstdint>
#include <span>
#include <vector>

namespace sotto::service {

/// Keeps TLS sessions over a restart, always: they hold no names that were looked up. The file is
/// gone as soon as it has been read, and what is wrong with it is said in the log and forgotten.
///
/// Thread: main.
class SessionKeeper {
public:
    explicit SessionKeeper(const QString& stateDirectory);

    /// Before the forwarder starts: takes the file away.
    void read();
    /// What was read, for the start; empty where there was nothing, and after noteTaken().
    std::span<const std::uint8_t> octets() const;
    /// The forwarder has started with them; fault: why it could not use them, or empty.
    void noteTaken(const QString& fault);
    /// In an orderly stop: writes those of this run.
    void keep(const std::vector<std::uint8_t>& octets) const;

private:
    SessionFile m_file;
    QByteArray m_octets;
};

} // namespace sotto::service
