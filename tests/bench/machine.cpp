// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <thread>

#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace sotto::bench {

Machine Machine::current() {
    Machine machine;
    machine.cores = std::thread::hardware_concurrency();
    utsname names{};
    if (::uname(&names) == 0)
        machine.kernel = std::string(names.sysname) + ' ' + names.release;
    std::ifstream processors("/proc/cpuinfo");
    for (std::string line; std::getline(processors, line);) {
        if (line.starts_with("model name")) {
            machine.processor = line.substr(line.find(':') + 2);
            break;
        }
    }
    return machine;
}

OthersWork::OthersWork()
    : m_machine(ofMachine())
    , m_run(ofThisRun()) {}

double OthersWork::share() const {
    const Ticks now = ofMachine();
    const double others = now.busy - m_machine.busy - (ofThisRun() - m_run);
    const double all = now.all - m_machine.all;
    return all > 0 ? std::max(others, 0.0) / all : 0;
}

OthersWork::Ticks OthersWork::ofMachine() {
    // user, nice, system, idle, iowait, irq, softirq, steal; guests are within user and nice.
    Ticks ticks;
    std::ifstream statistics("/proc/stat");
    std::string word;
    statistics >> word;
    for (int i = 0; i < 8; ++i) {
        double count = 0;
        statistics >> count;
        ticks.all += count;
        if (i != 3 && i != 4)
            ticks.busy += count;
    }
    return ticks;
}

double OthersWork::ofThisRun() {
    double seconds = 0;
    for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
        rusage usage{};
        ::getrusage(who, &usage);
        for (const timeval& time : {usage.ru_utime, usage.ru_stime})
            seconds += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    }
    return seconds * static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double loadAverage() {
    double average = 0;
    return ::getloadavg(&average, 1) == 1 ? average : 0;
}

} // namespace sotto::bench
