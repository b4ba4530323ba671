// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/upstream_query.h"

#include "wire/record_types.h"

namespace sotto::engine {

namespace {

constexpr std::size_t kPaddingBlock = 128;
constexpr std::uint16_t kUdpSize = 1232;

} // namespace

void appendUpstreamQuery(std::vector<std::uint8_t>& out, std::uint16_t id, const Question& question,
                         const UpstreamQueryOptions& options) {
    constexpr std::size_t kOptOctets = 11;
    constexpr std::size_t kOptionHeader = 4;
    std::optional<SubnetOption> subnet = question.subnet;
    if (!subnet && options.subnet)
        subnet = subnetOf(*options.subnet);
    const std::size_t others =
        (options.keepalive ? kOptionHeader : 0) + (subnet ? subnet->octets() : 0);
    const std::size_t paddingHeader = options.padding ? kOptionHeader : 0;
    const std::size_t bare =
        kHeaderOctets + question.name.length + 4 + kOptOctets + others + paddingHeader;
    const std::size_t padded =
        options.padding ? (bare + kPaddingBlock - 1) / kPaddingBlock * kPaddingBlock : bare;
    const std::size_t start = out.size();
    out.resize(start + 2 + padded); // zeros: the counts and the padding stay so

    std::uint8_t* at = &out[start];
    store16(at, static_cast<std::uint16_t>(padded));
    at += 2;
    store16(at, id);
    store16(at + 2,
            static_cast<std::uint16_t>((options.recursionDesired ? flag::kRecursionDesired : 0) |
                                       flag::kAuthenticData |
                                       (question.checkingDisabled ? flag::kCheckingDisabled : 0)));
    store16(at + 4, 1);  // QDCOUNT
    store16(at + 10, 1); // ARCOUNT
    at += kHeaderOctets;
    for (std::size_t i = 0; i < question.name.length; ++i)
        *at++ = question.name.octets[i];
    store16(at, question.type);
    store16(at + 2, question.queryClass);
    at += 5; // with the root owner of OPT
    store16(at, record_type::kOpt);
    store16(at + 2, kUdpSize);
    store16(at + 6, question.dnssecOk ? 0x8000 : 0);
    store16(at + 8, static_cast<std::uint16_t>(others + paddingHeader + padded - bare));
    at += 10;
    if (options.keepalive) {
        store16(at, kKeepaliveOption);
        at += kOptionHeader;
    }
    if (subnet) {
        writeSubnet(at, *subnet, 0);
        at += subnet->octets();
    }
    if (!options.padding)
        return;
    store16(at, kPaddingOption);
    store16(at + 2, static_cast<std::uint16_t>(padded - bare));
}

} // namespace sotto::engine
