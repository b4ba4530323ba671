// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/probe.h"

#include <QRandomGenerator>
#include <QTest>

using namespace sotto::systemdns;

namespace {

constexpr quint16 kId = 0x1234;
const QString kName = QStringLiteral("a.example");
// RFC 1035, section 4.1: ID, flags, counts; a.example A IN.
const QByteArray kQuery = QByteArray::fromHex("1234 0100 0001 0000 0000 0000"
                                              "01 61 07 6578616d706c65 00 0001 0001");

/// An answer with that header after the ID, the question, and those records.
QByteArray answer(const char* flagsAndCounts, const char* records) {
    return QByteArray::fromHex("1234") + QByteArray::fromHex(flagsAndCounts) + kQuery.mid(12) +
           QByteArray::fromHex(records);
}

// The owner is a pointer to the question's name.
const char* const kRecord = "c00c 0001 0001 00000000 0004 7f530102";

} // namespace

/// The one question that the lease asks by itself, and what is taken for its answer.
class TestProbeMessage : public QObject {
    Q_OBJECT

private slots:
    void writesTheQuery();
    void refusesWhatIsNoName_data();
    void refusesWhatIsNoName();
    void readsAnswers_data();
    void readsAnswers();
    void survivesHostileOctets();
};

void TestProbeMessage::writesTheQuery() {
    QCOMPARE(probeQuery(kName, kId).toHex(), kQuery.toHex());
    QCOMPARE(probeQuery(kName + QLatin1Char('.'), kId).toHex(), kQuery.toHex());
    QVERIFY(!probeQuery(QString(63, 'a') + QStringLiteral(".example"), kId).isEmpty());
}

void TestProbeMessage::refusesWhatIsNoName_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("empty") << QString();
    QTest::newRow("the root") << QStringLiteral(".");
    QTest::newRow("an empty label") << QStringLiteral("a..example");
    QTest::newRow("a long label") << QString(64, 'a') + QStringLiteral(".example");
    QTest::newRow("a long name") << QStringLiteral("abcdefg.").repeated(32);
}

void TestProbeMessage::refusesWhatIsNoName() {
    QFETCH(QString, name);
    QCOMPARE(probeQuery(name, kId), QByteArray());
}

void TestProbeMessage::readsAnswers_data() {
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<QString>("expected"); // addresses, "fault: …", or "none"
    const QByteArray good = answer("8180 0001 0001 0000 0000", kRecord);
    QTest::newRow("an address") << good << "127.83.1.2";
    QTest::newRow("two addresses")
        << answer("8180 0001 0002 0000 0000",
                  "c00c 0001 0001 00000000 0004 7f530102 c00c 0001 0001 00000000 0004 c0000201")
        << "127.83.1.2 192.0.2.1";
    QTest::newRow("an alias before it")
        << answer("8180 0001 0002 0000 0000",
                  "c00c 0005 0001 00000000 0004 0162c00e 0162c00e 0001 0001 00000000 0004 7f530102")
        << "127.83.1.2";
    QTest::newRow("no data") << answer("8180 0001 0000 0000 0000", "") << "";
    QTest::newRow("NXDOMAIN") << answer("8183 0001 0000 0000 0000", "")
                              << "fault: the answer is NXDOMAIN";
    QTest::newRow("REFUSED") << answer("8185 0001 0000 0000 0000", "")
                             << "fault: the answer is REFUSED";
    QTest::newRow("cut off") << good.chopped(1) << "fault: the answer is malformed";
    QTest::newRow("fewer records than it says")
        << answer("8180 0001 0002 0000 0000", kRecord) << "fault: the answer is malformed";
    QTest::newRow("an address of three octets")
        << answer("8180 0001 0001 0000 0000", "c00c 0001 0001 00000000 0003 7f5301") << "";
    QTest::newRow("another class")
        << answer("8180 0001 0001 0000 0000", "c00c 0001 0003 00000000 0004 7f530102") << "";

    QByteArray other = good;
    other[0] = 0x55;
    QTest::newRow("another ID") << other << "none";
    QTest::newRow("the query itself") << kQuery << "none";
    QTest::newRow("another opcode") << answer("9180 0001 0001 0000 0000", kRecord) << "none";
    other = good;
    other[13] = 'b';
    QTest::newRow("another name") << other << "none";
    other = good;
    other[24] = 28;
    QTest::newRow("another type") << other << "none";
    QTest::newRow("no question") << QByteArray::fromHex("1234 8180 0000 0001 0000 0000") +
                                        QByteArray::fromHex(kRecord)
                                 << "none";
    QTest::newRow("nothing") << QByteArray() << "none";
    QTest::newRow("half a header") << good.left(7) << "none";
}

void TestProbeMessage::readsAnswers() {
    QFETCH(QByteArray, octets);
    QFETCH(QString, expected);
    const auto read = readProbeAnswer(octets, kQuery);
    QString text = QStringLiteral("none");
    if (read) {
        const auto* fault = std::get_if<Fault>(&*read);
        text = fault ? QStringLiteral("fault: ") + fault->reason
                     : std::get<QStringList>(*read).join(QLatin1Char(' '));
    }
    QCOMPARE(text, expected);
}

void TestProbeMessage::survivesHostileOctets() {
    QRandomGenerator random(53);
    const QByteArray good = answer("8180 0001 0001 0000 0000", kRecord);
    for (int round = 0; round < 20000; ++round) {
        QByteArray octets = good.left(random.bounded(1, static_cast<int>(good.size()) + 1));
        // The question stays, so that the records are read.
        if (octets.size() > kQuery.size()) {
            for (qsizetype i = kQuery.size(); i < octets.size(); ++i)
                octets[i] = static_cast<char>(random.bounded(256));
            octets[7] = static_cast<char>(random.bounded(256));
        }
        const auto read = readProbeAnswer(octets, kQuery);
        if (read && std::holds_alternative<QStringList>(*read))
            QVERIFY(std::get<QStringList>(*read).size() <= 255);
    }
}

QTEST_GUILESS_MAIN(TestProbeMessage)
#include "test_probe_message.moc"
