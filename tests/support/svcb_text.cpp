// SPDX-License-Identifier: GPL-3.0-or-later
#include "svcb_text.h"

#include "base64.h"
#include "text_octets.h"

#include <algorithm>
#include <array>
#include <map>

namespace sotto::test {
namespace {

constexpr std::array<std::string_view, 8> kKeys{"mandatory", "alpn", "no-default-alpn", "port",
                                                "ipv4hint",  "ech",  "ipv6hint",        "dohpath"};

std::optional<std::uint16_t> keyNumber(std::string_view name) {
    const auto known = std::find(kKeys.begin(), kKeys.end(), name);
    if (known != kKeys.end())
        return static_cast<std::uint16_t>(known - kKeys.begin());
    Bytes number;
    if (name.starts_with("key") && appendNumber(number, name.substr(3), 2))
        return static_cast<std::uint16_t>(number[0] << 8 | number[1]);
    return std::nullopt;
}

template <class Append>
bool forEachItem(std::string_view list, Append append) {
    while (true) {
        const std::size_t comma = list.find(',');
        if (!append(list.substr(0, comma)))
            return false;
        if (comma == std::string_view::npos)
            return true;
        list.remove_prefix(comma + 1);
    }
}

bool appendMandatory(Bytes& out, std::string_view list) {
    std::vector<std::uint16_t> keys;
    if (!forEachItem(list, [&](std::string_view item) {
            const auto key = keyNumber(item);
            if (key)
                keys.push_back(*key);
            return key.has_value();
        }))
        return false;
    std::sort(keys.begin(), keys.end());
    for (const std::uint16_t key : keys) {
        out.push_back(static_cast<std::uint8_t>(key >> 8));
        out.push_back(static_cast<std::uint8_t>(key & 0xff));
    }
    return true;
}

bool appendValue(Bytes& out, std::uint16_t key, std::string_view text) {
    switch (key) {
    case 0:
        return appendMandatory(out, text);
    case 1:
        return forEachItem(text,
                           [&](std::string_view item) { return appendCharacterString(out, item); });
    case 2:
        return text.empty();
    case 3:
        return appendNumber(out, text, 2);
    case 4:
        return forEachItem(text, [&](std::string_view item) { return appendIpv4(out, item); });
    case 5: {
        const auto octets = fromBase64(text);
        if (octets)
            out.insert(out.end(), octets->begin(), octets->end());
        return octets.has_value();
    }
    case 6:
        return forEachItem(text, [&](std::string_view item) { return appendIpv6(out, item); });
    default: {
        const auto octets = unescaped(text);
        if (octets)
            out.insert(out.end(), octets->begin(), octets->end());
        return octets.has_value();
    }
    }
}

void append16(Bytes& out, std::size_t value) {
    out.push_back(static_cast<std::uint8_t>(value >> 8));
    out.push_back(static_cast<std::uint8_t>(value & 0xff));
}

} // namespace

std::optional<Bytes> svcbFromWords(const std::vector<Word>& words, const Name& origin,
                                   std::string& error) {
    Bytes out;
    const auto target = words.size() < 2 ? std::nullopt : nameInFile(words[1].text, origin);
    if (!target || !appendNumber(out, words[0].text, 2)) {
        error = "a priority and a target are expected";
        return std::nullopt;
    }
    const std::string wire = target->toWire();
    out.insert(out.end(), wire.begin(), wire.end());

    std::map<std::uint16_t, Bytes> parameters;
    for (std::size_t i = 2; i < words.size(); ++i) {
        const std::string_view word = words[i].text;
        const std::size_t equals = word.find('=');
        const auto key = keyNumber(word.substr(0, equals));
        const std::string_view value =
            equals == std::string_view::npos ? std::string_view() : word.substr(equals + 1);
        Bytes octets;
        if (!key || !appendValue(octets, *key, value) ||
            !parameters.emplace(*key, std::move(octets)).second) {
            error = "\"" + words[i].text + "\" is not a parameter that can stand here";
            return std::nullopt;
        }
    }
    for (const auto& [key, octets] : parameters) {
        append16(out, key);
        append16(out, octets.size());
        out.insert(out.end(), octets.begin(), octets.end());
    }
    return out;
}

} // namespace sotto::test
