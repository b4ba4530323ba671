// SPDX-License-Identifier: GPL-3.0-or-later
#include "program_run.h"

#include <QProcess>

namespace sotto::test {

ProgramRun ProgramRun::of(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    ProgramRun run;
    if (process.waitForFinished(10000) && process.exitStatus() == QProcess::NormalExit)
        run.exitCode = process.exitCode();
    else
        process.kill();
    process.waitForFinished();
    run.output = process.readAllStandardOutput();
    run.errors = process.readAllStandardError();
    return run;
}

} // namespace sotto::test
