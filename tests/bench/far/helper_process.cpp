// SPDX-License-Identifier: GPL-3.0-or-later
#include "far/helper_process.h"

#include <csignal>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sotto::bench {

HelperProcess::HelperProcess(const std::function<void()>& body)
    : m_pid(::fork()) {
    if (m_pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        body();
        ::_exit(127);
    }
}

HelperProcess::~HelperProcess() {
    if (m_pid <= 0)
        return;
    ::kill(m_pid, SIGKILL);
    ::waitpid(m_pid, nullptr, 0);
}

void HelperProcess::halt() {
    if (m_pid > 0)
        ::kill(m_pid, SIGSTOP);
}

void HelperProcess::goOn() {
    if (m_pid > 0)
        ::kill(m_pid, SIGCONT);
}

} // namespace sotto::bench
