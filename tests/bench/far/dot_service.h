// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "far/dot_provider.h"

namespace sotto::bench {

/// TLS 1.2 and 1.3 with tickets and early data; the caller owns it.
SSL_CTX* makeServiceTls(const test::Identity& identity);

/// Serves DNS over TLS until the process ends; returns only where the port cannot be had.
void serveDot(const char* address, std::uint16_t port, SSL_CTX* tls, ProviderControl& control);

} // namespace sotto::bench
