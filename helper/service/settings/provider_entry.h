// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"

namespace sotto::service {

/// One entry of a list of providers.
struct ProviderEntry {
    protocol::Provider provider;
    QString authorities; ///< PEM; empty where the system's authorities hold
};

/// What is wrong with an entry.
struct ProviderFault {
    QString member; ///< "tls_name", "ipv4[1]"; empty where the entry as a whole is wrong
    QString reason;
};

/// Reads an entry as resources/providers.schema.json describes it.
[[nodiscard]] std::optional<ProviderFault> readProviderEntry(const QJsonValue& json,
                                                             ProviderEntry& entry);

} // namespace sotto::service
