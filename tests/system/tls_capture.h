// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sotto::test {

using Bytes = std::vector<std::uint8_t>;

/// What one side of a TCP connection sent, in order.
struct TcpStream {
    std::string from; ///< "ADDRESS:PORT"
    std::string to;
    Bytes bytes;
};

/// Puts together the TCP streams over IPv4 to or from a port, out of a capture in the classic pcap
/// format of an Ethernet-like device. Throws std::runtime_error where the capture is unreadable or
/// lacks a segment in the middle of a stream.
std::vector<TcpStream> readStreams(const Bytes& capture, std::uint16_t port);

/// The records of a TLS stream (RFC 8446 §5.1).
struct TlsRecords {
    std::size_t handshakes = 0;
    std::size_t applicationData = 0;
    std::size_t others = 0; ///< alerts and changes of cipher
    std::string violation;  ///< what is no TLS record, and where; empty where all is
};

/// Cuts a stream into records. A last record that the capture's end cut off is no violation.
TlsRecords cutIntoRecords(const Bytes& stream);

} // namespace sotto::test
