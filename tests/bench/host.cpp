// SPDX-License-Identifier: GPL-3.0-or-later
//
// The engine by itself: what it costs without Qt and the service around it.
//
// Usage: sotto-bench-host PORT UPSTREAM-ADDRESS UPSTREAM-PORT UPSTREAM-NAME CA-FILE
//                         records|no-records
//
// Answers on 127.0.0.1:PORT until a signal ends it. Query records are read as often as sottod does,
// and forgotten.

#include "engine/engine.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <semaphore>
#include <thread>
#include <vector>

namespace {

using sotto::engine::Endpoint;
using sotto::engine::EngineConfig;
using sotto::engine::IpAddress;

/// As in sottod.
constexpr auto kReadingPause = std::chrono::milliseconds(100);

std::string contentOf(const char* file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

EngineConfig configOf(char** arguments) {
    const IpAddress loopback = *IpAddress::parse("127.0.0.1");
    EngineConfig config;
    config.listen = {{loopback, static_cast<std::uint16_t>(std::atoi(arguments[1]))}};
    config.upstreams.resize(1);
    if (const auto address = IpAddress::parse(arguments[2]))
        config.upstreams[0].addresses = {*address};
    config.upstreams[0].port = static_cast<std::uint16_t>(std::atoi(arguments[3]));
    config.upstreams[0].tlsName = arguments[4];
    config.upstreams[0].caPem = contentOf(arguments[5]);
    config.recordQueries = std::strcmp(arguments[6], "records") == 0;
    return config;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 7) {
        std::fprintf(stderr, "Usage: sotto-bench-host PORT UPSTREAM-ADDRESS UPSTREAM-PORT "
                             "UPSTREAM-NAME CA-FILE records|no-records\n");
        return 2;
    }
    std::counting_semaphore<> available(0);
    sotto::engine::Engine::Callbacks callbacks;
    callbacks.recordsAvailable = [&available] { available.release(); };
    const auto started = sotto::engine::Engine::start(configOf(argv), callbacks);
    if (!started) {
        std::fprintf(stderr, "sotto-bench-host: %s\n", started.error().message().c_str());
        return 1;
    }
    std::vector<sotto::engine::QueryRecord> records;
    for (;;) {
        available.acquire();
        std::this_thread::sleep_for(kReadingPause);
        records.clear();
        started.value().engine->readRecords(records);
    }
}
