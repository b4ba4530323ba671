// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QStringList>

namespace sotto::test {

/// What a program said and how it ended.
struct ProgramRun {
    static constexpr int kCrashed = -1;

    int exitCode = kCrashed;
    QByteArray output;
    QByteArray errors;

    /// Runs a program to its end, in ten seconds at the most.
    static ProgramRun of(const QString& program, const QStringList& arguments);
};

} // namespace sotto::test
