// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/program/verbs.h"
#include "systemdns/os_lookup.h"

#include <QCoreApplication>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>

/// The lease keeper, which ends or stops itself at a step of its work:
///
///     lease_under_fault STEP LOG serve OPTION…
///     lease_under_fault --stop FILE LOG serve OPTION…
///
/// STEP counts from 1; at 0 it is not killed. FILE has such a number, too: it counts from when the
/// file came to be, and there it stops itself (SIGSTOP) until it is told to go on. The name of each
/// step goes to LOG.
namespace {

class Fault {
public:
    Fault(int killAt, std::string stopFile)
        : m_killAt(killAt)
        , m_stopFile(std::move(stopFile)) {}

    void pass() {
        if (++m_passed == m_killAt)
            std::raise(SIGKILL);
        int stopAt = 0;
        const bool isArmed = static_cast<bool>(std::ifstream(m_stopFile) >> stopAt);
        m_sinceArmed = isArmed ? m_sinceArmed + 1 : 0;
        if (isArmed && m_sinceArmed == stopAt)
            std::raise(SIGSTOP);
    }

private:
    int m_killAt;
    std::string m_stopFile;
    int m_passed = 0;
    int m_sinceArmed = 0;
};

} // namespace

int main(int argc, char** argv) {
    using namespace sotto::lease;
    const HandedOver handedOver = startClean();
    const QCoreApplication application(argc, argv);
    QStringList arguments = QCoreApplication::arguments().mid(1);
    if (arguments.value(0) == QLatin1String("look-up")) // by itself, as the product does
        return sotto::systemdns::answerLookup(arguments.value(1).toLocal8Bit().constData(), stdout,
                                              stderr);
    const bool stops = arguments.value(0) == QLatin1String("--stop");
    if (stops)
        arguments.removeFirst();
    Fault fault(stops ? 0 : arguments.value(0).toInt(),
                stops ? arguments.value(0).toStdString() : std::string());
    std::FILE* const log = std::fopen(arguments.value(1).toLocal8Bit().constData(), "a");
    const CommandLine line = readCommandLine(arguments.mid(2));
    if (!log || line.action != CommandLine::Action::Serve)
        return kWrongUse;
    return serve(line, handedOver, [&](const char* step) {
        std::fprintf(log, "%s\n", step);
        std::fflush(log);
        fault.pass();
    });
}
