// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace sotto::service {

/// Whether a text holds at least one readable PEM certificate and no damaged one; else why not.
[[nodiscard]] bool checkCertificateText(const QByteArray& pem, QString& why);

} // namespace sotto::service
