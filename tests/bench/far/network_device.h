// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sotto::bench {

/// Makes a TUN device in this thread's network namespace, and gives the descriptor through which
/// its IPv4 packets come and go; -1 where this cannot be. The device goes with the descriptor.
int makeTunDevice(const char* name);

/// Gives a device an address in a network of 256, and raises it. Null: no address.
bool raiseDevice(const char* device, const char* address);
bool lowerDevice(const char* device);

} // namespace sotto::bench
