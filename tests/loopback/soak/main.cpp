// SPDX-License-Identifier: GPL-3.0-or-later
#include "client_load.h"
#include "fault_injector.h"
#include "process_usage.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>

using namespace sotto;
using namespace std::chrono_literals;

namespace {

constexpr unsigned kQueriesPerSecond = 400;
constexpr std::size_t kHeapSlack = std::size_t{2} << 20; // of the allocator, OpenSSL and the like

/// One engine's life between clients and servers; false where it could not start.
bool live(std::chrono::milliseconds duration, bool withFaults, std::uint32_t seed,
          test::ClientLoad::Report& report) {
    test::SoakServers servers;
    auto started = engine::Engine::start(servers.config(), {});
    if (!started) {
        std::fprintf(stderr, "the engine does not start: %s\n", started.error().message().c_str());
        return false;
    }
    const auto engine = std::move(started.value().engine);
    test::FaultInjector faults(servers, *engine, seed);
    test::ClientLoad clients(engine->listening().at(0).port, seed, kQueriesPerSecond);
    std::mt19937 random(seed);
    const auto until = std::chrono::steady_clock::now() + duration;
    while (std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10 + random() % 120));
        if (withFaults)
            faults.step();
    }
    if (withFaults)
        faults.heal();
    report = clients.finish();
    std::printf("%llu faults\n", static_cast<unsigned long long>(faults.steps()));
    return true;
}

/// What there is now that was not there before.
std::size_t printNew(std::vector<std::string> before, const std::vector<std::string>& after) {
    std::size_t fresh = 0;
    for (const std::string& each : after) {
        const auto kind = [](const std::string& target) {
            return target.substr(0, target.find('['));
        };
        const auto known = std::find_if(before.begin(), before.end(), [&](const std::string& old) {
            return kind(old) == kind(each);
        });
        if (known != before.end()) {
            before.erase(known);
            continue;
        }
        std::printf("left open: %s\n", each.c_str());
        ++fresh;
    }
    return fresh;
}

} // namespace

/// sotto-soak [SECONDS [SEED]]
int main(int argc, char** argv) {
    const int seconds = argc > 1 ? std::atoi(argv[1]) : 10;
    const std::uint32_t seed = argc > 2
                                   ? static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10))
                                   : std::random_device{}();
    std::printf("%d s, seed %u\n", seconds, seed);
    std::fflush(stdout);

    test::ClientLoad::Report warm;
    if (!live(1s, false, seed, warm)) // after which what is made once is there
        return 1;
    const test::ProcessUsage before = test::ProcessUsage::now();
    test::ClientLoad::Report report;
    if (!live(std::chrono::seconds(seconds), true, seed, report))
        return 1;
    const test::ProcessUsage after = test::ProcessUsage::now();

    const auto count = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
    std::printf("%llu asked, %llu answered, %llu failed, %llu lost, %llu wrong; slowest %.1f ms\n",
                count(report.asked), count(report.answered), count(report.failed),
                count(report.lost), count(report.wrong),
                static_cast<double>(report.slowestMicros) / 1000);
    if (report.wrong > 0)
        std::printf("first wrong one: %s\n", report.firstWrong.c_str());
    std::printf("descriptors %zu before, %zu after; heap %zu before, %zu after\n",
                before.descriptors.size(), after.descriptors.size(), before.heapOctets,
                after.heapOctets);
    const bool leaks = printNew(before.descriptors, after.descriptors) > 0 ||
                       after.heapOctets > before.heapOctets + kHeapSlack;
    const bool good = report.lost == 0 && report.wrong == 0 && !leaks &&
                      warm.failed + warm.lost + warm.wrong == 0 &&
                      report.answered > report.asked / 2;
    std::printf("%s\n", good ? "clean" : "NOT CLEAN");
    return good ? 0 : 1;
}
