// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/certificate_facts.h"

#include "engine/endpoint.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>

namespace sotto::engine {

namespace {

constexpr std::string_view kPinPrefix = "sha256/";

/// Octets that somebody else chose, fit for a line of text.
std::string printable(const ASN1_STRING* string) {
    std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
                     static_cast<std::size_t>(ASN1_STRING_length(string)));
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c >= 127; }, '?');
    return text;
}

/// The name as text; nothing where it is of another kind.
std::optional<std::string> textOf(const GENERAL_NAME* name) {
    if (name->type == GEN_DNS) {
        std::string text = printable(name->d.dNSName);
        std::replace(text.begin(), text.end(), ' ', '?');
        return text;
    }
    if (name->type != GEN_IPADD)
        return std::nullopt;
    const int octets = ASN1_STRING_length(name->d.iPAddress);
    if (octets != 4 && octets != 16)
        return std::nullopt;
    IpAddress address;
    address.isV6 = octets == 16;
    std::copy_n(ASN1_STRING_get0_data(name->d.iPAddress), octets, address.octets.begin());
    return address.toString();
}

std::optional<std::int64_t> unixOf(const ASN1_TIME* time) {
    tm parts{};
    if (!time || ASN1_TIME_to_tm(time, &parts) != 1)
        return std::nullopt;
    const std::chrono::sys_days day = std::chrono::year(parts.tm_year + 1900) /
                                      std::chrono::month(static_cast<unsigned>(parts.tm_mon + 1)) /
                                      std::chrono::day(static_cast<unsigned>(parts.tm_mday));
    return std::chrono::sys_seconds(day).time_since_epoch().count() + parts.tm_hour * 3600 +
           parts.tm_min * 60 + parts.tm_sec;
}

} // namespace

std::string certificateNames(const X509* certificate, std::size_t most) {
    struct Free {
        void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
    };
    const std::unique_ptr<GENERAL_NAMES, Free> names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::string text;
    std::size_t count = 0;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const auto name = textOf(sk_GENERAL_NAME_value(names.get(), i));
        if (name && ++count <= most)
            text += (text.empty() ? "" : ", ") + *name;
    }
    if (count > most)
        text += " and " + std::to_string(count - most) + " more";
    return text;
}

std::string certificateIssuer(const X509* certificate) {
    const X509_NAME* issuer = X509_get_issuer_name(certificate);
    for (const int kind : {NID_commonName, NID_organizationName}) {
        const int at = X509_NAME_get_index_by_NID(issuer, kind, -1);
        if (at >= 0)
            return printable(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(issuer, at)));
    }
    return {};
}

std::int64_t validFromUnix(const X509* certificate) {
    return unixOf(X509_get0_notBefore(certificate))
        .value_or(std::numeric_limits<std::int64_t>::max());
}

std::int64_t validUntilUnix(const X509* certificate) {
    return unixOf(X509_get0_notAfter(certificate))
        .value_or(std::numeric_limits<std::int64_t>::min());
}

std::string pinOf(const X509* certificate) {
    unsigned char* der = nullptr;
    const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (length <= 0)
        return {};
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(der, static_cast<std::size_t>(length), digest.data());
    OPENSSL_free(der);
    std::array<unsigned char, 48> text{};
    const int octets = EVP_EncodeBlock(text.data(), digest.data(), digest.size());
    return std::string(kPinPrefix) +
           std::string(reinterpret_cast<char*>(text.data()), static_cast<std::size_t>(octets));
}

bool isPin(std::string_view text) {
    if (!text.starts_with(kPinPrefix))
        return false;
    text.remove_prefix(kPinPrefix.size());
    // 32 octets are 43 digits and one "=".
    const auto digit = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '+' || c == '/';
    };
    return text.size() == 44 && text.back() == '=' &&
           std::all_of(text.begin(), text.end() - 1, digit);
}

std::string timeText(std::int64_t unixSeconds) {
    constexpr std::int64_t kDay = 24 * 3600;
    constexpr std::int64_t kFirst = -62135596800; // the year 1
    constexpr std::int64_t kLast = 253402300799;  // the end of 9999
    if (unixSeconds < kFirst || unixSeconds > kLast)
        return "an unreadable date";
    const auto days = std::chrono::floor<std::chrono::days>(
        std::chrono::sys_seconds(std::chrono::seconds(unixSeconds)));
    const std::chrono::year_month_day date(days);
    const std::int64_t second = unixSeconds - days.time_since_epoch().count() * kDay;
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d UTC",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(second / 3600),
                  static_cast<int>(second % 3600 / 60));
    return text.data();
}

} // namespace sotto::engine
