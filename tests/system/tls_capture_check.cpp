// SPDX-License-Identifier: GPL-3.0-or-later
//
// tls_capture_check FILE PORT: ends with 0 if all that was captured to and from the TCP port is TLS
// records, and says what it saw.
#include "tls_capture.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>

using sotto::test::Bytes;
using sotto::test::TcpStream;
using sotto::test::TlsRecords;

namespace {

int check(const char* path, std::uint16_t port) {
    std::ifstream file(path, std::ios::binary);
    const Bytes capture{std::istreambuf_iterator<char>(file), {}};
    std::size_t streams = 0;
    std::size_t applicationData = 0;
    bool clean = true;
    for (const TcpStream& stream : sotto::test::readStreams(capture, port)) {
        if (stream.bytes.empty())
            continue;
        const TlsRecords records = sotto::test::cutIntoRecords(stream.bytes);
        ++streams;
        applicationData += records.applicationData;
        if (!records.violation.empty() || records.handshakes == 0) {
            clean = false;
            std::printf("%s to %s: %s\n", stream.from.c_str(), stream.to.c_str(),
                        records.violation.empty() ? "no handshake" : records.violation.c_str());
        }
    }
    std::printf("%zu streams, %zu records of application data\n", streams, applicationData);
    return clean && streams > 0 && applicationData > 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "Usage: tls_capture_check FILE PORT\n");
        return 2;
    }
    try {
        return check(argv[1], static_cast<std::uint16_t>(std::atoi(argv[2])));
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "tls_capture_check: %s\n", problem.what());
        return 1;
    }
}
