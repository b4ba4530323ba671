// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/dns_message.h"
#include "support/rdata_text.h"

#include <QTest>

using namespace sotto::test;

namespace {

Name name(const char* text) {
    return Name::fromText(text).value();
}

Bytes bytes(const QByteArray& hex) {
    const QByteArray raw = QByteArray::fromHex(hex);
    return Bytes(raw.begin(), raw.end());
}

} // namespace

class TestDnsMessage : public QObject {
    Q_OBJECT

private slots:
    void namesKeepTheirEscapes_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("labels");
        QTest::newRow("root") << "." << 0;
        QTest::newRow("plain") << "www.Example.com." << 3;
        QTest::newRow("a dot inside") << "a\\.b.test." << 2;
        QTest::newRow("an octet") << "a\\000\\255.test." << 2;
        QTest::newRow("a quote") << "\\\"x\\;.test." << 2;
    }
    void namesKeepTheirEscapes() {
        QFETCH(QString, text);
        QFETCH(int, labels);
        const auto parsed = Name::fromText(text.toStdString());
        QVERIFY(parsed);
        QCOMPARE(static_cast<int>(parsed->labels.size()), labels);
        QCOMPARE(QString::fromStdString(parsed->toText()), text);
    }

    void wrongNamesAreRefused() {
        QVERIFY(!Name::fromText(""));
        QVERIFY(!Name::fromText("a..b."));
        QVERIFY(!Name::fromText(".a."));
        QVERIFY(!Name::fromText("\\256.test."));
        QVERIFY(!Name::fromText(std::string(64, 'a') + ".test."));
        const std::string label = std::string(62, 'a') + ".";
        QVERIFY(Name::fromText(label + label + label + label + "a."));
        QVERIFY(!Name::fromText(label + label + label + label + "aa.b."));
    }

    void aMessageSurvivesTheWire() {
        Message message;
        message.id = 0xbeef;
        message.response = message.recursionDesired = message.authenticData = true;
        message.rcode = rcode::kBadVers;
        message.questions.push_back({name("Www.example.com."), rr::kHttps, kClassIn});
        message.answers.push_back({name("Www.example.com."), rr::kCname, kClassIn, 60,
                                   rdata(rr::kCname, "Target.EXAMPLE.com.")});
        message.answers.push_back({name("Target.example.com."), rr::kMx, kClassIn, 60,
                                   rdata(rr::kMx, "10 mail.Target.example.com.")});
        message.authorities.push_back({name("example.com."), rr::kSoa, kClassIn, 60,
                                       rdata(rr::kSoa, "ns.example.com. a.test. 1 2 3 4 5")});
        message.additionals.push_back(
            {name("x.test."), 4711, kClassIn, 0xffffffff, Bytes{0xc0, 0x0c}});
        message.edns = Edns{4096, 1, true, {{edns::kCookie, {1, 2, 3}}, {65001, {}}}};
        const Bytes wire = message.toWire();
        std::string error;
        const auto parsed = Message::parse(wire, &error);
        QVERIFY2(parsed, error.c_str());
        QVERIFY(*parsed == message);
        QCOMPARE(parsed->toWire(), wire);
    }

    void namesAreCompressedAsServersDo() {
        Message message;
        message.questions.push_back({name("a.example.com."), rr::kCname, kClassIn});
        message.answers.push_back(
            {name("a.example.com."), rr::kCname, kClassIn, 1, rdata(rr::kCname, "b.example.com.")});
        const auto wire = message.toWire();
        // Header 12, question 15 + 4, owner pointer 2, fixed part 10, "b" 2 and a pointer 2.
        QCOMPARE(wire.size(), std::size_t{12 + 19 + 2 + 10 + 4});
        QCOMPARE(Bytes(wire.end() - 4, wire.end()), bytes("0162c00e"));
    }

    void everyPrefixIsRefused() {
        Message message;
        message.questions.push_back({name("a.example.com."), rr::kA, kClassIn});
        message.answers.push_back(
            {name("a.example.com."), rr::kA, kClassIn, 1, rdata(rr::kA, "192.0.2.1")});
        message.edns = Edns{};
        Bytes wire = message.toWire();
        for (std::size_t size = 0; size < wire.size(); ++size)
            QVERIFY2(!Message::parse(std::span(wire).first(size)),
                     qPrintable(QString::number(size)));
        wire.push_back(0);
        QVERIFY(!Message::parse(wire));
    }

    void brokenMessagesAreRefused_data() {
        QTest::addColumn<QByteArray>("hex");
        QTest::newRow("a pointer to itself") << QByteArray("000100000001000000000000c00c00010001");
        QTest::newRow("a forward pointer")
            << QByteArray("000100000001000000000000c01000010001000000");
        QTest::newRow("a label type of old")
            << QByteArray("00010000000100000000000041610000010001");
        QTest::newRow("two OPT records") << QByteArray("000100000000000000000002"
                                                       "00002904d00000000000000000"
                                                       "29"
                                                       "04d0000000000000");
        QTest::newRow("an option too long") << QByteArray("000100000000000000000001"
                                                          "00002904d0000000000004000a0001");
        QTest::newRow("an OPT among the answers") << QByteArray("000180000000000100000000"
                                                                "00002904d0000000000000");
    }
    void brokenMessagesAreRefused() {
        QFETCH(QByteArray, hex);
        std::string error;
        QVERIFY(!Message::parse(bytes(hex), &error));
        QVERIFY(!error.empty());
    }
};

QTEST_GUILESS_MAIN(TestDnsMessage)
#include "test_dns_message.moc"
