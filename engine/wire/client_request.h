// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/header.h"

#include <cstdint>

namespace sotto::engine {

/// What to do with the bytes that a client sent.
enum class RequestVerdict {
    Ask,     ///< a question to answer from the cache or an upstream
    Drop,    ///< no answer at all: a response, or too short for a header
    FormErr, ///< malformed, or not exactly one question (RFC 9619)
    NotImp,  ///< an opcode other than QUERY, or a type that means nothing as a question
    BadVers, ///< an EDNS version that we do not speak (RFC 6891 §6.1.3)
    Refused, ///< zone transfers (RFC 5936, 1995)
};

/// A client's query, parsed in place. Offsets are into the message that was parsed.
struct ClientRequest {
    std::uint16_t id = 0;
    std::uint16_t flags = 0;
    std::uint16_t nameLength = 0; ///< octets of QNAME, which starts behind the header; 0: unread
    std::uint16_t type = 0;
    std::uint16_t queryClass = 0;
    std::uint16_t udpSize =
        512; ///< what the client accepts over UDP: at least 512 (RFC 6891 §6.2.3)
    bool hasEdns = false;
    bool dnssecOk = false;
    std::uint16_t subnetOctets = 0; ///< of its client subnet option's content
    std::uint16_t subnetAt = 0;     ///< where in the message that stands; 0: it sent none
    bool wantsKeepalive = false;    ///< it sent an edns-tcp-keepalive option (RFC 7828 §3.2.1)

    bool recursionDesired() const { return flags & flag::kRecursionDesired; }
    bool checkingDisabled() const { return flags & flag::kCheckingDisabled; }
    /// The client understands AD (RFC 6840 §5.7) or DNSSEC as a whole.
    bool wantsAuthenticData() const { return dnssecOk || (flags & flag::kAuthenticData); }
    Bytes name(Bytes message) const { return message.subspan(kHeaderOctets, nameLength); }
    /// Whether it sent the option (RFC 7871); what stands in it was not looked at.
    bool hasSubnet() const { return subnetAt != 0; }
    /// The option's content, which may be none.
    Bytes subnet(Bytes message) const { return message.subspan(subnetAt, subnetOctets); }
    std::size_t questionEnd() const { return kHeaderOctets + nameLength + 4; }
};

/// What a question of this type is worth, whoever asks it.
RequestVerdict verdictOfType(std::uint16_t type);

/// Reads a query. request is filled as far as the message could be read, at least id and flags
/// unless the verdict is Drop; an OPT is found where the message has one, whatever else is wrong,
/// so that it can be answered by one (RFC 6891 §7). Never allocates, never throws.
RequestVerdict parseRequest(Bytes message, ClientRequest& request);

} // namespace sotto::engine
