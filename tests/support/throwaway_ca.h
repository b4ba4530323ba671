// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace sotto::test {

/// A certificate with its private key, as PEM text.
struct Identity {
    std::string chainPem; ///< the certificate first, then what it was signed by, without the CA
    std::string keyPem;

    /// The SHA-256 of the public key (SPKI) as "sha256/BASE64".
    std::string pin() const;
};

/// What a leaf certificate says.
struct LeafOptions {
    enum class Usage { Server, Client, ServerAndClient, Unstated };

    std::vector<std::string> dnsNames;
    std::vector<std::string> ipAddresses;
    std::string commonName = "throw-away leaf";
    std::chrono::seconds validFrom = -std::chrono::hours(1); ///< from now on
    std::chrono::seconds validUntil = std::chrono::hours(24);
    Usage usage = Usage::Server;
};

/// A certificate authority for tests and demonstrations: EC P-256, made anew in memory each time,
/// valid for two days. One thread at a time. Failures of the crypto library abort the program,
/// because no test could go on.
class ThrowawayCa {
public:
    explicit ThrowawayCa(const std::string& commonName = "throw-away CA");
    ~ThrowawayCa();
    ThrowawayCa(const ThrowawayCa&) = delete;
    ThrowawayCa& operator=(const ThrowawayCa&) = delete;

    Identity issue(const LeafOptions& options) const;
    /// The same with a leaf in the place of the CA, which no verifier may accept.
    Identity issueSignedByLeaf(const LeafOptions& options, const Identity& signer) const;
    static Identity selfSigned(const LeafOptions& options);

    std::string certificatePem() const;
    /// Writes the CA's certificate, readable by the owner only; false where it cannot.
    [[nodiscard]] bool writeCertificate(const std::filesystem::path& file) const;

private:
    class Keys;
    std::unique_ptr<Keys> m_keys;
};

} // namespace sotto::test
