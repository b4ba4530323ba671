// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/os_lookup.h"

#include <QElapsedTimer>
#include <QTest>

#include <cstdio>
#include <memory>

using namespace sotto::systemdns;

namespace {

/// A child that runs this in a shell; the name is $0.
ChildLookup child(const char* script,
                  std::chrono::milliseconds patience = std::chrono::seconds(20)) {
    return ChildLookup({QStringLiteral("/bin/sh"), QStringLiteral("-c"), QLatin1String(script)},
                       patience);
}

QString textOf(const std::variant<QStringList, Fault>& found) {
    const auto* fault = std::get_if<Fault>(&found);
    return fault ? QStringLiteral("fault: ") + fault->reason
                 : std::get<QStringList>(found).join(QLatin1Char(' '));
}

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

QByteArray contentsOf(std::FILE* file) {
    std::rewind(file);
    QByteArray octets(1024, '\0');
    octets.resize(static_cast<qsizetype>(std::fread(octets.data(), 1, 1024, file)));
    return octets;
}

} // namespace

/// Look-ups in a process of their own, with children made of shell.
class TestOsLookup : public QObject {
    Q_OBJECT

private slots:
    void readsWhatTheChildSays_data();
    void readsWhatTheChildSays();
    void endsAChildThatHangs();
    void answersAsTheChild();
};

void TestOsLookup::readsWhatTheChildSays_data() {
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QString>("expected");
    QTest::newRow("addresses") << QByteArray("echo 192.0.2.1; echo 2001:db8::1; echo 192.0.2.1")
                               << "192.0.2.1 2001:db8::1";
    QTest::newRow("none") << QByteArray("true") << "";
    QTest::newRow("what is none") << QByteArray("echo hello; echo 192.0.2.1x; echo 192.0.2.1")
                                  << "192.0.2.1";
    QTest::newRow("the name, absolute")
        << QByteArray("test \"$0\" = a.example. && echo 192.0.2.1") << "192.0.2.1";
    QTest::newRow("no environment")
        << QByteArray("test -z \"$HOME$LANG$RES_OPTIONS$LD_LIBRARY_PATH\" && echo 192.0.2.1")
        << "192.0.2.1";
    QTest::newRow("a failure") << QByteArray("echo 192.0.2.1; echo No such name >&2; exit 1")
                               << "fault: the system's resolver: No such name";
    QTest::newRow("a crash") << QByteArray("echo 192.0.2.1; kill -9 $$")
                             << "fault: the system's resolver: ";
    QTest::newRow("too much") << QByteArray("yes 192.0.2.1 | head -c 100000") << "192.0.2.1";
}

void TestOsLookup::readsWhatTheChildSays() {
    QFETCH(QByteArray, script);
    QFETCH(QString, expected);
    qputenv("RES_OPTIONS", "ndots:9");
    QCOMPARE(textOf(child(script.constData()).lookUp(QStringLiteral("a.example"))), expected);
    const ChildLookup absent({QStringLiteral("/nonexistent")}, std::chrono::seconds(20));
    QCOMPARE(textOf(absent.lookUp(QStringLiteral("a.example"))),
             QStringLiteral("fault: /nonexistent could not be started"));
}

void TestOsLookup::endsAChildThatHangs() {
    const auto found =
        child("exec sleep 1000", std::chrono::milliseconds(50)).lookUp(QStringLiteral("a.example"));
    QCOMPARE(textOf(found), QStringLiteral("fault: the system's resolver did not answer in time"));
}

void TestOsLookup::answersAsTheChild() {
    // Numbers need no resolver.
    const File addresses(std::tmpfile(), &std::fclose);
    const File reasons(std::tmpfile(), &std::fclose);
    QVERIFY(addresses && reasons);
    QCOMPARE(answerLookup("192.0.2.1", addresses.get(), reasons.get()), 0);
    QCOMPARE(contentsOf(addresses.get()), QByteArray("192.0.2.1\n"));
    QCOMPARE(answerLookup("", addresses.get(), reasons.get()), 1);
    QVERIFY(!contentsOf(reasons.get()).isEmpty());
}

QTEST_GUILESS_MAIN(TestOsLookup)
#include "test_os_lookup.moc"
