// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "flush_options.h"
#include "log_options.h"
#include "printable.h"
#include "quantity_text.h"
#include "table.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace sotto::cli;

namespace sotto::test {

class TestCliText : public QObject {
    Q_OBJECT

private slots:
    void nothingHostileReachesTheTerminal() {
        QCOMPARE(printable("plain text"), "plain text");
        QCOMPARE(printable(QStringLiteral("caf\u00e9")), QStringLiteral("caf\u00e9"));
        QCOMPARE(printable("\x1b[31mred\r\n"), "\\u{1b}[31mred\\u{d}\\u{a}");
        QCOMPARE(printable(QStringLiteral("\u009b2J\u202e\u200b")), "\\u{9b}2J\\u{202e}\\u{200b}");
        QCOMPARE(printable(QString(QChar(0xd800))), QString(QChar(QChar::ReplacementCharacter)));
    }

    void jsonIsPlainAscii() {
        const QJsonObject object{{"a", QStringLiteral("\u009b\u00e9\x7f\x1b\U0001f600")}};
        const QByteArray json = asciiJson(object);
        for (const char c : json)
            QVERIFY(c >= 0x20 && c < 0x7f);
        QCOMPARE(QJsonDocument::fromJson(json).object(), object);
    }

    void columnsAreAligned() {
        Table table({"A", "LONGER"});
        table.addRow({"wide cell", "x"});
        table.addRow({"a\nb", ""});
        QCOMPARE(table.text(), "A          LONGER\nwide cell  x\na\\u{a}b\n");
    }

    void durations_data() {
        QTest::addColumn<double>("millis");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << 0.0 << QStringLiteral("0 µs");
        QTest::newRow("a hit") << 0.0031 << QStringLiteral("3 µs");
        QTest::newRow("below a millisecond") << 0.9994 << QStringLiteral("999 µs");
        QTest::newRow("as good as a millisecond") << 0.9996 << QStringLiteral("1.0 ms");
        QTest::newRow("tenths") << 12.34 << QStringLiteral("12.3 ms");
        QTest::newRow("as good as a hundred") << 99.96 << QStringLiteral("100 ms");
        QTest::newRow("hundreds") << 999.4 << QStringLiteral("999 ms");
        QTest::newRow("seconds") << 1800.0 << QStringLiteral("1.8 s");
    }

    void durations() {
        QFETCH(double, millis);
        QTEST(durationText(millis), "text");
    }

    void sizes_data() {
        QTest::addColumn<qint64>("bytes");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << qint64{0} << "0 bytes";
        QTest::newRow("octets") << qint64{1000} << "1000 bytes";
        QTest::newRow("whole") << qint64{4096} << "4 KiB";
        QTest::newRow("part") << qint64{1536} << "1.5 KiB";
        QTest::newRow("much") << qint64{32 * 1024 * 1024} << "32 MiB";
        QTest::newRow("most") << (qint64{4} << 30) << "4 GiB";
    }

    void sizes() {
        QFETCH(qint64, bytes);
        QTEST(sizeText(bytes), "text");
    }

    void oneIsNotMany() {
        QCOMPARE(answersText(0), "0 answers");
        QCOMPARE(answersText(1), "1 answer");
        QCOMPARE(answersText(2), "2 answers");
    }

    void usageEndsWithItsLastWord() {
        for (const Command& command : allCommands()) {
            const QString usage = helpText(command).section(QLatin1Char('\n'), 0, 0);
            QVERIFY2(!usage.endsWith(QLatin1Char(' ')), qPrintable(usage));
            QVERIFY2(usage.contains(QLatin1String(command.name)), qPrintable(usage));
        }
    }

    void logOptions_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("lines"); // -1: refused
        QTest::addColumn<bool>("follow");
        QTest::newRow("none") << QStringList{} << 20 << false;
        QTest::newRow("follow") << QStringList{"--follow"} << 20 << true;
        QTest::newRow("short") << QStringList{"-f", "-n", "5"} << 5 << true;
        QTest::newRow("lines") << QStringList{"--lines", "0"} << 0 << false;
        QTest::newRow("joined") << QStringList{"--lines=7"} << 7 << false;
        QTest::newRow("no number") << QStringList{"--lines"} << -1 << false;
        QTest::newRow("bad number") << QStringList{"--lines", "x"} << -1 << false;
        QTest::newRow("negative") << QStringList{"--lines=-3"} << -1 << false;
        QTest::newRow("unknown") << QStringList{"--fellow"} << -1 << false;
    }

    void logOptions() {
        QFETCH(QStringList, arguments);
        QFETCH(int, lines);
        QFETCH(bool, follow);
        const auto options = LogOptions::read(arguments);
        QCOMPARE(options ? options->lines : -1, lines);
        if (options)
            QCOMPARE(options->follow, follow);
    }

    void flushOptions_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<bool>("accepted");
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("subtree");
        QTest::newRow("everything") << QStringList{} << true << QString() << false;
        QTest::newRow("name") << QStringList{"a.example"} << true << "a.example" << false;
        QTest::newRow("subtree") << QStringList{"--subtree", "example"} << true << "example"
                                 << true;
        QTest::newRow("subtree behind")
            << QStringList{"example", "--subtree"} << true << "example" << true;
        QTest::newRow("subtree of nothing") << QStringList{"--subtree"} << false << "" << false;
        QTest::newRow("two names") << QStringList{"a", "b"} << false << "" << false;
        QTest::newRow("unknown") << QStringList{"--subtre"} << false << "" << false;
    }

    void flushOptions() {
        QFETCH(QStringList, arguments);
        QFETCH(bool, accepted);
        QFETCH(QString, name);
        QFETCH(bool, subtree);
        const auto options = FlushOptions::read(arguments);
        QCOMPARE(options.has_value(), accepted);
        if (options) {
            QCOMPARE(options->name.value_or(QString()), name);
            QCOMPARE(options->name.has_value(), !arguments.isEmpty());
            QCOMPARE(options->subtree, subtree);
        }
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestCliText)
#include "test_cli_text.moc"
