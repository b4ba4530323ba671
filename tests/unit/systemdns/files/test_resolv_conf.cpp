// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/resolv_conf.h"

#include <QTest>

using namespace sotto::systemdns;

Q_DECLARE_METATYPE(sotto::systemdns::Authorship)

/// What a resolv.conf says, and what ours looks like.
class TestResolvConf : public QObject {
    Q_OBJECT

private slots:
    void parses_data();
    void parses();
    void knowsTheStub_data();
    void knowsTheStub();
    void composesForPeople();
    void keepsLinesApart();
    void tellsItsOwn_data();
    void tellsItsOwn();
};

void TestResolvConf::parses_data() {
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<QStringList>("servers");
    QTest::addColumn<QByteArrayList>("kept");
    QTest::newRow("nothing") << QByteArray() << QStringList() << QByteArrayList();
    QTest::newRow("usual") << QByteArray("# hand-made\nsearch a.example b.example\n"
                                         "nameserver 192.0.2.1\nnameserver 2001:db8::1\n"
                                         "options edns0 trust-ad\nsortlist 192.0.2.0\n")
                           << QStringList{"192.0.2.1", "2001:db8::1"}
                           << QByteArrayList{"search a.example b.example", "options edns0 trust-ad",
                                             "sortlist 192.0.2.0"};
    QTest::newRow("tabs and comments behind")
        << QByteArray("nameserver\t192.0.2.1 # router\ndomain\texample\n")
        << QStringList{"192.0.2.1"} << QByteArrayList{"domain\texample"};
    QTest::newRow("no end of line")
        << QByteArray("nameserver 192.0.2.1") << QStringList{"192.0.2.1"} << QByteArrayList();
    QTest::newRow("not at the start") << QByteArray(" nameserver 192.0.2.1\nnameservers 1\n"
                                                    "nameserver\nsearch\noptionsx y\n")
                                      << QStringList() << QByteArrayList();
    QTest::newRow("commented out") << QByteArray("#nameserver 192.0.2.1\n;search example\n")
                                   << QStringList() << QByteArrayList();
    QTest::newRow("with a zone") << QByteArray("nameserver fe80::1%eth0\n")
                                 << QStringList{"fe80::1%eth0"} << QByteArrayList();
    QTest::newRow("too long to be kept")
        << QByteArray("search " + QByteArray(9000, 'a') + "\noptions edns0\n") << QStringList()
        << QByteArrayList{"options edns0"};
    QTest::newRow("binary") << QByteArray("\0\xff\nnameserver 192.0.2.1\r\n", 26)
                            << QStringList{"192.0.2.1"} << QByteArrayList();
}

void TestResolvConf::parses() {
    QFETCH(QByteArray, octets);
    const ResolvConf conf = ResolvConf::parse(octets);
    QTEST(conf.nameservers, "servers");
    QTEST(conf.kept, "kept");
}

void TestResolvConf::knowsTheStub_data() {
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<bool>("stub");
    QTest::newRow("stub") << QByteArray("nameserver 127.0.0.53\n") << true;
    QTest::newRow("proxy") << QByteArray("nameserver 127.0.0.54\n") << true;
    QTest::newRow("stub and another")
        << QByteArray("nameserver 127.0.0.53\nnameserver 192.0.2.1\n") << false;
    QTest::newRow("another") << QByteArray("nameserver 127.0.0.1\n") << false;
    QTest::newRow("none") << QByteArray("search example\n") << false;
}

void TestResolvConf::knowsTheStub() {
    QFETCH(QByteArray, octets);
    QTEST(ResolvConf::parse(octets).namesResolvedStub(), "stub");
}

void TestResolvConf::composesForPeople() {
    const QByteArray ours = composeResolvConf({"127.0.0.1", "::1"}, {"search a.example"});
    const QByteArray first = ours.left(ours.indexOf('\n'));
    QVERIFY(first.startsWith("# "));
    QVERIFY(first.contains("Sotto"));
    QVERIFY(first.contains("sotto-lease restore"));
    QVERIFY(ours.endsWith("\nsearch a.example\nnameserver 127.0.0.1\nnameserver ::1\n"));
    const ResolvConf conf = ResolvConf::parse(ours);
    QCOMPARE(conf.nameservers, (QStringList{"127.0.0.1", "::1"}));
    QCOMPARE(conf.kept, QByteArrayList{"search a.example"});
}

void TestResolvConf::keepsLinesApart() {
    const QByteArrayList hostile{"search a\nnameserver 192.0.2.66", "options \x1b[31m",
                                 QByteArray("search \0x", 9), "search good.example"};
    const ResolvConf conf = ResolvConf::parse(composeResolvConf({"127.0.0.1"}, hostile));
    QCOMPARE(conf.nameservers, QStringList{"127.0.0.1"});
    QCOMPARE(conf.kept, QByteArrayList{"search good.example"});
}

void TestResolvConf::tellsItsOwn_data() {
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<Authorship>("expected");
    const QByteArray ours = composeResolvConf({"127.0.0.1"}, {"search a.example"});
    QTest::newRow("as written") << ours << Authorship::Ours;
    QTest::newRow("without a search") << composeResolvConf({"::1"}, {}) << Authorship::Ours;
    QTest::newRow("a line more") << ours + "nameserver 192.0.2.1\n" << Authorship::OursEdited;
    QTest::newRow("another server")
        << QByteArray(ours).replace("127.0.0.1", "192.0.2.1") << Authorship::OursEdited;
    QTest::newRow("another comment")
        << QByteArray(ours).replace("asks Sotto", "asks nobody") << Authorship::OursEdited;
    QTest::newRow("something ahead") << "# mine\n" + ours << Authorship::OursEdited;
    QTest::newRow("the first line only")
        << ours.left(ours.indexOf('\n') + 1) << Authorship::OursEdited;
    QTest::newRow("cut in the sum")
        << ours.left(ours.indexOf("Sum: ") + 8) << Authorship::OursEdited;
    QTest::newRow("another's") << QByteArray("nameserver 192.0.2.1\n") << Authorship::Foreign;
    QTest::newRow("empty") << QByteArray() << Authorship::Foreign;
}

void TestResolvConf::tellsItsOwn() {
    QFETCH(QByteArray, octets);
    QTEST(authorshipOf(octets), "expected");
}

QTEST_GUILESS_MAIN(TestResolvConf)
#include "test_resolv_conf.moc"
