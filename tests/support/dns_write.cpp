// SPDX-License-Identifier: GPL-3.0-or-later
#include "dns_message.h"

#include <map>

namespace sotto::test {
namespace {

constexpr std::size_t kFarthestPointer = 0x3fff;

class Writer {
public:
    Bytes out;

    void u8(unsigned value) { out.push_back(static_cast<std::uint8_t>(value)); }
    void u16(unsigned value) {
        u8(value >> 8);
        u8(value & 0xff);
    }
    void u32(std::uint32_t value) {
        u16(value >> 16);
        u16(value & 0xffff);
    }
    void bytes(std::span<const std::uint8_t> data) {
        out.insert(out.end(), data.begin(), data.end());
    }

    /// Writes a name and points to the longest ending that was written before in the same case.
    void name(Name rest) {
        while (!rest.isRoot()) {
            const auto [known, isNew] = m_offsets.try_emplace(rest.toWire(), out.size());
            if (!isNew)
                return u16(0xc000 | static_cast<unsigned>(known->second));
            if (out.size() > kFarthestPointer)
                m_offsets.erase(known);
            const std::string& label = rest.labels.front();
            u8(static_cast<unsigned>(label.size()));
            out.insert(out.end(), label.begin(), label.end());
            rest = rest.parent();
        }
        u8(0);
    }

    void record(const Record& record) {
        name(record.owner);
        u16(record.type);
        u16(record.klass);
        u32(record.ttl);
        const std::size_t lengthAt = out.size();
        u16(0);
        rdata(record);
        const std::size_t length = out.size() - lengthAt - 2;
        out[lengthAt] = static_cast<std::uint8_t>(length >> 8);
        out[lengthAt + 1] = static_cast<std::uint8_t>(length & 0xff);
    }

private:
    /// Compresses where the RDATA is as its type says; else (a test's own nonsense) copies.
    void rdata(const Record& record) {
        const RdataNames names = compressibleNames(record.type);
        std::vector<Name> parsed;
        std::size_t at = names.before;
        for (std::size_t i = 0; i < names.count; ++i) {
            Name read;
            while (at < record.rdata.size() && record.rdata[at] != 0) {
                const std::size_t length = record.rdata[at];
                if (at + 1 + length >= record.rdata.size())
                    return bytes(record.rdata);
                read.labels.emplace_back(reinterpret_cast<const char*>(&record.rdata[at + 1]),
                                         length);
                at += 1 + length;
            }
            if (at >= record.rdata.size())
                return bytes(record.rdata);
            ++at;
            parsed.push_back(std::move(read));
        }
        const std::span<const std::uint8_t> all(record.rdata);
        if (parsed.empty())
            return bytes(all);
        bytes(all.first(names.before));
        for (Name& each : parsed)
            name(std::move(each));
        bytes(all.subspan(at));
    }

    std::map<std::string, std::size_t> m_offsets;
};

void writeOpt(Writer& writer, const Edns& opt, std::uint16_t rcode) {
    writer.u8(0);
    writer.u16(rr::kOpt);
    writer.u16(opt.udpSize);
    writer.u8(rcode >> 4);
    writer.u8(opt.version);
    writer.u16(opt.dnssecOk ? 0x8000 : 0);
    std::size_t length = 0;
    for (const EdnsOption& option : opt.options)
        length += 4 + option.data.size();
    writer.u16(static_cast<unsigned>(length));
    for (const EdnsOption& option : opt.options) {
        writer.u16(option.code);
        writer.u16(static_cast<unsigned>(option.data.size()));
        writer.bytes(option.data);
    }
}

} // namespace

RdataNames compressibleNames(std::uint16_t type) {
    switch (type) {
    case rr::kNs:
    case rr::kCname:
    case rr::kPtr:
        return {0, 1};
    case rr::kMx:
        return {2, 1};
    case rr::kSoa:
        return {0, 2};
    default:
        return {};
    }
}

const EdnsOption* Edns::find(std::uint16_t code) const {
    for (const EdnsOption& option : options)
        if (option.code == code)
            return &option;
    return nullptr;
}

const Bytes* Message::answer(std::uint16_t type) const {
    for (const Record& record : answers)
        if (record.type == type)
            return &record.rdata;
    return nullptr;
}

Bytes Message::toWire() const {
    Writer writer;
    writer.u16(id);
    writer.u16((response ? 0x8000u : 0u) | (opcode & 0xfu) << 11 | (authoritative ? 0x0400u : 0u) |
               (truncated ? 0x0200u : 0u) | (recursionDesired ? 0x0100u : 0u) |
               (recursionAvailable ? 0x0080u : 0u) | (authenticData ? 0x0020u : 0u) |
               (checkingDisabled ? 0x0010u : 0u) | (rcode & 0xfu));
    writer.u16(static_cast<unsigned>(questions.size()));
    writer.u16(static_cast<unsigned>(answers.size()));
    writer.u16(static_cast<unsigned>(authorities.size()));
    writer.u16(static_cast<unsigned>(additionals.size() + (edns ? 1 : 0)));
    for (const Question& question : questions) {
        writer.name(question.name);
        writer.u16(question.type);
        writer.u16(question.klass);
    }
    for (const auto* section : {&answers, &authorities, &additionals})
        for (const Record& record : *section)
            writer.record(record);
    if (edns)
        writeOpt(writer, *edns, rcode);
    return std::move(writer.out);
}

Bytes framed(std::span<const std::uint8_t> message) {
    Bytes frame;
    frame.reserve(message.size() + 2);
    frame.push_back(static_cast<std::uint8_t>(message.size() >> 8));
    frame.push_back(static_cast<std::uint8_t>(message.size() & 0xff));
    frame.insert(frame.end(), message.begin(), message.end());
    return frame;
}

} // namespace sotto::test
