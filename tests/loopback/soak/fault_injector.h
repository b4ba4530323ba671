// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine.h"
#include "soak_servers.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <random>
#include <vector>

namespace sotto::test {

/// Does at random to the servers and to the engine what can happen to them. The thread that calls
/// is the owner of both.
class FaultInjector {
public:
    FaultInjector(SoakServers& servers, engine::Engine& engine, std::uint32_t seed);
    /// Something happens; and what lasted long enough ends.
    void step();
    /// All servers are well again.
    void heal();
    std::uint64_t steps() const { return m_steps; }

private:
    using Clock = std::chrono::steady_clock;

    bool oneIn(unsigned chances) { return m_random() % chances == 0; }
    std::chrono::milliseconds upTo(unsigned milliseconds);
    void harmServer(std::size_t index);
    void healServer(std::size_t index);
    void changeEngine();
    void reconfigure();
    ServerScript randomScript();
    void misbehave(Behaviour& behaviour);

    SoakServers& m_servers;
    engine::Engine& m_engine;
    const engine::EngineConfig m_config;
    std::mt19937 m_random;
    std::array<Clock::time_point, SoakServers::kCount> m_wellAt{};
    std::array<bool, SoakServers::kCount> m_isHarmed{};
    std::vector<std::uint8_t> m_sessions;
    std::vector<std::uint8_t> m_cache;
    std::uint64_t m_steps = 0;
};

} // namespace sotto::test
