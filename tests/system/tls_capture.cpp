// SPDX-License-Identifier: GPL-3.0-or-later
#include "tls_capture.h"

#include <algorithm>
#include <map>
#include <span>
#include <stdexcept>
#include <tuple>

namespace sotto::test {

namespace {

using View = std::span<const std::uint8_t>;

std::uint16_t big16(View bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

std::uint32_t big32(View bytes, std::size_t at) {
    return static_cast<std::uint32_t>(big16(bytes, at)) << 16 | big16(bytes, at + 2);
}

struct Segment {
    std::uint32_t sequence = 0;
    bool opens = false; ///< SYN
    Bytes payload;
};

/// One direction of a connection, still as segments.
struct Direction {
    TcpStream stream;
    std::vector<Segment> segments;
};

std::string endpointText(View address, std::uint16_t port) {
    std::string text;
    for (const std::uint8_t octet : address)
        text += std::to_string(octet) + '.';
    text.back() = ':';
    return text + std::to_string(port);
}

/// Reads the packets of a pcap file in turn.
class CaptureReader {
public:
    explicit CaptureReader(View capture)
        : m_rest(capture) {
        constexpr std::size_t kHeader = 24;
        constexpr std::uint32_t kEthernet = 1;
        if (m_rest.size() < kHeader)
            throw std::runtime_error("the capture is too short");
        const std::uint32_t magic = big32(m_rest, 0);
        m_littleEndian = magic == 0xd4c3b2a1 || magic == 0x4d3cb2a1;
        if (!m_littleEndian && magic != 0xa1b2c3d4 && magic != 0xa1b23c4d)
            throw std::runtime_error("this is no pcap file");
        if (number(20) != kEthernet)
            throw std::runtime_error("the capture is not of an Ethernet-like device");
        m_rest = m_rest.subspan(kHeader);
    }

    /// The next packet; empty at the end.
    View next() {
        constexpr std::size_t kHeader = 16;
        if (m_rest.size() < kHeader)
            return {};
        const std::size_t length = number(8);
        if (m_rest.size() < kHeader + length)
            return {};
        const View packet = m_rest.subspan(kHeader, length);
        m_rest = m_rest.subspan(kHeader + length);
        return packet;
    }

private:
    std::uint32_t number(std::size_t at) const {
        const std::uint32_t value = big32(m_rest, at);
        return m_littleEndian ? __builtin_bswap32(value) : value;
    }

    View m_rest;
    bool m_littleEndian = false;
};

/// Files a packet under its direction, where it belongs to the port.
void fileSegment(
    View packet, std::uint16_t port,
    std::map<std::pair<std::string, std::string>, std::vector<Direction>>& directions) {
    constexpr std::size_t kEthernetHeader = 14;
    constexpr std::uint16_t kIpv4 = 0x0800;
    constexpr std::uint8_t kTcp = 6;
    if (packet.size() < kEthernetHeader + 40 || big16(packet, 12) != kIpv4)
        return;
    const View ip = packet.subspan(kEthernetHeader);
    const std::size_t ipHeader = (ip[0] & 0x0f) * 4U;
    const std::size_t ipLength = big16(ip, 2);
    if (ip[9] != kTcp || ipLength > ip.size() || ipLength < ipHeader + 20)
        return;
    const View tcp = ip.subspan(ipHeader, ipLength - ipHeader);
    const std::uint16_t source = big16(tcp, 0);
    const std::uint16_t destination = big16(tcp, 2);
    const std::size_t tcpHeader = (tcp[12] >> 4) * 4U;
    if ((source != port && destination != port) || tcpHeader > tcp.size())
        return;

    const std::string from = endpointText(ip.subspan(12, 4), source);
    const std::string to = endpointText(ip.subspan(16, 4), destination);
    Segment segment{big32(tcp, 4), (tcp[13] & 0x02) != 0, {}};
    const View payload = tcp.subspan(tcpHeader);
    segment.payload.assign(payload.begin(), payload.end());

    std::vector<Direction>& connections = directions[{from, to}];
    const bool again = segment.opens && !connections.empty() &&
                       connections.back().segments.front().sequence == segment.sequence;
    if ((segment.opens && !again) || connections.empty())
        connections.push_back({{from, to, {}}, {}});
    connections.back().segments.push_back(std::move(segment));
}

/// The bytes of a direction in the order of their sequence numbers, each once.
TcpStream assemble(Direction& direction) {
    std::vector<Segment>& segments = direction.segments;
    const std::uint32_t first = segments.front().sequence + (segments.front().opens ? 1 : 0);
    const auto offsetOf = [first](const Segment& segment) -> std::size_t {
        return segment.sequence + (segment.opens ? 1 : 0) - first;
    };
    std::stable_sort(segments.begin(), segments.end(),
                     [&](const Segment& a, const Segment& b) { return offsetOf(a) < offsetOf(b); });
    TcpStream stream = direction.stream;
    for (const Segment& segment : segments) {
        const std::size_t offset = offsetOf(segment);
        if (segment.payload.empty() || offset + segment.payload.size() <= stream.bytes.size())
            continue;
        if (offset > stream.bytes.size())
            throw std::runtime_error("the capture lacks a segment of " + stream.from + " to " +
                                     stream.to);
        const auto known = static_cast<std::ptrdiff_t>(stream.bytes.size() - offset);
        stream.bytes.insert(stream.bytes.end(), segment.payload.begin() + known,
                            segment.payload.end());
    }
    return stream;
}

} // namespace

std::vector<TcpStream> readStreams(const Bytes& capture, std::uint16_t port) {
    std::map<std::pair<std::string, std::string>, std::vector<Direction>> directions;
    CaptureReader reader{View(capture)};
    for (View packet = reader.next(); !packet.empty(); packet = reader.next())
        fileSegment(packet, port, directions);

    std::vector<TcpStream> streams;
    for (auto& [ends, connections] : directions) {
        for (Direction& direction : connections)
            streams.push_back(assemble(direction));
    }
    return streams;
}

TlsRecords cutIntoRecords(const Bytes& stream) {
    constexpr std::size_t kHeader = 5;
    constexpr std::size_t kLongest = (1U << 14) + 2048; // RFC 5246 §6.2.3
    enum ContentType { ChangeCipherSpec = 20, Alert = 21, Handshake = 22, ApplicationData = 23 };

    TlsRecords records;
    std::size_t at = 0;
    while (stream.size() - at >= kHeader) {
        const std::size_t length = big16(stream, at + 3);
        const std::uint8_t type = stream[at];
        if (type < ChangeCipherSpec || type > ApplicationData || stream[at + 1] != 3 ||
            length == 0 || length > kLongest) {
            records.violation = "no TLS record at octet " + std::to_string(at);
            return records;
        }
        if (type == Handshake)
            ++records.handshakes;
        else if (type == ApplicationData)
            ++records.applicationData;
        else
            ++records.others;
        at = std::min(at + kHeader + length, stream.size());
    }
    return records;
}

} // namespace sotto::test
