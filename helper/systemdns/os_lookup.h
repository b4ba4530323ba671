// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/system_bus.h"

#include <QStringList>

#include <chrono>
#include <cstdio>

namespace sotto::systemdns {

/// Looks names up as the programs of this computer do, to see where that leads. Each call blocks
/// until the answer or the end of its patience.

/// By the C library, in a process of its own: resolvers keep what they once read of the settings
/// for the life of a process, and a look-up cannot be called off.
class ChildLookup {
public:
    /// command: a program and its arguments; the name is added as the last one, and the program is
    /// to call answerLookup(). It starts with no environment but PATH.
    ChildLookup(QStringList command, std::chrono::milliseconds patience);

    /// The addresses, IPv4 and IPv6, each once.
    std::variant<QStringList, Fault> lookUp(const QString& name) const;

private:
    QStringList m_command;
    std::chrono::milliseconds m_patience;
};

/// The child's part: writes an address a line, or why there is none to the second file. Gives the
/// exit status.
int answerLookup(const char* name, std::FILE* addresses, std::FILE* reasons);

/// By systemd-resolved, over the bus.
class ResolvedLookup {
public:
    ResolvedLookup(const SystemBus& bus, std::chrono::milliseconds patience);

    std::variant<QStringList, Fault> lookUp(const QString& name) const;

private:
    const SystemBus& m_bus;
    std::chrono::milliseconds m_patience;
};

} // namespace sotto::systemdns
