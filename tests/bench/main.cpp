// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench_options.h"
#include "dnsperf.h"
#include "far/far_side.h"
#include "own_world.h"
#include "report.h"
#include "rounds.h"
#include "subject.h"
#include "upstream_rounds/upstream_rounds.h"
#include "upstreams.h"

#include <algorithm>
#include <cstdio>

#include <unistd.h>

namespace sotto::bench {

namespace {

/// A folder for what the subjects write, which goes with this object.
class WorkFolder {
public:
    WorkFolder()
        : m_path(std::filesystem::temp_directory_path() /
                 ("sotto-bench." + std::to_string(::getpid()))) {
        std::filesystem::create_directories(m_path);
    }
    ~WorkFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;

    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

int complain(const std::string& what) {
    std::fprintf(stderr, "sotto-bench: %s\n", what.c_str());
    return 1;
}

/// False where --only names somebody whom there is not.
bool knowsAll(const BenchOptions& options, const std::vector<Subject>& subjects) {
    for (const std::string& name : options.only) {
        if (std::none_of(subjects.begin(), subjects.end(),
                         [&](const Subject& subject) { return subject.name == name; })) {
            complain("there is no subject \"" + name + "\"; --list names them");
            return false;
        }
    }
    return true;
}

void list(const std::vector<Subject>& subjects) {
    for (const Subject& subject : subjects)
        std::printf("%-18s %-24s %s\n", subject.name.c_str(), subject.version.c_str(),
                    subject.absent.empty() ? subject.upstream.c_str()
                                           : ("not there: " + subject.absent).c_str());
}

/// Lets something be measured of each that is there, and says where it is.
template <class Measure>
void eachOf(std::vector<SubjectResult>& results, const std::string& what, Measure measure) {
    std::printf("%s:", what.c_str());
    for (SubjectResult& result : results) {
        if (!result.subject.absent.empty())
            continue;
        std::printf(" %s", result.subject.name.c_str());
        std::fflush(stdout);
        measure(result);
    }
    std::printf("\n");
}

void measureCache(const BenchOptions& options, Rounds& rounds,
                  std::vector<SubjectResult>& results) {
    for (int round = 1; round <= options.rounds; ++round)
        eachOf(results, "round " + std::to_string(round),
               [&](SubjectResult& result) { rounds.measureOnce(result); });
    eachOf(results, "memory", [&](SubjectResult& result) { rounds.measureMemory(result); });
}

void measureUpstreams(const BenchOptions& options, UpstreamRounds& rounds,
                      std::vector<SubjectResult>& results) {
    struct Part {
        const char* name;
        void (UpstreamRounds::*measure)(SubjectResult&);
        bool repeated; ///< counts and long times need no second round
    };
    static constexpr Part kParts[] = {
        {part::kFull, &UpstreamRounds::measureFull, true},
        {part::kTail, &UpstreamRounds::measureTail, true},
        {part::kFirst, &UpstreamRounds::measureFirst, true},
        {part::kFaults, &UpstreamRounds::measureFaults, false},
        {part::kOutages, &UpstreamRounds::measureOutages, false},
    };
    for (const Part& part : kParts) {
        for (int round = 1; options.wantsPart(part.name) && round <= options.rounds; ++round) {
            if (round == 1 || part.repeated)
                eachOf(results, std::string(part.name) + ' ' + std::to_string(round),
                       [&](SubjectResult& result) {
                           if (UpstreamRounds::takesPart(result.subject))
                               (rounds.*part.measure)(result);
                       });
        }
    }
    if (options.wantsPart(part::kIdle)) {
        std::printf("idle: all\n");
        rounds.measureIdle(results);
    }
}

int run(BenchOptions options) {
    std::error_code none;
    if (!options.peersRoot.empty())
        options.peersRoot = std::filesystem::absolute(options.peersRoot);
    if (!std::filesystem::exists(options.peersRoot / "versions", none))
        options.peersRoot.clear();
    const WorkFolder folder;
    const auto caFile = folder.path() / "ca.pem";
    const std::vector<Subject> subjects = allSubjects(options, folder.path(), caFile);
    if (options.list) {
        list(subjects);
        return 0;
    }
    if (!knowsAll(options, subjects))
        return 2;

    std::string error;
    if (!enterOwnWorld(options.peersRoot, error))
        return complain(error);
    moveLoadToOtherCores();
    Report report;
    FarSide far;
    const bool wantsLink = options.parts != std::vector<std::string>{part::kCache};
    const bool hasLink = wantsLink && far.create(report.noLink);
    report.options = options;
    report.machine = Machine::current();
    report.suite = peersSuite(options.peersRoot);
    report.dnsperf = packageVersion(options.peersRoot, "dnsperf");
    report.loadBefore = loadAverage();
    if (options.wantsPart(part::kCache))
        report.micro = timeSteps(options.names);

    Upstreams upstreams;
    if (!upstreams.start(caFile, error))
        return complain(error);
    for (const Subject& subject : subjects) {
        if (subject.kind == Subject::Kind::Echo || options.wants(subject.name))
            report.results.push_back({subject, {}, {}});
    }
    const Dnsperf dnsperf(options.peersRoot, folder.path());
    Rounds rounds(options, dnsperf, upstreams);
    const OthersWork others;
    if (options.wantsPart(part::kCache))
        measureCache(options, rounds, report.results);
    if (hasLink) {
        far.start(upstreams.issueFarIdentity());
        report.roundTrips = far.roundTrips();
        UpstreamRounds upstreamRounds(options, far);
        measureUpstreams(options, upstreamRounds, report.results);
    }
    report.othersShare = others.share();
    report.loadAfter = loadAverage();

    printReport(report);
    if (!options.json.empty() && !writeJson(report))
        return complain("cannot write " + options.json.string());
    return 0;
}

} // namespace

} // namespace sotto::bench

int main(int argc, char** argv) {
    int exitCode = 0;
    const auto options = sotto::bench::readOptions(argc, argv, exitCode);
    return options ? sotto::bench::run(*options) : exitCode;
}
