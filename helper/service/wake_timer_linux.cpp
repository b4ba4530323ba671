// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/wake_timer.h"

#include <QDateTime>
#include <QSocketNotifier>

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>

#include <sys/timerfd.h>
#include <unistd.h>

namespace sotto::service {

namespace {

itimerspec once(qint64 millis) {
    const qint64 atLeastSome = std::max<qint64>(millis, 1); // zero would disarm it
    itimerspec when{};
    when.it_value.tv_sec = static_cast<time_t>(atLeastSome / 1000);
    when.it_value.tv_nsec = static_cast<long>(atLeastSome % 1000) * 1000000;
    return when;
}

} // namespace

/// One timer by the wall clock, which follows it when it is set, and one by the time since boot.
class WakeTimer::System {
public:
    explicit System(WakeTimer& timer) {
        m_descriptors = {::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK),
                         ::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK)};
        for (const int descriptor : m_descriptors) {
            if (descriptor < 0)
                continue;
            auto* notifier = new QSocketNotifier(descriptor, QSocketNotifier::Read, &timer);
            connect(notifier, &QSocketNotifier::activated, &timer, [this, descriptor, &timer] {
                std::uint64_t rings = 0;
                if (::read(descriptor, &rings, sizeof rings) != sizeof rings)
                    return;
                set(0, 0);
                emit timer.rang();
            });
        }
    }
    ~System() {
        for (const int descriptor : m_descriptors) {
            if (descriptor >= 0)
                ::close(descriptor);
        }
    }

    void start(qint64 unixMillis) {
        set(unixMillis, unixMillis - QDateTime::currentMSecsSinceEpoch());
    }
    void stop() { set(0, 0); }

private:
    /// Both zero: off.
    void set(qint64 wallMillis, qint64 leftMillis) {
        const bool off = wallMillis == 0 && leftMillis == 0;
        const itimerspec never{};
        const itimerspec wall = off ? never : once(wallMillis);
        const itimerspec left = off ? never : once(leftMillis);
        ::timerfd_settime(m_descriptors[0], TFD_TIMER_ABSTIME, &wall, nullptr);
        ::timerfd_settime(m_descriptors[1], 0, &left, nullptr);
    }

    std::array<int, 2> m_descriptors{-1, -1};
};

WakeTimer::WakeTimer(QObject* parent)
    : QObject(parent)
    , m_system(std::make_unique<System>(*this)) {}

WakeTimer::~WakeTimer() = default;

void WakeTimer::start(qint64 unixMillis) {
    m_system->start(unixMillis);
}

void WakeTimer::stop() {
    m_system->stop();
}

} // namespace sotto::service
