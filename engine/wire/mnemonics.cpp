// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/engine.h"

#include "wire/record_types.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

/// The names that people give to types and response codes (IANA DNS parameters).
namespace sotto::engine {

namespace {

using NamedType = std::pair<std::uint16_t, std::string_view>;
constexpr std::array kTypes{
    NamedType{1, "A"},           NamedType{2, "NS"},      NamedType{3, "MD"},
    NamedType{4, "MF"},          NamedType{5, "CNAME"},   NamedType{6, "SOA"},
    NamedType{7, "MB"},          NamedType{8, "MG"},      NamedType{9, "MR"},
    NamedType{10, "NULL"},       NamedType{11, "WKS"},    NamedType{12, "PTR"},
    NamedType{13, "HINFO"},      NamedType{14, "MINFO"},  NamedType{15, "MX"},
    NamedType{16, "TXT"},        NamedType{17, "RP"},     NamedType{18, "AFSDB"},
    NamedType{21, "RT"},         NamedType{24, "SIG"},    NamedType{25, "KEY"},
    NamedType{26, "PX"},         NamedType{28, "AAAA"},   NamedType{29, "LOC"},
    NamedType{33, "SRV"},        NamedType{35, "NAPTR"},  NamedType{36, "KX"},
    NamedType{37, "CERT"},       NamedType{39, "DNAME"},  NamedType{41, "OPT"},
    NamedType{42, "APL"},        NamedType{43, "DS"},     NamedType{44, "SSHFP"},
    NamedType{45, "IPSECKEY"},   NamedType{46, "RRSIG"},  NamedType{47, "NSEC"},
    NamedType{48, "DNSKEY"},     NamedType{49, "DHCID"},  NamedType{50, "NSEC3"},
    NamedType{51, "NSEC3PARAM"}, NamedType{52, "TLSA"},   NamedType{53, "SMIMEA"},
    NamedType{55, "HIP"},        NamedType{59, "CDS"},    NamedType{60, "CDNSKEY"},
    NamedType{61, "OPENPGPKEY"}, NamedType{62, "CSYNC"},  NamedType{63, "ZONEMD"},
    NamedType{64, "SVCB"},       NamedType{65, "HTTPS"},  NamedType{99, "SPF"},
    NamedType{108, "EUI48"},     NamedType{109, "EUI64"}, NamedType{249, "TKEY"},
    NamedType{250, "TSIG"},      NamedType{251, "IXFR"},  NamedType{252, "AXFR"},
    NamedType{255, "ANY"},       NamedType{256, "URI"},   NamedType{257, "CAA"},
};

constexpr std::array<std::string_view, 12> kResponseCodes{
    "NOERROR",  "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",  "REFUSED",
    "YXDOMAIN", "YXRRSET", "NXRRSET",  "NOTAUTH",  "NOTZONE", "DSOTYPENI",
};

} // namespace

std::uint16_t recordTypeFromText(std::string_view text) {
    std::string upper(text);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const auto* named = std::find_if(kTypes.begin(), kTypes.end(),
                                     [&](const NamedType& type) { return type.second == upper; });
    if (named != kTypes.end())
        return named->first;
    std::uint16_t number = 0;
    constexpr std::string_view kGeneric = "TYPE";
    if (!upper.starts_with(kGeneric))
        return 0;
    const char* end = upper.data() + upper.size();
    const auto read = std::from_chars(upper.data() + kGeneric.size(), end, number);
    return read.ec == std::errc() && read.ptr == end ? number : std::uint16_t{0};
}

std::string recordTypeText(std::uint16_t type) {
    const auto* named = std::find_if(kTypes.begin(), kTypes.end(),
                                     [&](const NamedType& entry) { return entry.first == type; });
    return named != kTypes.end() ? std::string(named->second) : "TYPE" + std::to_string(type);
}

std::string responseCodeText(std::uint16_t rcode) {
    if (rcode < kResponseCodes.size())
        return std::string(kResponseCodes[rcode]);
    return rcode == 16 ? "BADVERS" : "RCODE" + std::to_string(rcode);
}

} // namespace sotto::engine
