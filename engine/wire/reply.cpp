// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/reply.h"

#include "wire/record_types.h"

#include <algorithm>
#include <cstring>

namespace sotto::engine {

namespace {

constexpr std::uint16_t kAdvertisedUdpSize = 1232; // DNS Flag Day 2020: no fragments anywhere
constexpr std::size_t kBareOpt = 11;               // OPT without options

std::size_t appendOption(std::uint8_t* at, std::uint16_t code, std::uint16_t value,
                         std::string_view text) {
    store16(at, code);
    store16(at + 2, static_cast<std::uint16_t>(2 + text.size()));
    store16(at + 4, value);
    std::copy(text.begin(), text.end(), at + 6);
    return 6 + text.size();
}

std::size_t optOctets(const ReplyOptions& options) {
    return kBareOpt +
           (options.extendedError != extended_error::kNone ? 6 + options.extendedErrorText.size()
                                                           : 0) +
           (options.keepaliveTenths != 0 ? 6 : 0) + (options.subnet ? options.subnet->octets() : 0);
}

/// Appends OPT (RFC 6891 §6.1.2) and counts it.
std::size_t appendOpt(MutableBytes message, std::size_t at, const ClientRequest& request,
                      std::uint8_t extendedRcode, const ReplyOptions& options) {
    std::uint8_t* opt = &message[at];
    opt[0] = 0; // root
    store16(opt + 1, record_type::kOpt);
    store16(opt + 3, kAdvertisedUdpSize);
    opt[5] = extendedRcode;
    opt[6] = 0; // version
    store16(opt + 7, request.dnssecOk ? 0x8000 : 0);
    std::size_t length = 0;
    if (options.extendedError != extended_error::kNone)
        length += appendOption(opt + kBareOpt, extended_error::kOption, options.extendedError,
                               options.extendedErrorText);
    if (options.keepaliveTenths != 0)
        length +=
            appendOption(opt + kBareOpt + length, kKeepaliveOption, options.keepaliveTenths, {});
    if (options.subnet) {
        writeSubnet(opt + kBareOpt + length, *options.subnet, options.subnetScope);
        length += options.subnet->octets();
    }
    store16(opt + 9, static_cast<std::uint16_t>(length));
    store16(&message[10], static_cast<std::uint16_t>(load16(&message[10]) + 1));
    return at + kBareOpt + length;
}

std::uint16_t clientFlags(const ClientRequest& request) {
    return static_cast<std::uint16_t>(
        flag::kResponse | flag::kRecursionAvailable |
        (request.flags & (flag::kRecursionDesired | flag::kCheckingDisabled)));
}

void clearCounts(MutableBytes message) {
    std::memset(&message[6], 0, 6);
}

} // namespace

std::size_t finishReply(MutableBytes message, std::size_t storedOctets,
                        const ClientRequest& request, Bytes clientName, std::size_t sizeLimit,
                        const ReplyOptions& options) {
    const std::uint16_t stored = load16(&message[2]);
    auto flags = static_cast<std::uint16_t>(clientFlags(request) | (stored & flag::kRcodeMask));
    if (request.wantsAuthenticData())
        flags = static_cast<std::uint16_t>(flags | (stored & flag::kAuthenticData));

    std::size_t size = storedOctets;
    // A stream has no room beyond the largest message: there OPT is what can be done without.
    const bool withOpt =
        request.hasEdns && (sizeLimit < kMaxMessageOctets || size + kBareOpt <= sizeLimit);
    if (size + (withOpt ? kBareOpt : 0) > sizeLimit) {
        flags |= flag::kTruncated;
        clearCounts(message);
        size = request.questionEnd();
    }
    store16(&message[0], request.id);
    store16(&message[2], flags);
    std::memcpy(&message[kHeaderOctets], clientName.data(), clientName.size());
    if (withOpt)
        size = appendOpt(message, size, request, 0,
                         size + optOctets(options) <= sizeLimit ? options : ReplyOptions{});
    return size;
}

std::size_t writeErrorReply(MutableBytes buffer, const ClientRequest& request, Bytes clientName,
                            std::uint8_t rcode, const ReplyOptions& options) {
    store16(&buffer[0], request.id);
    store16(&buffer[2],
            static_cast<std::uint16_t>(clientFlags(request) | (request.flags & flag::kOpcodeMask) |
                                       (rcode & flag::kRcodeMask)));
    store16(&buffer[4], clientName.empty() ? 0 : 1);
    clearCounts(buffer);
    std::size_t size = kHeaderOctets;
    if (!clientName.empty()) {
        std::memcpy(&buffer[size], clientName.data(), clientName.size());
        size += clientName.size();
        store16(&buffer[size], request.type);
        store16(&buffer[size + 2], request.queryClass);
        size += 4;
    }
    if (request.hasEdns)
        size = appendOpt(buffer, size, request, static_cast<std::uint8_t>(rcode >> 4), options);
    return size;
}

} // namespace sotto::engine
