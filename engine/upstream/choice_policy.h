// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine_config.h"

#include <cstddef>
#include <random>
#include <span>
#include <vector>

namespace sotto::engine {

/// What a policy may know of an upstream.
struct Candidate {
    bool failing = false;
    double smoothedRttMicros = 0; ///< 0: not measured yet
};

/// In which order upstreams are asked for one query, as indices into candidates. All of them are in
/// it, those that fail behind those that do not. Pure but for its random numbers and turn.
class ChoicePolicy {
public:
    explicit ChoicePolicy(Policy policy, std::uint32_t seed = std::random_device{}());

    void order(std::span<const Candidate> candidates, std::vector<std::size_t>& order);

private:
    void putFasterOfTwoFirst(std::span<const Candidate> candidates,
                             std::vector<std::size_t>& order);

    Policy m_policy;
    std::minstd_rand m_random;
    std::size_t m_turn = 0;
};

} // namespace sotto::engine
