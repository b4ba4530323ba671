// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/protection.h"

#include <algorithm>

namespace sotto::service {

namespace {

using engine::UpstreamStatus;

bool answers(const UpstreamStatus& upstream) {
    switch (upstream.state) {
    case UpstreamStatus::State::Ready:
        return true;
    case UpstreamStatus::State::Idle:
    case UpstreamStatus::State::Connecting:
        return !upstream.tlsVersion.empty() && upstream.lastError.empty();
    case UpstreamStatus::State::Failing:
        return false;
    }
    return false;
}

bool failed(const UpstreamStatus& upstream) {
    return upstream.state == UpstreamStatus::State::Failing || !upstream.lastError.empty();
}

} // namespace

protocol::Protection protectionOf(bool enabled, std::vector<UpstreamStatus> upstreams) {
    if (!enabled)
        return protocol::Protection::Off;
    const auto ofRoutes = std::erase_if(upstreams, [](const UpstreamStatus& upstream) {
        return upstream.route != UpstreamStatus::kNoRoute;
    });
    if (std::ranges::any_of(upstreams, answers))
        return protocol::Protection::Protected;
    const bool nobodyLeft = upstreams.empty() && ofRoutes > 0; // for all other names
    if (nobodyLeft || (!upstreams.empty() && std::ranges::all_of(upstreams, failed)))
        return protocol::Protection::Trouble;
    return protocol::Protection::Starting;
}

} // namespace sotto::service
