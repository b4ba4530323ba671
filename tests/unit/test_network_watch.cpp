// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/network_watch.h"

#include <QSignalSpy>
#include <QTest>

using sotto::network::NetworkWatch;

/// What a watch tells without news of a real system, which tests/system has.
class TestNetworkWatch : public QObject {
    Q_OBJECT

private slots:
    void gathersWhatComesTogether();
    void sendsFromNoLoopbackAddress();
};

void TestNetworkWatch::gathersWhatComesTogether() {
    NetworkWatch watch;
    QStringList told;
    connect(&watch, &NetworkWatch::told, this, [&] { told += "told"; });
    connect(&watch, &NetworkWatch::changed, this, [&] { told += "changed"; });
    watch.noteWaking();
    watch.noteWaking();
    watch.noteWaking();
    QVERIFY(told.isEmpty());
    QTRY_VERIFY(told.contains("changed"));
    QCOMPARE(told, (QStringList{"told", "changed"}));
}

void TestNetworkWatch::sendsFromNoLoopbackAddress() {
    for (const QByteArray& line : sotto::network::sendingAddresses().split('\n')) {
        QVERIFY(!line.contains(" 127.") && !line.endsWith(" ::1"));
        QVERIFY(!line.contains(" 169.254.") && !line.contains(" fe80:"));
    }
}

QTEST_GUILESS_MAIN(TestNetworkWatch)
#include "test_network_watch.moc"
