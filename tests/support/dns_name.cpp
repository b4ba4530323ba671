// SPDX-License-Identifier: GPL-3.0-or-later
#include "dns_name.h"

#include <algorithm>

namespace sotto::test {
namespace {

constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestName = 255;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

std::string lowerCase(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return text;
}

/// Reads what follows a backslash at text[at] and moves at past it.
std::optional<char> readEscape(std::string_view text, std::size_t& at) {
    if (at >= text.size())
        return std::nullopt;
    if (!isDigit(text[at]))
        return text[at++];
    if (at + 3 > text.size() || !isDigit(text[at + 1]) || !isDigit(text[at + 2]))
        return std::nullopt;
    const int value = (text[at] - '0') * 100 + (text[at + 1] - '0') * 10 + (text[at + 2] - '0');
    at += 3;
    return value <= 255 ? std::optional<char>(static_cast<char>(value)) : std::nullopt;
}

} // namespace

std::optional<Name> Name::fromText(std::string_view text) {
    Name name;
    if (text == ".")
        return name;
    std::string label;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at++];
        if (c == '.') {
            if (label.empty())
                return std::nullopt;
            name.labels.push_back(std::move(label));
            label.clear();
            continue;
        }
        if (c == '\\') {
            const auto escaped = readEscape(text, at);
            if (!escaped)
                return std::nullopt;
            label.push_back(*escaped);
        } else {
            label.push_back(c);
        }
        if (label.size() > kLongestLabel)
            return std::nullopt;
    }
    if (!label.empty())
        name.labels.push_back(std::move(label));
    if (name.labels.empty() || name.toWire().size() > kLongestName)
        return std::nullopt;
    return name;
}

std::string Name::toText() const {
    if (labels.empty())
        return ".";
    std::string text;
    for (const std::string& label : labels) {
        for (const char c : label) {
            const auto octet = static_cast<unsigned char>(c);
            if (octet <= 0x20 || octet >= 0x7f) {
                text += '\\';
                text += static_cast<char>('0' + octet / 100);
                text += static_cast<char>('0' + octet / 10 % 10);
                text += static_cast<char>('0' + octet % 10);
            } else {
                if (std::string_view(".\\\"();@$").find(c) != std::string_view::npos)
                    text += '\\';
                text += c;
            }
        }
        text += '.';
    }
    return text;
}

std::string Name::toWire() const {
    std::string wire;
    for (const std::string& label : labels) {
        wire += static_cast<char>(label.size());
        wire += label;
    }
    wire += '\0';
    return wire;
}

std::string Name::key() const {
    return lowerCase(toWire());
}

Name Name::parent() const {
    Name result;
    if (!labels.empty())
        result.labels.assign(labels.begin() + 1, labels.end());
    return result;
}

bool Name::isAtOrBelow(const Name& ancestor) const {
    if (labels.size() < ancestor.labels.size())
        return false;
    return std::equal(
        ancestor.labels.rbegin(), ancestor.labels.rend(), labels.rbegin(),
        [](const std::string& a, const std::string& b) { return lowerCase(a) == lowerCase(b); });
}

} // namespace sotto::test
