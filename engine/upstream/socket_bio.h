// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/bio.h>

namespace sotto::engine {

/// An OpenSSL BIO over a non-blocking socket that the caller owns. Unlike OpenSSL's own it never
/// raises SIGPIPE, so that the program's signal settings are left alone. Null when out of memory.
BIO* makeSocketBio(int descriptor);

} // namespace sotto::engine
