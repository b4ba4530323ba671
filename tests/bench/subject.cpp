// SPDX-License-Identifier: GPL-3.0-or-later
#include "subject.h"

#include "echo_server.h"
#include "peers/peer.h"
#include "upstreams.h"

#include <fstream>

namespace sotto::bench {

namespace {

constexpr std::uint16_t kFirstPort = 5301;

void makeEmpty(const std::filesystem::path& folder) {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    std::filesystem::create_directories(folder);
}

Subject echoServer(std::uint16_t port) {
    Subject subject;
    subject.name = kEchoName;
    subject.kind = Subject::Kind::Echo;
    subject.port = port;
    subject.caches = false;
    subject.start = [port](const Situation&) {
        return std::make_unique<MeasuredProcess>([port] { serveEcho(port); });
    };
    return subject;
}

std::string sottoSettings(std::uint16_t port, const std::filesystem::path& caFile,
                          const Situation& situation) {
    std::string settings = "listen = [\"127.0.0.1:" + std::to_string(port) + "\"]\nupstreams = [\n";
    for (const std::string& address : situation.upstreams)
        settings += "  { address = \"" + address +
                    "\", port = " + std::to_string(Upstreams::kTlsPort) + ", name = \"" +
                    Upstreams::kTlsName + "\", ca_file = \"" + caFile.string() + "\" },\n";
    return settings + "]\n" + situation.settings;
}

Subject service(const BenchOptions& options, const std::filesystem::path& folder,
                const std::filesystem::path& caFile, std::uint16_t port) {
    Subject subject;
    subject.name = kSottoName;
    subject.kind = Subject::Kind::Sotto;
    subject.version = SOTTO_VERSION;
    subject.upstream = upstream::kVerified;
    subject.port = port;
    subject.log = folder / "log";
    if (!std::filesystem::exists(options.sottod))
        subject.absent = options.sottod.string() + " is not there";
    subject.start = [sottod = options.sottod, folder, caFile, port](const Situation& situation) {
        if (!situation.keepState)
            makeEmpty(folder);
        std::ofstream(folder / "sotto.toml") << sottoSettings(port, caFile, situation);
        Launch launch;
        launch.command = {sottod,           "--config", folder / "sotto.toml", "--state-dir",
                          folder / "state", "--socket", folder / "sottod.sock"};
        launch.log = folder / "log";
        return std::make_unique<MeasuredProcess>(launch);
    };
    return subject;
}

Subject engine(const BenchOptions& options, const std::filesystem::path& folder,
               const std::filesystem::path& caFile, std::uint16_t port, bool records) {
    Subject subject;
    subject.name = records ? kRecordingEngineName : kEngineName;
    subject.kind = Subject::Kind::Engine;
    subject.version = SOTTO_VERSION;
    subject.upstream = upstream::kVerified;
    subject.port = port;
    subject.log = folder / "log";
    if (!std::filesystem::exists(options.host))
        subject.absent = options.host.string() + " is not there";
    subject.start = [host = options.host, folder, caFile, port,
                     records](const Situation& situation) {
        makeEmpty(folder);
        Launch launch;
        launch.command = {host,
                          std::to_string(port),
                          situation.upstreams.front(),
                          std::to_string(Upstreams::kTlsPort),
                          Upstreams::kTlsName,
                          caFile,
                          records ? "records" : "no-records"};
        launch.log = folder / "log";
        return std::make_unique<MeasuredProcess>(launch);
    };
    return subject;
}

/// Configured once to see how; again, in an empty folder, at every start.
Subject peerSubject(const Peer& peer, PeerSite usual) {
    Subject subject;
    subject.name = peer.name;
    subject.port = usual.port;
    subject.caches = peer.caches;
    subject.cacheBound = peer.cacheBound;
    subject.remark = peer.remark;
    subject.log = usual.folder / "log";
    subject.version = usual.version = packageVersion(usual.root, peer.package);
    if (usual.root.empty())
        subject.absent = "there is no folder with peers (./dev bench makes one)";
    else if (subject.version.empty())
        subject.absent = "Debian has no package " + peer.package + " in " + peersSuite(usual.root);
    if (!subject.absent.empty())
        return subject;
    try {
        makeEmpty(usual.folder);
        const PeerSetup setup = peer.prepare(usual);
        subject.upstream = setup.upstream;
        if (!std::filesystem::exists(usual.root / setup.command[0].substr(1)))
            subject.absent = "its package has no " + setup.command[0];
    } catch (const std::filesystem::filesystem_error& error) {
        subject.absent = error.what();
    }
    subject.start = [prepare = peer.prepare, usual](const Situation& situation) {
        PeerSite site = usual;
        site.upstreams = situation.upstreams;
        makeEmpty(site.folder);
        const PeerSetup anew = prepare(site);
        Launch launch;
        launch.command = anew.command;
        launch.environment = anew.environment;
        launch.root = site.root;
        launch.log = site.folder / "log";
        return std::make_unique<MeasuredProcess>(launch);
    };
    return subject;
}

} // namespace

bool Subject::asksOverTls() const {
    return !upstream.empty() && upstream != bench::upstream::kPlain;
}

std::string lastWords(const Subject& subject) {
    std::string last;
    std::ifstream in(subject.log);
    for (std::string line; std::getline(in, line);) {
        if (!line.empty())
            last = line;
    }
    return last.empty() ? "it said nothing" : last;
}

std::vector<Subject> allSubjects(const BenchOptions& options, const std::filesystem::path& folder,
                                 const std::filesystem::path& caFile) {
    std::uint16_t port = kFirstPort;
    std::vector<Subject> subjects;
    subjects.push_back(echoServer(port++));
    subjects.push_back(service(options, folder / kSottoName, caFile, port++));
    subjects.push_back(engine(options, folder / kEngineName, caFile, port++, false));
    subjects.push_back(engine(options, folder / kRecordingEngineName, caFile, port++, true));
    for (const Peer& peer : allPeers()) {
        PeerSite site;
        site.root = options.peersRoot;
        site.folder = folder / peer.name;
        site.caFile = caFile;
        site.port = port++;
        subjects.push_back(peerSubject(peer, site));
    }
    return subjects;
}

std::string peersSuite(const std::filesystem::path& root) {
    std::string suites;
    std::ifstream in(root / "suite");
    std::getline(in, suites);
    return suites;
}

std::string packageVersion(const std::filesystem::path& root, const std::string& package) {
    std::ifstream versions(root / "versions");
    for (std::string name, version; versions >> name >> version;) {
        if (name == package)
            return version;
    }
    return {};
}

} // namespace sotto::bench
