// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <functional>

namespace sotto::systemdns {

struct ProgramEnd {
    bool isGood = false;
    QString reason; ///< else why: what it said, or that it did not end
};

/// Runs a program by its absolute path and waits until it has ended, so many seconds at most; no
/// shell, and of the environment only a PATH of system folders. A root that is not empty becomes
/// the program's root.
ProgramEnd runProgram(const QString& root, const QString& program, const QStringList& arguments,
                      const QByteArray& input);

/// What runs programs for a mechanism; a test may put something else in its place.
using ProgramRunner =
    std::function<ProgramEnd(const QString& root, const QString& program,
                             const QStringList& arguments, const QByteArray& input)>;

} // namespace sotto::systemdns
