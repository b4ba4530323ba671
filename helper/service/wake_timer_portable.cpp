// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/wake_timer.h"

#include <QDateTime>
#include <QTimer>

#include <algorithm>

namespace sotto::service {

namespace {

constexpr qint64 kLookMillis = 20000;

} // namespace

/// Looks at the clock again and again, since timers of Qt may stand still while a computer sleeps.
class WakeTimer::System {
public:
    explicit System(WakeTimer& timer) {
        m_timer.setSingleShot(true);
        connect(&m_timer, &QTimer::timeout, &timer, [this, &timer] {
            if (left() > 0)
                return look();
            emit timer.rang();
        });
    }

    void start(qint64 unixMillis) {
        m_until = unixMillis;
        look();
    }
    void stop() { m_timer.stop(); }

private:
    qint64 left() const { return m_until - QDateTime::currentMSecsSinceEpoch(); }
    void look() { m_timer.start(static_cast<int>(std::clamp<qint64>(left(), 0, kLookMillis))); }

    QTimer m_timer;
    qint64 m_until = 0;
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
