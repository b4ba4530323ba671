// SPDX-License-Identifier: GPL-3.0-or-later
#include "interrupt.h"

#include <QSocketNotifier>

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace sotto::cli {

namespace {

int pipeEnds[2] = {-1, -1};

void passOn(int) {
    const int saved = errno;
    const char octet = 0;
    [[maybe_unused]] const auto written = ::write(pipeEnds[1], &octet, 1);
    errno = saved;
}

} // namespace

Interrupt::Interrupt(QObject* parent)
    : QObject(parent) {
    if (::pipe(pipeEnds) != 0)
        return;
    for (const int end : pipeEnds)
        ::fcntl(end, F_SETFL, O_NONBLOCK);
    auto* notifier = new QSocketNotifier(pipeEnds[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this] {
        char octet = 0;
        while (::read(pipeEnds[0], &octet, 1) == 1) {
        }
        emit interrupted();
    });
    for (const int number : {SIGINT, SIGTERM})
        std::signal(number, passOn);
}

Interrupt::~Interrupt() {
    for (const int number : {SIGINT, SIGTERM})
        std::signal(number, SIG_DFL);
    for (int& end : pipeEnds) {
        ::close(end);
        end = -1;
    }
}

} // namespace sotto::cli
