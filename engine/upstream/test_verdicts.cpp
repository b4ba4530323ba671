// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/test_verdicts.h"

#include "wire/record_reader.h"
#include "wire/record_types.h"

#include <algorithm>
#include <array>

namespace sotto::engine {

namespace {

constexpr std::uint16_t kBlocked = 15; // RFC 8914 §4.16; behind it "censored" and "filtered"
constexpr std::uint16_t kFiltered = 17;

/// An address that cannot be that of anybody in the internet: 0.0.0.0/8 or 127.0.0.0/8.
bool leadsNowhere(Bytes address) {
    return address[0] == 0 || address[0] == 127;
}

} // namespace

std::optional<bool> showsValidation(const UpstreamResponse& signedGood) {
    if (signedGood.rcode != rcode::kNoError && signedGood.rcode != rcode::kNxDomain)
        return std::nullopt;
    return signedGood.authenticData;
}

std::optional<bool> refusesBogus(const UpstreamResponse& signedBad) {
    if (signedBad.rcode == rcode::kServFail)
        return true;
    if (signedBad.rcode == rcode::kNoError && signedBad.positive)
        return false;
    return std::nullopt;
}

std::optional<bool> blocks(const UpstreamResponse& response, const Question& question) {
    if (response.extendedError >= kBlocked && response.extendedError <= kFiltered)
        return true;
    if (response.rcode == rcode::kNxDomain || response.rcode == rcode::kRefused)
        return true;
    if (response.rcode != rcode::kNoError)
        return std::nullopt;
    RecordReader reader(response.wire, kHeaderOctets + question.name.length + 4);
    Record record;
    while (reader.next(record) == RecordReader::Step::Record) {
        if (record.section == Section::Answer && record.type == record_type::kA &&
            !leadsNowhere(Bytes(response.wire).subspan(record.rdata, record.rdataLength())))
            return false;
    }
    return true;
}

std::uint32_t paddingBlockOf(std::size_t octets) {
    constexpr std::array<std::uint32_t, 2> kUsual{468, 128};
    const auto block = std::find_if(kUsual.begin(), kUsual.end(),
                                    [&](std::uint32_t each) { return octets % each == 0; });
    return block != kUsual.end() ? *block : 0;
}

} // namespace sotto::engine
