// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/network_watch.h"

namespace sotto::service {

NetworkWatch::~NetworkWatch() = default;

void NetworkWatch::watchSystem() {}

} // namespace sotto::service
