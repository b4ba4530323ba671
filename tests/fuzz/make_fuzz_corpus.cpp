// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden_packets.h"

#include <filesystem>
#include <fstream>
#include <iostream>

/// Writes the seeds of the fuzz corpus into a folder: make_fuzz_corpus FOLDER
namespace {

using sotto::test::Bytes;

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
    return written ? 0 : 1;
}
