// SPDX-License-Identifier: GPL-3.0-or-later
#include "far/far_side.h"

#include <algorithm>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sotto::bench {

namespace {

constexpr int kTries = 50;
constexpr auto kComesUp = std::chrono::milliseconds(100);

/// Negative where nobody accepts.
double millisToConnect(const char* address) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(DotProvider::kPort);
    ::inet_pton(AF_INET, address, &to.sin_addr);
    const auto begun = std::chrono::steady_clock::now();
    const bool done = ::connect(descriptor, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begun;
    ::close(descriptor);
    return done ? took.count() : -1;
}

} // namespace

void FarSide::start(test::Identity identity) {
    m_identity = std::move(identity);
    m_network.link().setRoundTrip(kRoundTrip);
    for (std::size_t i = 0; i < kProviders; ++i) {
        m_providers[i] =
            std::make_unique<DotProvider>(m_network, FarNetwork::kAddresses[i], m_identity);
        m_providers[i]->start();
    }
    std::this_thread::sleep_for(kComesUp);
    for (int i = 0; i < kTries; ++i) {
        if (const double took = millisToConnect(FarNetwork::kAddresses[0]); took > 0)
            m_roundTrips.push_back(took);
    }
    std::sort(m_roundTrips.begin(), m_roundTrips.end());
}

void FarSide::mend() {
    m_network.link().mend();
    m_network.link().setRoundTrip(kRoundTrip);
    FarNetwork::raiseNearEnd();
    for (const auto& provider : m_providers) {
        provider->behave();
        provider->kill();
        provider->start();
    }
    std::this_thread::sleep_for(kComesUp);
}

std::uint64_t FarSide::queries() const {
    std::uint64_t sum = 0;
    for (const auto& provider : m_providers)
        sum += provider->control().queries;
    return sum;
}

} // namespace sotto::bench
