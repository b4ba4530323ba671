// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden_packets.h"

#include "engine/engine.h"
#include "wire/presentation.h"

#include <QTest>

#include <algorithm>

namespace sotto::test {

namespace {

QString lineFor(std::uint16_t type, const Bytes& rdata, std::uint16_t klass = kClassIn) {
    Message message = responseTo("o.test.", type);
    message.answers.push_back({nameOf("o.test."), type, klass, 60, rdata});
    const auto lines = engine::recordsToText(message.toWire());
    return lines.size() == 1 ? QString::fromStdString(lines[0]) : QString();
}

bool isPlain(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 32 && c < 127; });
}

} // namespace

class TestPresentation : public QObject {
    Q_OBJECT

private slots:
    void forms_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("rdata");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* what, int type, const char* rdata, const char* text) {
            QTest::newRow(what) << type << QString(rdata) << QString(text);
        };
        row("A", 1, "c0000201", "A 192.0.2.1");
        row("AAAA", 28, "20010db8000000000000000000000001", "AAAA 2001:db8::1");
        row("NS", 2, "0161 0162 00", "NS a.b.");
        row("CNAME to the root", 5, "00", "CNAME .");
        row("PTR", 12, "0161 00", "PTR a.");
        row("DNAME", 39, "0161 00", "DNAME a.");
        row("SOA", 6, "016e00 016d00 00000001 00000002 00000003 00000004 ffffffff",
            "SOA n. m. 1 2 3 4 4294967295");
        row("MX", 15, "000a 016d00", "MX 10 m.");
        row("TXT", 16, "0161 00 04 22 5c 07 20", "TXT \"a\" \"\" \"\\\"\\\\\\007 \"");
        row("SRV", 33, "0001 0002 13c4 0161 00", "SRV 1 2 5060 a.");
        row("NAPTR", 35, "0001 0002 0173 00 0221 5c 0161 00", "NAPTR 1 2 \"s\" \"\" \"!\\\\\" a.");
        row("CAA", 257, "80 05 6973737565 6361 2e", "CAA 128 issue \"ca.\"");
        row("CAA with a hostile tag", 257, "00 03 613b62 63", "\\# 6 0003613b6263");
        row("CAA without a tag", 257, "00 00 63", "\\# 3 000063");
        row("DS", 43, "0102 08 02 abcd", "DS 258 8 2 abcd");
        row("DNSKEY", 48, "0100 03 08 61626364", "DNSKEY 256 3 8 YWJjZA==");
        row("RRSIG", 46, "0001 08 02 0000003c 00000002 00000001 0007 0161 00 616263",
            "RRSIG A 8 2 60 2 1 7 a. YWJj");
        row("NSEC", 47, "0161 00 0002 6001 0101 80", "NSEC a. A NS MX URI");
        row("NSEC whose windows go back", 47, "00 0101 80 0001 40", "\\# 7 00010180000140");
        row("NSEC with a window too long", 47,
            "00 0021 000000000000000000000000000000000000000000000000000000000000000001",
            "\\# 36 "
            "000021000000000000000000000000000000000000000000000000000000000000000001");
        row("HTTPS alias", 65, "0000 0161 00", "HTTPS 0 a.");
        row("HTTPS", 65,
            "0001 00 0001 0006 026832 026833 0002 0000 0003 0002 01bb 0004 0004 c0000201"
            "0005 0003 616263 0006 0010 20010db8000000000000000000000001 0007 0002 2f22",
            "HTTPS 1 . alpn=\"h2,h3\" no-default-alpn port=443 ipv4hint=192.0.2.1 ech=YWJj "
            "ipv6hint=2001:db8::1 key7=\"/\\\"\"");
        row("SVCB with values that do not fit their keys", 64,
            "0001 00 0001 0003 056832 0002 0001 00 0003 0001 01 0004 0003 c00002 0005 0000"
            "0006 0001 20 ff00 0000",
            "SVCB 1 . key1=\"\\005h2\" key2=\"\\000\" key3=\"\\001\" key4=\"\\192\\000\\002\" key5 "
            "key6=\" \" key65280");
        row("SVCB with a comma in a protocol", 64, "0001 00 0001 0004 03 612c62",
            "SVCB 1 . key1=\"\\003a,b\"");
        row("SVCB cut", 64, "0001 00 0001 0009 02", "\\# 8 0001000001000902");
        row("unknown", 4711, "00ff", "\\# 2 00ff");
        row("unknown and empty", 4711, "", "\\# 0");
        row("DS cut", 43, "0102 08", "\\# 3 010208");
        row("RRSIG cut", 46, "0001 08", "\\# 3 000108");
    }
    void forms() {
        QFETCH(int, type);
        QFETCH(QString, rdata);
        QFETCH(QString, text);
        const Bytes bytes = bytesFromHex(rdata.remove(' ').toStdString());
        const QString line = lineFor(static_cast<std::uint16_t>(type), bytes);
        QString expected = "answer o.test. 60 IN ";
        if (text.startsWith("\\#"))
            expected +=
                QString::fromStdString(engine::recordTypeText(static_cast<std::uint16_t>(type))) +
                ' ';
        QCOMPARE(line, expected + text);
    }

    void classesAndSections() {
        QCOMPARE(lineFor(16, bytesFromHex("0161"), 3), QString("answer o.test. 60 CH TXT \"a\""));
        QCOMPARE(lineFor(16, bytesFromHex("0161"), 254),
                 QString("answer o.test. 60 CLASS254 TXT \"a\""));
        Message message = responseTo(".", rr::kNs);
        message.answers.push_back(recordOf(".", rr::kNs, 1, "a."));
        message.authorities.push_back(recordOf("b.", rr::kNs, 2, "a."));
        message.additionals.push_back(recordOf("a.", rr::kA, 3, "192.0.2.1"));
        message.edns = Edns{};
        const std::vector<std::string> expected{"answer . 1 IN NS a.", "authority b. 2 IN NS a.",
                                                "additional a. 3 IN A 192.0.2.1"};
        QVERIFY(engine::recordsToText(message.toWire()) == expected);
    }

    void hostileOctetsStayPlain() {
        Bytes all(255);
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = static_cast<std::uint8_t>(i + 1);
        Bytes text{255};
        text.insert(text.end(), all.begin(), all.end());
        for (const std::uint16_t type : {16, 257, 64, 65, 4711, 47, 48, 46}) {
            Message message = responseTo("o.test.", type);
            message.answers.push_back({nameOf("o\\027\\010<b>.test."), type, kClassIn, 60, text});
            for (const std::string& line : engine::recordsToText(message.toWire()))
                QVERIFY2(isPlain(line), line.c_str());
        }
        QCOMPARE(lineFor(16, text).count('\n'), 0);
    }

    void brokenMessagesEndTheList() {
        QVERIFY(engine::recordsToText({}).empty());
        for (const NamedPacket& packet : goldenResponses()) {
            const std::size_t whole = engine::recordsToText(packet.wire).size();
            const auto message = Message::parse(packet.wire).value();
            QCOMPARE(whole, message.answers.size() + message.authorities.size() +
                                message.additionals.size());
            for (std::size_t size = 0; size < packet.wire.size(); ++size)
                QVERIFY(engine::recordsToText(std::span(packet.wire).first(size)).size() <= whole);
        }
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestPresentation)
#include "test_presentation.moc"
