// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/certificate_verdict.h"

#include "upstream/certificate_facts.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace sotto::engine {

namespace {

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kWarnedBefore = 7 * kDay;
/// A clock further ahead of the build date than this is more likely wrong than the program is old.
constexpr std::int64_t kOldest = 3652 * kDay;
constexpr std::size_t kNamesShown = 4;
constexpr std::size_t kPinsShown = 2;

void freeCertificate(void*, void* certificate, CRYPTO_EX_DATA*, int, long, void*) {
    X509_free(static_cast<X509*>(certificate));
}

/// Where an SSL keeps the certificate that was refused: OpenSSL forgets the peer's certificates
/// when it ends a handshake because of them.
int refusedCertificateIndex() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, freeCertificate);
    return index;
}

/// Likewise the server's own, where one above it was refused.
int ownCertificateIndex() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, freeCertificate);
    return index;
}

void remember(SSL* ssl, int index, X509* certificate) {
    X509_free(static_cast<X509*>(SSL_get_ex_data(ssl, index)));
    if (certificate)
        X509_up_ref(certificate);
    if (SSL_set_ex_data(ssl, index, certificate) != 1)
        X509_free(certificate);
}

/// What the certificate must be for: an address, where there is no name or where that is one.
std::optional<IpAddress> expectedAddress(const UpstreamConfig& upstream, const IpAddress& address) {
    return upstream.tlsName.empty() ? address : IpAddress::parse(upstream.tlsName);
}

std::string days(std::int64_t seconds) {
    const std::int64_t count = seconds / kDay;
    return std::to_string(count) + (count == 1 ? " day" : " days");
}

std::string dayText(std::int64_t unixSeconds) {
    return timeText(unixSeconds).substr(0, 10);
}

std::string whyNotYetValid(const X509* certificate, std::int64_t nowUnix, std::int64_t buildUnix) {
    const std::string from = "valid only from " + timeText(validFromUnix(certificate)) + " on";
    if (nowUnix < buildUnix - kDay)
        return "this computer's clock is " + days(buildUnix - nowUnix) +
               " behind the build date: it says " + dayText(nowUnix) + ", and the certificate is " +
               from;
    return "the certificate is " + from + ", and this computer's clock says " + timeText(nowUnix);
}

std::string whyExpired(const X509* certificate, std::int64_t nowUnix, std::int64_t buildUnix) {
    const std::int64_t until = validUntilUnix(certificate);
    const std::string expired = "the certificate expired on " + timeText(until);
    // One that was valid when the program was built can have expired by a wrong clock alone.
    if (nowUnix > buildUnix + kOldest && until > buildUnix)
        return "this computer's clock is " + days(nowUnix - buildUnix) +
               " ahead of the build date: it says " + dayText(nowUnix) + ", and " + expired;
    return expired + ", and this computer's clock says " + timeText(nowUnix);
}

std::string whyOtherName(const X509* certificate, const UpstreamConfig& upstream,
                         const IpAddress& address) {
    const std::string names = certificateNames(certificate, kNamesShown);
    return "the certificate is not for " +
           (upstream.tlsName.empty() ? address.toString() : upstream.tlsName) +
           (names.empty() ? " (it carries no name)" : " (it is for " + names + ")");
}

bool isPinned(const std::string& pin, const std::vector<std::string>& pins) {
    return std::find(pins.begin(), pins.end(), pin) != pins.end();
}

using PinsDigest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

PinsDigest digestOf(std::vector<std::string> pins) {
    std::sort(pins.begin(), pins.end());
    std::string all;
    for (const std::string& pin : pins)
        all += pin + '\n';
    PinsDigest digest;
    SHA256(reinterpret_cast<const unsigned char*>(all.data()), all.size(), digest.data());
    return digest;
}

/// The note is OpenSSL's application data of a ticket, of which clients make no other use: it goes
/// over to the tickets that follow, and into what is written of a session.
void noteThatPinsWereMet(SSL_SESSION* session, const std::vector<std::string>& pins) {
    const PinsDigest digest = digestOf(pins);
    SSL_SESSION_set1_ticket_appdata(session, digest.data(), digest.size());
}

bool pinsWereMet(SSL_SESSION* session, const std::vector<std::string>& pins) {
    const X509* peer = SSL_SESSION_get0_peer(session);
    if (pins.empty() || (peer && isPinned(pinOf(peer), pins)))
        return true;
    void* noted = nullptr;
    std::size_t octets = 0;
    const PinsDigest digest = digestOf(pins);
    return SSL_SESSION_get0_ticket_appdata(session, &noted, &octets) == 1 &&
           octets == digest.size() && std::memcmp(noted, digest.data(), octets) == 0;
}

bool shownAPin(SSL* ssl, const std::vector<std::string>& pins) {
    if (SSL_session_reused(ssl) == 1)
        return pinsWereMet(SSL_get_session(ssl), pins);
    const STACK_OF(X509)* chain = SSL_get0_verified_chain(ssl);
    for (int i = 0; i < sk_X509_num(chain); ++i) {
        if (isPinned(pinOf(sk_X509_value(chain, i)), pins))
            return true;
    }
    return false;
}

} // namespace

std::int64_t buildDateUnix() {
    return SOTTO_BUILD_UNIX;
}

int rememberRefused(int accepted, X509_STORE_CTX* store) {
    auto* ssl =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    X509* certificate = X509_STORE_CTX_get_current_cert(store);
    if (accepted == 1 || !ssl || !certificate)
        return accepted;
    remember(ssl, refusedCertificateIndex(), certificate);
    remember(ssl, ownCertificateIndex(), X509_STORE_CTX_get0_cert(store));
    return accepted;
}

const X509* shownCertificate(SSL* ssl) {
    const X509* peer = SSL_get0_peer_certificate(ssl);
    return peer ? peer : static_cast<const X509*>(SSL_get_ex_data(ssl, ownCertificateIndex()));
}

CertificateVerdict verdictOnFailure(SSL* ssl, const UpstreamConfig& upstream,
                                    const IpAddress& address, std::int64_t nowUnix,
                                    std::int64_t buildUnix) {
    const auto* certificate =
        static_cast<const X509*>(SSL_get_ex_data(ssl, refusedCertificateIndex()));
    if (!certificate)
        return {AttemptOutcome::CertificateUnfit, "the server showed no certificate"};
    const long result = SSL_get_verify_result(ssl);
    switch (result) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return {AttemptOutcome::CertificateName, whyOtherName(certificate, upstream, address)};
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return {AttemptOutcome::CertificateExpired, whyExpired(certificate, nowUnix, buildUnix)};
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return {AttemptOutcome::CertificateNotYetValid,
                whyNotYetValid(certificate, nowUnix, buildUnix)};
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return {AttemptOutcome::CertificateUntrusted, "the certificate is self-signed"};
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE: // by another key under the authority's name
        return {AttemptOutcome::CertificateUntrusted,
                "the certificate is not signed by a trusted authority"};
    case X509_V_ERR_INVALID_PURPOSE:
        return {AttemptOutcome::CertificateUnfit, "the certificate is not meant for servers"};
    default:
        return {AttemptOutcome::CertificateUnfit, std::string("the certificate was refused: ") +
                                                      X509_verify_cert_error_string(result)};
    }
}

std::optional<CertificateVerdict> verdictOnPins(SSL* ssl, const std::vector<std::string>& pins) {
    if (pins.empty())
        return std::nullopt;
    if (shownAPin(ssl, pins)) {
        noteThatPinsWereMet(SSL_get_session(ssl), pins);
        return std::nullopt;
    }
    std::string expected;
    for (std::size_t i = 0; i < std::min(pins.size(), kPinsShown); ++i)
        expected += (i == 0 ? "" : ", ") + pins[i];
    if (pins.size() > kPinsShown)
        expected += " or " + std::to_string(pins.size() - kPinsShown) + " more";
    const X509* certificate = SSL_get0_peer_certificate(ssl);
    return CertificateVerdict{AttemptOutcome::PinMismatch,
                              "none of the pinned keys was shown; the server's key is " +
                                  (certificate ? pinOf(certificate) : "missing") +
                                  ", expected is " + expected};
}

bool mayResume(SSL_SESSION* session, const UpstreamConfig& upstream, const IpAddress& address,
               std::int64_t nowUnix) {
    X509* peer = SSL_SESSION_get0_peer(session);
    if (!peer || nowUnix < validFromUnix(peer) || nowUnix >= validUntilUnix(peer))
        return false;
    const auto expected = expectedAddress(upstream, address);
    const bool named =
        expected
            ? X509_check_ip(peer, expected->octets.data(), expected->isV6 ? 16 : 4, kHostFlags) == 1
            : X509_check_host(peer, upstream.tlsName.data(), upstream.tlsName.size(), kHostFlags,
                              nullptr) == 1;
    return named && pinsWereMet(session, upstream.pins);
}

std::string warningOnExpiry(std::int64_t validFromUnix, std::int64_t validUntilUnix,
                            std::int64_t nowUnix) {
    const std::int64_t left = validUntilUnix - nowUnix;
    if (left <= 0 || left > kWarnedBefore || left > (validUntilUnix - validFromUnix) / 3)
        return {};
    if (left >= kDay)
        return "its certificate ends in " + days(left);
    const std::int64_t hours = left / kHour;
    if (hours == 0)
        return "its certificate ends within the hour";
    return "its certificate ends in " + std::to_string(hours) + (hours == 1 ? " hour" : " hours");
}

} // namespace sotto::engine
