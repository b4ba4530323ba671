// SPDX-License-Identifier: GPL-3.0-or-later
#include "bound_port.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>

namespace sotto::bench {

namespace {

constexpr auto kPatience = std::chrono::seconds(10);
constexpr auto kGlance = std::chrono::milliseconds(1);

bool isBound(std::uint16_t port) {
    char ending[8];
    std::snprintf(ending, sizeof ending, ":%04X", port);
    std::ifstream sockets("/proc/self/net/udp");
    // "  sl  local_address rem_address …"; an address ends with the port in hexadecimal digits.
    std::string slot;
    std::string local;
    for (std::string rest; sockets >> slot >> local; std::getline(sockets, rest)) {
        if (local.ends_with(ending))
            return true;
    }
    return false;
}

} // namespace

bool waitUntilBound(std::uint16_t port, const std::function<bool()>& running) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (running() && std::chrono::steady_clock::now() < end) {
        if (isBound(port))
            return true;
        std::this_thread::sleep_for(kGlance);
    }
    return false;
}

} // namespace sotto::bench
