// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/program/clean_start.h"

#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sotto::lease {

namespace {

constexpr int kFirstHandedOver = 3;
constexpr unsigned kLastDescriptor = ~0U;

QByteArray variable(const char* name) {
    const char* const value = std::getenv(name);
    return value ? QByteArray(value) : QByteArray();
}

bool isForThisProcess(const char* name) {
    return variable(name) == QByteArray::number(::getpid());
}

void closeFrom(unsigned first) {
    // Linux 5.9; the C library's wrapper came later.
    if (::syscall(SYS_close_range, first, kLastDescriptor, 0U) == 0)
        return;
    const long most = ::sysconf(_SC_OPEN_MAX);
    for (long descriptor = first; descriptor < (most > 0 ? most : 1024); ++descriptor)
        ::close(static_cast<int>(descriptor));
}

/// Nothing that is opened later may become a standard stream.
void openStandardStreams() {
    int descriptor = 0;
    do {
        descriptor = ::open("/dev/null", O_RDWR);
    } while (descriptor >= 0 && descriptor < kFirstHandedOver);
    if (descriptor >= 0)
        ::close(descriptor);
}

} // namespace

HandedOver startClean() {
    HandedOver over;
    over.notifySocket = variable("NOTIFY_SOCKET");
    if (variable("WATCHDOG_PID").isEmpty() || isForThisProcess("WATCHDOG_PID"))
        over.watchdogMicros = variable("WATCHDOG_USEC").toLongLong();
    if (isForThisProcess("LISTEN_PID") && variable("LISTEN_FDS").toInt() >= 1)
        over.listening = kFirstHandedOver;

    ::clearenv();
    ::setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
    ::setenv("LC_ALL", "C.UTF-8", 1);
    if (over.listening < 0)
        openStandardStreams();
    else
        ::fcntl(over.listening, F_SETFD, FD_CLOEXEC);
    closeFrom(over.listening < 0 ? kFirstHandedOver : kFirstHandedOver + 1);
    ::umask(S_IWGRP | S_IWOTH); // mechanisms write files that everybody reads
    [[maybe_unused]] const int changed = ::chdir("/");
    return over;
}

} // namespace sotto::lease
