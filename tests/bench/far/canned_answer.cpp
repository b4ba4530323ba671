// SPDX-License-Identifier: GPL-3.0-or-later
#include "far/canned_answer.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace sotto::bench {

namespace {

constexpr std::size_t kHeader = 12;
constexpr std::size_t kTypeAndClass = 4;
constexpr std::string_view kBrief = "brief";

// The rest of a record behind its name's pointer: type A, class IN, a day, four octets.
constexpr std::array<std::uint8_t, 16> kAddressRecord{0xc0, kHeader, 0, 1, 0,   1, 0, 1,
                                                      0x51, 0x80,    0, 4, 192, 0, 2, 1};
constexpr std::size_t kTtlAt = 6;
constexpr std::array<std::uint8_t, 4> kSecond{0, 0, 0, 1};
constexpr std::array<std::uint8_t, 11> kOpt{0, 0, 41, 4, 0xd0, 0, 0, 0, 0, 0, 0};

/// Where the question ends; 0: there is none in there.
std::size_t endOfQuestion(std::span<const std::uint8_t> query) {
    std::size_t at = kHeader;
    while (at < query.size() && query[at] != 0)
        at += 1U + query[at];
    at += 1 + kTypeAndClass;
    return at <= query.size() ? at : 0;
}

bool isBrief(std::span<const std::uint8_t> query) {
    const auto label = query.subspan(kHeader + 1);
    return label.size() > kBrief.size() && std::equal(kBrief.begin(), kBrief.end(), label.begin());
}

} // namespace

void appendAnswer(std::span<const std::uint8_t> query, std::vector<std::uint8_t>& answers) {
    const std::size_t questionEnd = query.size() > kHeader ? endOfQuestion(query) : 0;
    if (questionEnd == 0 || (query[2] & 0x80) != 0)
        return;
    const bool address = query[questionEnd - 4] == 0 && query[questionEnd - 3] == 1;
    const bool edns = query[10] != 0 || query[11] != 0;
    const std::size_t length =
        questionEnd + (address ? kAddressRecord.size() : 0) + (edns ? kOpt.size() : 0);
    answers.push_back(static_cast<std::uint8_t>(length >> 8));
    answers.push_back(static_cast<std::uint8_t>(length));
    const auto header = answers.insert(answers.end(), query.begin(),
                                       query.begin() + static_cast<std::ptrdiff_t>(questionEnd));
    header[2] = static_cast<std::uint8_t>(0x80 | (header[2] & 0x01)); // QR, RD as asked
    header[3] = 0x80;                                                 // RA, NOERROR
    header[7] = address;
    std::fill(header + 8, header + kHeader, std::uint8_t{0});
    header[11] = edns;
    if (address) {
        const auto record =
            answers.insert(answers.end(), kAddressRecord.begin(), kAddressRecord.end());
        if (isBrief(query))
            std::copy(kSecond.begin(), kSecond.end(), record + kTtlAt);
    }
    if (edns)
        answers.insert(answers.end(), kOpt.begin(), kOpt.end());
}

} // namespace sotto::bench
