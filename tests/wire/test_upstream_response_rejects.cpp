// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden_packets.h"

#include "wire/upstream_response.h"

#include <QTest>

using sotto::engine::readUpstreamResponse;
using sotto::engine::UpstreamResponse;

namespace sotto::test {

namespace {

bool accepts(const Bytes& wire, const engine::Question& question) {
    UpstreamResponse response;
    std::string reason;
    const bool accepted = readUpstreamResponse(wire, question, response, reason);
    if (accepted == !reason.empty())
        qFatal("a reason belongs to a refusal, and only to it");
    return accepted;
}

Message answer() {
    Message message = responseTo("a.test.", rr::kA);
    message.answers.push_back(recordOf("a.test.", rr::kA, 60, "192.0.2.1"));
    return message;
}

} // namespace

/// What must not be believed, and what must not be passed on because clients could not read it.
class TestUpstreamResponseRejects : public QObject {
    Q_OBJECT

private slots:
    void everyPrefixIsRefused() {
        for (const NamedPacket& packet : goldenResponses()) {
            const auto question = engineQuestion(Message::parse(packet.wire).value());
            QVERIFY(accepts(packet.wire, question));
            for (std::size_t size = 0; size < packet.wire.size(); ++size)
                QVERIFY2(!accepts(Bytes(packet.wire.begin(),
                                        packet.wire.begin() + static_cast<std::ptrdiff_t>(size)),
                                  question),
                         (packet.name + ' ' + std::to_string(size)).c_str());
        }
    }

    void answersToOtherQuestions() {
        const Message message = answer();
        const Bytes wire = message.toWire();
        QVERIFY(accepts(wire, engineQuestion("a.test.", rr::kA)));
        QVERIFY(!accepts(wire, engineQuestion("b.test.", rr::kA)));
        QVERIFY(!accepts(wire, engineQuestion("a.test.test.", rr::kA)));
        QVERIFY(!accepts(wire, engineQuestion("test.", rr::kA)));
        QVERIFY(!accepts(wire, engineQuestion(".", rr::kA)));
        QVERIFY(!accepts(wire, engineQuestion("a.test.", rr::kAaaa)));
        Message chaos = message;
        chaos.questions[0].klass = 3;
        QVERIFY(!accepts(chaos.toWire(), engineQuestion(message)));
    }

    void headersThatCannotBe() {
        const auto question = engineQuestion("a.test.", rr::kA);
        Message message = answer();
        message.response = false;
        QVERIFY(!accepts(message.toWire(), question));
        for (std::uint8_t opcode = 1; opcode < 16; ++opcode) {
            message = answer();
            message.opcode = opcode;
            QVERIFY(!accepts(message.toWire(), question));
        }
        message = answer();
        message.truncated = true;
        QVERIFY(!accepts(message.toWire(), question));
        message = answer();
        message.questions.clear();
        QVERIFY(!accepts(message.toWire(), question));
        message = answer();
        message.questions.push_back(message.questions[0]);
        QVERIFY(!accepts(message.toWire(), question));
        message = answer();
        message.edns = Edns{};
        message.rcode = rcode::kBadVers;
        QVERIFY(!accepts(message.toWire(), question));
    }

    void malformedData_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("rdata");
        QTest::addColumn<bool>("sound");
        const auto row = [](const char* what, int type, const char* rdata, bool sound = false) {
            QTest::newRow(what) << type << QString(rdata) << sound;
        };
        row("A", 1, "c0000201", true);
        row("A of 5", 1, "c000020101");
        row("A of 3", 1, "c00002");
        row("A of 0", 1, "");
        row("AAAA", 28, "20010db8000000000000000000000001", true);
        row("AAAA of 15", 28, "20010db80000000000000000000000");
        row("AAAA of 4", 28, "c0000201");
        row("MX", 15, "000a c00c", true);
        row("MX without a name", 15, "000a");
        row("MX of 1", 15, "00");
        row("MX with a name over its end", 15, "000a 0361");
        row("MX with octets behind", 15, "000a c00c 00");
        row("CNAME", 5, "0162 c00c", true);
        row("CNAME of nothing", 5, "");
        row("CNAME to a later place", 5, "c0ff");
        row("CNAME to itself", 5, "c024");
        row("CNAME with an old label type", 5, "4162 00");
        row("NS and more", 2, "c00c c00c");
        row("SOA", 6, "c00c c00c 0000000100000002000000030000000400000005", true);
        row("SOA a number short", 6, "c00c c00c 00000001000000020000000300000004");
        row("SOA an octet long", 6, "c00c c00c 000000010000000200000003000000040000000500");
        row("SOA with one name", 6, "c00c 0000000100000002000000030000000400000005");
        row("TXT", 16, "0161 00 0162", true);
        row("TXT of nothing", 16, "");
        row("TXT over its end", 16, "0561");
        row("TXT that leaves an octet", 16, "0161 05");
        row("HINFO", 13, "0161 00", true);
        row("HINFO of one string", 13, "0161");
        row("HINFO of three", 13, "0161 0162 0163");
        row("HINFO over its end", 13, "0161 0562");
        row("SRV", 33, "0001 0002 0003 0161 c00c", true);
        row("SRV of 6", 33, "0001 0002 0003");
        row("SRV of 5", 33, "0001 0002 00");
        row("NAPTR", 35, "0001 0002 0173 00 00 c00c", true);
        row("NAPTR with a string too long", 35, "0001 0002 ff73 00 00 c00c");
        row("NAPTR of nothing", 35, "");
        row("NAPTR of 4", 35, "0001 0002");
        row("NAPTR without a name", 35, "0001 0002 00 00 00");
        row("NAPTR with more behind", 35, "0001 0002 00 00 00 c00c 00");
        row("PTR", 12, "c00c", true);
        row("DNAME cut", 39, "05 61");
        row("unknown, empty", 65280, "", true);
        row("unknown", 65280, "c0ff ffff", true);
    }
    void malformedData() {
        QFETCH(int, type);
        QFETCH(QString, rdata);
        QFETCH(bool, sound);
        const Bytes data = bytesFromHex(rdata.toStdString());
        // In each section, with something behind that a name over the end would run into.
        for (const int section : {0, 1, 2}) {
            Bytes wire = responseTo("a.test.", rr::kA).toWire();
            wire[static_cast<std::size_t>(7 + 2 * section)] = 1;
            for (const Bytes& part :
                 {bytesFromHex("c00c"),
                  Bytes{static_cast<std::uint8_t>(type >> 8), static_cast<std::uint8_t>(type)},
                  bytesFromHex("0001 0000003c 00"), Bytes{static_cast<std::uint8_t>(data.size())},
                  data, bytesFromHex("6162630000000000")})
                wire.insert(wire.end(), part.begin(), part.end());
            QCOMPARE(accepts(wire, engineQuestion("a.test.", rr::kA)), sound);
        }
    }

    void recordsThatHaveNoPlace() {
        const auto question = engineQuestion("a.test.", rr::kA);
        Message message = answer();
        message.additionals.push_back({nameOf("key."), 250, 255, 0, Bytes(40)}); // TSIG
        QVERIFY(!accepts(message.toWire(), question));

        const Bytes opt = bytesFromHex("00 0029 04d0 00000000 0000");
        Bytes twice = answer().toWire();
        twice[11] = 2;
        twice.insert(twice.end(), opt.begin(), opt.end());
        twice.insert(twice.end(), opt.begin(), opt.end());
        QVERIFY(!accepts(twice, question));
        for (const std::size_t count : {std::size_t{7}, std::size_t{9}}) {
            Bytes wire = responseTo("a.test.", rr::kA).toWire();
            wire[count] = 1;
            wire.insert(wire.end(), opt.begin(), opt.end());
            QVERIFY(!accepts(wire, question));
        }
    }

    void namesMayNotPointIntoTtls() {
        // The first record's TTL spells "www" as a label's beginning; the second one's owner and
        // the third one's target use it.
        const auto question = engineQuestion("a.test.", rr::kMx);
        const auto build = [&](const char* owner, const char* target) {
            Bytes wire = responseTo("a.test.", rr::kMx).toWire();
            wire[7] = 1;
            wire[11] = 1;
            const std::size_t at = wire.size(); // 24: TTL at 30
            if (at != 24)
                qFatal("the offsets in this test are wrong");
            for (const std::string& part :
                 {std::string("c00c 000f 0001 00000177 0004 0001 c00c"), std::string(owner),
                  std::string("0005 0001 0000003c 0002"), std::string(target)}) {
                const Bytes bytes = bytesFromHex(part);
                wire.insert(wire.end(), bytes.begin(), bytes.end());
            }
            return wire;
        };
        QVERIFY(accepts(build("c00c", "c00c"), question));
        QVERIFY(!accepts(build("c01e", "c00c"), question)); // the TTL's first octet, as a root
        QVERIFY(!accepts(build("c020", "c00c"), question)); // its third, as a label
        QVERIFY(!accepts(build("c00c", "c01e"), question));
        QVERIFY(!accepts(build("c00c", "c02e"), question)); // the record's own TTL
        QVERIFY(accepts(build("c01a", "c00c"), question));  // the type's first octet, as a root
    }

    void whatGrowsTooLargeIsRefused() {
        const std::string owner = std::string(63, 'x') + '.' + std::string(63, 'y') + ".test.";
        Message message = responseTo(owner, rr::kA);
        for (int i = 0; i < 3000; ++i)
            message.answers.push_back(recordOf(owner, rr::kA, 60, "192.0.2.1"));
        QVERIFY(accepts(message.toWire(), engineQuestion(message)));
        message.answers.push_back(recordOf("stranger.test.", rr::kA, 60, "192.0.2.1"));
        QVERIFY(!accepts(message.toWire(), engineQuestion(message)));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestUpstreamResponseRejects)
#include "test_upstream_response_rejects.moc"
