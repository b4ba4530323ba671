// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include <sys/types.h>

namespace sotto::bench {

/// A function of this program in a process of its own, on the cores of the load, so that it can be
/// killed and halted like a program of others. It ends with this object, or with the thread that
/// made it.
class HelperProcess {
public:
    explicit HelperProcess(const std::function<void()>& body);
    ~HelperProcess();
    HelperProcess(const HelperProcess&) = delete;
    HelperProcess& operator=(const HelperProcess&) = delete;

    /// Holds it where it is; what it has open stays open.
    void halt();
    void goOn();

private:
    pid_t m_pid;
};

} // namespace sotto::bench
