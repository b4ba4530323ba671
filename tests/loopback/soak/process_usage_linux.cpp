// SPDX-License-Identifier: GPL-3.0-or-later
#include "process_usage.h"

#include <filesystem>
#include <system_error>

#include <malloc.h>

namespace sotto::test {

ProcessUsage ProcessUsage::now() {
    ProcessUsage usage;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", ignored)) {
        const auto target = std::filesystem::read_symlink(entry.path(), ignored);
        if (!ignored)
            usage.descriptors.push_back(target.string());
    }
    usage.heapOctets = mallinfo2().uordblks;
    return usage;
}

} // namespace sotto::test
