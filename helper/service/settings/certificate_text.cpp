// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/certificate_text.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace sotto::service {

namespace {

// Encrypted PEM is refused; OpenSSL's own callback would ask on the terminal.
int noPassword(char*, int, int, void*) {
    return -1;
}

} // namespace

bool checkCertificateText(const QByteArray& pem, QString& why) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
        BIO_new_mem_buf(pem.constData(), static_cast<int>(pem.size())), &BIO_free);
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

} // namespace sotto::service
