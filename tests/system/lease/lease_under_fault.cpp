// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/program/verbs.h"
#include "systemdns/os_lookup.h"

#include <QCoreApplication>

#include <csignal>
#include <cstdio>

/// The lease keeper, which kills itself at a step of its work:
///
///     lease_under_fault STEP LOG serve OPTION…
///
/// STEP counts from 1; at 0 it is not killed. The name of each step goes to LOG.
int main(int argc, char** argv) {
    using namespace sotto::lease;
    const HandedOver handedOver = startClean();
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments().mid(1);
    if (arguments.value(0) == QLatin1String("look-up")) // by itself, as the product does
        return sotto::systemdns::answerLookup(arguments.value(1).toLocal8Bit().constData(), stdout,
                                              stderr);
    const int killAt = arguments.value(0).toInt();
    std::FILE* const log = std::fopen(arguments.value(1).toLocal8Bit().constData(), "a");
    const CommandLine line = readCommandLine(arguments.mid(2));
    if (!log || line.action != CommandLine::Action::Serve)
        return kWrongUse;
    int passed = 0;
    return serve(line, handedOver, [&](const char* step) {
        std::fprintf(log, "%s\n", step);
        std::fflush(log);
        if (++passed == killAt)
            std::raise(SIGKILL);
    });
}
