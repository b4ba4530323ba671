// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/network_watch.h"

namespace sotto::network {

NetworkWatch::~NetworkWatch() = default;

void NetworkWatch::watchSystem() {}

QByteArray sendingAddresses() {
    return {};
}

} // namespace sotto::network
