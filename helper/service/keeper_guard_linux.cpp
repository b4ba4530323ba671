// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/keeper_guard.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sotto::service {

namespace {

constexpr long kFirstPauseMillis = 200;
constexpr long kLastPauseMillis = 5000;
/// A keeper that cannot run is not tried for ever once nobody needs it any more.
constexpr int kMostFailures = 20;

/// The descriptors of a guard: where it tells that the first start failed, and what ends when the
/// service does.
struct Strings {
    int errors;
    int service;
};

[[noreturn]] void becomeKeeper(const char* user, const Strings& strings) {
    static constexpr std::array kEnvironment{"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                                             "LC_ALL=C.UTF-8"};
    ::dup2(strings.service, STDIN_FILENO);
    std::array<char*, 6> arguments{const_cast<char*>("sotto-lease"),
                                   const_cast<char*>("serve"),
                                   const_cast<char*>("--user"),
                                   const_cast<char*>(user),
                                   const_cast<char*>("--until-input-ends"),
                                   nullptr};
    std::array<char*, 3> environment{const_cast<char*>(kEnvironment[0]),
                                     const_cast<char*>(kEnvironment[1]), nullptr};
    ::execve(SOTTO_LEASE_PROGRAM, arguments.data(), environment.data());
    const int number = errno;
    (void)!::write(strings.errors, &number, sizeof number);
    ::_exit(1);
}

bool hasEnded(int service) {
    pollfd end{service, POLLIN, 0};
    return ::poll(&end, 1, 0) == 1;
}

void rest(long millis) {
    const timespec pause{millis / 1000, millis % 1000 * 1'000'000};
    ::nanosleep(&pause, nullptr);
}

/// Signals are the keeper's own affair and the service's, which have handlers.
void forgetSignals() {
    sigset_t none;
    ::sigemptyset(&none);
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGCHLD})
        ::signal(number, SIG_DFL);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void guard(const char* user, Strings strings) {
    ::setsid();
    ::prctl(PR_SET_NAME, "sotto-guard");
    forgetSignals();
    (void)!::chdir("/");
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(nothing, STDOUT_FILENO);
    long pause = kFirstPauseMillis;
    for (int failures = 0;;) {
        const pid_t keeper = ::fork();
        if (keeper == 0)
            becomeKeeper(user, strings);
        if (strings.errors >= 0)
            ::close(std::exchange(strings.errors, -1));
        int status = 0;
        const bool waited = keeper > 0 && ::waitpid(keeper, &status, 0) == keeper;
        if (waited && WIFEXITED(status) && WEXITSTATUS(status) == 0)
            ::_exit(0);
        const bool couldRun = waited && WIFSIGNALED(status);
        failures = couldRun ? 0 : failures + 1;
        pause = couldRun ? kFirstPauseMillis : std::min(2 * pause, kLastPauseMillis);
        if (failures >= kMostFailures && hasEnded(strings.service))
            ::_exit(1);
        rest(pause);
    }
}

} // namespace

bool startGuardedKeeper(const QString& user, QString& why) {
    std::array<int, 2> errors{};
    std::array<int, 2> life{}; // our end stays open for as long as this process runs
    if (::pipe2(errors.data(), O_CLOEXEC) != 0 || ::pipe2(life.data(), O_CLOEXEC) != 0) {
        why = qt_error_string(errno);
        return false;
    }
    const QByteArray name = user.toLocal8Bit();
    const pid_t child = ::fork();
    if (child == 0) { // whose child belongs to nobody here
        ::close(errors[0]);
        ::close(life[1]);
        if (::fork() == 0)
            guard(name.constData(), {errors[1], life[0]});
        ::_exit(0);
    }
    ::close(errors[1]);
    ::close(life[0]);
    int number = 0;
    const bool failed = child < 0 || ::read(errors[0], &number, sizeof number) ==
                                         static_cast<ssize_t>(sizeof number);
    ::close(errors[0]);
    if (child > 0)
        ::waitpid(child, nullptr, 0);
    if (failed) {
        ::close(life[1]);
        why = QStringLiteral("%1: %2").arg(QLatin1String(SOTTO_LEASE_PROGRAM),
                                           qt_error_string(number));
    }
    return !failed;
}

} // namespace sotto::service
