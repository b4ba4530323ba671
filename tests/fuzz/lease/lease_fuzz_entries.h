// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fuzz_entries.h"

/// As fuzz_entries.h, for what the lease keeper reads as root.
namespace sotto::test {

/// A packet of a peer: what is accepted is a request of the contract, and is read again as it was.
void tryLeaseRequest(FuzzInput input);

/// The body of a journal, to which its head is added, and the same octets as a whole journal:
/// whatever is accepted is a lease that can be, and is written as it was.
void tryLeaseJournal(FuzzInput input);

} // namespace sotto::test
