// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "listen/udp_socket.h"

namespace sotto::engine {

struct UdpSocket::System {
    explicit System(int openDescriptor)
        : descriptor(openDescriptor) {}
    ~System();
    System(const System&) = delete;
    System& operator=(const System&) = delete;

    const int descriptor;
};

} // namespace sotto::engine
