// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/program/verbs.h"
#include "systemdns/os_lookup.h"

#include <QCoreApplication>

#include <cstdio>

int main(int argc, char** argv) {
    using namespace sotto::lease;
    const HandedOver handedOver = startClean();
    QCoreApplication::setLibraryPaths({}); // no plugins
    const QCoreApplication application(argc, argv);
    const CommandLine line = readCommandLine(QCoreApplication::arguments().mid(1));
    switch (line.action) {
    case CommandLine::Action::Serve:
        return serve(line, handedOver);
    case CommandLine::Action::Restore:
        return restore(line);
    case CommandLine::Action::Describe:
        return describe(line);
    case CommandLine::Action::LookUp:
        return sotto::systemdns::answerLookup(line.text.toLocal8Bit().constData(), stdout, stderr);
    case CommandLine::Action::Help:
        std::fputs(line.text.toLocal8Bit().constData(), stdout);
        return kDone;
    case CommandLine::Action::Version:
        std::printf("sotto-lease %s\n", SOTTO_VERSION);
        return kDone;
    case CommandLine::Action::Refuse:
        std::fprintf(stderr, "sotto-lease: %s\nTry \"sotto-lease --help\".\n",
                     line.text.toLocal8Bit().constData());
        return kWrongUse;
    }
    return kWrongUse;
}
