// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/engine.h"

#include <QTest>

#include <set>

using namespace sotto::engine;

namespace sotto::test {

class TestMnemonics : public QObject {
    Q_OBJECT

private slots:
    void everyTypeComesBackFromItsText() {
        std::set<std::string> texts;
        for (unsigned type = 1; type <= 0xffff; ++type) {
            const std::string text = recordTypeText(static_cast<std::uint16_t>(type));
            QVERIFY(texts.insert(text).second);
            QCOMPARE(unsigned{recordTypeFromText(text)}, type);
        }
    }

    void knownTypes() {
        for (const auto& [type, text] : {std::pair{1, "A"},
                                         {28, "AAAA"},
                                         {65, "HTTPS"},
                                         {255, "ANY"},
                                         {257, "CAA"},
                                         {4711, "TYPE4711"}})
            QCOMPARE(recordTypeText(static_cast<std::uint16_t>(type)), std::string(text));
        QCOMPARE(recordTypeFromText("https"), quint16{65});
        QCOMPARE(recordTypeFromText("type65"), quint16{65});
        QCOMPARE(recordTypeFromText("TYPE1"), quint16{1});
    }

    void whatIsNoType() {
        for (const char* text : {"", "TYPE", "TYPE65536", "TYPE-1", "TYPE1x", "TYPE 1", "1",
                                 "AAAAA", "TYPE99999999999999999999"})
            QCOMPARE(recordTypeFromText(text), quint16{0});
    }

    void responseCodes() {
        QCOMPARE(responseCodeText(0), std::string("NOERROR"));
        QCOMPARE(responseCodeText(2), std::string("SERVFAIL"));
        QCOMPARE(responseCodeText(3), std::string("NXDOMAIN"));
        QCOMPARE(responseCodeText(5), std::string("REFUSED"));
        QCOMPARE(responseCodeText(16), std::string("BADVERS"));
        QCOMPARE(responseCodeText(4095), std::string("RCODE4095"));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestMnemonics)
#include "test_mnemonics.moc"
