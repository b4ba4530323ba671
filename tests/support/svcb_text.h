// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rdata_text.h"

namespace sotto::test {

/// SVCB and HTTPS data from presentation form (RFC 9460 §2.1): priority, target and the parameters
/// mandatory, alpn, no-default-alpn, port, ipv4hint, ech, ipv6hint, dohpath and keyNNNNN.
std::optional<Bytes> svcbFromWords(const std::vector<Word>& words, const Name& origin,
                                   std::string& error);

} // namespace sotto::test
