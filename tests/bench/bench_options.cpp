// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench_options.h"

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <string_view>

namespace sotto::bench {

namespace {

constexpr std::string_view kHelp = R"(Usage: sotto-bench [OPTIONS]

Measures sottod against a bare UDP echo server that makes the same system calls, on loopback, one
core for the server and one for the load. Prints a table; the figures hold for this machine only.

  --seconds N    length of a round (default 2)
  --rounds N     rounds a measure; the median counts (default 3)
  --names N      cached names asked for (default 10000)
  --sottod PATH  the program to measure (default: beside this one)
  --json FILE    write the figures there, too
  --help
)";

template <class Number>
bool readNumber(std::string_view text, Number& number, Number least, Number most) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc() && read.ptr == text.data() + text.size() && number >= least &&
           number <= most;
}

} // namespace

std::optional<BenchOptions> readOptions(int argc, char** argv, int& exitCode) {
    BenchOptions options;
    options.sottod = std::filesystem::path(argv[0]).parent_path() / "sottod";
    exitCode = 2;
    for (int i = 1; i < argc; ++i) {
        const std::string_view option = argv[i];
        if (option == "--help") {
            std::fwrite(kHelp.data(), 1, kHelp.size(), stdout);
            exitCode = 0;
            return std::nullopt;
        }
        const std::string_view value = i + 1 < argc ? argv[++i] : "";
        bool understood = !value.empty();
        int seconds = 0;
        if (option == "--seconds" && readNumber(value, seconds, 1, 600))
            options.round = std::chrono::seconds(seconds);
        else if (option == "--rounds")
            understood = readNumber(value, options.rounds, 1, 99);
        else if (option == "--names")
            understood = readNumber<std::size_t>(value, options.names, 1, 100000);
        else if (option == "--sottod")
            options.sottod = value;
        else if (option == "--json")
            options.json = value;
        else
            understood = false;
        if (!understood) {
            std::fprintf(stderr, "sotto-bench: cannot use \"%s\"; see --help\n", argv[i]);
            return std::nullopt;
        }
    }
    return options;
}

} // namespace sotto::bench
