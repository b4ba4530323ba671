// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/zone_name.h"

#include <QTest>

using sotto::service::zoneFromText;

namespace sotto::test {

class TestZoneName : public QObject {
    Q_OBJECT

private slots:
    void names_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("zone");
        const QString label(63, QLatin1Char('a'));
        const QString escaped = QStringLiteral("\\097").repeated(63);
        // 3 × (1 + 63) + (1 + 61) + 1 = 255
        const QString longest = label + '.' + label + '.' + label + '.' + label.left(61);
        QTest::newRow("root") << "."
                              << ".";
        QTest::newRow("one label") << "com"
                                   << "com";
        QTest::newRow("case") << "Example.COM"
                              << "example.com";
        QTest::newRow("dot at the end") << "example.com."
                                        << "example.com";
        QTest::newRow("escaped dot at the end") << "a\\."
                                                << "a\\.";
        QTest::newRow("escaped backslash, then a dot") << "a\\\\."
                                                       << "a\\\\";
        QTest::newRow("digits and signs") << "_dns.1-2.*"
                                          << "_dns.1-2.*";
        QTest::newRow("octet") << "a\\000\\255.b"
                               << "a\\000\\255.b";
        QTest::newRow("escaped space") << "a\\ b.c"
                                       << "a\\ b.c";
        QTest::newRow("longest label") << label << label;
        QTest::newRow("longest label of escapes") << escaped << escaped;
        QTest::newRow("longest name") << longest << longest;
        QTest::newRow("longest name with its dot") << longest + '.' << longest;
    }

    void names() {
        QFETCH(QString, text);
        QFETCH(QString, zone);
        QString why;
        const auto read = zoneFromText(text, why);
        QVERIFY2(read, qPrintable(why));
        QCOMPARE(QString::fromStdString(*read), zone);
    }

    void faults_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("reason");
        const QString label(63, QLatin1Char('a'));
        QTest::newRow("empty") << ""
                               << "a zone such as";
        QTest::newRow("leading dot") << ".com"
                                     << "a label is empty";
        QTest::newRow("two dots") << "a..b"
                                  << "a label is empty";
        QTest::newRow("only dots") << ".."
                                   << "a label is empty";
        QTest::newRow("space") << "a b"
                               << "printable ASCII";
        QTest::newRow("line feed") << "a\n"
                                   << "printable ASCII";
        QTest::newRow("international") << QString::fromUtf8("b\u00fccher.example") << "xn--";
        QTest::newRow("international behind a backslash")
            << QString::fromUtf8("b\\\u00fc") << "must stand before";
        QTest::newRow("backslash alone") << "a\\"
                                         << "must stand before";
        QTest::newRow("large octet") << "a\\256"
                                     << "must stand before";
        QTest::newRow("two digits") << "a\\12"
                                    << "must stand before";
        QTest::newRow("long label") << label + 'a' << "longer than 63";
        QTest::newRow("long label of escapes")
            << QStringLiteral("\\097").repeated(64) << "longer than 63";
        QTest::newRow("long name")
            << label + '.' + label + '.' + label + '.' + label.left(62) << "longer than 255";
    }

    void faults() {
        QFETCH(QString, text);
        QFETCH(QString, reason);
        QString why;
        QVERIFY(!zoneFromText(text, why));
        QVERIFY2(why.contains(reason), qPrintable(why));
    }

    void below() {
        using sotto::service::isSameZone;
        using sotto::service::liesBelow;
        QVERIFY(liesBelow("a.corp.example", "corp.example"));
        QVERIFY(liesBelow("b.a.corp.example", "corp.example"));
        QVERIFY(liesBelow("example", "."));
        QVERIFY(!liesBelow(".", "."));
        QVERIFY(!liesBelow("corp.example", "corp.example"));
        QVERIFY(!liesBelow("xcorp.example", "corp.example"));
        QVERIFY(!liesBelow("a\\.corp.example", "corp.example")); // one label is "a.corp"
        QVERIFY(liesBelow("a.\\067orp.example", "corp.example"));
        QVERIFY(isSameZone("\\067orp.example", "c\\orp.example"));
        QVERIFY(!isSameZone(".", "example"));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestZoneName)
#include "test_zone_name.moc"
