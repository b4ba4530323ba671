// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/messages.h"

#include "json/enum_names.h"

namespace sotto::protocol {

using json::textOf;
using json::valueOf;

namespace {

constexpr std::array kUpstreamStates{
    std::pair{UpstreamState::Idle, "idle"},
    std::pair{UpstreamState::Connecting, "connecting"},
    std::pair{UpstreamState::Ready, "ready"},
    std::pair{UpstreamState::Failing, "failing"},
};

constexpr std::array kPermissions{
    std::pair{Permission::Yes, "yes"},
    std::pair{Permission::Ask, "ask"},
    std::pair{Permission::No, "no"},
};

constexpr std::array kProtections{
    std::pair{Protection::Off, "off"},
    std::pair{Protection::Starting, "starting"},
    std::pair{Protection::Protected, "protected"},
    std::pair{Protection::Trouble, "trouble"},
};

constexpr std::array kAnswerSources{
    std::pair{AnswerSource::Cache, "cache"},       std::pair{AnswerSource::Stale, "stale"},
    std::pair{AnswerSource::Upstream, "upstream"}, std::pair{AnswerSource::Coalesced, "coalesced"},
    std::pair{AnswerSource::Local, "local"},       std::pair{AnswerSource::Failed, "failed"},
};

constexpr std::array kConnectionUses{
    std::pair{ConnectionUse::None, "none"},
    std::pair{ConnectionUse::Reused, "reused"},
    std::pair{ConnectionUse::New, "new"},
    std::pair{ConnectionUse::Resumed, "resumed"},
    std::pair{ConnectionUse::EarlyData, "early_data"},
    std::pair{ConnectionUse::Plain, "plain"},
};

} // namespace

QString enumText(Permission permission) {
    return textOf(kPermissions, permission);
}

bool enumFromText(const QString& text, Permission& permission) {
    return valueOf(kPermissions, text, permission);
}

QString Attempt::server() const {
    if (!port)
        return upstream;
    const bool isV6 = upstream.contains(QLatin1Char(':'));
    return (isV6 ? QStringLiteral("[%1]:%2") : QStringLiteral("%1:%2")).arg(upstream).arg(*port);
}

QString LogEntry::answerer() const {
    for (const Attempt& attempt : attempts) {
        if (attempt.rcode && attempt.upstream == upstream)
            return attempt.server();
    }
    return upstream;
}

QString enumText(UpstreamState state) {
    return textOf(kUpstreamStates, state);
}
bool enumFromText(const QString& text, UpstreamState& state) {
    return valueOf(kUpstreamStates, text, state);
}

QString enumText(Protection protection) {
    return textOf(kProtections, protection);
}
bool enumFromText(const QString& text, Protection& protection) {
    return valueOf(kProtections, text, protection);
}

QString enumText(AnswerSource source) {
    return textOf(kAnswerSources, source);
}
bool enumFromText(const QString& text, AnswerSource& source) {
    return valueOf(kAnswerSources, text, source);
}

QString enumText(ConnectionUse use) {
    return textOf(kConnectionUses, use);
}
bool enumFromText(const QString& text, ConnectionUse& use) {
    return valueOf(kConnectionUses, text, use);
}

} // namespace sotto::protocol
