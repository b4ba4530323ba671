// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/network_watch.h"

#include <utility>

namespace sotto::network {

NetworkWatch::NetworkWatch(QObject* parent)
    : QObject(parent)
    , m_seen(sendingAddresses()) {
    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettleMillis);
    connect(&m_settle, &QTimer::timeout, this, &NetworkWatch::compare);
    watchSystem();
}

void NetworkWatch::noteWaking() {
    m_woke = true;
    noteNews();
}

void NetworkWatch::noteNews() {
    if (!m_settle.isActive())
        m_settle.start();
}

void NetworkWatch::compare() {
    QByteArray now = sendingAddresses();
    const bool isOther = std::exchange(m_seen, now) != now;
    const bool woke = std::exchange(m_woke, false);
    emit told();
    if (woke || isOther)
        emit changed();
}

} // namespace sotto::network
