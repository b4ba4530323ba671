// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace sotto::service {

/// Whether a text is a host name as certificates carry it (RFC 1123 §2.1), and no address.
[[nodiscard]] bool isHostName(const QString& name);

} // namespace sotto::service
