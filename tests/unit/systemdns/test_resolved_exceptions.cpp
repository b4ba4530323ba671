// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/resolved_exceptions.h"

#include <QTest>

using namespace sotto::systemdns;

namespace {

NetLink link(int index, const char* name, bool tunnel = false) {
    NetLink link;
    link.index = index;
    link.name = QLatin1String(name);
    link.up = link.ipv4 = true;
    link.tunnel = tunnel;
    return link;
}

using Servers = QList<ResolvedServer>;
using Domains = QList<ResolvedDomain>;

} // namespace

Q_DECLARE_METATYPE(QList<sotto::systemdns::ResolvedServer>)
Q_DECLARE_METATYPE(QList<sotto::systemdns::ResolvedDomain>)

/// What is asked beside the target while systemd-resolved sends it all names.
class TestResolvedExceptions : public QObject {
    Q_OBJECT

private slots:
    void tellsWhatIsAskedBeside_data();
    void tellsWhatIsAskedBeside();
    void coversWhatIsUp();
};

void TestResolvedExceptions::tellsWhatIsAskedBeside_data() {
    QTest::addColumn<Servers>("servers");
    QTest::addColumn<Domains>("domains");
    QTest::addColumn<QStringList>("expected"); // "kind subject", each with a part of its detail

    const ResolvedServer ours{0, "127.0.0.1", 53};
    const ResolvedServer lan{2, "192.0.2.1", 53};
    const ResolvedServer vpn{3, "198.51.100.1", 53};
    QTest::newRow("nothing but ours") << Servers{ours} << Domains{} << QStringList{};
    QTest::newRow("an ordinary network") << Servers{ours, lan} << Domains{} << QStringList{};
    QTest::newRow("a link with ~.") << Servers{ours, lan} << Domains{{2, ".", true}}
                                    << QStringList{"link_route_all eth0 192.0.2.1"};
    QTest::newRow("a search domain") << Servers{ours, lan} << Domains{{2, "lan.example", false}}
                                     << QStringList{"link_domains eth0 lan.example"};
    QTest::newRow("a domain without servers")
        << Servers{ours} << Domains{{2, "lan.example", false}} << QStringList{};
    QTest::newRow("~. and domains")
        << Servers{lan} << Domains{{2, "a.example", true}, {2, ".", true}, {2, "b.example", false}}
        << QStringList{"link_route_all eth0 192.0.2.1", "link_domains eth0 a.example, b.example"};
    QTest::newRow("the whole system's own domains")
        << Servers{ours, lan} << Domains{{0, ".", true}} << QStringList{};
    QTest::newRow("a VPN that is not asked")
        << Servers{ours, vpn} << Domains{} << QStringList{"vpn tun0 198.51.100.1"};
    QTest::newRow("a VPN with its own names")
        << Servers{ours, vpn} << Domains{{3, "corp.example", true}}
        << QStringList{"link_domains tun0 corp.example"};
    QTest::newRow("a VPN for everything") << Servers{vpn} << Domains{{3, ".", true}}
                                          << QStringList{"link_route_all tun0 198.51.100.1"};
    QTest::newRow("a link that leads here")
        << Servers{{2, "127.0.0.1", 53}} << Domains{{2, ".", true}} << QStringList{};
    QTest::newRow("a link that leads to another port here")
        << Servers{{2, "127.0.0.1", 54}} << Domains{{2, ".", true}}
        << QStringList{"link_route_all eth0 127.0.0.1"};
}

void TestResolvedExceptions::tellsWhatIsAskedBeside() {
    QFETCH(Servers, servers);
    QFETCH(Domains, domains);
    QFETCH(QStringList, expected);
    const auto exceptions = resolvedExceptions({link(2, "eth0"), link(3, "tun0", true)}, servers,
                                               domains, {{QStringLiteral("127.0.0.1")}, 53});
    QCOMPARE(exceptions.size(), expected.size());
    for (qsizetype i = 0; i < expected.size(); ++i) {
        const QString part = expected.at(i).section(QLatin1Char(' '), 2);
        QCOMPARE(exceptions.at(i).kind + QLatin1Char(' ') + exceptions.at(i).subject,
                 expected.at(i).section(QLatin1Char(' '), 0, 1));
        QVERIFY2(exceptions.at(i).detail.contains(part), qPrintable(exceptions.at(i).detail));
        for (const QStringList& data : {exceptions.at(i).servers, exceptions.at(i).domains})
            QVERIFY(exceptions.at(i).detail.contains(data.join(QStringLiteral(", "))));
        QVERIFY(!exceptions.at(i).servers.isEmpty());
        QCOMPARE(exceptions.at(i).domains.isEmpty(),
                 exceptions.at(i).kind != QLatin1String("link_domains"));
    }
}

void TestResolvedExceptions::coversWhatIsUp() {
    NetLink down = link(4, "down0");
    down.up = false;
    NetLink bare = link(5, "bare0");
    bare.ipv4 = false;
    NetLink loopback = link(1, "lo");
    loopback.loopback = loopback.ipv6 = true;
    NetLink ipv6 = link(6, "wlan0");
    ipv6.ipv4 = false;
    ipv6.ipv6 = true;
    Coverage coverage;
    coverLinks({loopback, down, bare}, coverage);
    QVERIFY(coverage.interfaces.isEmpty() && !coverage.ipv4 && !coverage.ipv6);
    coverLinks({link(2, "eth0")}, coverage);
    QVERIFY(coverage.ipv4 && !coverage.ipv6);
    coverLinks({ipv6}, coverage);
    QVERIFY(coverage.ipv4 && coverage.ipv6);
    const QStringList expected{"eth0", "wlan0"};
    QCOMPARE(coverage.interfaces, expected);
}

QTEST_GUILESS_MAIN(TestResolvedExceptions)
#include "test_resolved_exceptions.moc"
