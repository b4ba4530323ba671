// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden_packets.h"

#include "lease/contract/check_name.h"
#include "rules/special_names.h"

#include <QTest>

namespace sotto::test {

namespace {

constexpr std::uint16_t kDs = 43;
constexpr std::uint16_t kChaos = 3;

const QString kKey = "00112233445566778899aabbccddeeff";
constexpr engine::CheckKey kKeyOctets{0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
                                      0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};

std::optional<Message> answerTo(const std::string& name, std::uint16_t type,
                                std::uint16_t klass = kClassIn) {
    Message query;
    query.questions.push_back({nameOf(name), type, klass});
    Bytes out(engine::kSpecialAnswerRoom);
    out.resize(engine::answerSpecialName(engineQuestion(query), {true, kKeyOctets}, out));
    return Message::parse(out);
}

} // namespace

/// The names by which the lease keeper finds out that a look-up reached sottod.
class TestCheckNames : public QObject {
    Q_OBJECT

private slots:
    void bothSidesAgree() {
        for (int i = 0; i < 500; ++i) {
            const QString name = lease::newCheckName();
            const std::string address = lease::checkAddress(name, kKey).toStdString();
            QVERIFY(!address.empty());
            for (const std::string& spelling :
                 {name.toStdString() + '.', name.toUpper().toStdString() + '.'}) {
                const auto answer = answerTo(spelling, rr::kA);
                QVERIFY(answer);
                QCOMPARE(int(answer->rcode), int(rcode::kNoError));
                QCOMPARE(answer->answers.size(), std::size_t{1});
                QVERIFY(answer->answers[0].rdata == rdata(rr::kA, address));
                QCOMPARE(answer->answers[0].ttl, 0U);
                QVERIFY(answer->authorities.empty());
            }
        }
    }

    void knownAddresses() {
        const QString name = "0123456789abcdef.check.sotto.internal";
        const auto answer = answerTo(name.toStdString() + '.', rr::kA);
        QVERIFY(answer && answer->answers.size() == 1);
        QVERIFY(answer->answers[0].rdata == rdata(rr::kA, "127.83.18.192"));
        QCOMPARE(lease::checkAddress(name, kKey), "127.83.18.192");
        QCOMPARE(lease::checkAddress(name, QString(32, u'0')), "127.83.176.62");
    }

    void keysAreRandom() {
        const QString key = lease::newCheckKey();
        QVERIFY(lease::isCheckKey(key));
        QVERIFY(key != lease::newCheckKey());
        for (const QString& none : {QString(), key.chopped(1), key + u'0', key.toUpper() + u'G',
                                    QString(32, u'g'), QString(32, u'A')}) {
            QVERIFY(!lease::isCheckKey(none));
            QVERIFY(lease::checkAddress(lease::newCheckName(), none).isEmpty());
        }
    }

    void nothingElseIsThere_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("code");
        const auto row = [](const char* name, std::uint16_t type, std::uint16_t code) {
            QTest::addRow("%s %d", name, int(type)) << QString(name) << int(type) << int(code);
        };
        const char* check = "0123456789abcdef.check.sotto.internal.";
        for (const std::uint16_t type : {rr::kAaaa, rr::kTxt, rr::kSoa, kDs})
            row(check, type, rcode::kNoError);
        for (const std::uint16_t type : {rr::kA, rr::kAaaa, kDs}) {
            row("check.sotto.internal.", type, rcode::kNoError);
            row("x.0123456789abcdef.check.sotto.internal.", type, rcode::kNxDomain);
            row("0123456789abcde.check.sotto.internal.", type, rcode::kNxDomain);
            row("0123456789abcdef0.check.sotto.internal.", type, rcode::kNxDomain);
            row("0123456789abcdeg.check.sotto.internal.", type, rcode::kNxDomain);
            row("www.check.sotto.internal.", type, rcode::kNxDomain);
        }
    }
    void nothingElseIsThere() {
        QFETCH(const QString, name);
        QFETCH(const int, type);
        QFETCH(const int, code);
        const auto answer = answerTo(name.toStdString(), static_cast<std::uint16_t>(type));
        QVERIFY(answer);
        QCOMPARE(int(answer->rcode), code);
        QVERIFY(answer->answers.empty());
        QCOMPARE(answer->authorities.size(), std::size_t{1});
        QCOMPARE(answer->authorities[0].type, rr::kSoa);
        QCOMPARE(answer->authorities[0].ttl, 0U);
        QVERIFY(answer->authorities[0].rdata ==
                rdata(rr::kSoa, "check.sotto.internal. nobody.invalid. 1 3600 1200 604800 0"));
        QVERIFY(lease::checkAddress(name.chopped(1), kKey).isEmpty() || type != rr::kA);
        const auto chaos = answerTo(name.toStdString(), static_cast<std::uint16_t>(type), kChaos);
        QVERIFY(chaos && chaos->answers.empty() && int(chaos->rcode) == code);
    }

    void whichNamesAreChecks_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("isCheck");
        QTest::newRow("apex") << "check.sotto.internal." << true;
        QTest::newRow("case") << "a.Check.SOTTO.Internal." << true;
        QTest::newRow("below") << "a.b.check.sotto.internal." << true;
        QTest::newRow("above") << "sotto.internal." << false;
        QTest::newRow("top") << "internal." << false;
        QTest::newRow("beside") << "0123456789abcdef.chuck.sotto.internal." << false;
        QTest::newRow("longer label") << "xcheck.sotto.internal." << false;
        QTest::newRow("length octets inside a label")
            << "x\\005check\\005sotto\\008internal." << false;
        QTest::newRow("same ending") << "0123456789abcdef.eternal." << false;
        QTest::newRow("root") << "." << false;
    }
    void whichNamesAreChecks() {
        QFETCH(const QString, name);
        QFETCH(const bool, isCheck);
        Message query;
        query.questions.push_back({nameOf(name.toStdString()), rr::kA, kClassIn});
        const std::string wire = query.questions[0].name.toWire();
        const Bytes octets(wire.begin(), wire.end());
        QCOMPARE(engine::isCheckName(octets), isCheck);
        QCOMPARE(answerTo(name.toStdString(), rr::kA).has_value(), isCheck);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestCheckNames)
#include "test_check_names.moc"
