// SPDX-License-Identifier: GPL-3.0-or-later
#include "soak_names.h"

#include <cstdio>
#include <cstdlib>

namespace sotto::test::soak_names {

std::string name(unsigned number) {
    return "n" + std::to_string(number) + ".soak.test";
}

Bytes address(unsigned number) {
    return {198, 18, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
}

ZoneSet zones() {
    std::string text = "$ORIGIN soak.test.\n@ 300 SOA ns hostmaster 1 3600 600 86400 60\n";
    for (unsigned i = 0; i < kCount; ++i)
        text += "n" + std::to_string(i) + (i % 2 == 0 ? " 2" : " 0") + " A 198.18." +
                std::to_string(i >> 8) + "." + std::to_string(i & 0xff) + "\n";
    std::string error;
    auto zones = ZoneSet::fromText(text, error);
    if (!zones) {
        std::fprintf(stderr, "the zones of the soak are wrong: %s\n", error.c_str());
        std::abort();
    }
    return *zones;
}

} // namespace sotto::test::soak_names
