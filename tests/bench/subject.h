// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bench_options.h"
#include "measured_process.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sotto::bench {

/// What a program is started for, where that is not the usual.
struct Situation {
    std::vector<std::string> upstreams{"127.0.0.1"}; ///< addresses of those asked over TLS
    std::string settings;   ///< further lines for Sotto's settings file: keys, then tables
    bool keepState = false; ///< Sotto keeps what its last run left behind
};

/// One program under measure.
struct Subject {
    enum class Kind {
        Echo,   ///< the floor: no DNS, no cache
        Sotto,  ///< the service as shipped
        Engine, ///< the engine by itself, in a program without Qt
        Peer,
    };

    std::string name;
    Kind kind = Kind::Peer;
    std::string version;
    std::string upstream; ///< how it asks its upstream; empty: asks none
    std::string remark;   ///< what a reader of its figures should know
    std::string absent;   ///< why it is not measured; empty: it is
    std::uint16_t port = 0;
    bool caches = true;
    std::size_t cacheBound = 0; ///< it keeps so many answers at the most; 0: no such bound

    bool asksOverTls() const;

    /// Starts it, in an empty state where the situation does not want it otherwise.
    std::function<std::unique_ptr<MeasuredProcess>(const Situation&)> start;
    std::filesystem::path log; ///< what it said since
};

inline constexpr const char* kEchoName = "echo";
inline constexpr const char* kSottoName = "sottod";
inline constexpr const char* kEngineName = "engine";
inline constexpr const char* kRecordingEngineName = "engine+records";

/// What a subject said last, for a reason why it does not do what it should.
std::string lastWords(const Subject& subject);

/// All that there are, the echo server first, then Sotto, then the peers. folder is for their
/// files; caFile holds the authority of the upstream's certificate.
std::vector<Subject> allSubjects(const BenchOptions& options, const std::filesystem::path& folder,
                                 const std::filesystem::path& caFile);

/// Debian's suites that the peers' root was made from.
std::string peersSuite(const std::filesystem::path& root);
/// The version of a package in the peers' root; empty: it is not there.
std::string packageVersion(const std::filesystem::path& root, const std::string& package);

} // namespace sotto::bench
