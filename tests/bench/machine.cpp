// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine.h"

#include <cstdlib>
#include <fstream>
#include <thread>

#include <sys/utsname.h>

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

double loadAverage() {
    double average = 0;
    return ::getloadavg(&average, 1) == 1 ? average : 0;
}

} // namespace sotto::bench
