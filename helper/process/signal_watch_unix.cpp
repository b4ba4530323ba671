// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/signal_watch.h"

#include <QSocketNotifier>

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace sotto::process {

namespace {

std::array<int, 2> ends{-1, -1};

// Only async-signal-safe calls: the number goes through a pipe into the event loop.
void passOn(int number) {
    const int kept = errno;
    const auto octet = static_cast<unsigned char>(number);
    [[maybe_unused]] const auto written = ::write(ends[1], &octet, 1);
    errno = kept;
}

void handle(int number, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    ::sigaction(number, &action, nullptr);
}

} // namespace

SignalWatch::SignalWatch(const QList<int>& numbers, QObject* parent)
    : QObject(parent)
    , m_numbers(numbers) {
    if (::pipe(ends.data()) != 0)
        return;
    for (const int end : ends) {
        ::fcntl(end, F_SETFL, O_NONBLOCK);
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
    }
    auto* notifier = new QSocketNotifier(ends[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &SignalWatch::read);
    handle(SIGPIPE, SIG_IGN);
    for (const int number : m_numbers)
        handle(number, passOn);
}

SignalWatch::~SignalWatch() {
    for (const int number : m_numbers)
        handle(number, SIG_IGN);
    for (int& end : ends) {
        ::close(end);
        end = -1;
    }
}

void SignalWatch::read() {
    unsigned char octet = 0;
    while (::read(ends[0], &octet, 1) == 1)
        emit came(octet);
}

} // namespace sotto::process
