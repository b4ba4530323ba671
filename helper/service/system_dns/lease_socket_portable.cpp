// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/system_dns/lease_socket.h"

#include <QSocketNotifier>

// There is no lease keeper for this system yet.
namespace sotto::service {

LeaseSocket::LeaseSocket(QObject* parent)
    : QObject(parent) {}

LeaseSocket::~LeaseSocket() = default;

bool LeaseSocket::open(const QString&, QString& why) {
    why = QStringLiteral("this system has no lease keeper yet");
    return false;
}

bool LeaseSocket::send(const QByteArray&) {
    return false;
}

void LeaseSocket::close() {}

void LeaseSocket::read() {}

} // namespace sotto::service
