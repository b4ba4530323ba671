// SPDX-License-Identifier: GPL-3.0-or-later
#include "throwaway_ca.h"

#include "base64.h"
#include "private_file.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace sotto::test {
namespace {

template <auto Free>
struct Deleter {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Deleter<X509_free>>;
using BioPtr = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;

void require(bool good, const char* what) {
    if (good)
        return;
    std::fprintf(stderr, "throw-away CA: %s failed\n", what);
    ERR_print_errors_fp(stderr);
    std::abort();
}

template <class Write>
std::string toPem(Write write) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    require(bio && write(bio.get()) == 1, "writing PEM");
    char* text = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &text);
    return std::string(text, static_cast<std::size_t>(length));
}

std::string toPem(X509* certificate) {
    return toPem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

std::string toPem(EVP_PKEY* key) {
    return toPem([&](BIO* bio) {
        return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
    });
}

BioPtr reading(const std::string& pem) {
    return BioPtr(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

CertificatePtr certificateFrom(const std::string& pem) {
    CertificatePtr result(PEM_read_bio_X509(reading(pem).get(), nullptr, nullptr, nullptr));
    require(result != nullptr, "reading a certificate");
    return result;
}

KeyPtr keyFrom(const std::string& pem) {
    KeyPtr result(PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, nullptr, nullptr));
    require(result != nullptr, "reading a key");
    return result;
}

KeyPtr newKey() {
    KeyPtr key(EVP_EC_gen("P-256"));
    require(key != nullptr, "making a key");
    return key;
}

void addExtension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1,
            "adding an extension");
}

/// A certificate with names and times, still without extensions and signature.
CertificatePtr blank(const std::string& commonName, EVP_PKEY* key, std::chrono::seconds from,
                     std::chrono::seconds until) {
    CertificatePtr certificate(X509_new());
    require(certificate != nullptr, "making a certificate");
    std::array<unsigned char, 16> serial{};
    require(RAND_bytes(serial.data(), static_cast<int>(serial.size())) == 1, "a serial number");
    serial[0] &= 0x7f;
    const std::unique_ptr<BIGNUM, Deleter<BN_free>> number(
        BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
    BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get()));
    X509_set_version(certificate.get(), X509_VERSION_3);
    std::time_t now = std::time(nullptr);
    X509_time_adj_ex(X509_getm_notBefore(certificate.get()), 0, static_cast<long>(from.count()),
                     &now);
    X509_time_adj_ex(X509_getm_notAfter(certificate.get()), 0, static_cast<long>(until.count()),
                     &now);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    require(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                       reinterpret_cast<const unsigned char*>(commonName.data()),
                                       static_cast<int>(commonName.size()), -1, 0) == 1,
            "a subject name");
    return certificate;
}

std::string subjectAltName(const LeafOptions& options) {
    std::string text;
    const auto add = [&](const char* kind, const std::string& value) {
        text += (text.empty() ? "" : ",") + std::string(kind) + value;
    };
    for (const std::string& name : options.dnsNames)
        add("DNS:", name);
    for (const std::string& address : options.ipAddresses)
        add("IP:", address);
    return text;
}

/// Issues a leaf. Without an issuer it signs itself.
Identity issueLeaf(const LeafOptions& options, X509* issuer, EVP_PKEY* issuerKey) {
    const KeyPtr key = newKey();
    const CertificatePtr leaf =
        blank(options.commonName, key.get(), options.validFrom, options.validUntil);
    if (!issuer)
        issuer = leaf.get();
    X509_set_issuer_name(leaf.get(), X509_get_subject_name(issuer));
    addExtension(leaf.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
    addExtension(leaf.get(), issuer, NID_key_usage, "critical,digitalSignature");
    switch (options.usage) {
    case LeafOptions::Usage::Server:
        addExtension(leaf.get(), issuer, NID_ext_key_usage, "serverAuth");
        break;
    case LeafOptions::Usage::Client:
        addExtension(leaf.get(), issuer, NID_ext_key_usage, "clientAuth");
        break;
    case LeafOptions::Usage::ServerAndClient:
        addExtension(leaf.get(), issuer, NID_ext_key_usage, "serverAuth,clientAuth");
        break;
    case LeafOptions::Usage::Unstated:
        break;
    }
    const std::string names = subjectAltName(options);
    if (!names.empty())
        addExtension(leaf.get(), issuer, NID_subject_alt_name, names);
    addExtension(leaf.get(), issuer, NID_subject_key_identifier, "hash");
    require(X509_sign(leaf.get(), issuerKey ? issuerKey : key.get(), EVP_sha256()) > 0, "signing");
    return {toPem(leaf.get()), toPem(key.get())};
}

} // namespace

class ThrowawayCa::Keys {
public:
    KeyPtr key;
    CertificatePtr certificate;
};

ThrowawayCa::ThrowawayCa(const std::string& commonName)
    : m_keys(std::make_unique<Keys>()) {
    m_keys->key = newKey();
    m_keys->certificate =
        blank(commonName, m_keys->key.get(), -std::chrono::hours(24), std::chrono::hours(48));
    X509* self = m_keys->certificate.get();
    X509_set_issuer_name(self, X509_get_subject_name(self));
    addExtension(self, self, NID_basic_constraints, "critical,CA:TRUE");
    addExtension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign");
    addExtension(self, self, NID_subject_key_identifier, "hash");
    require(X509_sign(self, m_keys->key.get(), EVP_sha256()) > 0, "signing");
}

ThrowawayCa::~ThrowawayCa() = default;

Identity ThrowawayCa::issue(const LeafOptions& options) const {
    return issueLeaf(options, m_keys->certificate.get(), m_keys->key.get());
}

Identity ThrowawayCa::issueSignedByLeaf(const LeafOptions& options, const Identity& signer) const {
    const CertificatePtr issuer = certificateFrom(signer.chainPem);
    const KeyPtr issuerKey = keyFrom(signer.keyPem);
    Identity identity = issueLeaf(options, issuer.get(), issuerKey.get());
    identity.chainPem += signer.chainPem;
    return identity;
}

Identity ThrowawayCa::selfSigned(const LeafOptions& options) {
    return issueLeaf(options, nullptr, nullptr);
}

std::string ThrowawayCa::certificatePem() const {
    return toPem(m_keys->certificate.get());
}

bool ThrowawayCa::writeCertificate(const std::filesystem::path& file) const {
    return writePrivateFile(file, certificatePem());
}

std::string Identity::pin() const {
    const CertificatePtr certificate = certificateFrom(chainPem);
    unsigned char* der = nullptr;
    const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &der);
    require(length > 0, "reading a public key");
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    const int done = EVP_Digest(der, static_cast<std::size_t>(length), digest.data(), &size,
                                EVP_sha256(), nullptr);
    OPENSSL_free(der);
    require(done == 1, "hashing a public key");
    return "sha256/" + toBase64(std::span(digest.data(), size));
}

} // namespace sotto::test
