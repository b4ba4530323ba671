// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/global_dns_memory.h"

#include "systemdns/mechanism.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sotto::systemdns;

namespace {

const Target kTarget{{QStringLiteral("127.0.0.1"), QStringLiteral("::1")}, 53};
const QByteArray kHead = "# Internal configuration file. This file is written and read\n"
                         "# by NetworkManager.\n";
const QByteArray kOther = "\n[main]\nplugins=keyfile\n";
const QByteArray kOurs = "\n[.intern.global-dns]\nsearches=lan.example\n"
                         "\n[.intern.global-dns-domain-*]\nservers=127.0.0.1,::1\n"
                         "\n[.intern.global-dns-domain-check.sotto.internal]\n"
                         "servers=127.0.0.1,::1\n";

} // namespace

/// What NetworkManager keeps of its global DNS configuration, as octets.
class TestGlobalDnsMemory : public QObject {
    Q_OBJECT

private slots:
    void takesTheTargetOut_data();
    void takesTheTargetOut();
    void leavesWhatIsNotOurs_data();
    void leavesWhatIsNotOurs();
    void putsTheEarlierOneBack();
    void letsNothingIn();
    void keepsTheFilesMode();
};

void TestGlobalDnsMemory::takesTheTargetOut_data() {
    QTest::addColumn<QByteArray>("memory");
    QTest::addColumn<QByteArray>("without");
    QTest::newRow("alone") << kHead + kOurs << kHead;
    QTest::newRow("behind others") << kHead + kOther + kOurs << kHead + kOther;
    QTest::newRow("ahead of others") << kHead + kOurs + kOther << kHead + kOther;
    QTest::newRow("without a heading") << kOurs << QByteArray();
    QTest::newRow("spelt otherwise")
        << QByteArray(" [.intern.global-dns-domain-*] \n servers = 127.0.0.1,::1 ") << QByteArray();
}

void TestGlobalDnsMemory::takesTheTargetOut() {
    QFETCH(QByteArray, memory);
    const auto without = memoryWithout(memory, kTarget, {});
    QVERIFY(without);
    QTEST(*without, "without");
    QVERIFY(!memoryWithout(*without, kTarget, {}));
}

void TestGlobalDnsMemory::leavesWhatIsNotOurs_data() {
    QTest::addColumn<QByteArray>("memory");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("none") << kHead + kOther;
    QTest::newRow("another server") << QByteArray(kOurs).replace("::1", "192.0.2.1");
    QTest::newRow("one server more") << QByteArray(kOurs).replace("::1", "::1,192.0.2.1");
    QTest::newRow("another domain as well")
        << kOurs + "\n[.intern.global-dns-domain-corp.example]\nservers=192.0.2.1\n";
    QTest::newRow("another domain instead") << QByteArray(kOurs).replace("domain-*", "domain-x");
    QTest::newRow("a person's own section") << QByteArray(kOurs).replace(".intern.", "");
}

void TestGlobalDnsMemory::leavesWhatIsNotOurs() {
    QFETCH(QByteArray, memory);
    QVERIFY(!memoryWithout(memory, kTarget, {}));
}

void TestGlobalDnsMemory::putsTheEarlierOneBack() {
    const QVariantMap persons{
        {"searches", QStringList{"own.example", "b.example"}},
        {"options", QStringList{"rotate"}},
        {"domains",
         QVariantMap{{"*", QVariantMap{{"servers", QStringList{"192.0.2.5"}},
                                       {"options", QStringList{"timeout:1"}}}},
                     {"corp.example", QVariantMap{{"servers", QStringList{"192.0.2.6"}}}}}},
    };
    const auto without = memoryWithout(kHead + kOurs, kTarget, persons);
    QVERIFY(without);
    QCOMPARE(*without,
             kHead + "\n[.intern.global-dns]\nsearches=own.example,b.example\noptions=rotate\n"
                     "\n[.intern.global-dns-domain-*]\nservers=192.0.2.5\noptions=timeout:1\n"
                     "\n[.intern.global-dns-domain-corp.example]\nservers=192.0.2.6\n"
                     "options=\n");
}

/// A journal is no friend: nothing of it makes a line of its own.
void TestGlobalDnsMemory::letsNothingIn() {
    const QVariantMap hostile{
        {"searches", QStringList{"a\n[keyfile]", "b,c", "d\\n", "", "good.example"}},
        {"options", QStringList{"\n[main]\nplugins=evil"}},
        {"domains", QVariantMap{{"x]\n[main", QVariantMap{{"servers", QStringList{"192.0.2.5"}}}},
                                {"y", QVariantMap{{"servers", QStringList{"192.0.2.5\nz=1"}}}}}},
    };
    const auto without = memoryWithout(kHead + kOurs, kTarget, hostile);
    QVERIFY(without);
    QCOMPARE(*without, kHead + "\n[.intern.global-dns]\nsearches=good.example\n");
}

void TestGlobalDnsMemory::keepsTheFilesMode() {
    const QTemporaryDir root;
    const QString folder = root.filePath(QStringLiteral("var/lib/NetworkManager"));
    QVERIFY(!forgetTarget(root.path(), kTarget, {})); // none is there
    QVERIFY(QDir().mkpath(folder));
    QFile file(folder + QStringLiteral("/NetworkManager-intern.conf"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(kHead + kOurs);
    file.close();
    const auto kPrivate = QFile::ReadOwner | QFile::WriteOwner;
    QVERIFY(file.setPermissions(kPrivate));
    QVERIFY(!forgetTarget(root.path(), kTarget, {}));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), kHead);
    QVERIFY((QFile::permissions(file.fileName()) & (QFile::ReadGroup | QFile::ReadOther)) == 0);
    QCOMPARE(QDir(folder).entryList(QDir::Files).size(), 1);

    QVERIFY(file.remove());
    QVERIFY(QDir().mkpath(file.fileName())); // a folder in its place cannot be read
    QVERIFY(forgetTarget(root.path(), kTarget, {}));
}

QTEST_GUILESS_MAIN(TestGlobalDnsMemory)
#include "test_global_dns_memory.moc"
