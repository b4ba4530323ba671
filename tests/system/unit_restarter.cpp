// SPDX-License-Identifier: GPL-3.0-or-later
#include "stand_in_systemd.h"

#include <QCoreApplication>
#include <QProcess>

#include <csignal>
#include <cstdio>
#include <unistd.h>

/// Takes systemd's place on the system bus for one unit, whose program it runs and restarts:
///
///     unit_restarter UNIT PROGRAM ARGUMENT…
///
/// It says "ready" once it is on the bus and the program runs. Ended by SIGTERM, it takes the
/// program along.
namespace {

volatile std::sig_atomic_t programId = 0;

void endBoth(int signal) {
    if (programId > 0)
        ::kill(static_cast<pid_t>(programId), signal);
    ::_exit(0);
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments().mid(1);
    if (arguments.size() < 2)
        return 2;
    QProcess program;
    program.setProcessChannelMode(QProcess::ForwardedChannels);
    const auto start = [&] {
        program.start(arguments.at(1), arguments.mid(2));
        const bool started = program.waitForStarted();
        programId = static_cast<std::sig_atomic_t>(program.processId());
        return started;
    };
    std::signal(SIGTERM, endBoth);
    const sotto::test::StandInSystemd systemd(QString(), [&](const QString& unit) {
        if (unit != arguments.at(0))
            return QStringLiteral("failed");
        program.terminate();
        program.waitForFinished();
        return start() ? QStringLiteral("done") : QStringLiteral("failed");
    });
    if (!start())
        return 1;
    std::puts("ready");
    std::fflush(stdout);
    return QCoreApplication::exec();
}
