// SPDX-License-Identifier: GPL-3.0-or-later
#include "written_files.h"

#include "support/private_file.h"

#include <system_error>

namespace sotto::test {

namespace fs = std::filesystem;

WrittenFiles::~WrittenFiles() {
    std::error_code ignored;
    for (auto made = m_made.rbegin(); made != m_made.rend(); ++made)
        fs::remove(*made, ignored); // a folder that others put something into stays
}

bool WrittenFiles::write(const fs::path& file, std::string_view content) {
    const fs::path whole = fs::absolute(file);
    if (!makeFolder(whole.parent_path()) || !writePrivateFile(whole, content))
        return false;
    m_made.push_back(whole);
    return true;
}

bool WrittenFiles::makeFolder(const fs::path& folder) {
    std::error_code error;
    if (fs::is_directory(folder, error))
        return true;
    if (!folder.has_relative_path() || !makeFolder(folder.parent_path()))
        return false;
    if (!fs::create_directory(folder, error))
        return false;
    m_made.push_back(folder);
    fs::permissions(folder, fs::perms::owner_all, error);
    return !error;
}

} // namespace sotto::test
