// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace sotto::bench {

/// A child process on the first core whose CPU time and memory are read. Ends with this object.
class MeasuredProcess {
public:
    /// Runs a program; its output goes nowhere.
    explicit MeasuredProcess(const std::vector<std::string>& command);
    /// Runs a function of this program.
    explicit MeasuredProcess(const std::function<void()>& body);
    ~MeasuredProcess();
    MeasuredProcess(const MeasuredProcess&) = delete;
    MeasuredProcess& operator=(const MeasuredProcess&) = delete;

    bool alive() const;
    std::chrono::nanoseconds cpuTime() const;
    /// Resident memory, in KiB.
    long residentKib() const;

private:
    void start(const std::function<void()>& body);
    pid_t m_pid = -1;
};

/// Leaves the first core to the measured process, where there are two or more.
void moveLoadToOtherCores();

} // namespace sotto::bench
