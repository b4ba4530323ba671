// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/journal/state_directory.h"
#include "systemdns/detection.h"

#include <QString>
#include <QStringList>

namespace sotto::lease {

/// What sotto-lease was started with.
struct CommandLine {
    enum class Action { Serve, Restore, Describe, LookUp, Help, Version, Refuse };

    Action action = Action::Refuse;
    QString text; ///< the help, why the arguments are refused, or the name to look up
    QString stateDirectory = QString::fromLatin1(StateDirectory::kDefaultPath);
    bool hasOwnStateDirectory = false; ///< it was named; then it must be there
    QString socketPath;
    QString user = QStringLiteral("sotto");
    systemdns::Surroundings surroundings; ///< the computer's own, or a test's
    quint16 port = systemdns::Target::kDnsPort;
    bool json = false;
    bool forget = false;
    bool unlessClosed = false;
    bool atBoot = false;
    bool untilInputEnds = false;
};

/// Reads the arguments, without the program's name.
CommandLine readCommandLine(const QStringList& arguments);

} // namespace sotto::lease
