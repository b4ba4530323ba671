// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/choice_policy.h"

#include <algorithm>
#include <numeric>

namespace sotto::engine {

namespace {

constexpr unsigned kExploredOneIn = 32; // queries that measure rather than use what is known

/// How well an upstream suits a domain: as random as the two are different, and the same each time.
/// The finalizer of SplitMix64, through which every bit of the input reaches all of the output.
std::uint64_t weightOf(std::uint64_t identity, std::uint64_t domainHash) {
    std::uint64_t state = domainHash ^ (identity * 0x9e3779b97f4a7c15);
    state = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
    state = (state ^ (state >> 27)) * 0x94d049bb133111eb;
    return state ^ (state >> 31);
}

} // namespace

ChoicePolicy::ChoicePolicy(Policy policy, std::uint32_t seed)
    : m_policy(policy)
    , m_random(seed) {}

void ChoicePolicy::order(std::span<const Candidate> candidates, std::uint64_t domainHash,
                         std::vector<std::size_t>& order) {
    order.resize(candidates.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    switch (m_policy) {
    case Policy::Sequential:
        break;
    case Policy::RoundRobin:
        if (!order.empty())
            std::rotate(order.begin(),
                        order.begin() + static_cast<std::ptrdiff_t>(m_turn++ % order.size()),
                        order.end());
        break;
    case Policy::Random:
        std::shuffle(order.begin(), order.end(), m_random);
        break;
    case Policy::Fastest:
    case Policy::Race:
        putFasterOfTwoFirst(candidates, order);
        break;
    case Policy::Hashed:
        std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
            return weightOf(candidates[left].identity, domainHash) >
                   weightOf(candidates[right].identity, domainHash);
        });
        break;
    }
    std::stable_partition(order.begin(), order.end(),
                          [&](std::size_t index) { return !candidates[index].failing; });
}

/// The power of two choices: two random upstreams that work, the faster one first, the rest behind
/// it by their speed. One that was never measured counts as slow; so that it is measured at some
/// time, and one that was slow once is measured again, now and then any one comes first.
void ChoicePolicy::putFasterOfTwoFirst(std::span<const Candidate> candidates,
                                       std::vector<std::size_t>& order) {
    const auto faster = [&](std::size_t left, std::size_t right) {
        const double a = candidates[left].smoothedRttMicros;
        const double b = candidates[right].smoothedRttMicros;
        return (a == 0) != (b == 0) ? b == 0 : a < b;
    };
    std::stable_sort(order.begin(), order.end(), faster);
    std::vector<std::size_t> working;
    std::copy_if(order.begin(), order.end(), std::back_inserter(working),
                 [&](std::size_t index) { return !candidates[index].failing; });
    if (working.size() < 2)
        return;
    std::uniform_int_distribution<std::size_t> any(0, working.size() - 1);
    std::uniform_int_distribution<std::size_t> other(0, working.size() - 2);
    const std::size_t first = any(m_random);
    std::size_t second = other(m_random);
    second += second >= first ? 1 : 0;
    std::uniform_int_distribution<unsigned> turn(1, kExploredOneIn);
    const std::size_t winner =
        turn(m_random) == 1 ? working[first] : working[std::min(first, second)]; // by speed
    order.erase(std::find(order.begin(), order.end(), winner));
    order.insert(order.begin(), winner);
}

} // namespace sotto::engine
