// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/health_probe.h"

#include "wire/record_types.h"
#include "wire/wire_name.h"

namespace sotto::engine {

/// The domain was checked with the configuration; "." is left where it is none all the same.
Question HealthProbe::questionOf(const ForwardConfig::HealthCheck& check) {
    const auto name = nameFromText(check.domain);
    return makeQuestion(name.value_or(WireName()).bytes(), record_type::kNs, 1, false, false);
}

HealthProbe::HealthProbe(asio::io_context& context, const ForwardConfig::HealthCheck& check,
                         Done done)
    : PendingQuery(m_asked)
    , m_asked(questionOf(check))
    , m_timer(context, kPatience)
    , m_done(std::move(done)) {
    recursionDesired = check.recursionDesired;
    m_timer.async_wait([this, alive = m_alive](const asio::error_code& cancelled) {
        if (!cancelled && *alive)
            end(AttemptOutcome::Silent, "connected, but queries are not answered");
    });
}

HealthProbe::~HealthProbe() {
    *m_alive = false;
}

void HealthProbe::replied(const UpstreamReply& reply) {
    m_timer.cancel();
    end(reply.outcome, std::string(reply.reason));
}

/// Once: the timer's end and the answer may come in one turn of the event loop.
void HealthProbe::end(AttemptOutcome outcome, const std::string& reason) {
    cancel();
    if (const Done done = std::exchange(m_done, nullptr))
        done(outcome, reason);
}

} // namespace sotto::engine
