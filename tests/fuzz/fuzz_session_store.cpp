// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_entries.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    sotto::test::trySessionStore({data, size});
    return 0;
}
