// SPDX-License-Identifier: GPL-3.0-or-later
#include "measured_process.h"

#include <fstream>
#include <thread>

#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sotto::bench {

namespace {

void useCores(unsigned first, unsigned last) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    for (unsigned core = first; core <= last; ++core)
        CPU_SET(core, &cores);
    ::sched_setaffinity(0, sizeof cores, &cores);
}

} // namespace

MeasuredProcess::MeasuredProcess(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    for (const std::string& word : command)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    start([&] {
        const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
        ::dup2(nowhere, STDOUT_FILENO);
        ::dup2(nowhere, STDERR_FILENO);
        ::execv(arguments[0], arguments.data());
    });
}

MeasuredProcess::MeasuredProcess(const std::function<void()>& body) {
    start(body);
}

void MeasuredProcess::start(const std::function<void()>& body) {
    m_pid = ::fork();
    if (m_pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        useCores(0, 0);
        body();
        ::_exit(127);
    }
}

MeasuredProcess::~MeasuredProcess() {
    if (m_pid > 0) {
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
    }
}

bool MeasuredProcess::alive() const {
    return m_pid > 0 && ::waitpid(m_pid, nullptr, WNOHANG) == 0;
}

std::chrono::nanoseconds MeasuredProcess::cpuTime() const {
    clockid_t clock;
    timespec time{};
    if (::clock_getcpuclockid(m_pid, &clock) == 0)
        ::clock_gettime(clock, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

long MeasuredProcess::residentKib() const {
    std::ifstream status("/proc/" + std::to_string(m_pid) + "/status");
    std::string word;
    long kib = 0;
    while (status >> word) {
        if (word == "VmRSS:") {
            status >> kib;
            break;
        }
    }
    return kib;
}

void moveLoadToOtherCores() {
    const unsigned cores = std::thread::hardware_concurrency();
    if (cores > 1)
        useCores(1, cores - 1);
}

} // namespace sotto::bench
