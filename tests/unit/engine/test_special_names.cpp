// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden_packets.h"

#include "rules/special_names.h"
#include "wire/reply.h"

#include <QTest>

#include <algorithm>
#include <sstream>

namespace sotto::test {

namespace {

constexpr std::uint16_t kDs = 43;
constexpr std::uint16_t kChaos = 3;
constexpr std::uint16_t kAnyClass = 255;
constexpr std::uint32_t kTtl = 300;
constexpr std::size_t kMaxName = 255;

constexpr const char* kLoopback6 =
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.IP6.ARPA.";
const std::string kNotSpecial = "not special";
const std::vector<std::string> kTypes = {"A",  "AAAA", "PTR", "SOA",   "NS",
                                         "DS", "ANY",  "TXT", "HTTPS", "TYPE65280"};

std::uint16_t typeOf(const std::string& mnemonic) {
    return mnemonic == "DS" ? kDs : mnemonic == "ANY" ? rr::kAny : typeFromText(mnemonic).value();
}

/// RFC 6303 §4, in its order and spelling, apart from the runs of numbers.
std::vector<std::string> zonesOfRfc6303() {
    std::vector<std::string> zones = {"10.IN-ADDR.ARPA."};
    for (int i = 16; i <= 31; ++i)
        zones.push_back(std::to_string(i) + ".172.IN-ADDR.ARPA.");
    for (const char* zone : {
             "168.192.IN-ADDR.ARPA.",
             "0.IN-ADDR.ARPA.",
             "127.IN-ADDR.ARPA.",
             "254.169.IN-ADDR.ARPA.",
             "2.0.192.IN-ADDR.ARPA.",
             "100.51.198.IN-ADDR.ARPA.",
             "113.0.203.IN-ADDR.ARPA.",
             "255.255.255.255.IN-ADDR.ARPA.",
             "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.IP6.ARPA.",
             kLoopback6,
             "D.F.IP6.ARPA.",
             "8.E.F.IP6.ARPA.",
             "9.E.F.IP6.ARPA.",
             "A.E.F.IP6.ARPA.",
             "B.E.F.IP6.ARPA.",
             "8.B.D.0.1.0.0.2.IP6.ARPA.",
         })
        zones.emplace_back(zone);
    return zones;
}

std::vector<std::string> zonesOfRfc7793() {
    std::vector<std::string> zones;
    for (int i = 64; i <= 127; ++i)
        zones.push_back(std::to_string(i) + ".100.IN-ADDR.ARPA.");
    return zones;
}

/// Names beside the special ones. The escaped dots and length octets stand inside one label.
constexpr const char* kOtherNames =
    ". com. www.example.com. example. www.example. test. www.test. notlocalhost. "
    "localhos. localhost.example. localhost.com. ghost. x\\009localhost. onionx. "
    "xn.onionx. xonion. onio. x\\005onion. invalid.example. notinvalid. valid. "
    "x\\007invalid. locals. mylocal. x\\005local. vocal. arpa. in-addr.arpa. "
    "ip6.arpa. e164.arpa. arpa.example. work.arpa. homes.arpa. xhome.arpa. "
    "home\\.arpa. home.arpa.example. resolvers.arpa. myresolver.arpa. "
    "ipv4only.arpa. 10.arpa. 10.in-addr.example. 10.in-addrs.arpa. 10.ip6.arpa. "
    "10\\.in-addr.arpa. 9.in-addr.arpa. 11.in-addr.arpa. 1.in-addr.arpa. "
    "010.in-addr.arpa. 00.in-addr.arpa. 126.in-addr.arpa. 128.in-addr.arpa. "
    "1270.in-addr.arpa. 266.in-addr.arpa. x.in-addr.arpa. 1x.in-addr.arpa. "
    "100.in-addr.arpa. 63.100.in-addr.arpa. 128.100.in-addr.arpa. "
    "64.101.in-addr.arpa. 064.100.in-addr.arpa. x.100.in-addr.arpa. "
    "1.128.100.in-addr.arpa. 169.in-addr.arpa. 253.169.in-addr.arpa. "
    "255.169.in-addr.arpa. 254.170.in-addr.arpa. 172.in-addr.arpa. "
    "15.172.in-addr.arpa. 32.172.in-addr.arpa. 16.173.in-addr.arpa. "
    "1.1.32.172.in-addr.arpa. 192.in-addr.arpa. 167.192.in-addr.arpa. "
    "169.192.in-addr.arpa. 192.168.in-addr.arpa. 0.192.in-addr.arpa. "
    "1.0.192.in-addr.arpa. 3.0.192.in-addr.arpa. 2.1.192.in-addr.arpa. "
    "198.in-addr.arpa. 51.198.in-addr.arpa. 99.51.198.in-addr.arpa. "
    "101.51.198.in-addr.arpa. 100.52.198.in-addr.arpa. 203.in-addr.arpa. "
    "0.203.in-addr.arpa. 112.0.203.in-addr.arpa. 114.0.203.in-addr.arpa. "
    "113.1.203.in-addr.arpa. 255.in-addr.arpa. 255.255.255.in-addr.arpa. "
    "254.255.255.255.in-addr.arpa. 255.255.255.254.in-addr.arpa. f.ip6.arpa. "
    "c.f.ip6.arpa. 1.c.f.ip6.arpa. e.f.ip6.arpa. 7.e.f.ip6.arpa. c.e.f.ip6.arpa. "
    "f.e.f.ip6.arpa. f.d.ip6.arpa. fd.ip6.arpa. 2.ip6.arpa. "
    "b.d.0.1.0.0.2.ip6.arpa. 9.b.d.0.1.0.0.2.ip6.arpa. 0.ip6.arpa. "
    "00.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa. "
    "2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa. "
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa. "
    "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa. "
    "use-application-dns.com. www.use-application-dns.net. net. "
    "use-application-dnt.net. use.application.dns.net. use-application-dns. "
    "xuse-application-dns.net. internal. sotto.internal. external. x\\019use-application-dns.net. "
    "use-application-dns\\003net. home\\004arpa. 10\\007in-addr.arpa.";

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return text;
}

/// A name below the zone that is octets long (or one less), of labels of that length.
Name filledTo(std::size_t octets, const std::string& zone, std::size_t labelOctets) {
    Name name = nameOf(zone);
    for (std::size_t spare = octets - name.toWire().size(); spare >= 2;
         spare = octets - name.toWire().size())
        name.labels.insert(name.labels.begin(), std::string(std::min(labelOctets, spare - 1), 'x'));
    return name;
}

Message queryFor(const Name& name, std::uint16_t type, std::uint16_t klass) {
    Message query;
    query.id = 0xabcd;
    query.recursionDesired = true;
    query.questions.push_back({name, type, klass});
    return query;
}

/// The wire bytes of the answer; empty where the name is not special.
Bytes answerTo(const Message& query, bool browserCanary = true) {
    constexpr std::size_t kGuard = 64;
    Bytes out(engine::kSpecialAnswerRoom + kGuard, 0xee);
    const std::size_t size =
        engine::answerSpecialName(engineQuestion(query), {browserCanary, {}},
                                  engine::MutableBytes(out).first(engine::kSpecialAnswerRoom));
    if (size > engine::kSpecialAnswerRoom ||
        std::any_of(out.end() - kGuard, out.end(), [](int octet) { return octet != 0xee; }))
        qFatal("the answer exceeds its room");
    out.resize(size);
    return out;
}

/// A record in words; what it should not be stays a question mark.
std::string describe(const Record& record) {
    const std::string owner = record.owner.toText();
    if (record.ttl != kTtl || record.klass != kClassIn)
        return owner + " has a wrong TTL or class";
    if (record.type == rr::kA && record.rdata == rdata(rr::kA, "127.0.0.1"))
        return "A 127.0.0.1 of " + owner;
    if (record.type == rr::kAaaa && record.rdata == rdata(rr::kAaaa, "::1"))
        return "AAAA ::1 of " + owner;
    if (record.type == rr::kPtr && record.rdata == rdata(rr::kPtr, "localhost."))
        return "PTR localhost. of " + owner;
    if (record.type == rr::kNs && record.rdata == rdata(rr::kNs, owner))
        return "NS of " + owner;
    if (record.type == rr::kSoa &&
        record.rdata == rdata(rr::kSoa, owner + " nobody.invalid. 1 3600 1200 604800 300"))
        return "SOA of " + owner;
    return "? of " + owner;
}

/// The answer in words: "NOERROR: answers | authorities".
std::string describe(const Bytes& wire) {
    if (wire.empty())
        return kNotSpecial;
    std::string whyNot;
    const auto message = Message::parse(wire, &whyNot);
    if (!message)
        return "malformed: " + whyNot;
    std::string text = message->rcode == rcode::kNoError    ? "NOERROR:"
                       : message->rcode == rcode::kNxDomain ? "NXDOMAIN:"
                                                            : "?:";
    for (const Record& record : message->answers)
        text += " " + describe(record) + ";";
    text += " |";
    for (const Record& record : message->authorities)
        text += " " + describe(record) + ";";
    if (!message->additionals.empty() || message->edns)
        text += " and more";
    return text;
}

std::string positive(const std::string& records) {
    return "NOERROR: " + records + "; |";
}
std::string noData(const std::string& apex) {
    return "NOERROR: | SOA of " + lower(apex) + ";";
}
std::string nxDomain(const std::string& apex) {
    return "NXDOMAIN: | SOA of " + lower(apex) + ";";
}

void addRow(const std::string& name, const std::string& type, const std::string& expected) {
    QTest::addRow("%s %s", name.c_str(), type.c_str()) << name << type << expected;
}

void addRows(const std::string& name, const std::string& expected) {
    for (const std::string& type : kTypes)
        addRow(name, type, expected);
}

/// What an apex says of itself (RFC 6303 §3).
void addApexRows(const std::string& apex, bool isDelegated = true) {
    const std::string soa = "SOA of " + lower(apex);
    const std::string ns = "NS of " + lower(apex);
    for (const std::string& type : kTypes) {
        addRow(apex, type,
               type == "SOA"                 ? positive(soa)
               : type == "NS"                ? positive(ns)
               : type == "ANY"               ? positive(soa + "; " + ns)
               : type == "DS" && isDelegated ? kNotSpecial
                                             : noData(apex));
    }
}

void addPointerRows(const std::string& name, const std::string& apex,
                    const std::vector<std::string>& types) {
    for (const std::string& type : types) {
        addRow(name, type,
               type == "PTR" || type == "ANY" ? positive("PTR localhost. of " + lower(name))
                                              : noData(apex));
    }
}

} // namespace

class TestSpecialNames : public QObject {
    Q_OBJECT

private:
    static void addColumns() {
        QTest::addColumn<std::string>("name");
        QTest::addColumn<std::string>("type");
        QTest::addColumn<std::string>("expected");
    }

    /// Asks in both cases, and sends what comes through what every answer goes through.
    static void checkRow() {
        QFETCH(const std::string, name);
        QFETCH(const std::string, type);
        QFETCH(const std::string, expected);
        const std::uint16_t number = typeOf(type);
        for (const std::string& spelling : {name, lower(name), upper(name)}) {
            const Message query = queryFor(nameOf(spelling), number, kClassIn);
            const Bytes wire = answerTo(query);
            QCOMPARE(describe(wire), expected);
            if (!wire.empty())
                checkForm(wire, query);
        }
    }

    static void checkForm(const Bytes& wire, const Message& query) {
        const Question& question = query.questions[0];
        const auto stored = Message::parse(wire);
        QVERIFY(stored);
        QCOMPARE(engine::load16(&wire[0]), quint16{0});
        QCOMPARE(engine::load16(&wire[2]), stored->rcode);
        QCOMPARE(stored->questions.size(), std::size_t{1});
        QCOMPARE(stored->questions[0].name.toWire(), question.name.key());
        QCOMPARE(stored->questions[0].type, question.type);
        QCOMPARE(stored->questions[0].klass, question.klass);

        for (const bool hasEdns : {false, true}) {
            Message asked = query;
            if (hasEdns)
                asked.edns = Edns{1232, 0, true, {}};
            const Bytes sent = asked.toWire();
            engine::ClientRequest request;
            QVERIFY(engine::parseRequest(sent, request) == engine::RequestVerdict::Ask);
            Bytes buffer = wire;
            buffer.resize(wire.size() + engine::kMaxOptOctets);
            buffer.resize(
                engine::finishReply(buffer, wire.size(), request, request.name(sent), 512));
            const auto reply = Message::parse(buffer);
            QVERIFY(reply);
            QCOMPARE(reply->id, query.id);
            QVERIFY(reply->response && reply->recursionAvailable && reply->recursionDesired);
            QVERIFY(!reply->truncated && !reply->authoritative && !reply->authenticData);
            QVERIFY(reply->questions == query.questions);
            QCOMPARE(reply->rcode, stored->rcode);
            QCOMPARE(reply->edns.has_value(), hasEdns);
            QCOMPARE(reply->answers.size(), stored->answers.size());
            QCOMPARE(reply->authorities.size(), stored->authorities.size());
            for (std::size_t i = 0; i < reply->answers.size(); ++i)
                QVERIFY(reply->answers[i].owner.sameAs(stored->answers[i].owner));
        }
    }

private slots:
    void localhost_data() {
        addColumns();
        const std::string apex = "localhost.";
        for (const std::string& name :
             {apex, std::string("www.localhost."), std::string("a.b.c.d.e.LocalHost.")}) {
            const std::string a = "A 127.0.0.1 of " + lower(name);
            const std::string aaaa = "AAAA ::1 of " + lower(name);
            for (const std::string& type : kTypes) {
                const bool ofApex = name == apex && (type == "SOA" || type == "NS");
                addRow(name, type,
                       type == "A"      ? positive(a)
                       : type == "AAAA" ? positive(aaaa)
                       : type == "ANY"  ? positive(a + "; " + aaaa)
                       : ofApex         ? positive(type + " of localhost.")
                                        : noData(apex));
            }
        }
    }
    void localhost() { checkRow(); }

    void namesThatDoNotExist_data() {
        addColumns();
        for (const std::string& zone :
             {std::string("invalid."), std::string("onion."), std::string("local.")}) {
            addRows(zone, nxDomain(zone));
            addRows("www." + zone, nxDomain(zone));
            addRows("a.b.c.d.e." + zone, nxDomain(zone));
            addRows("localhost." + zone, nxDomain(zone));
        }
        addRows("use-application-dns.net.", nxDomain("use-application-dns.net."));
    }
    void namesThatDoNotExist() { checkRow(); }

    void resolverArpa_data() {
        addColumns();
        addApexRows("resolver.arpa.", false);
        for (const std::string& name :
             {std::string("_dns.resolver.arpa."), std::string("a.b.c.resolver.arpa.")}) {
            addRows(name, noData("resolver.arpa."));
            addRow(name, "SVCB", noData("resolver.arpa."));
        }
    }
    void resolverArpa() { checkRow(); }

    void emptyZones_data() {
        addColumns();
        std::vector<std::string> zones = zonesOfRfc6303();
        for (const std::string& zone : zonesOfRfc7793())
            zones.push_back(zone);
        zones.emplace_back("home.arpa.");
        for (const std::string& zone : zones) {
            addRows("5." + zone, nxDomain(zone));
            addRows("www.7.6.5." + zone, nxDomain(zone));
            if (zone != kLoopback6)
                addApexRows(zone);
        }
    }
    void emptyZones() { checkRow(); }

    void reverseNamesOfTheLoopback_data() {
        addColumns();
        const std::string net = "127.in-addr.arpa.";
        addPointerRows("1.0.0." + net, net, kTypes);
        for (const std::string above : {"0.", "0.0."})
            addRows(above + net, noData(net));
        for (const std::string beside :
             {"1.", "1.0.", "0.1.", "1.1.", "2.0.0.", "0.0.0.", "1.0.1.", "01.0.0.", "1.1.0.0."})
            addRows(beside + net, nxDomain(net));

        const std::string host = kLoopback6;
        addPointerRows(host, host, {"A", "AAAA", "PTR", "ANY", "TXT", "HTTPS"});
        addRow(host, "SOA", positive("SOA of " + lower(host)));
        addRow(host, "NS", positive("NS of " + lower(host)));
        addRow(host, "DS", kNotSpecial);
    }
    void reverseNamesOfTheLoopback() { checkRow(); }

    void otherNames_data() {
        addColumns();
        std::istringstream names(kOtherNames);
        for (std::string name; names >> name;)
            addRows(name, kNotSpecial);
    }
    void otherNames() { checkRow(); }

    void theCanaryIsASetting() {
        const Name canary = nameOf("use-application-dns.net.");
        for (const std::string& type : kTypes) {
            const Message query = queryFor(canary, typeOf(type), kClassIn);
            QVERIFY(answerTo(query, false).empty());
            QVERIFY(!answerTo(query, true).empty());
        }
        QVERIFY(!answerTo(queryFor(nameOf("onion."), rr::kA, kClassIn), false).empty());
    }

    /// They stay here as well: the code is that of class IN, without records.
    void otherClasses() {
        struct Case {
            const char* name;
            const char* reply;
        };
        static constexpr Case kCases[] = {
            {"onion.", "NXDOMAIN: |"},
            {"a.invalid.", "NXDOMAIN: |"},
            {"local.", "NXDOMAIN: |"},
            {"home.arpa.", "NOERROR: |"},
            {"a.home.arpa.", "NXDOMAIN: |"},
            {"_dns.resolver.arpa.", "NOERROR: |"},
            {"1.0.0.127.in-addr.arpa.", "NOERROR: |"},
            {"use-application-dns.net.", "NXDOMAIN: |"},
            {"localhost.", "NOERROR: |"},
            {"a.localhost.", "NOERROR: |"},
        };
        for (const std::uint16_t klass : {kChaos, kAnyClass}) {
            for (const Case& one : kCases) {
                for (const std::string& type : kTypes) {
                    const Message query = queryFor(nameOf(one.name), typeOf(type), klass);
                    const Bytes wire = answerTo(query);
                    QCOMPARE(describe(wire), std::string(one.reply));
                    checkForm(wire, query);
                }
            }
        }
    }

    void namesOfEveryLength_data() {
        QTest::addColumn<std::string>("zone");
        std::vector<std::string> zones = zonesOfRfc6303();
        for (const char* zone : {"localhost.", "invalid.", "onion.", "local.", "home.arpa.",
                                 "resolver.arpa.", "64.100.in-addr.arpa."})
            zones.emplace_back(zone);
        for (const std::string& zone : zones)
            QTest::addRow("%s", zone.c_str()) << zone;
    }
    void namesOfEveryLength() {
        QFETCH(const std::string, zone);
        for (const std::size_t labelOctets : {std::size_t{1}, std::size_t{2}, std::size_t{63}}) {
            for (std::size_t octets = nameOf(zone).toWire().size() + 2; octets <= kMaxName;
                 ++octets) {
                const Name name = filledTo(octets, zone, labelOctets);
                for (const std::uint16_t type : {rr::kAny, rr::kTxt}) {
                    const Message query = queryFor(name, type, kClassIn);
                    const Bytes wire = answerTo(query);
                    const bool hasAddresses = zone == "localhost." && type == rr::kAny;
                    const std::string text = name.toText();
                    QCOMPARE(describe(wire),
                             hasAddresses
                                 ? positive("A 127.0.0.1 of " + text + "; AAAA ::1 of " + text)
                             : zone == "localhost." || zone == "resolver.arpa." ? noData(zone)
                                                                                : nxDomain(zone));
                    checkForm(wire, query);
                }
            }
        }
        QCOMPARE(filledTo(kMaxName, zone, 63).toWire().size(), kMaxName);
    }

    void noNameAtAll() {
        engine::Question question;
        Bytes out(engine::kSpecialAnswerRoom);
        QCOMPARE(engine::answerSpecialName(question, {}, out), std::size_t{0});
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestSpecialNames)
#include "test_special_names.moc"
