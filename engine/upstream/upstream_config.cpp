// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/upstream_config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace sotto::engine {

namespace {

struct Scheme {
    std::string_view text;
    Protocol protocol;
    std::uint16_t port;
};
constexpr std::array<Scheme, 3> kSchemes{{{"tls://", Protocol::Tls, UpstreamConfig::kTlsPort},
                                          {"dns://", Protocol::Udp, UpstreamConfig::kPlainPort},
                                          {"tcp://", Protocol::Tcp, UpstreamConfig::kPlainPort}}};

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

/// A name whose address can be looked up: no number stands at its end, as in an address.
bool isLookedUpName(std::string_view name) {
    if (!isHostName(name))
        return false;
    while (name.ends_with('.'))
        name.remove_suffix(1);
    const std::string_view last = name.substr(name.rfind('.') + 1);
    return !last.empty() && std::any_of(last.begin(), last.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
}

void setName(UpstreamConfig& config, std::string_view name) {
    config.tlsName = std::string(name);
    if (config.tlsName.ends_with('.'))
        config.tlsName.pop_back();
}

std::optional<std::uint16_t> readPort(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size() || port == 0)
        return std::nullopt;
    return port;
}

} // namespace

Result<UpstreamConfig> UpstreamConfig::parse(std::string_view text) {
    const auto scheme = std::find_if(kSchemes.begin(), kSchemes.end(),
                                     [&](const Scheme& one) { return text.starts_with(one.text); });
    if (scheme == kSchemes.end())
        return badUpstream(text, "an upstream is written tls://ADDRESS[%NAME][:PORT]");
    UpstreamConfig config;
    config.protocol = scheme->protocol;
    config.port = scheme->port;
    const std::string_view rest = text.substr(scheme->text.size());

    const std::size_t percent = rest.find('%');
    if (percent == std::string_view::npos && config.isEncrypted()) {
        const std::size_t colon = rest.find(':');
        if (const std::string_view name = rest.substr(0, colon); isLookedUpName(name)) {
            setName(config, name);
            if (colon == std::string_view::npos)
                return config;
            const auto port = readPort(rest.substr(colon + 1));
            if (!port)
                return badUpstream(text, "the port must be from 1 to 65535");
            config.port = *port;
            return config;
        }
    }
    std::string address(rest.substr(0, percent));
    if (percent != std::string_view::npos) {
        if (!config.isEncrypted())
            return badUpstream(text, "a server in clear text has no name to verify");
        // The name stands between the address and the port: ADDRESS%NAME:PORT.
        const std::string_view tail = rest.substr(percent + 1);
        const std::size_t colon = tail.find(':');
        if (!isHostName(tail.substr(0, colon)))
            return badUpstream(text, "the name behind % is not a host name");
        setName(config, tail.substr(0, colon));
        if (colon != std::string_view::npos) {
            if (!address.starts_with('[') && address.find(':') != std::string::npos)
                address = '[' + address + ']';
            address += tail.substr(colon);
        }
    }
    const auto endpoint = Endpoint::parse(address, config.port);
    if (!endpoint)
        return badUpstream(text, endpoint.error().detail);
    config.addresses = {endpoint.value().address};
    config.port = endpoint.value().port;
    if (config.port == 0)
        return badUpstream(text, "the port must be from 1 to 65535");
    return config;
}

std::string UpstreamConfig::toString() const {
    const auto scheme = std::find_if(kSchemes.begin(), kSchemes.end(),
                                     [&](const Scheme& one) { return one.protocol == protocol; });
    const bool ownPort = port != scheme->port;
    std::string text(scheme->text);
    if (addresses.empty()) {
        text += tlsName;
    } else {
        const std::string address = addresses.front().toString();
        text += addresses.front().isV6 && ownPort ? '[' + address + ']' : address;
        if (!tlsName.empty())
            text += '%' + tlsName;
    }
    if (ownPort)
        text += ':' + std::to_string(port);
    return text;
}

} // namespace sotto::engine
