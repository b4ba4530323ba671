// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo_options.h"
#include "demo_provider.h"
#include "demo_zone.h"
#include "support/dot_server.h"
#include "written_files.h"

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace sotto::test;

int fail(const std::string& what, int status = 1) {
    std::fprintf(stderr, "sotto-demo-server: %s\n", what.c_str());
    return status;
}

/// A TOML basic string.
std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + '"';
}

std::string settingsText(const DemoOptions& options, const std::string& listFile) {
    std::string listen;
    for (const std::string& address : options.listen)
        listen += (listen.empty() ? "" : ", ") + quoted(address);
    return "# Written by sotto-demo-server, which answers with made-up data; removed when it "
           "ends.\n"
           "listen = [" +
           listen + "]\nprovider_list = " + quoted(listFile) +
           "\n\n# What a test of a provider asks for, among the names that the demo knows.\n"
           "[test]\nplain = \"example.com\"\nsigned_good = \"\"\nsigned_bad = \"\"\n"
           "filtered = \"ads.example.com\"\n";
}

std::optional<ZoneSet> readZones(const DemoOptions& options, std::string& error) {
    std::string text(kDemoZone);
    if (!options.zoneFile.empty()) {
        std::ifstream file(options.zoneFile, std::ios::binary);
        text.assign(std::istreambuf_iterator<char>(file), {});
        if (!file.is_open() || file.bad()) {
            error = options.zoneFile.string() + ": cannot be read";
            return std::nullopt;
        }
    }
    auto zones = ZoneSet::fromText(text, error, OutsideNames::DoNotExist);
    if (!zones && !options.zoneFile.empty())
        error = options.zoneFile.string() + ": " + error;
    return zones;
}

std::unique_ptr<DotServer> makeServer(const DemoProvider& provider, const DemoOptions& options,
                                      const ThrowawayCa& ca, const ZoneSet& zones, bool isFirst) {
    LeafOptions leaf;
    leaf.dnsNames = {provider.certificateName};
    leaf.commonName = "Sotto demo server";
    leaf.validUntil = std::chrono::hours(47);
    DotServer::Options where;
    where.port = isFirst ? options.port : std::uint16_t{0};
    where.keepsRecords = false;
    auto server = std::make_unique<DotServer>(ca.issue(leaf), zones, where);
    ServerScript script;
    script.behaviour.delay = options.delay + provider.delay;
    for (const std::string& name : provider.blocked) {
        Behaviour blocked = script.behaviour;
        blocked.rcode = rcode::kNxDomain;
        script.byName.emplace(name, blocked);
    }
    server->setScript(script);
    return server;
}

int serve(const DemoOptions& options) {
    std::string error;
    auto zones = readZones(options, error);
    if (!zones)
        return fail(error);
    std::string apexes;
    for (const Name& apex : zones->apexes())
        apexes += " " + apex.toText();

    // Before the server's thread starts, so that no signal finds the files unguarded.
    asio::io_context signals{1};
    asio::signal_set ends(signals, SIGINT, SIGTERM);

    const ThrowawayCa ca("Sotto demo CA");
    std::vector<std::unique_ptr<DotServer>> servers;
    std::vector<ServedProvider> served;
    for (const DemoProvider& provider : demoProviders(options.serverName)) {
        servers.push_back(makeServer(provider, options, ca, *zones, served.empty()));
        if (!servers.back()->start(&error))
            return fail(error);
        served.push_back({provider, servers.back()->port()});
    }
    std::string ids;
    for (const ServedProvider& one : served)
        ids += " " + one.provider.id;
    const std::uint16_t port = served.front().port;

    WrittenFiles files;
    const std::string caFile = std::filesystem::absolute(options.caFile).string();
    if (!files.write(options.caFile, ca.certificatePem()))
        return fail(caFile + ": cannot be written");
    if (!options.settingsFile.empty()) {
        const auto listFile =
            std::filesystem::absolute(options.settingsFile).replace_extension(".providers.json");
        if (!files.write(listFile, providerListText(served, ca.certificatePem())))
            return fail(listFile.string() + ": cannot be written");
        if (!files.write(options.settingsFile, settingsText(options, listFile.string())))
            return fail(options.settingsFile.string() + ": cannot be written");
    }
    if (!options.readyFile.empty() &&
        !files.write(options.readyFile,
                     std::to_string(port) + " " + options.serverName + " " + caFile + "\n"))
        return fail(options.readyFile.string() + ": cannot be written");

    std::printf("sotto-demo-server: this is a demonstration. Every answer is made up; none comes "
                "from the real DNS.\n"
                "Serving DNS over TLS on 127.0.0.1:%u as %s.\n"
                "Providers to choose from:%s\n"
                "Names under:%s\n",
                unsigned{port}, options.serverName.c_str(), ids.c_str(), apexes.c_str());
    std::fflush(stdout);
    ends.async_wait([](asio::error_code, int) {});
    signals.run();
    for (const auto& server : servers)
        server->stop();
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    std::string error;
    const auto options =
        DemoOptions::parse(std::span(argv, static_cast<std::size_t>(argc)).subspan(1), error);
    if (!options)
        return fail(error + " (see --help)", 2);
    if (options->help) {
        std::fputs(DemoOptions::helpText().c_str(), stdout);
        return 0;
    }
    return serve(*options);
}
