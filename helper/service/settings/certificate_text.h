// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace sotto::service {

/// Whether a text holds at least one readable PEM certificate and no damaged one; else why not.
[[nodiscard]] bool checkCertificateText(const QByteArray& pem, QString& why);

/// Whether a text holds a readable PEM private key that is not encrypted; else why not.
[[nodiscard]] bool checkKeyText(const QByteArray& pem, QString& why);

/// Whether the private key is the one of the first certificate.
[[nodiscard]] bool isKeyOfCertificate(const QByteArray& keyPem, const QByteArray& certificatePem);

} // namespace sotto::service
