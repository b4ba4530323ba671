// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace sotto::test {

/// What this process holds of the system's means.
struct ProcessUsage {
    std::vector<std::string> descriptors; ///< what each open one leads to
    std::size_t heapOctets = 0;           ///< in use; 0 where a sanitizer counts them instead

    static ProcessUsage now();
};

} // namespace sotto::test
