// SPDX-License-Identifier: GPL-3.0-or-later
#include "far/far_network.h"

#include "far/network_device.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

namespace sotto::bench {

namespace {

constexpr const char* kNearName = "near";
constexpr const char* kNearAddress = "198.18.0.100";
constexpr const char* kOwnNetwork = "/proc/self/ns/net";

/// TCP Fast Open (RFC 7413) for clients and servers, in the network that this thread is in. Where
/// it cannot be switched on, connections are made without.
void allowFastOpen() {
    std::ofstream("/proc/sys/net/ipv4/tcp_fastopen") << "3";
}

} // namespace

FarNetwork::~FarNetwork() {
    m_link.reset();
    for (const int descriptor : {m_space, m_nearDevice, m_farDevice}) {
        if (descriptor >= 0)
            ::close(descriptor);
    }
}

bool FarNetwork::makeFarSide() {
    m_space = ::open(kOwnNetwork, O_RDONLY | O_CLOEXEC);
    m_farDevice = makeTunDevice("far");
    if (m_space < 0 || m_farDevice < 0 || !raiseDevice("lo", nullptr) ||
        !raiseDevice("far", kAddresses[0]) || !raiseDevice("far:1", kAddresses[1]))
        return false;
    allowFastOpen();
    return true;
}

bool FarNetwork::create(std::string& error) {
    const auto failed = [&error](const char* what) {
        error = std::string(what) + ": " + std::strerror(errno);
        return false;
    };
    const int home = ::open(kOwnNetwork, O_RDONLY | O_CLOEXEC);
    if (home < 0 || ::unshare(CLONE_NEWNET) != 0)
        return failed("this user may not make a second network namespace");
    const bool made = makeFarSide();
    const int why = errno;
    const bool back = ::setns(home, CLONE_NEWNET) == 0;
    ::close(home);
    errno = why;
    if (!made || !back)
        return failed("the far end of the delaying link cannot be made");
    m_nearDevice = makeTunDevice(kNearName);
    if (m_nearDevice < 0 || !raiseDevice(kNearName, kNearAddress))
        return failed("the near end of the delaying link cannot be made");
    allowFastOpen();
    m_link = std::make_unique<DelayLink>(m_nearDevice, m_farDevice);
    return true;
}

bool FarNetwork::enter() const {
    return ::setns(m_space, CLONE_NEWNET) == 0;
}

void FarNetwork::lowerNearEnd() {
    lowerDevice(kNearName);
}

void FarNetwork::raiseNearEnd() {
    raiseDevice(kNearName, nullptr);
}

} // namespace sotto::bench
