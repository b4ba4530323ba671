// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/service_signals.h"

#include <QSocketNotifier>

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace sotto::service {

namespace {

int pipeEnds[2] = {-1, -1};

// Only async-signal-safe calls: the number goes through a pipe into the event loop.
void passOn(int number) {
    const int saved = errno;
    const auto octet = static_cast<unsigned char>(number);
    [[maybe_unused]] const auto written = ::write(pipeEnds[1], &octet, 1);
    errno = saved;
}

void handle(int number, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    ::sigaction(number, &action, nullptr);
}

} // namespace

ServiceSignals::ServiceSignals(QObject* parent)
    : QObject(parent) {
    if (::pipe(pipeEnds) != 0)
        return;
    for (const int end : pipeEnds) {
        ::fcntl(end, F_SETFL, O_NONBLOCK);
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
    }
    m_readEnd = pipeEnds[0];
    auto* notifier = new QSocketNotifier(m_readEnd, QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &ServiceSignals::read);
    handle(SIGPIPE, SIG_IGN);
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1})
        handle(number, passOn);
}

ServiceSignals::~ServiceSignals() {
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1})
        handle(number, SIG_IGN); // the service is ending already
    for (int& end : pipeEnds) {
        ::close(end);
        end = -1;
    }
}

void ServiceSignals::read() {
    unsigned char octet = 0;
    while (::read(m_readEnd, &octet, 1) == 1) {
        if (octet == SIGHUP)
            emit reloadRequested();
        else if (octet == SIGUSR1)
            emit handoverRequested();
        else
            emit stopRequested();
    }
}

} // namespace sotto::service
