// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/presentation.h"

#include "engine/endpoint.h"
#include "engine/engine.h"
#include "wire/record_reader.h"
#include "wire/record_types.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace sotto::engine {

namespace {

/// Takes fields from RDATA one after the other; a field that is not there makes the whole unread.
class RdataText {
public:
    RdataText(Bytes message, const Record& record)
        : m_message(message.first(record.end))
        , m_at(record.rdata) {}

    std::size_t left() const { return m_sound ? m_message.size() - m_at : 0; }
    bool sound() const { return m_sound; }
    void refuse() { m_sound = false; }
    std::string take() { return std::move(m_text); }

    std::uint32_t number(unsigned octets) {
        std::uint32_t value = 0;
        for (Bytes field = raw(octets); const std::uint8_t octet : field)
            value = (value << 8) | octet;
        return value;
    }
    void putNumber(unsigned octets) { put(std::to_string(number(octets))); }
    void putName() {
        WireName name;
        const std::size_t behind = m_sound ? readName(m_message, m_at, name) : 0;
        m_sound = m_sound && behind != 0;
        if (m_sound) {
            m_at = behind;
            put(nameToText(name.bytes()) + (name.length > 1 ? "." : ""));
        }
    }
    void putAddress(bool isV6) {
        const Bytes field = raw(isV6 ? 16 : 4);
        IpAddress address;
        address.isV6 = isV6;
        std::copy(field.begin(), field.end(), address.octets.begin());
        put(address.toString());
    }
    void putString() { put(quoted(raw(number(1)))); }
    void putRest(auto&& encode) { put(encode(raw(left()))); }
    void put(const std::string& word) {
        if (!m_text.empty())
            m_text += ' ';
        m_text += word;
    }
    Bytes raw(std::size_t octets) {
        if (octets > left()) {
            m_sound = false;
            return {};
        }
        const Bytes field = m_message.subspan(m_at, octets);
        m_at += octets;
        return field;
    }

    static std::string quoted(Bytes bytes) {
        std::string text = "\"";
        for (const std::uint8_t octet : bytes) {
            if (octet == '"' || octet == '\\') {
                text += '\\';
                text += static_cast<char>(octet);
            } else if (octet >= 0x20 && octet < 0x7f) {
                text += static_cast<char>(octet);
            } else {
                std::array<char, 5> escape{};
                std::snprintf(escape.data(), escape.size(), "\\%03u", unsigned{octet});
                text += escape.data();
            }
        }
        return text + '"';
    }

private:
    Bytes m_message;
    std::size_t m_at;
    bool m_sound = true;
    std::string m_text;
};

std::string hex(Bytes bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t octet : bytes) {
        text += kDigits[octet >> 4];
        text += kDigits[octet & 15];
    }
    return text;
}

std::string base64(Bytes bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = bytes.size() - i;
        const std::uint32_t group = (std::uint32_t{bytes[i]} << 16) |
                                    (left > 1 ? std::uint32_t{bytes[i + 1]} << 8 : 0U) |
                                    (left > 2 ? std::uint32_t{bytes[i + 2]} : 0U);
        text += kDigits[group >> 18];
        text += kDigits[(group >> 12) & 63];
        text += left > 1 ? kDigits[(group >> 6) & 63] : '=';
        text += left > 2 ? kDigits[group & 63] : '=';
    }
    return text;
}

std::string addressList(Bytes value, bool isV6) {
    const std::size_t step = isV6 ? 16 : 4;
    std::string text;
    for (std::size_t i = 0; i + step <= value.size(); i += step) {
        IpAddress address;
        address.isV6 = isV6;
        std::copy_n(&value[i], step, address.octets.begin());
        text += (i ? "," : "") + address.toString();
    }
    return text;
}

/// Empty where the value is no list of protocol identifiers, or one of them would need escapes.
std::string alpnList(Bytes value) {
    const auto plain = [](std::uint8_t octet) {
        return octet > 0x20 && octet < 0x7f && octet != '"' && octet != '\\' && octet != ',';
    };
    std::string text;
    while (!value.empty()) {
        const std::size_t length = value[0];
        if (length == 0 || length >= value.size())
            return {};
        const Bytes identifier = value.subspan(1, length);
        if (!std::all_of(identifier.begin(), identifier.end(), plain))
            return {};
        text += text.empty() ? "" : ",";
        text.append(identifier.begin(), identifier.end());
        value = value.subspan(1 + length);
    }
    return text;
}

/// A parameter in its own form; empty where it has none or the value does not fit it.
std::string knownParameter(std::uint16_t key, Bytes value) {
    switch (key) {
    case 1: {
        const std::string list = alpnList(value);
        return list.empty() ? list : "alpn=\"" + list + '"';
    }
    case 2:
        return value.empty() ? "no-default-alpn" : "";
    case 3:
        return value.size() == 2 ? "port=" + std::to_string(load16(value.data())) : "";
    case 4:
        return value.empty() || value.size() % 4 ? "" : "ipv4hint=" + addressList(value, false);
    case 5:
        return value.empty() ? "" : "ech=" + base64(value);
    case 6:
        return value.empty() || value.size() % 16 ? "" : "ipv6hint=" + addressList(value, true);
    default:
        return "";
    }
}

std::string serviceParameter(std::uint16_t key, Bytes value) {
    std::string text = knownParameter(key, value);
    if (text.empty()) {
        text = "key" + std::to_string(key);
        if (!value.empty())
            text += "=" + RdataText::quoted(value);
    }
    return text;
}

void writeServiceBinding(RdataText& text) {
    text.putNumber(2);
    text.putName();
    while (text.left() > 0) {
        const auto key = static_cast<std::uint16_t>(text.number(2));
        const Bytes value = text.raw(text.number(2));
        if (!text.sound())
            return;
        text.put(serviceParameter(key, value));
    }
}

void writeTypeList(RdataText& text) {
    constexpr std::size_t kMaxWindowOctets = 32; // RFC 4034 §4.1.2
    int lastWindow = -1;
    while (text.left() > 0) {
        const auto window = static_cast<int>(text.number(1));
        const Bytes bits = text.raw(text.number(1));
        if (window <= lastWindow || bits.empty() || bits.size() > kMaxWindowOctets)
            return text.refuse();
        lastWindow = window;
        for (std::size_t i = 0; i < bits.size() * 8; ++i) {
            if (bits[i / 8] & (0x80 >> (i % 8)))
                text.put(
                    recordTypeText(static_cast<std::uint16_t>(window * 256 + static_cast<int>(i))));
        }
    }
}

/// CAA's tag: ASCII letters and digits, not in quotes (RFC 8659 §4.1.1).
void putPropertyTag(RdataText& text) {
    const Bytes tag = text.raw(text.number(1));
    const auto allowed = [](std::uint8_t octet) {
        return (octet >= '0' && octet <= '9') ||
               (foldOctet(octet) >= 'a' && foldOctet(octet) <= 'z');
    };
    if (tag.empty() || !std::all_of(tag.begin(), tag.end(), allowed))
        return text.refuse();
    text.put(std::string(tag.begin(), tag.end()));
}

/// Gives false for types without a form of their own.
bool writeKnown(RdataText& text, std::uint16_t type) {
    switch (type) {
    case record_type::kA:
    case record_type::kAaaa:
        text.putAddress(type == record_type::kAaaa);
        return true;
    case record_type::kNs:
    case record_type::kCname:
    case record_type::kPtr:
    case record_type::kDname:
        text.putName();
        return true;
    case record_type::kSoa:
        text.putName();
        text.putName();
        for (int i = 0; i < 5; ++i)
            text.putNumber(4);
        return true;
    case record_type::kMx:
        text.putNumber(2);
        text.putName();
        return true;
    case record_type::kTxt:
        while (text.left() > 0)
            text.putString();
        return true;
    case record_type::kSrv:
        for (int i = 0; i < 3; ++i)
            text.putNumber(2);
        text.putName();
        return true;
    case record_type::kNaptr:
        text.putNumber(2);
        text.putNumber(2);
        for (int i = 0; i < 3; ++i)
            text.putString();
        text.putName();
        return true;
    case record_type::kCaa:
        text.putNumber(1);
        putPropertyTag(text);
        text.putRest(RdataText::quoted);
        return true;
    case record_type::kDs:
        text.putNumber(2);
        text.putNumber(1);
        text.putNumber(1);
        text.putRest(hex);
        return true;
    case record_type::kDnskey:
        text.putNumber(2);
        text.putNumber(1);
        text.putNumber(1);
        text.putRest(base64);
        return true;
    case record_type::kRrsig:
        text.put(recordTypeText(static_cast<std::uint16_t>(text.number(2))));
        text.putNumber(1);
        text.putNumber(1);
        for (int i = 0; i < 3; ++i)
            text.putNumber(4);
        text.putNumber(2);
        text.putName();
        text.putRest(base64);
        return true;
    case record_type::kNsec:
        text.putName();
        writeTypeList(text);
        return true;
    case record_type::kSvcb:
    case record_type::kHttps:
        writeServiceBinding(text);
        return true;
    default:
        return false;
    }
}

std::string rdataToText(Bytes message, const Record& record) {
    RdataText text(message, record);
    if (writeKnown(text, record.type) && text.sound() && text.left() == 0)
        return text.take();
    return "\\# " + std::to_string(record.rdataLength()) +
           (record.rdataLength() ? " " + hex(message.subspan(record.rdata, record.rdataLength()))
                                 : std::string());
}

std::string sectionText(Section section) {
    switch (section) {
    case Section::Answer:
        return "answer";
    case Section::Authority:
        return "authority";
    case Section::Additional:
        break;
    }
    return "additional";
}

std::string classText(std::uint16_t recordClass) {
    switch (recordClass) {
    case 1:
        return "IN";
    case 3:
        return "CH";
    case 4:
        return "HS";
    default:
        return "CLASS" + std::to_string(recordClass);
    }
}

} // namespace

std::vector<std::string> recordsToText(Bytes message) {
    std::vector<std::string> lines;
    if (message.size() < kHeaderOctets)
        return lines;
    std::size_t at = kHeaderOctets;
    for (unsigned left = questionCount(message); left > 0; --left) {
        at = skipName(message, at);
        if (at == 0 || at + 4 > message.size())
            return lines;
        at += 4;
    }
    RecordReader reader(message, at);
    Record record;
    while (reader.next(record) == RecordReader::Step::Record) {
        if (record.type == record_type::kOpt)
            continue;
        WireName owner;
        readName(message, record.start, owner);
        lines.push_back(sectionText(record.section) + ' ' + nameToText(owner.bytes()) +
                        (owner.length > 1 ? ". " : " ") + std::to_string(record.ttl) + ' ' +
                        classText(record.recordClass) + ' ' + recordTypeText(record.type) + ' ' +
                        rdataToText(message, record));
    }
    return lines;
}

} // namespace sotto::engine
