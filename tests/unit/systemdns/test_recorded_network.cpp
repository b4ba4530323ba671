// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/recorded_network.h"

#include <QJsonArray>
#include <QTest>

using namespace sotto::systemdns;

namespace {

ConnectionDns connection(int priority, const QStringList& servers, const QStringList& searches) {
    ConnectionDns dns;
    dns.priority = priority;
    dns.servers = servers;
    dns.searches = searches;
    return dns;
}

QJsonObject good() {
    return {{"servers", QJsonArray{"192.0.2.1", "2001:db8::1"}},
            {"searches", QJsonArray{"lan.example"}},
            {"options", QJsonArray{"rotate"}}};
}

} // namespace

/// The network's DNS as a journal keeps it.
class TestRecordedNetwork : public QObject {
    Q_OBJECT

private slots:
    void takesWhatNetworkManagerWouldUse();
    void comesBack();
    void refusesWhatItWouldNotWrite_data();
    void refusesWhatItWouldNotWrite();
};

void TestRecordedNetwork::takesWhatNetworkManagerWouldUse() {
    auto network = RecordedNetwork::of({
        connection(50, {"192.0.2.1", "fe80::1", "nonsense", ""}, {"a.example"}),
        connection(100, {"2001:db8::1", "192.0.2.1"}, {"b.example", "a.example", "c d"}),
    });
    QCOMPARE(network.servers, (QStringList{"192.0.2.1", "2001:db8::1"}));
    QCOMPARE(network.searches, (QStringList{"a.example", "b.example"}));
    network = RecordedNetwork::of({
        connection(-5, {"192.0.2.1"}, {}),
        connection(100, {"192.0.2.2"}, {}),
    });
    QCOMPARE(network.servers, QStringList{"192.0.2.1"});
    QVERIFY(RecordedNetwork::of({}).servers.isEmpty());
}

void TestRecordedNetwork::comesBack() {
    const auto network = RecordedNetwork::fromJson(good());
    QVERIFY(network);
    QCOMPARE(network->toJson(), good());
    const QByteArray text = network->resolvConf();
    QVERIFY(text.startsWith("# "));
    QVERIFY2(text.endsWith("\nsearch lan.example\nnameserver 192.0.2.1\nnameserver 2001:db8::1\n"
                           "options rotate\n"),
             text.constData());
}

void TestRecordedNetwork::refusesWhatItWouldNotWrite_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QJsonValue>("value");
    const auto row = [](const char* key, const QJsonValue& value) {
        static int count = 0;
        QTest::addRow("%s %d", key, ++count) << QString(key) << value;
    };
    row("servers", QJsonValue::Undefined);
    row("servers", QJsonArray{"192.0.2.1\nnameserver 203.0.113.1"});
    row("servers", QJsonArray{"example.com"});
    row("servers", QJsonArray{"192.0.2.01"});
    row("servers", QJsonArray{"2001:DB8::1"});
    row("servers", QJsonArray{"fe80::1"});
    row("servers", QJsonArray{1});
    row("servers", QStringLiteral("192.0.2.1"));
    row("searches", QJsonArray{"a\nb"});
    row("searches", QJsonArray{"a b"});
    row("searches", QJsonArray{""});
    row("searches", QJsonArray{QString(256, 'a')});
    row("options", QJsonArray{QString::fromLatin1(QByteArray("a\0b", 3))});
    row("options", QJsonObject());
    QJsonArray many;
    for (int i = 0; i < 33; ++i)
        many << QStringLiteral("192.0.2.1");
    row("servers", many);
}

void TestRecordedNetwork::refusesWhatItWouldNotWrite() {
    QFETCH(QString, key);
    QFETCH(QJsonValue, value);
    QJsonObject json = good();
    json.insert(key, value);
    QVERIFY(!RecordedNetwork::fromJson(json));
}

QTEST_GUILESS_MAIN(TestRecordedNetwork)
#include "test_recorded_network.moc"
