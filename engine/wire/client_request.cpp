// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/client_request.h"

#include "wire/client_subnet.h"
#include "wire/record_types.h"
#include "wire/wire_name.h"

#include <algorithm>

namespace sotto::engine {

namespace {

constexpr std::size_t kRecordFixedOctets = 10; // type, class, TTL, RDLENGTH
constexpr std::uint16_t kSmallestUdpSize = 512;

/// Whether the options from one offset to the other fill their record exactly. Of several of a
/// kind the first counts.
bool readOptions(Bytes message, std::size_t at, std::size_t end, ClientRequest& request) {
    while (at < end) {
        if (at + 4 > end)
            return false;
        const std::uint16_t code = load16(&message[at]);
        const std::uint16_t length = load16(&message[at + 2]);
        at += 4;
        if (code == kKeepaliveOption) {
            request.wantsKeepalive = true;
        } else if (code == kSubnetOption && !request.hasSubnet() && at + length <= end) {
            request.subnetAt = static_cast<std::uint16_t>(at);
            request.subnetOctets = length;
        }
        at += length;
    }
    return at == end;
}

/// A record in place, of which nothing but the frame is looked at. Offsets are into the message.
struct FramedRecord {
    std::size_t fixed = 0; ///< of the type, behind the owner name
    std::size_t rdata = 0;
    std::size_t end = 0;
    std::uint16_t type = 0;
};

/// Reads the record at an offset; false where it is not whole.
bool readFrame(Bytes message, std::size_t at, FramedRecord& record) {
    record.fixed = skipName(message, at);
    record.rdata = record.fixed + kRecordFixedOctets;
    if (record.fixed == 0 || record.rdata > message.size())
        return false;
    record.type = load16(&message[record.fixed]);
    record.end = record.rdata + load16(&message[record.fixed + 8]);
    return record.end <= message.size();
}

RequestVerdict parseEdns(Bytes message, const FramedRecord& opt, ClientRequest& request) {
    if (request.hasEdns)
        return RequestVerdict::FormErr; // RFC 6891 §6.1.1: one OPT at most
    request.hasEdns = true;
    request.udpSize = std::max(load16(&message[opt.fixed + 2]), kSmallestUdpSize);
    const std::uint8_t version = message[opt.fixed + 5];
    request.dnssecOk = message[opt.fixed + 6] & 0x80;
    if (version != 0)
        return RequestVerdict::BadVers;
    return readOptions(message, opt.rdata, opt.end, request) ? RequestVerdict::Ask
                                                             : RequestVerdict::FormErr;
}

/// What stands behind the question: only OPT is of interest, but all of it must be well-formed.
RequestVerdict parseAdditional(Bytes message, ClientRequest& request) {
    std::size_t at = request.questionEnd();
    auto verdict = RequestVerdict::Ask;
    for (unsigned left = additionalCount(message); left > 0; --left) {
        const bool rootOwner = at < message.size() && message[at] == 0;
        FramedRecord record;
        if (!readFrame(message, at, record))
            return RequestVerdict::FormErr;
        if (record.type == record_type::kOpt) {
            if (!rootOwner)
                return RequestVerdict::FormErr;
            const auto edns = parseEdns(message, record, request);
            if (edns == RequestVerdict::FormErr)
                return edns;
            verdict = edns;
        }
        at = record.end;
    }
    return at == message.size() ? verdict : RequestVerdict::FormErr;
}

/// Looks for an OPT in a message that is refused for something else. Nothing is found where the
/// message cannot be read up to there.
void findEdns(Bytes message, ClientRequest& request) {
    std::size_t at = kHeaderOctets;
    for (unsigned left = questionCount(message); left > 0; --left) {
        at = skipName(message, at);
        if (at == 0 || at + 4 > message.size())
            return;
        at += 4;
    }
    const unsigned before = answerCount(message) + authorityCount(message);
    for (unsigned i = 0; i < before + additionalCount(message); ++i) {
        FramedRecord record;
        if (!readFrame(message, at, record))
            return;
        if (i >= before && record.type == record_type::kOpt) {
            parseEdns(message, record, request);
            return;
        }
        at = record.end;
    }
}

RequestVerdict refuse(Bytes message, ClientRequest& request, RequestVerdict verdict) {
    findEdns(message, request);
    return verdict;
}

} // namespace

RequestVerdict verdictOfType(std::uint16_t type) {
    switch (type) {
    case record_type::kAxfr:
    case record_type::kIxfr:
        return RequestVerdict::Refused;
    case 0:
    case record_type::kOpt:
    case record_type::kTkey:
    case record_type::kTsig:
        return RequestVerdict::NotImp;
    default:
        return RequestVerdict::Ask;
    }
}

RequestVerdict parseRequest(Bytes message, ClientRequest& request) {
    if (message.size() < kHeaderOctets)
        return RequestVerdict::Drop;
    request.id = messageId(message);
    request.flags = messageFlags(message);
    if (request.flags & flag::kResponse)
        return RequestVerdict::Drop;
    if (request.flags & flag::kOpcodeMask)
        return refuse(message, request, RequestVerdict::NotImp);
    if (questionCount(message) != 1 || answerCount(message) != 0 || authorityCount(message) != 0)
        return refuse(message, request, RequestVerdict::FormErr);

    const std::size_t nameLength = uncompressedNameLength(message.subspan(kHeaderOctets));
    const std::size_t nameEnd = kHeaderOctets + nameLength;
    if (nameLength == 0 || nameEnd + 4 > message.size())
        return RequestVerdict::FormErr;
    request.nameLength = static_cast<std::uint16_t>(nameLength);
    request.type = load16(&message[nameEnd]);
    request.queryClass = load16(&message[nameEnd + 2]);

    const auto verdict = parseAdditional(message, request);
    return verdict == RequestVerdict::Ask ? verdictOfType(request.type) : verdict;
}

} // namespace sotto::engine
