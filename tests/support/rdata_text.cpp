// SPDX-License-Identifier: GPL-3.0-or-later
#include "rdata_text.h"

#include "master_file.h"
#include "svcb_text.h"
#include "text_octets.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sotto::test {
namespace {

constexpr std::array<std::pair<std::string_view, std::uint16_t>, 12> kTypes{{
    {"A", rr::kA},
    {"NS", rr::kNs},
    {"CNAME", rr::kCname},
    {"SOA", rr::kSoa},
    {"PTR", rr::kPtr},
    {"MX", rr::kMx},
    {"TXT", rr::kTxt},
    {"AAAA", rr::kAaaa},
    {"SRV", rr::kSrv},
    {"SVCB", rr::kSvcb},
    {"HTTPS", rr::kHttps},
    {"CAA", rr::kCaa},
}};

/// What the words of each type are, one letter a word: A and 6 addresses, n name, b w l numbers of
/// one, two and four octets, s one character-string, t the rest of the octets.
std::string_view layout(std::uint16_t type) {
    switch (type) {
    case rr::kA:
        return "A";
    case rr::kAaaa:
        return "6";
    case rr::kNs:
    case rr::kCname:
    case rr::kPtr:
        return "n";
    case rr::kMx:
        return "wn";
    case rr::kSoa:
        return "nnlllll";
    case rr::kSrv:
        return "wwwn";
    case rr::kCaa:
        return "bst";
    default:
        return {};
    }
}

bool appendWord(Bytes& out, char kind, const std::string& text, const Name& origin) {
    switch (kind) {
    case 'A':
        return appendIpv4(out, text);
    case '6':
        return appendIpv6(out, text);
    case 'b':
        return appendNumber(out, text, 1);
    case 'w':
        return appendNumber(out, text, 2);
    case 'l':
        return appendNumber(out, text, 4);
    case 's':
        return appendCharacterString(out, text);
    case 't': {
        const auto octets = unescaped(text);
        if (octets)
            out.insert(out.end(), octets->begin(), octets->end());
        return octets.has_value();
    }
    default: {
        const auto name = nameInFile(text, origin);
        if (name) {
            const std::string wire = name->toWire();
            out.insert(out.end(), wire.begin(), wire.end());
        }
        return name.has_value();
    }
    }
}

std::optional<Bytes> unknownForm(const std::vector<Word>& words, std::string& error) {
    std::string hex;
    for (std::size_t i = 2; i < words.size(); ++i)
        hex += words[i].text;
    Bytes length;
    const auto octets = octetsFromHex(hex);
    if (words.size() < 2 || !appendNumber(length, words[1].text, 2) || !octets ||
        octets->size() != (std::size_t{length[0]} << 8 | length[1])) {
        error = "the \\# form needs a length and as many octets in hex";
        return std::nullopt;
    }
    return octets;
}

} // namespace

std::optional<std::uint16_t> typeFromText(std::string_view text) {
    std::string upper(text);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    for (const auto& [mnemonic, number] : kTypes)
        if (upper == mnemonic)
            return number;
    Bytes number;
    if (upper.starts_with("TYPE") && appendNumber(number, upper.substr(4), 2))
        return static_cast<std::uint16_t>(number[0] << 8 | number[1]);
    return std::nullopt;
}

std::optional<Name> nameInFile(std::string_view text, const Name& origin) {
    if (text == "@")
        return origin;
    auto name = Name::fromText(text);
    const bool absolute = text.ends_with('.') && !text.ends_with("\\.");
    if (name && !absolute)
        name->labels.insert(name->labels.end(), origin.labels.begin(), origin.labels.end());
    if (name && name->toWire().size() > 255)
        return std::nullopt;
    return name;
}

std::optional<Bytes> rdataFromWords(std::uint16_t type, const std::vector<Word>& words,
                                    const Name& origin, std::string& error) {
    if (!words.empty() && words[0].text == "\\#")
        return unknownForm(words, error);
    Bytes out;
    if (type == rr::kTxt) {
        for (const Word& word : words)
            if (!appendCharacterString(out, word.text)) {
                error = "a string is longer than 255 octets or has a wrong escape";
                return std::nullopt;
            }
        if (!words.empty())
            return out;
    } else if (type == rr::kSvcb || type == rr::kHttps) {
        return svcbFromWords(words, origin, error);
    } else if (const std::string_view kinds = layout(type); !kinds.empty()) {
        if (kinds.size() == words.size()) {
            for (std::size_t i = 0; i < kinds.size(); ++i)
                if (!appendWord(out, kinds[i], words[i].text, origin)) {
                    error = "\"" + words[i].text + "\" does not fit here";
                    return std::nullopt;
                }
            return out;
        }
    } else {
        error = "records of this type are written in the \\# form";
        return std::nullopt;
    }
    error = "the record has the wrong number of fields";
    return std::nullopt;
}

Bytes rdata(std::uint16_t type, std::string_view text) {
    std::string error;
    const auto words = splitWords(text, error);
    if (!words)
        return {};
    return rdataFromWords(type, *words, Name{}, error).value_or(Bytes{});
}

} // namespace sotto::test
