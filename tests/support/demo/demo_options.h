// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sotto::test {

/// What the demo server's command line says.
struct DemoOptions {
    bool help = false;
    std::uint16_t port = 0; ///< of the first provider, as the name is
    std::string serverName = "demo.sotto.test";
    std::chrono::milliseconds delay{0};
    std::filesystem::path caFile;
    std::filesystem::path zoneFile;     ///< empty: the built-in zone
    std::filesystem::path readyFile;    ///< empty: none is written
    std::filesystem::path settingsFile; ///< empty: none is written
    std::vector<std::string> listen;    ///< for the settings file

    static std::string helpText();
    /// Reads the arguments after the program's name. Where they are wrong, error says how.
    static std::optional<DemoOptions> parse(std::span<char*> arguments, std::string& error);
};

} // namespace sotto::test
