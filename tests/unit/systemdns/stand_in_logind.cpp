// SPDX-License-Identifier: GPL-3.0-or-later
#include "stand_in_logind.h"

#include <QDBusMessage>

namespace sotto::test {

namespace {

QString uniqueName() {
    static int count = 0;
    return QStringLiteral("stand-in-logind-%1").arg(++count);
}

} // namespace

StandInLogind::StandInLogind(const QString& busAddress)
    : m_bus(QDBusConnection::connectToBus(busAddress, uniqueName())) {}

StandInLogind::~StandInLogind() {
    QDBusConnection::disconnectFromBus(m_bus.name());
}

void StandInLogind::start() {
    m_bus.registerService(QStringLiteral("org.freedesktop.login1"));
}

void StandInLogind::prepareForSleep(bool begins) {
    QDBusMessage signal = QDBusMessage::createSignal(
        QStringLiteral("/org/freedesktop/login1"), QStringLiteral("org.freedesktop.login1.Manager"),
        QStringLiteral("PrepareForSleep"));
    signal << begins;
    m_bus.send(signal);
}

} // namespace sotto::test
