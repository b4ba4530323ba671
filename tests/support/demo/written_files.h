// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace sotto::test {

/// Files that are for their owner only and are removed with this object, newest first, and with
/// them the folders that had to be made.
class WrittenFiles {
public:
    WrittenFiles() = default;
    ~WrittenFiles();
    WrittenFiles(const WrittenFiles&) = delete;
    WrittenFiles& operator=(const WrittenFiles&) = delete;

    /// Puts the file in place as a whole; false where it cannot.
    [[nodiscard]] bool write(const std::filesystem::path& file, std::string_view content);

private:
    bool makeFolder(const std::filesystem::path& folder);

    std::vector<std::filesystem::path> m_made;
};

} // namespace sotto::test
