// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden_packets.h"
#include "tls_samples.h"

#include <filesystem>
#include <fstream>
#include <iostream>

/// Writes the seeds of the fuzz corpus into a folder: make_fuzz_corpus FOLDER
namespace {

using sotto::test::Bytes;
using sotto::test::bytesFromHex;

bool write(const std::filesystem::path& folder, const std::string& name, const Bytes& octets) {
    std::filesystem::create_directories(folder);
    std::ofstream file(folder / name, std::ios::binary);
    file.write(reinterpret_cast<const char*>(octets.data()),
               static_cast<std::streamsize>(octets.size()));
    return file.good();
}

bool writeText(const std::filesystem::path& folder, const std::string& name,
               std::string_view text) {
    return write(folder, name, Bytes(text.begin(), text.end()));
}

/// Type A, class IN, the canary set, and the name.
Bytes specialName(std::string_view name) {
    Bytes octets{0, 1, 0, 1, 1};
    const std::string wire = sotto::test::nameOf(name).toWire();
    octets.insert(octets.end(), wire.begin(), wire.end());
    return octets;
}

bool writeSpecialNames(const std::filesystem::path& folder) {
    const std::pair<const char*, const char*> names[] = {
        {"localhost", "a.localhost."},
        {"check", "0123456789abcdef.check.sotto.internal."},
        {"invalid", "invalid."},
        {"local", "printer.local."},
        {"home", "a.home.arpa."},
        {"resolver", "_dns.resolver.arpa."},
        {"loopback4", "1.0.0.127.in-addr.arpa."},
        {"private4", "1.2.31.172.in-addr.arpa."},
        {"public4", "1.2.32.172.in-addr.arpa."},
        {"loopback6", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa."},
        {"link6", "b.e.f.ip6.arpa."},
        {"canary", "use-application-dns.net."},
        {"usual", "www.example.com."},
    };
    bool written = true;
    for (const auto& [file, name] : names)
        written &= write(folder, file, specialName(name));
    return written;
}

/// Sequences of operations as tryCache() reads them: the size of the cache and its habits, then
/// one operation after another.
bool writeCacheOperations(const std::filesystem::path& folder) {
    const std::string positive = "00 01 00 00 00 3c 00 0a 00"; // of "a", for ten seconds
    const std::string denial = "00 01 01 00 00 3c 01 0a 00";
    const std::string failure = "00 01 02 00 00 3c 02 05 00";
    const std::string client = "03 01 00";
    const std::string lastResort = "05 01 00";
    const std::string expire = "06 0b";
    const auto sequence = [](const std::string& config, const std::vector<std::string>& steps) {
        std::string all = config;
        for (const std::string& step : steps)
            all += step;
        return bytesFromHex(all);
    };
    std::vector<std::string> filling;
    for (const char high : {'0', '1', '2', '3', '4', '5', '6', '7'}) {
        for (const char low : {'0', '1', '2', '3', '8', '9', 'a', 'b'}) {
            const std::string question{' ', high, low, ' '};
            filling.push_back("00" + question + "00 0c 05 01 02 03 04 00 ff 03");
            filling.push_back("03" + question + "00");
        }
    }
    filling.push_back("08 01 00 00 00 00 00 00 00"); // no room at all
    bool written =
        write(folder, "fresh", sequence("0000000000000000", {positive, client, "06 05", client}));
    written &= write(folder, "stale-verified",
                     sequence("0001000000000000", {positive, expire, client, lastResort, "0a 01",
                                                   client, "06 05", client, "0b"}));
    written &= write(folder, "stale-at-once",
                     sequence("0003000000000000", {positive, expire, client, client, expire, client,
                                                   failure, client, positive, client}));
    written &= write(folder, "positive-preferred",
                     sequence("0005000000000000",
                              {positive, denial, client, expire, denial, client, lastResort}));
    written &= write(folder, "prefetched",
                     sequence("0000000000010300", {positive, client, "06 02", client, failure,
                                                   client, "06 06", client, positive, client}));
    written &= write(folder, "ttl-kept", sequence("0008000000000000", {positive, "06 05", client}));
    written &=
        write(folder, "forgotten",
              sequence("0000000000000000", {positive, "00 02 00 00 00 3c 00 0a 00", "09 01 02",
                                            client, "09 01 01", "0b", "09 00 00"}));
    written &= write(folder, "evicted", sequence("0500000000000000", filling));
    return written;
}

bool writeStreams(const std::filesystem::path& folder) {
    const auto stream = [&](const std::string& name, const char* hex) {
        return write(folder, name, bytesFromHex(hex));
    };
    bool written = stream("whole", "05 0003616263 00 ff");
    written &= stream("two at once", "09 0001 61 0000 0002 6263 00 00 00");
    written &= stream("octet by octet", "01 00 01 03 01 61 00 01 62 01 63 00");
    written &= stream("cut in the length", "06 0003 616263 00 ff 03 01 61 00");
    written &= stream("unfinished", "08 ffff 000000000000 ff");
    return written;
}

/// Bodies of snapshots: what the engine writes for answers of the usual kinds, without head and
/// digest.
bool writeSnapshots(const std::filesystem::path& folder) {
    bool written = true;
    for (const sotto::test::NamedPacket& packet : sotto::test::goldenResponses()) {
        Bytes body{0,
                   0xff,
                   0xff,
                   0,
                   0,
                   0,
                   5,
                   0,
                   0,
                   0,
                   60,
                   static_cast<std::uint8_t>(packet.wire.size() >> 8),
                   static_cast<std::uint8_t>(packet.wire.size())};
        body.insert(body.end(), packet.wire.begin(), packet.wire.end());
        if (packet.wire.size() < 1000)
            written &= write(folder, packet.name, body);
    }
    return written;
}

/// What is kept of a server: key, how long it keeps idle connections, flags, and its sessions.
Bytes keptServer(std::uint8_t number, const std::vector<Bytes>& sessions) {
    Bytes body(32, number);
    const Bytes learnt{0, 0, 0x27, 0x10, 1, static_cast<std::uint8_t>(sessions.size())};
    body.insert(body.end(), learnt.begin(), learnt.end());
    for (const Bytes& session : sessions) {
        const Bytes frame{0,
                          0,
                          0,
                          0,
                          0x6b,
                          0x49,
                          0xd1,
                          0x00, // a moment before the fuzzer's now
                          0,
                          0,
                          static_cast<std::uint8_t>(session.size() >> 8),
                          static_cast<std::uint8_t>(session.size())};
        body.insert(body.end(), frame.begin(), frame.end());
        body.insert(body.end(), session.begin(), session.end());
    }
    return body;
}

/// A session of a real handshake; another one at each call.
Bytes newSession(int version) {
    using namespace sotto::test;
    const ThrowawayCa ca;
    LeafOptions leaf = goodLeaf();
    leaf.validUntil = std::chrono::hours(24 * 365 * 20);
    MemoryTlsServer::Options options;
    options.version = version;
    MemoryTlsServer server(ca.issue(leaf), options);
    const auto connection = connectTo(server, upstreamOf(ca));
    if (!connection.connected)
        return {};
    SSL_SESSION* session = connection.sessions.back().get();
    Bytes octets(static_cast<std::size_t>(i2d_SSL_SESSION(session, nullptr)));
    unsigned char* at = octets.data();
    i2d_SSL_SESSION(session, &at);
    return octets;
}

bool writeSessions(const std::filesystem::path& folder) {
    const Bytes older = newSession(TLS1_2_VERSION);
    const Bytes newer = newSession(TLS1_3_VERSION);
    Bytes both = keptServer(1, {older, newer});
    const Bytes another = keptServer(2, {newer});
    both.insert(both.end(), another.begin(), another.end());
    Bytes cut = keptServer(1, {newer});
    cut.resize(cut.size() - 10);
    bool written = write(folder, "learnt", keptServer(1, {}));
    written &= write(folder, "tls-1.2", keptServer(1, {older}));
    written &= write(folder, "tls-1.3", keptServer(1, {newer}));
    written &= write(folder, "two-servers", both);
    written &= write(folder, "no-session", keptServer(1, {Bytes{0x30, 0x00}, newer}));
    written &= write(folder, "cut", cut);
    return written;
}

} // namespace

int main(int argc, char** argv) {
    using namespace sotto::test;
    if (argc != 2) {
        std::cerr << "usage: make_fuzz_corpus FOLDER\n";
        return 2;
    }
    const std::filesystem::path root(argv[1]);
    bool written = true;
    for (const NamedPacket& packet : goldenRequests())
        written &= write(root / "client_request", packet.name, packet.wire);
    for (const NamedPacket& packet : goldenResponses()) {
        written &= write(root / "upstream_response", packet.name, packet.wire);
        written &= write(root / "names", "message-" + packet.name, packet.wire);
    }
    written &= write(root / "client_request", "bad-version",
                     bytesFromHex("beef 0100 0001 0000 0000 0001 00 0001 0001"
                                  "00 0029 04d0 00010000 0000"));
    written &= write(root / "client_request", "notify",
                     bytesFromHex("beef 2100 0001 0000 0000 0000 00 0006 0001"));
    written &= write(root / "upstream_response", "name-in-ttl",
                     bytesFromHex("1234 8180 0001 0002 0000 0000 0161 00 0001 0001"
                                  "c00c 0001 0001 00000100 0004 c0000201"
                                  "c019 0001 0001 0000003c 0004 c0000201"));
    written &= write(root / "upstream_response", "opt-in-the-middle",
                     bytesFromHex("1234 8180 0001 0000 0000 0002 0161 00 0001 0001"
                                  "00 0029 04d0 00000000 0000"
                                  "c00c 0001 0001 0000003c 0004 c0000201"));
    written &= writeText(root / "names", "text", "www.Example.com.");
    written &= writeText(root / "names", "escapes", "a\\.b\\\\c\\000\\255.test");
    written &= writeText(root / "names", "long", std::string(63, 'a') + "." + std::string(63, 'b'));
    written &= write(root / "names", "pointers",
                     bytesFromHex("000000000000000000000000 0161 00 0162 c00c 0163 c00f"));
    written &= writeSpecialNames(root / "special_names");
    written &= writeCacheOperations(root / "cache");
    written &= writeStreams(root / "tcp_stream");
    written &= writeSnapshots(root / "cache_snapshot");
    written &= writeSessions(root / "session_store");
    return written ? 0 : 1;
}
