// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace sotto::bench {

/// How a program is started.
struct Launch {
    std::vector<std::string> command;     ///< the program's path is inside root, where there is one
    std::vector<std::string> environment; ///< "NAME=value", beside this process's own
    std::filesystem::path root;           ///< becomes its root folder; empty: stays
    std::filesystem::path log;            ///< gets what it says
};

/// A child process on the first core whose CPU time and memory are read, those of its own children
/// included. It has a process group of its own, which ends with this object.
class MeasuredProcess {
public:
    explicit MeasuredProcess(const Launch& launch);
    /// Runs a function of this program.
    explicit MeasuredProcess(const std::function<void()>& body);
    ~MeasuredProcess();
    MeasuredProcess(const MeasuredProcess&) = delete;
    MeasuredProcess& operator=(const MeasuredProcess&) = delete;

    /// Asks it to end, as a service manager does; false where it does not within some seconds.
    [[nodiscard]] bool stop();
    /// False once it has ended.
    bool alive() const;
    std::chrono::nanoseconds cpuTime() const;
    /// Resident memory, in KiB.
    long residentKib() const;

private:
    void start(const std::function<void()>& body);
    pid_t m_pid = -1;
    mutable bool m_ended = false;
};

/// Leaves the first core to the measured process, where there are two or more.
void moveLoadToOtherCores();

/// Runs a program on the cores of the load to its end; false where it did not end with 0.
bool runToEnd(const Launch& launch);

} // namespace sotto::bench
