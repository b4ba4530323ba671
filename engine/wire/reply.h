// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/client_request.h"
#include "wire/client_subnet.h"
#include "wire/extended_error.h"

#include <cstdint>
#include <optional>
#include <string_view>

/// Answers to clients, written into the caller's buffer. Nothing here allocates.
namespace sotto::engine {

/// What our OPT record says, to a client that sent one.
struct ReplyOptions {
    std::uint16_t extendedError = extended_error::kNone;
    /// EXTRA-TEXT of the extended error, where it is ours.
    std::string_view extendedErrorText{};
    /// How long the connection may idle, in units of 100 ms (RFC 7828 §3.1); 0: not said.
    std::uint16_t keepaliveTenths = 0;
    /// What the client sent and was passed on, and which of its bits the answer covers: they go
    /// back (RFC 7871 §7.2.2).
    std::optional<SubnetOption> subnet{};
    std::uint8_t subnetScope = 0;

    /// An extended error of our own making, with its text.
    constexpr void setOwnError(std::uint16_t code) {
        extendedError = code;
        extendedErrorText = extended_error::textOf(code);
    }
};

constexpr ReplyOptions ownError(std::uint16_t code) {
    ReplyOptions options;
    options.setOwnError(code);
    return options;
}

/// The largest OPT record that we add: header, extended error with its text, keepalive,
/// client subnet.
inline constexpr std::size_t kMaxOptOctets =
    11 + 6 + extended_error::kMaxTextOctets + 6 + SubnetOption::kMaxOctets;

/// Turns a stored response into the answer to one client's request: its ID, its spelling of the
/// question, its RD and CD, AD only where it asked for it (RFC 6840 §5.8), RA set and AA clear
/// because a forwarder is no authority, and an OPT only where it sent one.
///
/// message holds the stored wire bytes at its start (storedOctets of them) and has room for
/// kMaxOptOctets more. Options that do not fit are left out; answers over sizeLimit are cut to the
/// question with TC set (RFC 2181 §9).
/// Gives the octets to send.
std::size_t finishReply(MutableBytes message, std::size_t storedOctets,
                        const ClientRequest& request, Bytes clientName, std::size_t sizeLimit,
                        const ReplyOptions& options = {});

/// An answer made here, without records: the question where it could be read, rcode (extended
/// ones too), and the options where the client speaks EDNS. buffer has room for at least
/// questionEnd() + kMaxOptOctets.
std::size_t writeErrorReply(MutableBytes buffer, const ClientRequest& request, Bytes clientName,
                            std::uint8_t rcode, const ReplyOptions& options = {});

} // namespace sotto::engine
