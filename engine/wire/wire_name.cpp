// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/wire_name.h"

#include <algorithm>

namespace sotto::engine {

namespace {

constexpr std::uint8_t kPointerMark = 0xc0;
constexpr unsigned kMaxPointers = 127; // as many as a name can have labels

bool isPlain(std::uint8_t octet) {
    return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
           (octet >= '0' && octet <= '9') || octet == '-' || octet == '_' || octet == '*' ||
           octet == '/' || octet == '+' || octet == '=' || octet == ':';
}

void appendEscaped(std::string& text, std::uint8_t octet) {
    if (isPlain(octet)) {
        text += static_cast<char>(octet);
    } else if (octet == '.' || octet == '\\') {
        text += '\\';
        text += static_cast<char>(octet);
    } else {
        text += '\\';
        text += static_cast<char>('0' + octet / 100);
        text += static_cast<char>('0' + octet / 10 % 10);
        text += static_cast<char>('0' + octet % 10);
    }
}

} // namespace

std::size_t uncompressedNameLength(Bytes bytes) {
    const std::size_t limit = std::min(bytes.size(), kMaxNameOctets);
    std::size_t at = 0;
    while (at < limit) {
        const std::uint8_t label = bytes[at];
        if (label == 0)
            return at + 1;
        if (label > kMaxLabelOctets)
            return 0;
        at += std::size_t{1} + label;
    }
    return 0;
}

std::size_t skipName(Bytes message, std::size_t offset) {
    const std::size_t start = offset;
    while (offset < message.size()) {
        const std::uint8_t label = message[offset];
        if (label == 0)
            return offset + 1;
        if ((label & kPointerMark) == kPointerMark) {
            if (offset + 2 > message.size())
                return 0;
            const std::size_t target = load16(&message[offset]) & 0x3fff;
            return target >= kHeaderOctets && target < start ? offset + 2 : 0;
        }
        if (label > kMaxLabelOctets || offset - start + label + 1 >= kMaxNameOctets)
            return 0;
        offset += std::size_t{1} + label;
    }
    return 0;
}

std::size_t readName(Bytes message, std::size_t offset, WireName& name) {
    std::size_t behind = 0;
    std::size_t length = 0;
    std::size_t segment = offset; // pointers must lead before the segment they stand in
    unsigned pointers = 0;
    while (offset < message.size()) {
        const std::uint8_t label = message[offset];
        if ((label & kPointerMark) == kPointerMark) {
            if (offset + 2 > message.size())
                return 0;
            const std::size_t target = load16(&message[offset]) & 0x3fff;
            if (target < kHeaderOctets || target >= segment || ++pointers > kMaxPointers)
                return 0;
            if (behind == 0)
                behind = offset + 2;
            offset = segment = target;
            continue;
        }
        const std::size_t step = std::size_t{1} + label;
        if (label > kMaxLabelOctets || offset + step > message.size() ||
            length + step > kMaxNameOctets)
            return 0;
        std::copy_n(&message[offset], step, &name.octets[length]);
        length += step;
        offset += step;
        if (label == 0) {
            name.length = static_cast<std::uint8_t>(length);
            return behind != 0 ? behind : offset;
        }
    }
    return 0;
}

bool nameTouches(Bytes message, std::size_t offset, std::span<const std::uint16_t> fields,
                 std::size_t fieldOctets) {
    for (std::size_t segment = offset;;) {
        const std::uint8_t label = message[offset];
        const bool isPointer = (label & kPointerMark) == kPointerMark;
        if (!isPointer && label != 0) {
            offset += std::size_t{1} + label;
            continue;
        }
        const std::size_t end = offset + (isPointer ? 2 : 1);
        const auto field = std::lower_bound(
            fields.begin(), fields.end(), segment,
            [&](std::size_t at, std::size_t from) { return at + fieldOctets <= from; });
        if (field != fields.end() && *field < end)
            return true;
        if (!isPointer)
            return false;
        offset = segment = load16(&message[offset]) & 0x3fff;
    }
}

bool sameName(Bytes left, Bytes right) {
    return left.size() == right.size() &&
           std::equal(left.begin(), left.end(), right.begin(),
                      [](std::uint8_t a, std::uint8_t b) { return foldOctet(a) == foldOctet(b); });
}

bool isAtOrBelow(Bytes name, Bytes parent) {
    while (name.size() > parent.size() && name[0] != 0)
        name = name.subspan(std::size_t{1} + name[0]);
    return sameName(name, parent);
}

std::string nameToText(Bytes name) {
    if (name.size() <= 1)
        return ".";
    std::string text;
    text.reserve(name.size());
    std::size_t at = 0;
    while (at < name.size() && name[at] != 0) {
        const std::size_t end = std::min(at + 1 + name[at], name.size());
        if (!text.empty())
            text += '.';
        for (++at; at < end; ++at)
            appendEscaped(text, name[at]);
    }
    return text;
}

std::optional<WireName> nameFromText(std::string_view text) {
    WireName name;
    if (text == ".") {
        name.octets[0] = 0;
        name.length = 1;
        return name;
    }
    if (text.empty())
        return std::nullopt;

    std::size_t labelStart = 0; // where the length octet of the label under way stands
    std::size_t length = 1;
    const auto endLabel = [&] {
        const std::size_t label = length - labelStart - 1;
        if (label == 0 || label > kMaxLabelOctets || length >= kMaxNameOctets)
            return false;
        name.octets[labelStart] = static_cast<std::uint8_t>(label);
        labelStart = length++;
        return true;
    };

    for (std::size_t i = 0; i < text.size(); ++i) {
        auto octet = static_cast<std::uint8_t>(text[i]);
        if (octet == '.') {
            if (!endLabel())
                return std::nullopt;
            continue;
        }
        if (octet == '\\') {
            const auto digit = [&](std::size_t place) {
                return i + place < text.size() && text[i + place] >= '0' && text[i + place] <= '9'
                           ? text[i + place] - '0'
                           : -1;
            };
            if (digit(1) >= 0) {
                const int value = digit(1) * 100 + digit(2) * 10 + digit(3);
                if (digit(2) < 0 || digit(3) < 0 || value > 255)
                    return std::nullopt;
                octet = static_cast<std::uint8_t>(value);
                i += 3;
            } else if (++i < text.size()) {
                octet = static_cast<std::uint8_t>(text[i]);
            } else {
                return std::nullopt;
            }
        }
        if (length >= kMaxNameOctets)
            return std::nullopt;
        name.octets[length++] = octet;
    }
    if (labelStart + 1 != length && !endLabel())
        return std::nullopt; // the last label had no dot behind it
    name.octets[labelStart] = 0;
    name.length = static_cast<std::uint8_t>(labelStart + 1);
    return name;
}

} // namespace sotto::engine
