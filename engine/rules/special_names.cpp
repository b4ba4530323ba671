// SPDX-License-Identifier: GPL-3.0-or-later
#include "rules/special_names.h"

#include "wire/record_types.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <optional>
#include <string_view>

namespace sotto::engine {

namespace {

constexpr std::uint16_t kClassIn = 1;
constexpr std::uint32_t kTtl = 300;
constexpr std::uint16_t kPointer = 0xc000;

constexpr std::size_t kFixedOctets = 12; // of a record whose owner is a pointer
constexpr std::string_view kResponsible("\006nobody\007invalid\0", 16);
constexpr std::array<std::uint8_t, 4> kLoopback4 = {127, 0, 0, 1};
constexpr std::array<std::uint8_t, 16> kLoopback6 = {0, 0, 0, 0, 0, 0, 0, 0,
                                                     0, 0, 0, 0, 0, 0, 0, 1};
constexpr std::string_view kLocalhost("\011localhost\0", 11);
constexpr std::string_view kCheckZone("\005check\005sotto\010internal\0", 22);
constexpr std::size_t kSoaOctets = 2 + kResponsible.size() + 5 * sizeof(std::uint32_t);

// The longest name gets the SOA, or both of localhost's addresses.
static_assert(kHeaderOctets + kMaxNameOctets + 4 +
                  std::max(kFixedOctets + kSoaOctets,
                           2 * kFixedOctets + kLoopback4.size() + kLoopback6.size()) <=
              kSpecialAnswerRoom);

/// What a zone says of the names in it.
enum class Contents {
    Denied,    ///< none exists, not even the apex
    Localhost, ///< all exist and have the loopback addresses
    NoData,    ///< all exist and have nothing
    Empty,     ///< only the apex exists
    Loopback4, ///< Empty, but for 1.0.0.127.in-addr.arpa and what is above it
    Loopback6, ///< Empty, and the apex is the name of ::1
    Checks,    ///< Empty, but for the names that prove who answers
};

/// The zone that a name belongs to.
struct Zone {
    Contents contents = Contents::Denied;
    std::size_t labels = 0; ///< of the apex; 0: no zone
};

/// A name's labels, counted from the root.
class Labels {
public:
    explicit Labels(const WireName& name)
        : m_name(name) {
        for (std::size_t at = 0; name.octets[at] != 0; at += std::size_t{1} + name.octets[at])
            m_starts[m_count++] = static_cast<std::uint8_t>(at);
    }

    std::size_t count() const { return m_count; }

    /// The top-level label has place 0. Empty where the name is too short.
    std::string_view at(std::size_t place) const {
        if (place >= m_count)
            return {};
        const std::uint8_t* label = &m_name.octets[m_starts[m_count - 1 - place]];
        return {reinterpret_cast<const char*>(label + 1), *label};
    }

    /// Where the last so many labels start in the name; at least one, at most count().
    std::size_t startOfLast(std::size_t labels) const { return m_starts[m_count - labels]; }

private:
    const WireName& m_name;
    std::array<std::uint8_t, kMaxNameOctets / 2> m_starts; // a label has two octets at least
    std::size_t m_count = 0;
};

Bytes bytesOf(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

constexpr std::uint32_t ending(const char (&text)[5]) {
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i)
        word = word << 8 | static_cast<std::uint8_t>(text[i]);
    return word;
}

/// Sorts out, by the four octets before the root, nearly every name that is not special.
bool mayBeSpecial(const WireName& name, bool browserCanary) {
    constexpr std::size_t kShortest = 7; // local.
    constexpr std::size_t kCanary = 25;  // use-application-dns.net.
    if (name.length < kShortest)
        return false;
    switch (load32(&name.octets[name.length - std::size_t{5}])) {
    case ending("arpa"):
    case ending("host"):
    case ending("alid"):
    case ending("nion"):
    case ending("ocal"):
    case ending("rnal"):
        return true;
    case ending("\003net"):
        return browserCanary && name.length == kCanary;
    default:
        return false;
    }
}

/// The number that a label spells as reverse names do, without leading zeros; -1 where it is none.
int octetIn(std::string_view label) {
    if (label.empty() || label.size() > 3 || (label.size() > 1 && label[0] == '0'))
        return -1;
    int value = 0;
    for (const char digit : label) {
        if (digit < '0' || digit > '9')
            return -1;
        value = value * 10 + (digit - '0');
    }
    return value;
}

/// Zones with a common beginning, whose last octet is from first to last.
struct Ipv4Zones {
    std::size_t octets;
    std::array<std::uint8_t, 3> beginning;
    std::uint8_t first;
    std::uint8_t last;
    Contents contents = Contents::Empty;
};

constexpr Ipv4Zones kIpv4Zones[] = {
    {1, {}, 0, 0},
    {1, {}, 10, 10},
    {1, {}, 127, 127, Contents::Loopback4},
    {2, {100}, 64, 127}, // RFC 7793, the others RFC 6303 §4
    {2, {169}, 254, 254},
    {2, {172}, 16, 31},
    {2, {192}, 168, 168},
    {3, {192, 0}, 2, 2},
    {3, {198, 51}, 100, 100},
    {3, {203, 0}, 113, 113},
    {4, {255, 255, 255}, 255, 255},
};

Zone ipv4Zone(const Labels& labels) {
    std::array<int, 4> address;
    for (std::size_t i = 0; i < address.size(); ++i)
        address[i] = octetIn(labels.at(2 + i));
    for (const Ipv4Zones& zones : kIpv4Zones) {
        const std::size_t end = zones.octets - 1;
        if (address[end] >= zones.first && address[end] <= zones.last &&
            std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(end),
                       zones.beginning.begin()))
            return {zones.contents, 2 + zones.octets};
    }
    return {};
}

/// A zone by the nibbles of its prefix, in the address's order.
struct Ipv6Zone {
    std::string_view nibbles;
    Contents contents = Contents::Empty;
};

constexpr Ipv6Zone kIpv6Zones[] = {
    {"fd"},
    {"fe8"},
    {"fe9"},
    {"fea"},
    {"feb"},
    {"20010db8"},
    {"00000000000000000000000000000000"},
    {"00000000000000000000000000000001", Contents::Loopback6},
};

Zone ipv6Zone(const Labels& labels) {
    for (const Ipv6Zone& zone : kIpv6Zones) {
        std::size_t same = 0;
        while (same < zone.nibbles.size() && labels.at(2 + same) == zone.nibbles.substr(same, 1))
            ++same;
        if (same == zone.nibbles.size())
            return {zone.contents, 2 + same};
    }
    return {};
}

Zone zoneOf(const Labels& labels) {
    const std::string_view top = labels.at(0);
    const std::string_view second = labels.at(1);
    if (top == "arpa") {
        if (second == "in-addr")
            return ipv4Zone(labels);
        if (second == "ip6")
            return ipv6Zone(labels);
        if (second == "home")
            return {Contents::Empty, 2};
        if (second == "resolver")
            return {Contents::NoData, 2};
        return {};
    }
    if (top == "localhost")
        return {Contents::Localhost, 1};
    if (top == "invalid" || top == "onion" || top == "local")
        return {Contents::Denied, 1};
    if (top == "net" && second == "use-application-dns" && labels.count() == 2)
        return {Contents::Denied, 2};
    if (top == "internal" && second == "sotto" && labels.at(2) == "check")
        return {Contents::Checks, 3};
    return {};
}

/// Whether a label, folded to lower case, is one that a check asks for.
bool isCheckLabel(std::string_view label) {
    constexpr std::size_t kDigits = 16;
    return label.size() == kDigits && std::ranges::all_of(label, [](char digit) {
               return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
           });
}

/// Nothing where it cannot be computed.
std::optional<std::array<std::uint8_t, 4>> checkAddress(std::string_view label,
                                                        const CheckKey& key) {
    const Bytes text = bytesOf(label);
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> code;
    if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), text.data(), text.size(),
              code.data(), nullptr))
        return std::nullopt;
    return std::array<std::uint8_t, 4>{127, 83, code[0], code[1]};
}

/// What stands at a name of a zone.
struct Node {
    bool exists = false;
    bool isApex = false;       ///< has SOA and NS
    bool hasAddresses = false; ///< A and AAAA
    bool hasPointer = false;   ///< PTR
    std::string_view check;    ///< the label of a check; empty for other names
};

Node nodeAt(const Labels& labels, const Zone& zone) {
    constexpr std::string_view kPath[] = {"0", "0", "1"}; // below 127.in-addr.arpa
    const std::size_t below = labels.count() - zone.labels;
    Node node;
    if (zone.contents == Contents::Denied)
        return node;
    node.exists = node.isApex = below == 0;
    switch (zone.contents) {
    case Contents::Localhost:
        node.exists = node.hasAddresses = true;
        break;
    case Contents::NoData:
        node.exists = true;
        break;
    case Contents::Loopback4:
        if (below <= std::size(kPath)) {
            std::size_t same = 0;
            while (same < below && labels.at(zone.labels + same) == kPath[same])
                ++same;
            node.exists = same == below;
            node.hasPointer = same == std::size(kPath);
        }
        break;
    case Contents::Loopback6:
        node.hasPointer = node.isApex;
        break;
    case Contents::Checks:
        if (below == 1 && isCheckLabel(labels.at(zone.labels))) {
            node.check = labels.at(zone.labels);
            node.exists = true;
        }
        break;
    case Contents::Denied:
    case Contents::Empty:
        break;
    }
    return node;
}

/// Writes the message. Owners are the question's name or a part of it, and so pointers.
class ResponseWriter {
public:
    ResponseWriter(const Question& question, std::size_t apexStart, std::uint32_t ttl,
                   MutableBytes out)
        : m_out(out.data())
        , m_ttl(ttl)
        , m_apex(static_cast<std::uint16_t>(kPointer | (kHeaderOctets + apexStart))) {
        std::memset(m_out, 0, kHeaderOctets);
        append({question.name.octets.data(), question.name.length});
        append16(question.type);
        append16(question.queryClass);
    }

    std::uint16_t answers() const { return m_answers; }

    void answer(std::uint16_t type, Bytes data) {
        begin(kPointer | kHeaderOctets, type, data.size());
        append(data);
        ++m_answers;
    }
    void answerSoa() {
        soa();
        ++m_answers;
    }
    void answerNs() {
        begin(m_apex, record_type::kNs, 2);
        append16(m_apex);
        ++m_answers;
    }

    std::size_t finish(std::uint8_t code, bool withSoa) {
        if (withSoa)
            soa();
        store16(m_out + 2, code);
        store16(m_out + 4, 1);
        store16(m_out + 6, m_answers);
        store16(m_out + 8, withSoa ? 1 : 0);
        return m_size;
    }

private:
    void begin(std::uint16_t owner, std::uint16_t type, std::size_t dataOctets) {
        append16(owner);
        append16(type);
        append16(kClassIn);
        append32(m_ttl);
        append16(static_cast<std::uint16_t>(dataOctets));
    }

    /// The timers are those of RFC 6303 §3; nobody transfers these zones.
    void soa() {
        begin(m_apex, record_type::kSoa, kSoaOctets);
        append16(m_apex);
        append(bytesOf(kResponsible));
        for (const std::uint32_t number : {1U, 3600U, 1200U, 604800U, m_ttl})
            append32(number);
    }

    void append(Bytes bytes) {
        std::memcpy(m_out + m_size, bytes.data(), bytes.size());
        m_size += bytes.size();
    }
    void append16(std::uint16_t value) {
        store16(m_out + m_size, value);
        m_size += 2;
    }
    void append32(std::uint32_t value) {
        store32(m_out + m_size, value);
        m_size += 4;
    }

    std::uint8_t* m_out;
    std::uint32_t m_ttl;
    std::uint16_t m_apex;
    std::size_t m_size = kHeaderOctets;
    std::uint16_t m_answers = 0;
};

} // namespace

bool isAtOrBelowCheckZone(Bytes name) {
    return isAtOrBelow(name, bytesOf(kCheckZone));
}

std::size_t answerSpecialName(const Question& question, const SpecialNameSettings& settings,
                              MutableBytes out) {
    if (!mayBeSpecial(question.name, settings.browserCanary))
        return 0;
    const Labels labels(question.name);
    const Zone zone = zoneOf(labels);
    if (zone.labels == 0)
        return 0;

    const Node node = nodeAt(labels, zone);
    const bool isIn = question.queryClass == kClassIn;
    const bool isCheck = zone.contents == Contents::Checks;
    const bool isDelegated =
        zone.contents != Contents::Localhost && zone.contents != Contents::NoData && !isCheck;
    if (isIn && question.type == record_type::kDs && node.isApex && isDelegated)
        return 0;

    ResponseWriter writer(question, labels.startOfLast(zone.labels), isCheck ? 0 : kTtl, out);
    if (!isIn)
        return writer.finish(node.exists ? rcode::kNoError : rcode::kNxDomain, false);
    const auto asksFor = [&](std::uint16_t type) {
        return question.type == type || question.type == record_type::kAny;
    };
    if (node.hasAddresses && asksFor(record_type::kA))
        writer.answer(record_type::kA, kLoopback4);
    if (node.hasAddresses && asksFor(record_type::kAaaa))
        writer.answer(record_type::kAaaa, kLoopback6);
    if (!node.check.empty() && asksFor(record_type::kA)) {
        if (const auto address = checkAddress(node.check, settings.checkKey))
            writer.answer(record_type::kA, *address);
    }
    if (node.hasPointer && asksFor(record_type::kPtr))
        writer.answer(record_type::kPtr, bytesOf(kLocalhost));
    // To ANY a part of what there is will do (RFC 8482 §4.1).
    if (node.isApex && writer.answers() == 0) {
        if (asksFor(record_type::kSoa))
            writer.answerSoa();
        if (asksFor(record_type::kNs))
            writer.answerNs();
    }
    return writer.finish(node.exists ? rcode::kNoError : rcode::kNxDomain, writer.answers() == 0);
}

} // namespace sotto::engine
