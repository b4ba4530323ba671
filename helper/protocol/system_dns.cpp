// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/system_dns.h"

#include "json/enum_names.h"

namespace sotto::protocol {

namespace {

constexpr std::array kStates{
    std::pair{SystemDnsState::ByHand, "by_hand"},
    std::pair{SystemDnsState::Off, "off"},
    std::pair{SystemDnsState::Taking, "taking"},
    std::pair{SystemDnsState::On, "on"},
    std::pair{SystemDnsState::Unanswered, "unanswered"},
    std::pair{SystemDnsState::Yielded, "yielded"},
    std::pair{SystemDnsState::GivingBack, "giving_back"},
    std::pair{SystemDnsState::Failed, "failed"},
    std::pair{SystemDnsState::Unavailable, "unavailable"},
};

} // namespace

QString enumText(SystemDnsState state) {
    return json::textOf(kStates, state);
}
bool enumFromText(const QString& text, SystemDnsState& state) {
    return json::valueOf(kStates, text, state);
}

} // namespace sotto::protocol
