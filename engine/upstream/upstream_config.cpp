// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/engine_config.h"

#include <algorithm>

namespace sotto::engine {

namespace {

constexpr std::string_view kScheme = "tls://";

Error badUpstream(std::string_view text, std::string detail) {
    return {ErrorCode::InvalidArgument, std::string(text), std::move(detail)};
}

/// A host name that may stand in a certificate: letters, digits, hyphens and dots (RFC 1123 §2.1).
bool isHostName(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.' || c == '_';
    };
    return !name.empty() && name.size() <= 253 && name.front() != '.' && name.front() != '-' &&
           name.find("..") == std::string_view::npos &&
           std::all_of(name.begin(), name.end(), allowed);
}

} // namespace

Result<UpstreamConfig> UpstreamConfig::parse(std::string_view text) {
    if (!text.starts_with(kScheme))
        return badUpstream(text, "an upstream is written tls://ADDRESS[%NAME][:PORT]");
    std::string_view rest = text.substr(kScheme.size());

    UpstreamConfig config;
    if (const std::size_t percent = rest.find('%'); percent != std::string_view::npos) {
        // The name stands between the address and the port: ADDRESS%NAME:PORT.
        const std::string_view tail = rest.substr(percent + 1);
        const std::size_t colon = tail.find(':');
        config.tlsName = std::string(tail.substr(0, colon));
        if (!isHostName(config.tlsName))
            return badUpstream(text, "the name behind % is not a host name");
        if (config.tlsName.back() == '.')
            config.tlsName.pop_back();
        std::string address(rest.substr(0, percent));
        if (colon != std::string_view::npos) {
            if (!address.starts_with('[') && address.find(':') != std::string::npos)
                address = '[' + address + ']';
            address += tail.substr(colon);
        }
        const auto endpoint = Endpoint::parse(address, kDefaultPort);
        if (!endpoint)
            return badUpstream(text, endpoint.error().detail);
        config.endpoint = endpoint.value();
    } else {
        const auto endpoint = Endpoint::parse(rest, kDefaultPort);
        if (!endpoint)
            return badUpstream(text, endpoint.error().detail);
        config.endpoint = endpoint.value();
    }
    if (config.endpoint.port == 0)
        return badUpstream(text, "the port must be from 1 to 65535");
    return config;
}

std::string UpstreamConfig::toString() const {
    const bool ownPort = endpoint.port != kDefaultPort;
    std::string text(kScheme);
    text += endpoint.address.isV6 && ownPort ? '[' + endpoint.address.toString() + ']'
                                             : endpoint.address.toString();
    if (!tlsName.empty())
        text += '%' + tlsName;
    if (ownPort)
        text += ':' + std::to_string(endpoint.port);
    return text;
}

} // namespace sotto::engine
