// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/endpoint.h"

#include <QStringList>

#include <vector>

namespace sotto::service {

/// Where the system can be sent: loopback addresses that share a port.
struct LeaseTarget {
    QStringList addresses;
    int port = 0;

    bool operator==(const LeaseTarget&) const = default;
};

/// Chosen from open addresses, in their order: those at port 53, else those that share the port of
/// the first. One that stands for all interfaces is reached by the loopback address. Empty where
/// no loopback address leads here. Pure.
LeaseTarget leaseTarget(const std::vector<engine::Endpoint>& listening);

} // namespace sotto::service
