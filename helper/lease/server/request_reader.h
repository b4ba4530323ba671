// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/contract/lease_messages.h"

#include <QByteArray>

#include <variant>

namespace sotto::lease {

/// Why a packet is no request, in a sentence for people, without a full stop.
struct RequestFault {
    QString reason;
};

/// Reads a packet as one request: at most kMaxPacket octets, one flat JSON object of this version
/// with members of the contract only. Missing ones keep their defaults. What the values mean for
/// the system is not judged here.
std::variant<Request, RequestFault> readRequest(const QByteArray& packet);

/// The packet of a message.
QByteArray packetOf(const Request& request);
QByteArray packetOf(const Report& report);

} // namespace sotto::lease
