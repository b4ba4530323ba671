// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace sotto::bench {

/// Debian's dnsperf out of the peers' root, on the cores of the load.
class Dnsperf {
public:
    struct Result {
        bool ran = false;
        std::uint64_t sent = 0;
        std::uint64_t answered = 0;
        std::uint64_t failed = 0; ///< answered with another code than NOERROR
        double perSecond = 0;

        std::uint64_t lost() const { return sent - answered; }
    };
    enum class Transport { Udp, Tcp };

    /// folder is for its files.
    Dnsperf(std::filesystem::path root, std::filesystem::path folder);

    /// Asks for the first names of PREFIX0.example.com and so on, over and over, with an OPT, as
    /// fast as the answers come.
    Result load(std::uint16_t port, Transport transport, const std::string& prefix,
                std::size_t names, std::chrono::milliseconds duration) const;
    /// Asks for each of them once.
    Result once(std::uint16_t port, Transport transport, const std::string& prefix,
                std::size_t names) const;

private:
    Result run(std::uint16_t port, Transport transport, const std::string& prefix,
               std::size_t names, const char* limit, const std::string& amount) const;

    std::filesystem::path m_root;
    std::filesystem::path m_folder;
};

} // namespace sotto::bench
