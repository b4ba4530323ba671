// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/forward_config.h"

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace sotto::engine {

/// What a policy may know of an upstream.
struct Candidate {
    bool failing = false;
    double smoothedRttMicros = 0; ///< 0: not measured yet
    /// Stable for the same server over restarts and other orders of the settings (Policy::Hashed).
    std::uint64_t identity = 0;
};

/// In which order upstreams are asked for one query, as indices into candidates. All of them are in
/// it, those that fail behind those that do not. Pure but for its random numbers and turn.
class ChoicePolicy {
public:
    explicit ChoicePolicy(Policy policy, std::uint32_t seed = std::random_device{}());

    /// domainHash is of the registrable domain, for Policy::Hashed alone: the upstreams stand in
    /// the order of their weights for it (rendezvous hashing), so that one that comes or goes moves
    /// no other upstream's names.
    void order(std::span<const Candidate> candidates, std::uint64_t domainHash,
               std::vector<std::size_t>& order);

    Policy policy() const { return m_policy; }

private:
    void putFasterOfTwoFirst(std::span<const Candidate> candidates,
                             std::vector<std::size_t>& order);

    Policy m_policy;
    std::minstd_rand m_random;
    std::size_t m_turn = 0;
};

} // namespace sotto::engine
