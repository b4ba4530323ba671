// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace sotto::engine {

/// An estimate of the median of a stream of times, in constant room: it steps towards each sample
/// by a share of itself, and so follows when the times change. Pure.
class RunningMedian {
public:
    void add(double micros);
    /// 0 before the first.
    double micros() const { return m_estimate; }

private:
    double m_estimate = 0;
    unsigned m_samples = 0; ///< few: larger steps
};

/// When a second upstream is asked beside the first (Policy::Race), and how often that may be.
/// A token bucket: each query brings share of a token, each hedge takes one. Pure.
class HedgeBudget {
public:
    /// Tokens that may be saved up.
    static constexpr double kBurst = 10;

    explicit HedgeBudget(double share)
        : m_share(share) {}
    void noteQuery();
    /// Takes a token; false where there is none.
    bool take();

    /// How long the first upstream is waited for: the larger of twice its median and the median and
    /// 10 ms. 0: its median is not known, so that there is nothing to be late against.
    static std::int64_t delayMicros(double medianMicros);

private:
    double m_share;
    double m_tokens = kBurst / 2;
};

} // namespace sotto::engine
