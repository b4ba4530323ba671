// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden_packets.h"

#include "wire/wire_name.h"

#include <QElapsedTimer>
#include <QTest>

using namespace sotto::engine;

namespace sotto::test {

namespace {

std::string asString(const WireName& name) {
    return {name.octets.begin(), name.octets.begin() + name.length};
}

WireName wireOf(const char* text) {
    return nameFromText(text).value();
}

/// Twelve header octets that no name may use, then what is given.
Bytes message(std::string_view hex) {
    Bytes octets(12, 1);
    const Bytes rest = bytesFromHex(hex);
    octets.insert(octets.end(), rest.begin(), rest.end());
    return octets;
}

} // namespace

class TestWireName : public QObject {
    Q_OBJECT

private slots:
    void textBecomesWire_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<QString>("back");
        const auto row = [](const char* text, const QByteArray& wire, const char* back) {
            QTest::newRow(text) << QString(text) << wire << QString(back);
        };
        row(".", QByteArray(1, '\0'), ".");
        row("com", QByteArray("\3com\0", 5), "com");
        row("com.", QByteArray("\3com\0", 5), "com");
        row("WwW.Example.com.", QByteArray("\3WwW\7Example\3com\0", 17), "WwW.Example.com");
        row("a\\.b.test", QByteArray("\3a.b\4test\0", 10), "a\\.b.test");
        row("a\\\\b.test", QByteArray("\3a\\b\4test\0", 10), "a\\\\b.test");
        row("a\\000\\255.test", QByteArray("\3a\0\377\4test\0", 10), "a\\000\\255.test");
        row("\\097\\098", QByteArray("\2ab\0", 4), "ab");
        row("\\a\\b", QByteArray("\2ab\0", 4), "ab");
        row("a b;c\"d", QByteArray("\7a b;c\"d\0", 9), "a\\032b\\059c\\034d");
        row("_dns.x-y", QByteArray("\4_dns\3x-y\0", 10), "_dns.x-y");
    }
    void textBecomesWire() {
        QFETCH(QString, text);
        QFETCH(QByteArray, wire);
        QFETCH(QString, back);
        const auto name = nameFromText(text.toStdString());
        QVERIFY(name);
        QCOMPARE(QByteArray::fromStdString(asString(*name)), wire);
        QCOMPARE(QString::fromStdString(nameToText(name->bytes())), back);
        const auto independent = Name::fromText(text.toStdString());
        QVERIFY(independent);
        QCOMPARE(asString(*name), independent->toWire());
        QCOMPARE(asString(nameFromText(back.toStdString()).value()), asString(*name));
    }

    void wrongTextIsRefused_data() {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"", "..", ".a", "a..b", "a..", "\\256.a", "a\\", "a\\1", "a\\12", "a\\12x", "\\25"})
            QTest::newRow(text) << QString(text);
        QTest::newRow("64 octets") << QString(64, 'a');
        QTest::newRow("64 escaped octets") << QString("\\097").repeated(64);
        QTest::newRow("256 octets")
            << (QString(63, 'a') + '.').repeated(3) + QString(62, 'a') + ".a";
        QTest::newRow("very long") << QString(100000, 'a');
        QTest::newRow("very many") << QString("a.").repeated(50000);
    }
    void wrongTextIsRefused() {
        QFETCH(QString, text);
        QVERIFY(!nameFromText(text.toStdString()));
    }

    void theLongestNamesFit() {
        const QString longest = (QString(63, 'a') + '.').repeated(3) + QString(61, 'a');
        for (const QString& text :
             {longest, longest + '.', QString("a.").repeated(127), QString(63, 'b')}) {
            const auto name = nameFromText(text.toStdString());
            QVERIFY2(name, qPrintable(text));
            QCOMPARE(asString(*name), Name::fromText(text.toStdString())->toWire());
            QCOMPARE(uncompressedNameLength(name->bytes()), std::size_t{name->length});
        }
        QCOMPARE(int{wireOf(qPrintable(longest)).length}, 255);
        QVERIFY(!nameFromText((longest + "a").toStdString()));
        QVERIFY(!nameFromText(QString("a.").repeated(128).toStdString()));
    }

    void everyOctetSurvivesText() {
        for (int octet = 0; octet < 256; ++octet) {
            const std::array<std::uint8_t, 3> wire{1, static_cast<std::uint8_t>(octet), 0};
            const std::string text = nameToText(wire);
            QVERIFY(
                std::all_of(text.begin(), text.end(), [](char c) { return c > 32 && c < 127; }));
            const auto name = nameFromText(text);
            QVERIFY(name);
            QVERIFY(
                std::equal(wire.begin(), wire.end(), name->bytes().begin(), name->bytes().end()));
        }
    }

    void compressedNames_data() {
        QTest::addColumn<QString>("hex");
        QTest::addColumn<int>("offset"); // behind the header
        QTest::addColumn<int>("behind"); // -1: refused
        QTest::addColumn<int>("skipped");
        QTest::addColumn<QString>("name");
        QTest::newRow("plain") << "0161 00" << 0 << 3 << 3 << "a";
        QTest::newRow("root") << "00" << 0 << 1 << 1 << ".";
        QTest::newRow("pointer") << "0161 00 c00c" << 3 << 5 << 5 << "a";
        QTest::newRow("label and pointer") << "0161 00 0162 c00c" << 3 << 7 << 7 << "b.a";
        QTest::newRow("pointer to a pointer") << "0161 00 c00c c00f" << 5 << 7 << 7 << "a";
        QTest::newRow("pointer into a name") << "0161 0162 00 c00e" << 5 << 7 << 7 << "b";
        QTest::newRow("pointer to itself") << "c00c" << 0 << -1 << -1 << "";
        QTest::newRow("pointer ahead") << "c00e 0161 00" << 0 << -1 << -1 << "";
        QTest::newRow("pointer to its own label") << "0161 c00c" << 0 << -1 << -1 << "";
        QTest::newRow("loop of two") << "0161 c010 0162 c00c" << 4 << -1 << 8 << "";
        QTest::newRow("pointer into the header") << "c000" << 0 << -1 << -1 << "";
        QTest::newRow("pointer to the header's end") << "00 c00b" << 1 << -1 << -1 << "";
        QTest::newRow("half a pointer") << "0161 00 c0" << 3 << -1 << -1 << "";
        QTest::newRow("label type 01") << "4161 00" << 0 << -1 << -1 << "";
        QTest::newRow("label type 10") << "8161 00" << 0 << -1 << -1 << "";
        QTest::newRow("no end") << "0161" << 0 << -1 << -1 << "";
        QTest::newRow("label over the end") << "0561 00" << 0 << -1 << -1 << "";
        QTest::newRow("past the end") << "00" << 5 << -1 << -1 << "";
    }
    void compressedNames() {
        QFETCH(QString, hex);
        QFETCH(int, offset);
        QFETCH(int, behind);
        QFETCH(int, skipped);
        QFETCH(QString, name);
        const Bytes octets = message(hex.toStdString());
        WireName read;
        const auto start = static_cast<std::size_t>(12 + offset);
        const std::size_t expected = behind < 0 ? 0 : static_cast<std::size_t>(12 + behind);
        QCOMPARE(readName(octets, start, read), expected);
        QCOMPARE(skipName(octets, start), skipped < 0 ? 0 : static_cast<std::size_t>(12 + skipped));
        if (expected != 0)
            QCOMPARE(QString::fromStdString(nameToText(read.bytes())), name);
    }

    void expansionEndsAt255Octets() {
        // Labels of 63 octets, each pointing to the one before it.
        Bytes octets(12, 1);
        std::vector<std::size_t> starts;
        for (int i = 0; i < 5; ++i) {
            starts.push_back(octets.size());
            const std::size_t label = i < 4 ? (i == 0 ? 61 : 63) : 1;
            octets.push_back(static_cast<std::uint8_t>(label));
            octets.insert(octets.end(), label, 'x');
            if (i == 0) {
                octets.push_back(0);
            } else {
                octets.push_back(0xc0 | static_cast<std::uint8_t>(starts[starts.size() - 2] >> 8));
                octets.push_back(static_cast<std::uint8_t>(starts[starts.size() - 2]));
            }
        }
        WireName name;
        QVERIFY(readName(octets, starts[3], name) != 0);
        QCOMPARE(int{name.length}, 255);
        QCOMPARE(readName(octets, starts[4], name), std::size_t{0});
    }

    void longChainsOfPointersAreRefused() {
        Bytes octets(12, 1);
        octets.push_back(0);
        std::size_t before = 12;
        std::vector<std::size_t> at;
        while (octets.size() < 0x3ff0) {
            at.push_back(octets.size());
            octets.push_back(0xc0 | static_cast<std::uint8_t>(before >> 8));
            octets.push_back(static_cast<std::uint8_t>(before));
            before = at.back();
        }
        WireName name;
        QVERIFY(readName(octets, at[100], name) != 0);
        QCOMPARE(readName(octets, at[126], name), at[126] + 2);
        QCOMPARE(readName(octets, at[127], name), std::size_t{0});
        QCOMPARE(readName(octets, at.back(), name), std::size_t{0});
    }

    void everyNameOfGoldenMessagesReadsAlike() {
        for (const NamedPacket& packet : goldenResponses()) {
            const auto parsed = Message::parse(packet.wire);
            QVERIFY(parsed);
            WireName name;
            QVERIFY(readName(packet.wire, 12, name) != 0);
            QCOMPARE(asString(name), parsed->questions[0].name.toWire());
        }
    }

    void touchingAField() {
        const Bytes octets = message("0161 00 0162 c00c 0163 c00f");
        const std::vector<std::uint16_t> none;
        QVERIFY(!nameTouches(octets, 19, none, 4));
        for (const auto& [field, touched] : {std::pair{8, false},
                                             {9, true},
                                             {11, true},
                                             {14, true},
                                             {15, true},
                                             {18, true},
                                             {23, false}}) {
            const std::vector<std::uint16_t> fields{static_cast<std::uint16_t>(field)};
            QVERIFY2(nameTouches(octets, 19, fields, 4) == touched,
                     qPrintable(QString::number(field)));
        }
        const std::vector<std::uint16_t> around{4, 8, 23, 40};
        QVERIFY(!nameTouches(octets, 19, around, 4));
    }

    void caseFoldsInAsciiOnly() {
        QVERIFY(sameName(wireOf("WWW.Example.COM").bytes(), wireOf("www.example.com").bytes()));
        QVERIFY(!sameName(wireOf("www.example.com").bytes(), wireOf("www.example.org").bytes()));
        QVERIFY(!sameName(wireOf("a.b").bytes(), wireOf("a\\.b").bytes()));
        QVERIFY(!sameName(wireOf("[").bytes(), wireOf("{").bytes()));
        QVERIFY(!sameName(wireOf("@").bytes(), wireOf("`").bytes()));
        QVERIFY(!sameName(wireOf("\\192").bytes(), wireOf("\\224").bytes()));
        QVERIFY(sameName(wireOf(".").bytes(), wireOf(".").bytes()));
    }

    void belowMeansWholeLabels() {
        const auto below = [](const char* name, const char* parent) {
            return isAtOrBelow(wireOf(name).bytes(), wireOf(parent).bytes());
        };
        QVERIFY(below("a.b.c", "b.c"));
        QVERIFY(below("B.C", "b.c"));
        QVERIFY(below("a.b.c", "."));
        QVERIFY(below(".", "."));
        QVERIFY(!below("b.c", "a.b.c"));
        QVERIFY(!below("ab.c", "b.c"));
        QVERIFY(!below("x\\.b.c", "b.c"));
        QVERIFY(!below(".", "c"));
        QVERIFY(!below("\\003b\\001c", "c"));
    }

    void uncompressedLengths() {
        QCOMPARE(uncompressedNameLength(bytesFromHex("0161 00 ff")), std::size_t{3});
        QCOMPARE(uncompressedNameLength({}), std::size_t{0});
        QCOMPARE(uncompressedNameLength(bytesFromHex("0161")), std::size_t{0});
        QCOMPARE(uncompressedNameLength(bytesFromHex("c00c")), std::size_t{0});
        QCOMPARE(uncompressedNameLength(bytesFromHex("05 61")), std::size_t{0});
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestWireName)
#include "test_wire_name.moc"
