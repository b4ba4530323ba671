// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench_options.h"
#include "echo_server.h"
#include "measured_process.h"
#include "query_load.h"
#include "report.h"
#include "support/dot_server.h"
#include "support/throwaway_ca.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sotto::bench {

namespace {

constexpr std::size_t kWindow = 64;
constexpr int kPacedPerSecond = 5000;

std::uint16_t freePort() {
    const int descriptor = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    ::bind(descriptor, reinterpret_cast<sockaddr*>(&address), length);
    ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length);
    ::close(descriptor);
    return ntohs(address.sin_port);
}

/// Any name has an address that stays for a day.
std::optional<test::Bytes> anyAddress(const test::SeenQuery& seen) {
    if (!seen.message)
        return std::nullopt;
    const test::Message& query = *seen.message;
    test::Message answer;
    answer.id = query.id;
    answer.response = answer.recursionDesired = answer.recursionAvailable = true;
    answer.questions = query.questions;
    answer.answers.push_back({query.questions.at(0).name, test::rr::kA, test::kClassIn, 86400,
                              test::Bytes{192, 0, 2, 1}});
    return answer.toWire();
}

test::LeafOptions leafOptions() {
    test::LeafOptions options;
    options.dnsNames = {"bench.test"};
    return options;
}

test::DotServer::Options serverOptions() {
    test::DotServer::Options options;
    options.keepsRecords = false;
    return options;
}

/// sottod with a DNS-over-TLS server behind it, both on loopback, and a folder for its files.
class Subject {
public:
    explicit Subject(const BenchOptions& options)
        : m_folder(std::filesystem::temp_directory_path() /
                   ("sotto-bench." + std::to_string(::getpid())))
        , m_port(freePort())
        , m_upstream(m_ca.issue(leafOptions()), {}, serverOptions()) {
        std::filesystem::create_directories(m_folder);
        m_upstream.setResponder(anyAddress);
        m_ready = m_upstream.start() && m_ca.writeCertificate(m_folder / "ca.pem");
        std::ofstream(m_folder / "sotto.toml")
            << "listen = [\"127.0.0.1:" << m_port << "\"]\n"
            << "upstreams = [{ address = \"127.0.0.1\", port = " << m_upstream.port()
            << ", name = \"bench.test\", ca_file = \"" << (m_folder / "ca.pem").string()
            << "\" }]\n";
        m_command = {options.sottod,
                     "--config",
                     (m_folder / "sotto.toml").string(),
                     "--state-dir",
                     (m_folder / "state").string(),
                     "--socket",
                     (m_folder / "sottod.sock").string()};
    }
    ~Subject() {
        m_process.reset();
        std::error_code ignored;
        std::filesystem::remove_all(m_folder, ignored);
    }

    bool ready() const { return m_ready; }
    std::uint16_t port() const { return m_port; }
    const MeasuredProcess& process() const { return *m_process; }

    /// Starts it anew; gives how long the first answer took.
    std::chrono::nanoseconds start(const Datagram& query) {
        m_process.reset();
        const auto begun = std::chrono::steady_clock::now();
        m_process = std::make_unique<MeasuredProcess>(m_command);
        return timeToFirstAnswer(m_port, query, begun);
    }

private:
    std::filesystem::path m_folder;
    std::uint16_t m_port;
    test::ThrowawayCa m_ca;
    test::DotServer m_upstream;
    bool m_ready = false;
    std::vector<std::string> m_command;
    std::unique_ptr<MeasuredProcess> m_process;
};

struct Measured {
    double perSecond = 0;
    double cpuMicros = 0; ///< of the measured process, an answer
    std::size_t lost = 0;
    std::size_t failed = 0;
};

Measured measure(const MeasuredProcess& process, const std::function<LoadResult()>& load) {
    const auto before = process.cpuTime();
    const LoadResult result = load();
    const auto cpu = process.cpuTime() - before;
    const auto answered = static_cast<double>(std::max<std::size_t>(result.answered, 1));
    return {answered / std::chrono::duration<double>(result.took).count(),
            std::chrono::duration<double, std::micro>(cpu).count() / answered, result.lost,
            result.failed};
}

double quantile(const std::vector<double>& sorted, double share) {
    if (sorted.empty())
        return 0;
    const auto last = static_cast<double>(sorted.size() - 1);
    return sorted[static_cast<std::size_t>(share * last)];
}

int run(const BenchOptions& options) {
    const std::uint16_t echoPort = freePort();
    const MeasuredProcess echo([&] { serveEcho(echoPort); });
    moveLoadToOtherCores();
    Subject sotto(options);
    const auto cached = makeQueries("cached", options.names);
    if (!sotto.ready() || sotto.start(cached[0]) == std::chrono::nanoseconds::zero()) {
        std::fprintf(stderr, "sotto-bench: %s does not answer\n", options.sottod.c_str());
        return 1;
    }

    std::map<std::string, std::vector<double>> samples;
    std::size_t lost = 0;
    std::size_t failed = 0;
    const auto note = [&](const std::string& what, const Measured& measured) {
        samples[what + " rate"].push_back(measured.perSecond);
        samples[what + " cpu"].push_back(measured.cpuMicros);
        lost += measured.lost;
        failed += measured.failed;
    };
    for (int round = 0; round < options.rounds; ++round) {
        std::printf("round %d of %d\n", round + 1, options.rounds);
        std::fflush(stdout);
        samples["start"].push_back(
            std::chrono::duration<double, std::milli>(sotto.start(cached[0])).count());
        samples["idle"].push_back(static_cast<double>(sotto.process().residentKib()) / 1024);
        const auto uncached = makeQueries("miss", options.names);
        note("dot", measure(sotto.process(),
                            [&] { return loadUdp(sotto.port(), uncached, kWindow, {}, true); }));
        loadUdp(sotto.port(), cached, kWindow, {}, true);
        note("echo", measure(echo, [&] {
                 return loadUdp(echoPort, cached, kWindow, options.round, false);
             }));
        note("udp", measure(sotto.process(), [&] {
                 return loadUdp(sotto.port(), cached, kWindow, options.round, false);
             }));
        note("tcp", measure(sotto.process(),
                            [&] { return loadTcp(sotto.port(), cached, kWindow, options.round); }));
        const auto echoPaced = paceUdp(echoPort, cached, kPacedPerSecond, options.round);
        const auto paced = paceUdp(sotto.port(), cached, kPacedPerSecond, options.round);
        samples["echo p50"].push_back(quantile(echoPaced.latencyMicros, 0.5));
        samples["echo p99"].push_back(quantile(echoPaced.latencyMicros, 0.99));
        samples["p50"].push_back(quantile(paced.latencyMicros, 0.5));
        samples["p99"].push_back(quantile(paced.latencyMicros, 0.99));
        lost += paced.lost;
        samples["warm"].push_back(static_cast<double>(sotto.process().residentKib()) / 1024);
    }
    const auto of = [&](const char* what) { return median(samples[what]); };
    const std::vector<Figure> figures{
        {"CPU a cached UDP query", "us", of("udp cpu"), of("echo cpu")},
        {"cached UDP queries a second", "1/s", of("udp rate"), of("echo rate")},
        {"hit latency p50 at 5000/s", "us", of("p50"), of("echo p50")},
        {"hit latency p99 at 5000/s", "us", of("p99"), of("echo p99")},
        {"CPU a cached TCP query", "us", of("tcp cpu"), 0},
        {"cached TCP queries a second", "1/s", of("tcp rate"), 0},
        {"CPU an uncached query over TLS", "us", of("dot cpu"), 0},
        {"memory idle", "MiB", of("idle"), 0},
        {"memory after the load", "MiB", of("warm"), 0},
        {"start to first answer", "ms", of("start"), 0},
    };
    printTable(figures);
    if (lost + failed > 0)
        std::printf("%zu queries got no answer, %zu an error: the figures above are doubtful\n",
                    lost, failed);
    if (!options.json.empty() && !writeJson(figures, options.json)) {
        std::fprintf(stderr, "sotto-bench: cannot write %s\n", options.json.c_str());
        return 1;
    }
    return 0;
}

} // namespace

} // namespace sotto::bench

int main(int argc, char** argv) {
    int exitCode = 0;
    const auto options = sotto::bench::readOptions(argc, argv, exitCode);
    return options ? sotto::bench::run(*options) : exitCode;
}
