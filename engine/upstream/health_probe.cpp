// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/health_probe.h"

#include "observe/clocks.h"
#include "wire/record_types.h"
#include "wire/wire_name.h"

#include <algorithm>

namespace sotto::engine {

namespace {

std::int64_t micros(std::chrono::milliseconds duration) {
    return std::chrono::microseconds(duration).count();
}

} // namespace

/// The domain was checked with the configuration; "." is left where it is none all the same.
Question HealthProbe::questionOf(const ForwardConfig::HealthCheck& check) {
    const auto name = nameFromText(check.domain);
    return makeQuestion(name.value_or(WireName()).bytes(), record_type::kNs, 1, false, false);
}

HealthProbe::HealthProbe(asio::io_context& context, const ForwardConfig::HealthCheck& check,
                         Done done)
    : PendingQuery(m_asked)
    , m_asked(questionOf(check))
    , m_timer(context)
    , m_done(std::move(done)) {
    recursionDesired = check.recursionDesired;
    m_started = monotonicMicros();
    waitUntil(m_started + micros(kPatience));
}

HealthProbe::~HealthProbe() {
    *m_alive = false;
}

void HealthProbe::waitUntil(std::int64_t time) {
    m_timer.expires_after(std::chrono::microseconds(time - monotonicMicros()));
    m_timer.async_wait([this, alive = m_alive](const asio::error_code& cancelled) {
        if (!cancelled && *alive)
            timeIsOver();
    });
}

void HealthProbe::timeIsOver() {
    const std::int64_t now = monotonicMicros();
    const std::int64_t answerDue = way.sentAt + micros(kPatience);
    const std::int64_t connectionDue = m_started + micros(kConnectPatience);
    if (way.sentAt == 0 && now < connectionDue)
        waitUntil(std::min(connectionDue, now + micros(kPatience)));
    else if (way.sentAt == 0)
        end(AttemptOutcome::ConnectTimeout, "no connection in time");
    else if (now < answerDue)
        waitUntil(answerDue);
    else
        end(AttemptOutcome::Silent, "connected, but queries are not answered");
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
