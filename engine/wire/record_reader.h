// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/wire_name.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace sotto::engine {

enum class Section : std::uint8_t { Answer, Authority, Additional };

/// One resource record in place (RFC 1035 §4.1.3). Offsets are into the message.
struct Record {
    Section section = Section::Answer;
    std::size_t start = 0; ///< of the owner name
    std::size_t fixed = 0; ///< of the type, behind the owner name
    std::size_t rdata = 0;
    std::size_t end = 0; ///< behind the record
    std::uint16_t type = 0;
    std::uint16_t recordClass = 0;
    std::uint32_t ttl = 0;

    std::size_t ttlOffset() const { return fixed + 4; }
    std::size_t rdataLength() const { return end - rdata; }
};

/// Walks the records of a message behind its question, and checks each: the owner name, the
/// lengths, and the inside of every type whose layout RFC 1035 fixes or which may hold compressed
/// names (RFC 3597 §4). What it passes can be parsed by anybody.
class RecordReader {
public:
    enum class Step { Record, End, Malformed };

    RecordReader(Bytes message, std::size_t offset);

    Step next(Record& record);
    /// Behind the last record, once next() gave End.
    std::size_t offset() const { return m_offset; }

private:
    Bytes m_message;
    std::size_t m_offset;
    unsigned m_left[3];
    unsigned m_section = 0;
};

/// How the names in a type's RDATA are laid out: fixed octets, then this many names, then the
/// rest. Types without names have names = 0.
struct RdataLayout {
    std::uint8_t fixedOctets = 0;
    std::uint8_t names = 0;
    std::uint8_t trailingOctets = 0; ///< exactly these follow the names
};

/// The offsets of the names in a sound record, as far as they may be compressed: its owner's, then
/// those in its RDATA.
struct NameOffsets {
    std::array<std::size_t, 3> at{};
    std::size_t count = 0;
};
NameOffsets nameOffsets(Bytes message, const Record& record);

/// The layout of the types whose RDATA may hold compressed names; names = 0 for all others.
RdataLayout rdataLayout(std::uint16_t type);

} // namespace sotto::engine
