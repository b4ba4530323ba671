// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/forward_config.h"
#include "upstream/pending_query.h"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace sotto::engine {

/// What a failing upstream is asked to learn whether it is back: a fixed question that says nothing
/// of what anybody looks up. Any DNS answer is a sign of life. Resolver thread only.
class HealthProbe : public PendingQuery {
public:
    /// For the answer, once the probe was sent.
    static constexpr std::chrono::milliseconds kPatience{2000};
    /// For a connection, before.
    static constexpr std::chrono::milliseconds kConnectPatience{5000};

    /// Answered, Silent where it was sent, or why it was not sent or was lost; once. The probe may
    /// be destroyed after the call, not within.
    using Done = std::function<void(AttemptOutcome outcome, const std::string& reason)>;

    HealthProbe(asio::io_context& context, const ForwardConfig::HealthCheck& check, Done done);
    ~HealthProbe() override;

    void replied(const UpstreamReply& reply) override;

private:
    static Question questionOf(const ForwardConfig::HealthCheck& check);

    void waitUntil(std::int64_t monotonicMicros);
    void timeIsOver();
    void end(AttemptOutcome outcome, const std::string& reason);

    Question m_asked;
    std::int64_t m_started = 0;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
    asio::steady_timer m_timer;
    Done m_done;
};

} // namespace sotto::engine
