// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/record_reader.h"

#include "wire/record_types.h"

namespace sotto::engine {

namespace {

constexpr std::size_t kFixedOctets = 10;

/// How many character strings fill the RDATA exactly; 0 where they do not.
std::size_t characterStrings(Bytes rdata) {
    std::size_t count = 0;
    std::size_t at = 0;
    for (; at < rdata.size(); ++count)
        at += std::size_t{1} + rdata[at];
    return at == rdata.size() ? count : 0;
}

/// NAPTR holds three character strings between its numbers and its name (RFC 3403 §4.1).
bool naptrIsSound(Bytes message, const Record& record) {
    std::size_t at = record.rdata + 4;
    for (int i = 0; i < 3; ++i) {
        if (at >= record.end)
            return false;
        at += std::size_t{1} + message[at];
    }
    WireName name;
    return at < record.end && readName(message.first(record.end), at, name) == record.end;
}

bool rdataIsSound(Bytes message, const Record& record) {
    const Bytes rdata = message.subspan(record.rdata, record.rdataLength());
    switch (record.type) {
    case record_type::kA:
        return record.recordClass != 1 || record.rdataLength() == 4;
    case record_type::kAaaa:
        return record.rdataLength() == 16;
    case record_type::kTxt:
        return characterStrings(rdata) > 0;
    case record_type::kHinfo:
        return characterStrings(rdata) == 2;
    case record_type::kNaptr:
        return naptrIsSound(message, record);
    default:
        break;
    }
    const RdataLayout layout = rdataLayout(record.type);
    if (layout.names == 0)
        return true;
    std::size_t at = record.rdata + layout.fixedOctets;
    WireName name;
    for (unsigned i = 0; i < layout.names; ++i) {
        if (at >= record.end)
            return false;
        at = readName(message.first(record.end), at, name);
        if (at == 0)
            return false;
    }
    return at + layout.trailingOctets == record.end;
}

} // namespace

RdataLayout rdataLayout(std::uint16_t type) {
    switch (type) {
    case record_type::kNs:
    case record_type::kMd:
    case record_type::kMf:
    case record_type::kCname:
    case record_type::kMb:
    case record_type::kMg:
    case record_type::kMr:
    case record_type::kPtr:
    case record_type::kDname:
        return {0, 1, 0};
    case record_type::kMinfo:
    case record_type::kRp:
        return {0, 2, 0};
    case record_type::kSoa:
        return {0, 2, 20};
    case record_type::kMx:
    case record_type::kAfsdb:
    case record_type::kRt:
    case record_type::kKx:
        return {2, 1, 0};
    case record_type::kPx:
        return {2, 2, 0};
    case record_type::kSrv:
        return {6, 1, 0};
    default:
        return {};
    }
}

NameOffsets nameOffsets(Bytes message, const Record& record) {
    NameOffsets names;
    names.at[names.count++] = record.start;
    if (record.type == record_type::kNaptr) {
        std::size_t at = record.rdata + 4;
        for (int i = 0; i < 3; ++i)
            at += std::size_t{1} + message[at];
        names.at[names.count++] = at;
        return names;
    }
    const RdataLayout layout = rdataLayout(record.type);
    std::size_t at = record.rdata + layout.fixedOctets;
    for (unsigned i = 0; i < layout.names; ++i) {
        names.at[names.count++] = at;
        at = skipName(message, at);
    }
    return names;
}

RecordReader::RecordReader(Bytes message, std::size_t offset)
    : m_message(message)
    , m_offset(offset)
    , m_left{answerCount(message), authorityCount(message), additionalCount(message)} {}

RecordReader::Step RecordReader::next(Record& record) {
    while (m_section < 3 && m_left[m_section] == 0)
        ++m_section;
    if (m_section == 3)
        return Step::End;
    --m_left[m_section];

    WireName owner;
    const std::size_t fixed = readName(m_message, m_offset, owner);
    if (fixed == 0 || fixed + kFixedOctets > m_message.size())
        return Step::Malformed;
    record.section = static_cast<Section>(m_section);
    record.start = m_offset;
    record.fixed = fixed;
    record.rdata = fixed + kFixedOctets;
    record.type = load16(&m_message[fixed]);
    record.recordClass = load16(&m_message[fixed + 2]);
    record.ttl = load32(&m_message[fixed + 4]);
    record.end = record.rdata + load16(&m_message[fixed + 8]);
    if (record.end > m_message.size() || !rdataIsSound(m_message, record))
        return Step::Malformed;
    m_offset = record.end;
    return Step::Record;
}

} // namespace sotto::engine
