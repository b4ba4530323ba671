// SPDX-License-Identifier: GPL-3.0-or-later
#include "private_file.h"

#include <fstream>
#include <random>
#include <system_error>

namespace sotto::test {

bool writePrivateFile(const std::filesystem::path& file, std::string_view content) {
    namespace fs = std::filesystem;
    std::error_code error;
    fs::path temporary = file;
    temporary += ".new" + std::to_string(std::random_device{}());
    bool good = false;
    {
        std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
        fs::permissions(temporary, fs::perms::owner_read | fs::perms::owner_write, error);
        out.write(content.data(), static_cast<std::streamsize>(content.size()));
        out.close();
        good = out.good() && !error;
    }
    if (good)
        fs::rename(temporary, file, error);
    if (good && !error)
        return true;
    fs::remove(temporary, error);
    return false;
}

} // namespace sotto::test
