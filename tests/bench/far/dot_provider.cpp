// SPDX-License-Identifier: GPL-3.0-or-later
#include "far/dot_provider.h"

#include "far/dot_service.h"

#include <chrono>
#include <thread>

namespace sotto::bench {

namespace {

constexpr auto kClosingTakes = std::chrono::seconds(1);
constexpr auto kGlance = std::chrono::milliseconds(2);

} // namespace

DotProvider::DotProvider(const FarNetwork& network, const char* address,
                         const test::Identity& identity)
    : m_network(network)
    , m_address(address)
    , m_tls(makeServiceTls(identity)) {}

void DotProvider::start() {
    m_control->open = 0;
    m_process = std::make_unique<HelperProcess>([this] {
        if (m_network.enter())
            serveDot(m_address, kPort, m_tls.get(), *m_control);
    });
}

void DotProvider::kill() {
    m_process.reset();
}

void DotProvider::closeConnections() {
    ++m_control->closings;
    const auto end = std::chrono::steady_clock::now() + kClosingTakes;
    do
        std::this_thread::sleep_for(kGlance);
    while (m_control->open > 0 && std::chrono::steady_clock::now() < end);
}

void DotProvider::behave() {
    const ProviderControl usual;
    m_control->tickets = usual.tickets.load();
    m_control->idleCloseMillis = usual.idleCloseMillis.load();
    m_control->slowOneIn = usual.slowOneIn.load();
    m_control->slowMillis = usual.slowMillis.load();
}

} // namespace sotto::bench
