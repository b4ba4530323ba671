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
    static constexpr std::chrono::milliseconds kPatience{2000};

    /// Answered, Silent, or why it was not sent or was lost; once. The probe may be destroyed after
    /// the call, not within.
    using Done = std::function<void(AttemptOutcome outcome, const std::string& reason)>;

    HealthProbe(asio::io_context& context, const ForwardConfig::HealthCheck& check, Done done);
    ~HealthProbe() override;

    void replied(const UpstreamReply& reply) override;

private:
    static Question questionOf(const ForwardConfig::HealthCheck& check);

    void end(AttemptOutcome outcome, const std::string& reason);

    Question m_asked;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
    asio::steady_timer m_timer;
    Done m_done;
};

} // namespace sotto::engine
