// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease_fuzz_entries.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    sotto::test::tryLeaseJournal({data, size});
    return 0;
}
