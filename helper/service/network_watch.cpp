// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/network_watch.h"

#include <QNetworkInterface>

#include <utility>

namespace sotto::service {

namespace {

/// Much of what a system tells is no change: lifetimes that are prolonged, interfaces of containers
/// without an address. What counts is from where something could be sent.
QByteArray addressesNow() {
    QStringList all;
    for (const QNetworkInterface& interface : QNetworkInterface::allInterfaces()) {
        const auto flags = interface.flags();
        if (!flags.testFlag(QNetworkInterface::IsRunning) ||
            flags.testFlag(QNetworkInterface::IsLoopBack))
            continue;
        for (const QNetworkAddressEntry& entry : interface.addressEntries()) {
            if (!entry.ip().isLinkLocal())
                all += interface.name() + QLatin1Char(' ') + entry.ip().toString();
        }
    }
    all.sort();
    return all.join(QLatin1Char('\n')).toUtf8();
}

} // namespace

NetworkWatch::NetworkWatch(QObject* parent)
    : QObject(parent)
    , m_seen(addressesNow()) {
    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettleMillis);
    connect(&m_settle, &QTimer::timeout, this, &NetworkWatch::compare);
    watchSystem();
}

void NetworkWatch::noteNews() {
    compareSoon();
}

void NetworkWatch::noteJump() {
    m_jumped = true;
    compareSoon();
}

void NetworkWatch::compareSoon() {
    if (!m_settle.isActive())
        m_settle.start();
}

void NetworkWatch::compare() {
    QByteArray now = addressesNow();
    const bool isOther = std::exchange(m_seen, now) != now;
    emit newsCame();
    if (std::exchange(m_jumped, false) || isOther)
        emit changed();
}

} // namespace sotto::service
