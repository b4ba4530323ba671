// SPDX-License-Identifier: GPL-3.0-or-later
#include "dnsperf.h"

#include "measured_process.h"

#include <cstdio>
#include <fstream>
#include <iterator>

namespace sotto::bench {

namespace {

// So many open questions in all: enough for the fastest server here, and few enough for a receive
// buffer of the kernel's default size. It is dnsperf's own default.
constexpr const char* kOpenQuestions = "100";
constexpr const char* kUdpClients = "1";
constexpr const char* kTcpClients = "8";

std::string questionsFile(const std::filesystem::path& folder, const std::string& prefix,
                          std::size_t names) {
    const std::filesystem::path file = folder / (prefix + '.' + std::to_string(names));
    if (!std::filesystem::exists(file)) {
        std::ofstream out(file);
        for (std::size_t i = 0; i < names; ++i)
            out << prefix << i << ".example.com A\n";
    }
    return file.string();
}

/// Reads dnsperf's closing statistics. Its lines are the same in versions 2.10 to 2.16.
Dnsperf::Result readStatistics(const std::filesystem::path& file) {
    Dnsperf::Result result;
    std::ifstream in(file);
    unsigned long long number = 0;
    std::uint64_t good = 0;
    for (std::string line; std::getline(in, line);) {
        if (std::sscanf(line.c_str(), " Queries sent: %llu", &number) == 1)
            result.sent = number;
        else if (std::sscanf(line.c_str(), " Queries completed: %llu", &number) == 1)
            result.answered = number;
        else if (std::sscanf(line.c_str(), " Response codes: NOERROR %llu", &number) == 1)
            good = number;
        else if (std::sscanf(line.c_str(), " Queries per second: %lf", &result.perSecond) == 1)
            result.ran = true;
    }
    result.failed = result.answered - good;
    return result;
}

} // namespace

Dnsperf::Dnsperf(std::filesystem::path root, std::filesystem::path folder)
    : m_root(std::move(root))
    , m_folder(std::move(folder)) {}

Dnsperf::Result Dnsperf::run(std::uint16_t port, Transport transport, const std::string& prefix,
                             std::size_t names, const char* limit,
                             const std::string& amount) const {
    const bool udp = transport == Transport::Udp;
    Launch launch;
    launch.root = m_root;
    launch.log = m_folder / "dnsperf.log";
    launch.command = {"/usr/bin/dnsperf", "-e", "-T", "1", "-t", "1", "-q", kOpenQuestions};
    const std::string where[] = {"-s", "127.0.0.1", "-p", std::to_string(port)};
    const std::string what[] = {"-m",  udp ? "udp" : "tcp",
                                "-c",  udp ? kUdpClients : kTcpClients,
                                "-d",  questionsFile(m_folder, prefix, names),
                                limit, amount};
    launch.command.insert(launch.command.end(), std::begin(where), std::end(where));
    launch.command.insert(launch.command.end(), std::begin(what), std::end(what));
    return runToEnd(launch) ? readStatistics(launch.log) : Result{};
}

Dnsperf::Result Dnsperf::load(std::uint16_t port, Transport transport, const std::string& prefix,
                              std::size_t names, std::chrono::milliseconds duration) const {
    return run(port, transport, prefix, names, "-l",
               std::to_string(std::chrono::duration<double>(duration).count()));
}

Dnsperf::Result Dnsperf::once(std::uint16_t port, Transport transport, const std::string& prefix,
                              std::size_t names) const {
    return run(port, transport, prefix, names, "-n", "1");
}

} // namespace sotto::bench
