// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>

namespace sotto::test {

/// Puts a whole file in place at once (a temporary name beside it, then a rename), readable and
/// writable by the owner only. false where it cannot; then no part of it stays.
[[nodiscard]] bool writePrivateFile(const std::filesystem::path& file, std::string_view content);

} // namespace sotto::test
