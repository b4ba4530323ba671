// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/certificate_text.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace sotto::service {

namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Bio bioOf(const QByteArray& pem) {
    return {BIO_new_mem_buf(pem.constData(), static_cast<int>(pem.size())), &BIO_free};
}

// Encrypted PEM is refused; OpenSSL's own callback would ask on the terminal.
int noPassword(char*, int, int, void*) {
    return -1;
}

Key keyIn(const QByteArray& pem) {
    Key key(PEM_read_bio_PrivateKey(bioOf(pem).get(), nullptr, noPassword, nullptr),
            &EVP_PKEY_free);
    ERR_clear_error();
    return key;
}

} // namespace

bool checkCertificateText(const QByteArray& pem, QString& why) {
    const Bio bio = bioOf(pem);
    int certificates = 0;
    ERR_clear_error();
    while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, noPassword, nullptr)) {
        X509_free(certificate);
        ++certificates;
    }
    const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (!ended) {
        why = QStringLiteral("certificate %1 is damaged").arg(certificates + 1);
        return false;
    }
    if (certificates == 0) {
        why = QStringLiteral("no PEM certificate in it");
        return false;
    }
    return true;
}

bool checkKeyText(const QByteArray& pem, QString& why) {
    if (keyIn(pem))
        return true;
    why = pem.contains("ENCRYPTED")
              ? QStringLiteral("the private key is encrypted; there is nobody to ask for its "
                               "password")
              : QStringLiteral("no PEM private key in it");
    return false;
}

bool isKeyOfCertificate(const QByteArray& keyPem, const QByteArray& certificatePem) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        PEM_read_bio_X509(bioOf(certificatePem).get(), nullptr, noPassword, nullptr), &X509_free);
    const Key key = keyIn(keyPem);
    const bool fits =
        certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
    ERR_clear_error();
    return fits;
}

} // namespace sotto::service
