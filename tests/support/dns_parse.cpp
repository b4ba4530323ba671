// SPDX-License-Identifier: GPL-3.0-or-later
#include "dns_message.h"

namespace sotto::test {
namespace {

/// A cursor over one message. After the first failure every read gives zeros.
class Reader {
public:
    explicit Reader(std::span<const std::uint8_t> wire)
        : m_wire(wire) {}

    bool ok() const { return m_error.empty(); }
    const std::string& error() const { return m_error; }
    std::size_t position() const { return m_at; }
    bool atEnd() const { return m_at == m_wire.size(); }

    void fail(const char* reason) {
        if (m_error.empty())
            m_error = reason;
    }

    std::uint8_t u8() {
        if (!ok() || m_at >= m_wire.size()) {
            fail("the message ends too early");
            return 0;
        }
        return m_wire[m_at++];
    }
    std::uint16_t u16() {
        const unsigned high = u8();
        return static_cast<std::uint16_t>(high << 8 | u8());
    }
    std::uint32_t u32() {
        const std::uint32_t high = u16();
        return high << 16 | u16();
    }

    Bytes bytes(std::size_t count) {
        if (!ok() || count > m_wire.size() - m_at) {
            fail("the message ends too early");
            return {};
        }
        const auto begin = m_wire.begin() + static_cast<std::ptrdiff_t>(m_at);
        m_at += count;
        return Bytes(begin, begin + static_cast<std::ptrdiff_t>(count));
    }

    /// A name with compression pointers, each of which must lead further back (RFC 1035 §4.1.4).
    Name name() {
        Name result;
        std::size_t at = m_at;
        std::size_t lowest = m_at;
        std::size_t length = 1;
        bool jumped = false;
        while (ok()) {
            if (at >= m_wire.size()) {
                fail("a name ends too early");
                break;
            }
            const std::uint8_t head = m_wire[at];
            if (head == 0) {
                if (!jumped)
                    m_at = at + 1;
                break;
            }
            if (head >= 0xc0) {
                if (at + 1 >= m_wire.size()) {
                    fail("a pointer ends too early");
                    break;
                }
                const std::size_t target =
                    static_cast<std::size_t>(head & 0x3f) << 8 | m_wire[at + 1];
                if (target >= lowest) {
                    fail("a pointer does not lead back");
                    break;
                }
                if (!jumped)
                    m_at = at + 2;
                jumped = true;
                at = lowest = target;
                continue;
            }
            length += head + std::size_t{1};
            if (head > 63 || length > 255 || at + 1 + head > m_wire.size()) {
                fail("a label or name is too long");
                break;
            }
            result.labels.emplace_back(reinterpret_cast<const char*>(&m_wire[at + 1]), head);
            at += head + std::size_t{1};
        }
        return result;
    }

private:
    std::span<const std::uint8_t> m_wire;
    std::size_t m_at = 0;
    std::string m_error;
};

void append(Bytes& out, const std::string& text) {
    out.insert(out.end(), text.begin(), text.end());
}

Bytes readRdata(Reader& in, std::uint16_t type, std::size_t length) {
    const RdataNames names = compressibleNames(type);
    const std::size_t end = in.position() + length;
    if (names.count == 0 || length == 0)
        return in.bytes(length);
    Bytes rdata = in.bytes(names.before);
    for (std::size_t i = 0; i < names.count && in.ok(); ++i)
        append(rdata, in.name().toWire());
    if (in.ok() && in.position() > end)
        in.fail("a name runs over the end of its RDATA");
    const Bytes rest = in.bytes(in.ok() ? end - in.position() : 0);
    rdata.insert(rdata.end(), rest.begin(), rest.end());
    return rdata;
}

/// Reads the OPT record that stands in the parts of an ordinary one.
void readOpt(Reader& in, const Record& record, Message& message) {
    if (message.edns)
        return in.fail("a second OPT");
    if (!record.owner.isRoot())
        return in.fail("an OPT with an owner name");
    Edns opt;
    opt.udpSize = record.klass;
    opt.version = static_cast<std::uint8_t>(record.ttl >> 16);
    opt.dnssecOk = (record.ttl & 0x8000) != 0;
    message.rcode = static_cast<std::uint16_t>(message.rcode | (record.ttl >> 24 << 4));
    Reader options(record.rdata);
    while (options.ok() && !options.atEnd()) {
        EdnsOption option;
        option.code = options.u16();
        option.data = options.bytes(options.u16());
        opt.options.push_back(std::move(option));
    }
    if (!options.ok())
        return in.fail("an EDNS option runs over the end of the OPT");
    message.edns = std::move(opt);
}

void readSection(Reader& in, unsigned count, bool mayHoldOpt, std::vector<Record>& section,
                 Message& message) {
    for (unsigned i = 0; i < count && in.ok(); ++i) {
        Record record;
        record.owner = in.name();
        record.type = in.u16();
        record.klass = in.u16();
        record.ttl = in.u32();
        record.rdata = readRdata(in, record.type, in.u16());
        if (!in.ok())
            return;
        if (record.type != rr::kOpt)
            section.push_back(std::move(record));
        else if (mayHoldOpt)
            readOpt(in, record, message);
        else
            in.fail("an OPT outside the additional section");
    }
}

} // namespace

std::optional<Message> Message::parse(std::span<const std::uint8_t> wire, std::string* whyNot) {
    Reader in(wire);
    Message message;
    message.id = in.u16();
    const unsigned flags = in.u16();
    message.response = (flags & 0x8000) != 0;
    message.opcode = static_cast<std::uint8_t>(flags >> 11 & 0xf);
    message.authoritative = (flags & 0x0400) != 0;
    message.truncated = (flags & 0x0200) != 0;
    message.recursionDesired = (flags & 0x0100) != 0;
    message.recursionAvailable = (flags & 0x0080) != 0;
    message.authenticData = (flags & 0x0020) != 0;
    message.checkingDisabled = (flags & 0x0010) != 0;
    message.rcode = flags & 0xf;
    const unsigned questions = in.u16();
    const unsigned answers = in.u16();
    const unsigned authorities = in.u16();
    const unsigned additionals = in.u16();
    for (unsigned i = 0; i < questions && in.ok(); ++i) {
        Question question;
        question.name = in.name();
        question.type = in.u16();
        question.klass = in.u16();
        message.questions.push_back(std::move(question));
    }
    readSection(in, answers, false, message.answers, message);
    readSection(in, authorities, false, message.authorities, message);
    readSection(in, additionals, true, message.additionals, message);
    if (in.ok() && !in.atEnd())
        in.fail("octets are left over after the message");
    if (in.ok())
        return message;
    if (whyNot)
        *whyNot = in.error();
    return std::nullopt;
}

} // namespace sotto::test
