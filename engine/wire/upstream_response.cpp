// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/upstream_response.h"

#include "wire/client_subnet.h"
#include "wire/record_reader.h"
#include "wire/record_types.h"

#include <algorithm>
#include <array>

namespace sotto::engine {

namespace {

constexpr std::size_t kMaxChain = 16; // aliases followed within one answer
constexpr std::size_t kRrsigExpiration = 8;
constexpr std::size_t kRrsigFixedOctets = 18; // before the signer's name (RFC 4034 §3.1)

/// The names that records of the answer section may belong to: QNAME and what its aliases
/// (CNAME, DNAME) lead to.
class AliasChain {
public:
    AliasChain(const Question& question) { m_names[m_count++] = question.name; }

    bool contains(Bytes owner) const {
        return std::any_of(m_names.begin(), m_names.begin() + m_count,
                           [&](const WireName& name) { return sameName(name.bytes(), owner); });
    }
    bool isAboveAny(Bytes owner) const {
        return std::any_of(m_names.begin(), m_names.begin() + m_count,
                           [&](const WireName& name) { return isAtOrBelow(name.bytes(), owner); });
    }
    bool endsAt(Bytes owner) const { return sameName(m_names[m_count - 1].bytes(), owner); }
    void add(const WireName& name) {
        if (contains(name.bytes()))
            return;
        if (m_count < kMaxChain)
            m_names[m_count++] = name;
        else
            m_tooLong = true;
    }
    bool isTooLong() const { return m_tooLong; }
    std::size_t size() const { return m_count; }

private:
    std::array<WireName, kMaxChain> m_names;
    std::size_t m_count = 0;
    bool m_tooLong = false;
};

struct Contents {
    std::vector<Record> records; ///< OPT left out
    bool hasOpt = false;
    bool optIsLast = true; ///< nothing follows OPT, so that it can be cut off
    std::size_t end = 0;   ///< behind the last record that is kept
    std::uint8_t extendedRcode = 0;
    Bytes options; ///< the content of OPT
};

/// What the options of OPT say; those behind a broken one count for nothing. Of several of a kind
/// the first counts.
struct Options {
    std::uint16_t extendedError = extended_error::kNone; // RFC 8914 §2
    std::optional<std::uint16_t> keepaliveTenths;
    bool padded = false;
    std::optional<Bytes> subnet; ///< the option's content
};

Options readOptions(Bytes options) {
    Options read;
    while (options.size() >= 4) {
        const std::size_t length = load16(&options[2]);
        if (options.size() - 4 < length)
            break;
        const Bytes content = options.subspan(4, length);
        switch (load16(options.data())) {
        case extended_error::kOption:
            if (length >= 2 && read.extendedError == extended_error::kNone)
                read.extendedError = load16(content.data());
            break;
        case kKeepaliveOption:
            if (length == 2 && !read.keepaliveTenths)
                read.keepaliveTenths = load16(content.data());
            break;
        case kPaddingOption:
            read.padded = true;
            break;
        case kSubnetOption:
            if (!read.subnet)
                read.subnet = content;
            break;
        default:
            break;
        }
        options = options.subspan(4 + length);
    }
    return read;
}

/// Whether the answer is for the subnet that was told. One that says nothing of it is for all
/// (RFC 7871 §7.3.1).
bool isForSubnet(const Options& options, const Question& question, UpstreamResponse& response) {
    if (!question.subnet || !options.subnet)
        return true; // an option that was not asked for says nothing (§7.3)
    std::uint8_t scope = 0;
    if (readSubnet(*options.subnet, scope) != question.subnet)
        return false;
    response.subnetScope = scope;
    return true;
}

/// Whether an extended error says that the failure lies in the name, so that it would be wrong to
/// look for a server that answers all the same: it failed its signatures' check, or is blocked.
bool blamesTheName(std::uint16_t extendedError) {
    constexpr std::uint16_t kLastOfDnssec = 12;
    constexpr std::uint16_t kBlocked = 15;
    constexpr std::uint16_t kFiltered = 17;
    return (extendedError >= 1 && extendedError <= kLastOfDnssec &&
            extendedError != extended_error::kStaleAnswer) ||
           (extendedError >= kBlocked && extendedError <= kFiltered);
}

bool readRecords(Bytes message, std::size_t offset, Contents& contents, std::string& reason) {
    RecordReader reader(message, offset);
    Record record;
    contents.end = offset;
    for (;;) {
        switch (reader.next(record)) {
        case RecordReader::Step::Malformed:
            reason = "a malformed record";
            return false;
        case RecordReader::Step::End:
            return true;
        case RecordReader::Step::Record:
            break;
        }
        if (record.type == record_type::kOpt) {
            if (contents.hasOpt || record.section != Section::Additional) {
                reason = "a misplaced OPT record";
                return false;
            }
            contents.hasOpt = true;
            contents.extendedRcode = static_cast<std::uint8_t>(record.ttl >> 24);
            contents.options = message.subspan(record.rdata, record.rdataLength());
            continue;
        }
        if (record.type == record_type::kTsig) {
            reason = "a signature of a transaction that was not signed";
            return false;
        }
        if (contents.hasOpt)
            contents.optIsLast = false;
        contents.end = record.end;
        contents.records.push_back(record);
    }
}

/// TTLs change while a response is kept; a name that is compressed against one would change too.
bool namesLeanOnTtls(Bytes message, const Contents& contents) {
    std::vector<std::uint16_t> ttls;
    ttls.reserve(contents.records.size());
    for (const Record& record : contents.records)
        ttls.push_back(static_cast<std::uint16_t>(record.ttlOffset()));
    return std::any_of(contents.records.begin(), contents.records.end(), [&](const Record& record) {
        const NameOffsets names = nameOffsets(message, record);
        return std::any_of(names.at.begin(), names.at.begin() + names.count, [&](std::size_t at) {
            return nameTouches(message, at, ttls, sizeof record.ttl);
        });
    });
}

bool isOfClass(const Record& record, const Question& question) {
    return record.recordClass == question.queryClass || question.queryClass == record_type::kAny;
}

/// Follows the aliases from QNAME, in whatever order the records stand.
AliasChain followAliases(Bytes message, const Question& question, const Contents& contents) {
    AliasChain chain(question);
    if (question.type == record_type::kCname || question.type == record_type::kAny)
        return chain;
    for (std::size_t before = 0; before != chain.size();) {
        before = chain.size();
        for (const Record& record : contents.records) {
            if (record.section != Section::Answer)
                break;
            if (record.type != record_type::kCname || !isOfClass(record, question))
                continue;
            WireName owner;
            WireName target;
            readName(message, record.start, owner);
            if (chain.endsAt(owner.bytes()) && readName(message, record.rdata, target) != 0)
                chain.add(target);
        }
    }
    return chain;
}

/// Whether the record only proves others, which a client without DO must not get unless it asked
/// for that type (RFC 4035 §3.2.1).
bool isUnwantedProof(const Record& record, const Question& question) {
    const bool isProof = record.type == record_type::kRrsig || record.type == record_type::kNsec ||
                         record.type == record_type::kNsec3;
    return isProof && !question.dnssecOk && question.type != record.type &&
           question.type != record_type::kAny;
}

bool belongs(Bytes message, const Record& record, const Question& question,
             const AliasChain& chain) {
    if (!isOfClass(record, question))
        return false;
    if (isUnwantedProof(record, question))
        return false;
    if (record.section != Section::Answer)
        return true;
    WireName owner;
    readName(message, record.start, owner);
    return chain.contains(owner.bytes()) ||
           ((record.type == record_type::kDname || record.type == record_type::kRrsig) &&
            chain.isAboveAny(owner.bytes()));
}

void appendBytes(std::vector<std::uint8_t>& out, Bytes bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

/// Writes a record without any compression, so that it stands on its own.
void appendExpanded(std::vector<std::uint8_t>& out, Bytes message, const Record& record) {
    WireName name;
    readName(message, record.start, name);
    appendBytes(out, name.bytes());
    appendBytes(out, message.subspan(record.fixed, record.rdata - record.fixed));
    const std::size_t rdata = out.size();

    const RdataLayout layout = rdataLayout(record.type);
    std::size_t at = record.rdata + layout.fixedOctets;
    appendBytes(out, message.subspan(record.rdata, layout.fixedOctets));
    if (record.type == record_type::kNaptr) {
        at += 4;
        for (int i = 0; i < 3; ++i)
            at += std::size_t{1} + message[at];
        appendBytes(out, message.subspan(record.rdata, at - record.rdata));
        readName(message, at, name);
        appendBytes(out, name.bytes());
        at = record.end;
    }
    for (unsigned i = 0; i < layout.names; ++i) {
        at = readName(message, at, name);
        appendBytes(out, name.bytes());
    }
    appendBytes(out, message.subspan(at, record.end - at));
    store16(&out[rdata - 2], static_cast<std::uint16_t>(out.size() - rdata));
}

/// Keeps the message byte for byte where nothing has to go from its middle; otherwise writes it
/// anew, because names may be compressed against the parts that go.
bool copyKept(Bytes message, std::size_t questionEnd, const Contents& contents,
              const std::vector<Record>& kept, std::vector<std::uint8_t>& wire) {
    if (kept.size() == contents.records.size() && contents.optIsLast) {
        wire.assign(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(contents.end));
    } else {
        wire.assign(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(questionEnd));
        for (const Record& record : kept)
            appendExpanded(wire, message, record);
        if (wire.size() > kMaxMessageOctets)
            return false;
    }
    std::array<std::uint16_t, 3> counts{};
    for (const Record& record : kept)
        ++counts[static_cast<std::size_t>(record.section)];
    for (std::size_t i = 0; i < counts.size(); ++i)
        store16(&wire[6 + 2 * i], counts[i]);
    return true;
}

/// Keeps the earlier expiration, in serial number arithmetic (RFC 1982).
void noteSignature(std::uint32_t expiration, UpstreamResponse& response) {
    if (!response.signaturesExpire ||
        static_cast<std::int32_t>(expiration - *response.signaturesExpire) < 0)
        response.signaturesExpire = expiration;
}

/// Notes where the TTLs stand and what they say.
void readTtls(const Question& question, const AliasChain& chain, UpstreamResponse& response) {
    RecordReader reader(response.wire, kHeaderOctets + question.name.length + 4);
    Record record;
    bool first = true;
    while (reader.next(record) == RecordReader::Step::Record) {
        if (record.ttl & 0x80000000U) {
            record.ttl = 0;
            store32(&response.wire[record.ttlOffset()], 0);
        }
        response.ttlOffsets.push_back(static_cast<std::uint16_t>(record.ttlOffset()));
        response.smallestTtl = first ? record.ttl : std::min(response.smallestTtl, record.ttl);
        first = false;
        if (record.section == Section::Answer && !response.positive &&
            (record.type == question.type || question.type == record_type::kAny)) {
            WireName owner;
            readName(response.wire, record.start, owner);
            response.positive = chain.endsAt(owner.bytes());
        }
        if (record.type == record_type::kRrsig && record.rdataLength() >= kRrsigFixedOctets)
            noteSignature(load32(&response.wire[record.rdata + kRrsigExpiration]), response);
        if (record.section == Section::Authority && record.type == record_type::kSoa) {
            const std::uint32_t minimum = load32(&response.wire[record.end - 4]);
            const std::uint32_t ttl = std::min(record.ttl, minimum);
            response.negativeTtl = response.hasSoa ? std::min(response.negativeTtl, ttl) : ttl;
            response.hasSoa = true;
            response.soaTtlOffset = static_cast<std::uint16_t>(record.ttlOffset());
        }
    }
}

} // namespace

bool isResponseTo(Bytes message, const Question& question) {
    const std::size_t questionEnd = kHeaderOctets + question.name.length + 4;
    return message.size() >= questionEnd && questionCount(message) == 1 &&
           (messageFlags(message) & (flag::kResponse | flag::kOpcodeMask)) == flag::kResponse &&
           load16(&message[questionEnd - 4]) == question.type &&
           load16(&message[questionEnd - 2]) == question.queryClass &&
           sameName(message.subspan(kHeaderOctets, question.name.length), question.name.bytes());
}

bool readUpstreamResponse(Bytes message, const Question& question, UpstreamResponse& response,
                          std::string& reason) {
    if (message.size() < kHeaderOctets) {
        reason = "shorter than a DNS header";
        return false;
    }
    if (!isResponseTo(message, question)) {
        reason = "not the response to this question";
        return false;
    }
    const std::uint16_t flags = messageFlags(message);
    const std::size_t questionEnd = kHeaderOctets + question.name.length + 4;
    if (flags & flag::kTruncated) {
        reason = "truncated in spite of TCP";
        return false;
    }

    Contents contents;
    if (!readRecords(message, questionEnd, contents, reason))
        return false;
    if (namesLeanOnTtls(message, contents)) {
        reason = "a name that points into a TTL";
        return false;
    }
    if (contents.extendedRcode != 0) {
        reason = "an extended response code that concerns this hop only";
        return false;
    }
    const Options options = readOptions(contents.options);
    if (!isForSubnet(options, question, response)) {
        reason = "an answer for another subnet";
        return false;
    }
    const AliasChain chain = followAliases(message, question, contents);
    if (chain.isTooLong()) {
        reason = "a chain of too many aliases";
        return false;
    }
    std::vector<Record> kept;
    kept.reserve(contents.records.size());
    std::copy_if(contents.records.begin(), contents.records.end(), std::back_inserter(kept),
                 [&](const Record& record) { return belongs(message, record, question, chain); });
    if (!copyKept(message, questionEnd, contents, kept, response.wire)) {
        reason = "too large";
        return false;
    }
    response.rcode = static_cast<std::uint8_t>(flags & flag::kRcodeMask);
    response.authenticData = flags & flag::kAuthenticData;
    response.extendedError = options.extendedError;
    response.blamesName = blamesTheName(options.extendedError);
    response.keepaliveTenths = options.keepaliveTenths;
    response.padded = options.padded;
    readTtls(question, chain, response);
    return true;
}

} // namespace sotto::engine
