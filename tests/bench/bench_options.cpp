// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench_options.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string_view>

namespace sotto::bench {

namespace {

constexpr std::string_view kHelp = R"(Usage: sotto-bench [OPTIONS]

Measures sottod, the engine by itself, other DNS programs and a bare echo server in a network of
their own: one core for the server, the others for the load. Prints tables;
the figures hold for this machine only, and the exit status does not depend on them.
docs/PERFORMANCE.md explains them.

  --quick          one round of half a second a load, to see that everything works
  --rounds N       rounds; the median counts (default 3)
  --seconds N      length of each load, e.g. 0.5 (default 2)
  --names N        cached names asked for (default 10000)
  --entries N      answers to keep when memory is measured (default 100000)
  --only A,B       measure these subjects only (the echo server is always among them)
  --parts A,B      measure these parts only: cache (answers from it; without a link), and over a
                   link of 20 ms: full (load), tail (even pace), first (question), idle (before
                   it), faults (of one provider), outages (of all)
  --list           say which subjects there are, or why not, and do nothing else
  --json FILE      write everything there, too: each round's samples, versions, the machine
  --peers FOLDER   root folder with the programs to compare with (./dev bench makes one)
  --sottod PATH    the service to measure (default: beside this program)
  --host PATH      the engine's host to measure (default: beside this program)
  --help
)";

template <class Number>
bool readNumber(std::string_view text, Number& number, Number least, Number most) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc() && read.ptr == text.data() + text.size() && number >= least &&
           number <= most;
}

bool readSeconds(std::string_view text, std::chrono::milliseconds& duration) {
    double seconds = 0;
    if (!readNumber(text, seconds, 0.1, 600.0))
        return false;
    duration = std::chrono::milliseconds(static_cast<long>(seconds * 1000));
    return true;
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        if (comma > 0)
            words.emplace_back(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return words;
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool readParts(std::string_view text, std::vector<std::string>& parts) {
    static const std::vector<std::string> kAll{part::kCache,  part::kFull, part::kTail,
                                               part::kFirst,  part::kIdle, part::kFaults,
                                               part::kOutages};
    parts = split(text);
    return std::all_of(parts.begin(), parts.end(),
                       [](const std::string& part) { return contains(kAll, part); });
}

enum class Understood { Yes, NoSuchOption, WrongValue };

Understood readValue(std::string_view option, std::string_view value, BenchOptions& options) {
    bool right = !value.empty();
    if (option == "--rounds")
        right = readNumber(value, options.rounds, 1, 99);
    else if (option == "--seconds")
        right = readSeconds(value, options.load);
    else if (option == "--names")
        right = readNumber<std::size_t>(value, options.names, 1, 1000000);
    else if (option == "--entries")
        right = readNumber<std::size_t>(value, options.entries, 1000, 1000000);
    else if (option == "--only")
        options.only = split(value);
    else if (option == "--parts")
        right = right && readParts(value, options.parts);
    else if (option == "--json")
        options.json = value;
    else if (option == "--peers")
        options.peersRoot = value;
    else if (option == "--sottod")
        options.sottod = value;
    else if (option == "--host")
        options.host = value;
    else
        return Understood::NoSuchOption;
    return right ? Understood::Yes : Understood::WrongValue;
}

} // namespace

bool BenchOptions::wants(const std::string& subject) const {
    return only.empty() || contains(only, subject);
}

bool BenchOptions::wantsPart(const std::string& part) const {
    return parts.empty() || contains(parts, part);
}

std::optional<BenchOptions> readOptions(int argc, char** argv, int& exitCode) {
    BenchOptions options;
    const auto folder = std::filesystem::path(argv[0]).parent_path();
    options.sottod = folder / "sottod";
    options.host = folder / "sotto-bench-host";
    exitCode = 2;
    for (int i = 1; i < argc; ++i) {
        const std::string option = argv[i];
        if (option == "--help") {
            std::fwrite(kHelp.data(), 1, kHelp.size(), stdout);
            exitCode = 0;
            return std::nullopt;
        }
        if (option == "--quick") {
            options.quick = true;
            options.rounds = 1;
            options.load = std::chrono::milliseconds(500);
        } else if (option == "--list") {
            options.list = true;
        } else {
            const std::string value = i + 1 < argc ? argv[i + 1] : "";
            switch (readValue(option, value, options)) {
            case Understood::Yes:
                ++i;
                break;
            case Understood::NoSuchOption:
                std::fprintf(stderr, "sotto-bench: there is no option \"%s\"; see --help\n",
                             option.c_str());
                return std::nullopt;
            case Understood::WrongValue:
                std::fprintf(stderr, "sotto-bench: %s cannot be \"%s\"; see --help\n",
                             option.c_str(), value.c_str());
                return std::nullopt;
            }
        }
    }
    return options;
}

} // namespace sotto::bench
