// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/session_store.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace sotto::engine {

namespace {

/// Grows with what a session is bound to. Each part goes in with its length before it, so that no
/// two different lists of parts are the same octets.
class Fingerprint {
public:
    void add(std::string_view part) {
        m_octets += std::to_string(part.size());
        m_octets += ':';
        m_octets += part;
    }
    SessionKey key() const {
        SessionKey key;
        SHA256(reinterpret_cast<const unsigned char*>(m_octets.data()), m_octets.size(),
               key.data());
        return key;
    }

private:
    std::string m_octets;
};

/// How a file or folder looks from outside; reading hundreds of certificates would say no more.
void addLook(const std::filesystem::path& path, Fingerprint& fingerprint) {
    std::error_code error;
    fingerprint.add(path.string());
    const auto changed = std::filesystem::last_write_time(path, error);
    fingerprint.add(error ? "" : std::to_string(changed.time_since_epoch().count()));
    const auto size =
        std::filesystem::is_regular_file(path, error) ? std::filesystem::file_size(path, error) : 0;
    fingerprint.add(error ? "" : std::to_string(size));
}

const char* environmentOr(const char* variable, const char* otherwise) {
    const char* value = std::getenv(variable);
    return value ? value : otherwise;
}

} // namespace

SessionKey sessionKeyOf(const UpstreamConfig& upstream) {
    Fingerprint fingerprint;
    fingerprint.add("sotto session 1");
    fingerprint.add(upstream.tlsName);
    if (upstream.tlsName.empty()) {
        for (const IpAddress& address : upstream.addresses)
            fingerprint.add(address.toString());
    }
    fingerprint.add(std::to_string(upstream.port));
    std::vector<std::string> pins = upstream.pins;
    std::sort(pins.begin(), pins.end());
    fingerprint.add(std::to_string(pins.size()));
    for (const std::string& pin : pins)
        fingerprint.add(pin);
    fingerprint.add(upstream.clientCertificatePem);
    fingerprint.add(upstream.caPem);
    if (upstream.caPem.empty()) {
        addLook(environmentOr(X509_get_default_cert_file_env(), X509_get_default_cert_file()),
                fingerprint);
        addLook(environmentOr(X509_get_default_cert_dir_env(), X509_get_default_cert_dir()),
                fingerprint);
    }
    return fingerprint.key();
}

} // namespace sotto::engine
