// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/question.h"

#include <array>
#include <cstring>
#include <random>

namespace sotto::engine {

namespace {

std::uint64_t randomSeed() {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
}

/// Two 64-bit numbers multiplied to 128 bits and folded: one instruction, and every input bit
/// reaches every output bit.
std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t hashQuestion(const Question& question) {
    static const std::uint64_t kSeed = randomSeed();
    constexpr std::uint64_t kOdd1 = 0x9e3779b97f4a7c15;
    constexpr std::uint64_t kOdd2 = 0xd6e8feb86659fd93;
    std::uint64_t state =
        kSeed ^ (std::uint64_t{question.type} << 32) ^ (std::uint64_t{question.queryClass} << 16) ^
        (std::uint64_t{question.dnssecOk} << 1) ^ std::uint64_t{question.checkingDisabled};
    state = mix(state ^ kOdd1, kOdd2 ^ question.name.length);
    const std::uint8_t* at = question.name.octets.data();
    std::size_t left = question.name.length;
    while (left >= 8) {
        std::uint64_t word;
        std::memcpy(&word, at, 8);
        state = mix(state ^ word, kOdd1 ^ kSeed);
        at += 8;
        left -= 8;
    }
    std::uint64_t tail = 0;
    std::memcpy(&tail, at, left);
    state = mix(state ^ tail, kOdd2 ^ kSeed);
    if (question.subnet) {
        std::array<std::uint64_t, 2> address;
        std::memcpy(address.data(), question.subnet->address.data(), sizeof address);
        state = mix(state ^ question.subnet->family ^
                        (std::uint64_t{question.subnet->sourcePrefix} << 8),
                    kOdd1 ^ kSeed);
        state = mix(state ^ address[0], kOdd2 ^ kSeed);
        state = mix(state ^ address[1], kOdd1 ^ kSeed);
    }
    return state;
}

} // namespace

bool Question::operator==(const Question& other) const {
    return hash == other.hash && type == other.type && queryClass == other.queryClass &&
           dnssecOk == other.dnssecOk && checkingDisabled == other.checkingDisabled &&
           name.length == other.name.length && subnet == other.subnet &&
           std::memcmp(name.octets.data(), other.name.octets.data(), name.length) == 0;
}

Question makeQuestion(Bytes name, std::uint16_t type, std::uint16_t queryClass, bool dnssecOk,
                      bool checkingDisabled, const std::optional<SubnetOption>& subnet) {
    Question question;
    question.name.length = static_cast<std::uint8_t>(name.size());
    for (std::size_t i = 0; i < name.size(); ++i)
        question.name.octets[i] = foldOctet(name[i]);
    question.type = type;
    question.queryClass = queryClass;
    question.dnssecOk = dnssecOk;
    question.checkingDisabled = checkingDisabled;
    question.subnet = subnet;
    question.hash = hashQuestion(question);
    return question;
}

} // namespace sotto::engine
