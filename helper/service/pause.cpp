// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/pause.h"

namespace sotto::service {

Pause::Pause(QObject* parent)
    : QObject(parent) {
    connect(&m_timer, &WakeTimer::rang, this, [this] {
        end();
        emit over();
    });
}

void Pause::begin(std::optional<qint64> until) {
    m_until = until.value_or(0);
    if (until)
        m_timer.start(*until);
    else
        m_timer.stop();
}

void Pause::end() {
    m_until.reset();
    m_timer.stop();
}

} // namespace sotto::service
