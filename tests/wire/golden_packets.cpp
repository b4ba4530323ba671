// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden_packets.h"

#include <stdexcept>

namespace sotto::test {

namespace {

constexpr std::string_view kEchData =
    "1 . alpn=h2,h3 ech=AEj+DQBEAQAgACAdd+scUi0IYFsXnUIU7ko2Nd9+F8M26pAGZVpz/KrWPgAEAAEAAWQ=";

int hexDigit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    throw std::invalid_argument("not a hexadecimal digit");
}

} // namespace

Name nameOf(std::string_view text) {
    return Name::fromText(text).value();
}

Bytes bytesFromHex(std::string_view hex) {
    Bytes bytes;
    std::string digits;
    for (const char c : hex) {
        if (c != ' ')
            digits += c;
    }
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes.push_back(
            static_cast<std::uint8_t>(hexDigit(digits[i]) * 16 + hexDigit(digits[i + 1])));
    return bytes;
}

Record recordOf(std::string_view owner, std::uint16_t type, std::uint32_t ttl,
                std::string_view data) {
    const Bytes octets = rdata(type, data);
    if (octets.empty())
        throw std::invalid_argument("wrong data: " + std::string(data));
    return {nameOf(owner), type, kClassIn, ttl, octets};
}

Message responseTo(std::string_view name, std::uint16_t type) {
    Message message;
    message.id = 0x1234;
    message.response = message.recursionDesired = message.recursionAvailable = true;
    message.questions.push_back({nameOf(name), type, kClassIn});
    return message;
}

engine::Question engineQuestion(const Message& message, bool dnssecOk, bool checkingDisabled) {
    const Question& question = message.questions.at(0);
    const std::string wire = question.name.toWire();
    return engine::makeQuestion({reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size()},
                                question.type, question.klass, dnssecOk, checkingDisabled);
}

engine::Question engineQuestion(std::string_view name, std::uint16_t type, bool dnssecOk,
                                bool checkingDisabled) {
    return engineQuestion(responseTo(name, type), dnssecOk, checkingDisabled);
}

std::vector<NamedPacket> goldenRequests() {
    std::vector<NamedPacket> packets;
    Message query;
    query.id = 0xbeef;
    query.recursionDesired = true;
    query.questions.push_back({nameOf("www.Example.com."), rr::kA, kClassIn});
    packets.push_back({"plain", query.toWire()});
    query.edns = Edns{1232, 0, true, {}};
    packets.push_back({"dnssec", query.toWire()});
    query.edns =
        Edns{4096, 0, false, {{edns::kCookie, Bytes(8, 0x55)}, {edns::kPadding, Bytes(40)}}};
    query.authenticData = query.checkingDisabled = true;
    packets.push_back({"options", query.toWire()});
    query.edns->options = {{edns::kClientSubnet, {0, 1, 24, 0, 192, 0, 2}}};
    packets.push_back({"subnet", query.toWire()});
    query.edns.reset();
    query.questions[0] = {nameOf("."), rr::kNs, kClassIn};
    packets.push_back({"root", query.toWire()});
    query.questions[0] = {nameOf("_dns.resolver.arpa."), rr::kSvcb, kClassIn};
    query.additionals.push_back(recordOf("x.test.", rr::kA, 0, "192.0.2.1"));
    packets.push_back({"additional", query.toWire()});
    return packets;
}

std::vector<NamedPacket> goldenResponses() {
    std::vector<NamedPacket> packets;
    const auto add = [&](const char* name, const Message& message) {
        packets.push_back({name, message.toWire()});
    };

    Message a = responseTo("www.example.com.", rr::kA);
    a.answers.push_back(recordOf("www.example.com.", rr::kA, 300, "192.0.2.1"));
    a.answers.push_back(recordOf("www.example.com.", rr::kA, 300, "192.0.2.2"));
    add("a", a);
    a.edns = Edns{};
    a.authenticData = true;
    add("a-opt", a);

    Message chain = responseTo("a0.example.com.", rr::kAaaa);
    for (int i = 0; i < 8; ++i)
        chain.answers.push_back(recordOf("a" + std::to_string(i) + ".example.com.", rr::kCname,
                                         60 + static_cast<std::uint32_t>(i),
                                         "a" + std::to_string(i + 1) + ".example.com."));
    chain.answers.push_back(recordOf("a8.example.com.", rr::kAaaa, 30, "2001:db8::1"));
    add("chain", chain);
    chain.answers.push_back(recordOf("evil.example.", rr::kA, 30, "192.0.2.66"));
    chain.edns = Edns{};
    add("chain-stranger", chain);

    Message negative = responseTo("no.example.com.", rr::kA);
    negative.rcode = rcode::kNxDomain;
    negative.authorities.push_back(
        recordOf("example.com.", rr::kSoa, 3600, "ns1.example.com. a.example.com. 1 2 3 4 900"));
    add("nxdomain", negative);
    negative.rcode = rcode::kNoError;
    negative.edns = Edns{1232, 0, true, {}};
    add("nodata", negative);

    Message mail = responseTo("example.com.", rr::kMx);
    mail.answers.push_back(recordOf("example.com.", rr::kMx, 60, "10 mail.example.com."));
    mail.answers.push_back(recordOf("example.com.", rr::kMx, 60, "20 mail.example.net."));
    mail.authorities.push_back(recordOf("example.com.", rr::kNs, 60, "ns1.example.com."));
    mail.additionals.push_back(recordOf("mail.example.com.", rr::kA, 60, "192.0.2.3"));
    add("mx", mail);

    Message https = responseTo("example.com.", rr::kHttps);
    https.answers.push_back(recordOf("example.com.", rr::kHttps, 60, kEchData));
    https.edns = Edns{1232, 0, false, {{edns::kPadding, Bytes(64)}}};
    add("https", https);

    Message text = responseTo("t.example.com.", rr::kTxt);
    text.answers.push_back(recordOf("t.example.com.", rr::kTxt, 60, "\"one\" \"two three\""));
    add("txt", text);

    Message service = responseTo("_sip._tcp.example.com.", rr::kSrv);
    service.answers.push_back(
        recordOf("_sip._tcp.example.com.", rr::kSrv, 60, "1 2 5060 Sip.Example.com."));
    add("srv", service);

    Message unknown = responseTo("u.example.com.", 4711);
    unknown.answers.push_back(
        {nameOf("u.example.com."), 4711, kClassIn, 60, {0xc0, 0x0c, 0, 255, 7}});
    unknown.answers.push_back({nameOf("u.example.com."), 4711, kClassIn, 60, {}});
    add("unknown", unknown);

    Message alias = responseTo("www.old.test.", rr::kA);
    alias.answers.push_back({nameOf("old.test."), 39, kClassIn, 60, rdata(rr::kNs, "new.test.")});
    alias.answers.push_back(recordOf("www.old.test.", rr::kCname, 60, "www.new.test."));
    alias.answers.push_back(recordOf("www.new.test.", rr::kA, 60, "192.0.2.4"));
    add("dname", alias);

    Message failure = responseTo("broken.test.", rr::kA);
    failure.rcode = rcode::kServFail;
    failure.edns = Edns{1232, 0, false, {{edns::kExtendedError, {0, 6, 'b', 'o', 'g', 'u', 's'}}}};
    add("servfail", failure);
    return packets;
}

} // namespace sotto::test
