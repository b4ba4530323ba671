// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/program/stop_request.h"

#include <QSocketNotifier>

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace sotto::lease {

namespace {

std::array<int, 2> ends{-1, -1};

// Only async-signal-safe calls: an octet goes through a pipe into the event loop.
void passOn(int) {
    const int kept = errno;
    [[maybe_unused]] const auto written = ::write(ends[1], "", 1);
    errno = kept;
}

void handle(int number, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    ::sigaction(number, &action, nullptr);
}

} // namespace

StopRequest::StopRequest() {
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return;
    auto* notifier = new QSocketNotifier(ends[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this] {
        char octet = 0;
        while (::read(ends[0], &octet, 1) == 1) {
        }
        emit made();
    });
    handle(SIGPIPE, SIG_IGN);
    for (const int number : {SIGTERM, SIGINT})
        handle(number, passOn);
}

StopRequest::~StopRequest() {
    for (const int number : {SIGTERM, SIGINT})
        handle(number, SIG_IGN); // it is ending already
    for (int& end : ends) {
        ::close(end);
        end = -1;
    }
}

} // namespace sotto::lease
