// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/container_bridges.h"
#include "systemdns/file_coverage.h"
#include "systemdns/net_links.h"
#include "temporary_root.h"

#include <QTest>

using namespace sotto::systemdns;

Q_DECLARE_METATYPE(sotto::systemdns::NetLink)
Q_DECLARE_METATYPE(QList<sotto::systemdns::NetLink>)

namespace sotto::test {

namespace {

const Target kTarget{{"127.0.0.1"}, 53};

QStringList kindsOf(const QList<Exception>& exceptions) {
    QStringList kinds;
    for (const Exception& exception : exceptions)
        kinds << exception.kind;
    return kinds;
}

NetLink link(const QString& name, const QString& ipv4) {
    return {2, name, true, false, false, !ipv4.isEmpty(), false, ipv4};
}

} // namespace

/// Who asks the target through /etc/resolv.conf, and who does not.
class TestFileCoverage : public QObject {
    Q_OBJECT

private slots:
    void seesThisComputer();
    void warnsOfTunnels_data();
    void warnsOfTunnels();
    void readsTheHostsLine_data();
    void readsTheHostsLine();
    void asksWhatResolvedAsks_data();
    void asksWhatResolvedAsks();
    void seesAFileThatPassesResolved_data();
    void seesAFileThatPassesResolved();
    void seesNetworkNamespaces();
    void seesContainers_data();
    void seesContainers();
    void tellsWhatDockerLacks_data();
    void tellsWhatDockerLacks();
};

void TestFileCoverage::seesThisComputer() {
    for (const NetLink& seen : netLinks()) {
        QCOMPARE(seen.ipv4, !seen.ipv4Address.isEmpty());
        QCOMPARE(seen.ipv4Address.startsWith("127."), seen.loopback && seen.ipv4);
    }
}

void TestFileCoverage::warnsOfTunnels_data() {
    QTest::addColumn<NetLink>("tunnel");
    QTest::addColumn<bool>("warns");
    NetLink tunnel = link("tun0", "10.0.0.7");
    tunnel.tunnel = true;
    const auto but = [&](auto change) {
        NetLink other = tunnel;
        change(other);
        return other;
    };
    QTest::newRow("tunnel") << tunnel << true;
    QTest::newRow("Ethernet") << link("eth0", "192.0.2.7") << false;
    QTest::newRow("by PPP") << but([](NetLink& ppp) { ppp.name = "ppp0"; }) << false;
    QTest::newRow("down") << but([](NetLink& down) { down.up = false; }) << false;
    QTest::newRow("without an address") << but([](NetLink& bare) { bare.ipv4 = false; }) << false;
}

void TestFileCoverage::warnsOfTunnels() {
    QFETCH(NetLink, tunnel);
    QFETCH(bool, warns);
    const QList<Exception> exceptions = tunnelExceptions({tunnel});
    QCOMPARE(kindsOf(exceptions), warns ? QStringList{"vpn"} : QStringList());
    if (warns)
        QCOMPARE(exceptions.first().subject, tunnel.name);
}

void TestFileCoverage::readsTheHostsLine_data() {
    QTest::addColumn<QByteArray>("nsswitch");
    QTest::addColumn<bool>("alone");      // an exception where systemd-resolved is not running
    QTest::addColumn<bool>("asksOthers"); // and where it runs and asks others
    QTest::newRow("usual") << QByteArray("passwd: files\nhosts:  files dns\n") << false << false;
    QTest::newRow("mdns") << QByteArray("hosts: files mdns4_minimal [NOTFOUND=return] dns\n")
                          << false << false;
    QTest::newRow("resolve") << QByteArray(
                                    "hosts: mymachines resolve [!UNAVAIL=return] files dns\n")
                             << false << true;
    QTest::newRow("without dns") << QByteArray("hosts: files ldap\n") << true << true;
    QTest::newRow("dns in a comment") << QByteArray("hosts: files # dns\n") << true << true;
    QTest::newRow("commented out") << QByteArray("# hosts: files\n") << false << false;
    QTest::newRow("empty") << QByteArray() << false << false;
}

void TestFileCoverage::readsTheHostsLine() {
    QFETCH(QByteArray, nsswitch);
    QFETCH(bool, alone);
    QFETCH(bool, asksOthers);
    const QStringList kinds{"static_nsswitch"};
    QCOMPARE(kindsOf(nameSwitchExceptions(nsswitch, false)), alone ? kinds : QStringList());
    QCOMPARE(kindsOf(nameSwitchExceptions(nsswitch, true)), asksOthers ? kinds : QStringList());
}

void TestFileCoverage::asksWhatResolvedAsks_data() {
    QTest::addColumn<QByteArray>("servers"); // null: it is not running
    QTest::addColumn<bool>("warns");
    QTest::newRow("not running") << QByteArray() << false;
    QTest::newRow("asks us") << QByteArray("nameserver 127.0.0.1\nnameserver 192.0.2.1\n") << false;
    QTest::newRow("asks others") << QByteArray("nameserver 192.0.2.1\n") << true;
    QTest::newRow("knows none") << QByteArray("# No DNS servers known.\n") << true;
}

void TestFileCoverage::asksWhatResolvedAsks() {
    QFETCH(QByteArray, servers);
    QFETCH(bool, warns);
    const TemporaryRoot root;
    root.write("/etc/nsswitch.conf", "hosts: files resolve dns\n");
    if (!servers.isNull()) {
        root.write("/run/systemd/resolve/io.systemd.Resolve", {});
        root.write("/run/systemd/resolve/resolv.conf", servers);
    }
    const QStringList kinds = kindsOf(fileCoverage(root.path(), kTarget).exceptions);
    QCOMPARE(kinds.contains("static_nsswitch"), warns);
    // Where systemd-resolved is what was switched, it asks us.
    QCOMPARE(nameSwitchExceptions(root.path()), QList<Exception>());
    root.write("/etc/nsswitch.conf", "hosts: files mdns4\n");
    QCOMPARE(kindsOf(nameSwitchExceptions(root.path())), QStringList{"static_nsswitch"});
}

void TestFileCoverage::seesAFileThatPassesResolved_data() {
    QTest::addColumn<QByteArray>("file"); // null: there is none
    QTest::addColumn<int>("port");
    QTest::addColumn<QString>("asked"); // empty: none that is no exception
    QTest::newRow("its stub") << QByteArray("nameserver 127.0.0.53\n") << 53 << "";
    QTest::newRow("its stub, for another port")
        << QByteArray("nameserver 127.0.0.53\n") << 535 << "";
    QTest::newRow("the target") << QByteArray("nameserver 127.0.0.1\n") << 53 << "";
    QTest::newRow("not on that port") << QByteArray("nameserver 127.0.0.1\n") << 535 << "127.0.0.1";
    QTest::newRow("others") << QByteArray("nameserver 192.0.2.1\nnameserver 127.0.0.53\n") << 53
                            << "192.0.2.1, 127.0.0.53";
    QTest::newRow("no file is the target's") << QByteArray() << 53 << "";
    QTest::newRow("but not on that port") << QByteArray() << 535 << "127.0.0.1";
}

void TestFileCoverage::seesAFileThatPassesResolved() {
    QFETCH(QByteArray, file);
    QFETCH(int, port);
    QFETCH(QString, asked);
    const TemporaryRoot root;
    root.write("/etc/nsswitch.conf", "hosts: files resolve\n");
    if (!file.isNull())
        root.write("/etc/resolv.conf", file);
    const auto found = readerExceptionsBesideResolved(
        root.path(), {{"127.0.0.1"}, static_cast<quint16>(port)}, {});
    QCOMPARE(kindsOf(found).contains("resolv_conf"), !asked.isEmpty());
    QVERIFY(!kindsOf(found).contains("static_nsswitch"));
    if (asked.isEmpty())
        return;
    QCOMPARE(found.first().subject, "/etc/resolv.conf");
    QVERIFY2(found.first().detail.contains("ask " + asked + ","), qPrintable(found.first().detail));
}

void TestFileCoverage::seesNetworkNamespaces() {
    const TemporaryRoot root;
    root.write("/etc/netns/blue/resolv.conf", "nameserver 192.0.2.1\n");
    root.write("/etc/netns/red/hosts", {});
    const Coverage coverage = fileCoverage(root.path(), kTarget);
    QCOMPARE(kindsOf(coverage.exceptions).count("network_namespace"), 1);
    for (const Exception& exception : coverage.exceptions) {
        if (exception.kind == "network_namespace")
            QCOMPARE(exception.subject, "blue");
    }
}

void TestFileCoverage::seesContainers_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QList<NetLink>>("links");
    QTest::addColumn<QString>("subject"); // empty: none
    QTest::addColumn<QString>("says");
    using Links = QList<NetLink>;
    QTest::newRow("none") << "" << Links{link("eth0", "192.0.2.7")} << ""
                          << "";
    QTest::newRow("Docker's socket") << "/var/run/docker.sock" << Links() << "Docker"
                                     << "\"172.17.0.1:53\"";
    QTest::newRow("Docker's settings") << "/etc/docker/daemon.json" << Links() << "Docker"
                                       << "\"172.17.0.1:53\"";
    QTest::newRow("Docker's bridge") << "" << Links{link("docker0", "10.7.0.1")} << "Docker"
                                     << "\"dns\": [\"10.7.0.1\"]";
    QTest::newRow("Podman's bridge") << "" << Links{link("podman0", "10.88.0.1")} << "Podman"
                                     << "\"10.88.0.1:53\"";
    QTest::newRow("a virtual machine's bridge")
        << "" << Links{link("virbr0", "192.168.122.1")} << ""
        << "";
}

void TestFileCoverage::seesContainers() {
    QFETCH(QString, file);
    QFETCH(QList<NetLink>, links);
    QFETCH(QString, subject);
    QFETCH(QString, says);
    const TemporaryRoot root;
    if (file.startsWith("/var/run/")) {
        root.link("/var/run", "/run");
        root.write(file.mid(4), {});
    } else if (!file.isEmpty()) {
        root.write(file, {});
    }
    const QList<Exception> exceptions = containerExceptions(root.path(), links, kTarget);
    QCOMPARE(kindsOf(exceptions), subject.isEmpty() ? QStringList() : QStringList{"containers"});
    if (subject.isEmpty())
        return;
    QCOMPARE(exceptions.first().subject, subject);
    QVERIFY2(exceptions.first().detail.contains(says), qPrintable(exceptions.first().detail));
    QCOMPARE(exceptions.first().servers.size(), 1);
    QVERIFY(exceptions.first().detail.contains(exceptions.first().servers.first() + ":53"));
}

void TestFileCoverage::tellsWhatDockerLacks_data() {
    QTest::addColumn<QByteArray>("settings"); // null: no file
    QTest::addColumn<QString>("bridge");      // its address; empty: not there
    QTest::addColumn<QString>("sockets");     // "ADDRESS USER", separated by commas
    QTest::addColumn<QString>("lacks");       // "listen", "dns", "others", or nothing
    const QByteArray dns = R"({"dns": ["172.17.0.1"]})";
    const QString here = "172.17.0.1";
    const QString ours = "0100007F 990,010011AC 990";
    QTest::newRow("both") << QByteArray() << here << "0100007F 990"
                          << "listen dns";
    QTest::newRow("dns") << QByteArray() << here << ours << "dns";
    QTest::newRow("dns, of other settings")
        << QByteArray(R"({"debug": true})") << here << ours << "dns";
    QTest::newRow("listen") << dns << here << "0100007F 990"
                            << "listen";
    QTest::newRow("nothing") << dns << here << ours << "";
    QTest::newRow("nothing, at all addresses") << dns << here << "00000000 990"
                                               << "";
    QTest::newRow("somebody else listens") << dns << here << "0100007F 990,010011AC 0"
                                           << "listen";
    QTest::newRow("no sockets can be seen") << dns << here << ""
                                            << "listen";
    QTest::newRow("others are asked, too")
        << QByteArray(R"({"dns": ["172.17.0.1", "9.9.9.9"]})") << here << ours << "others";
    QTest::newRow("others are asked")
        << QByteArray(R"({"dns": ["9.9.9.9"]})") << here << ours << "dns";
    QTest::newRow("the bridge is yet to come") << dns << ""
                                               << "0100007F 990"
                                               << "";
    QTest::newRow("the bridge is yet to come, at another address")
        << QByteArray(R"({"bip": "10.7.0.1/16", "dns": ["10.7.0.1"]})") << ""
        << "0100007F 990"
        << "";
    QTest::newRow("the bridge's address is another")
        << QByteArray(R"({"bip": "10.7.0.1/16", "dns": ["172.17.0.1"]})") << ""
        << "0100007F 990"
        << "listen dns";
    QTest::newRow("no default network") << QByteArray(R"({"bridge": "none"})") << ""
                                        << "0100007F 990"
                                        << "";
    QTest::newRow("damaged") << QByteArray(R"({"dns": ["172.17.0.1")") << here << ours << "dns";
    QTest::newRow("no object") << QByteArray(R"(["172.17.0.1"])") << here << ours << "dns";
    QTest::newRow("a text") << QByteArray(R"({"dns": "172.17.0.1"})") << here << ours << "dns";
    QTest::newRow("texts that are no addresses")
        << QByteArray(R"({"dns": ["172.17.0.1", "\u001b]0;x", 5, {}]})") << here << ours << "";
    QTest::newRow("too long") << QByteArray(R"({"dns": ["172.17.0.1"]})") + QByteArray(70'000, ' ')
                              << here << ours << "dns";
}

void TestFileCoverage::tellsWhatDockerLacks() {
    QFETCH(QByteArray, settings);
    QFETCH(QString, bridge);
    QFETCH(QString, sockets);
    QFETCH(QString, lacks);
    const TemporaryRoot root;
    root.write("/run/docker.sock", {});
    if (!settings.isNull())
        root.write("/etc/docker/daemon.json", settings);
    QByteArray table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "
                       "retrnsmt   uid  timeout inode ref pointer drops\n";
    for (const QString& socket : sockets.split(',', Qt::SkipEmptyParts))
        table += " 7: " + socket.section(' ', 0, 0).toLatin1() +
                 ":0035 00000000:0000 07 00000000:00000000 00:00000000 00000000  " +
                 socket.section(' ', 1).toLatin1() + "        0 4711 2 0000000000000000 0\n";
    root.write("/proc/net/udp", table);
    QList<NetLink> links;
    if (!bridge.isEmpty())
        links << link("docker0", bridge);
    const QList<Exception> exceptions = containerExceptions(root.path(), links, kTarget);
    QCOMPARE(exceptions.isEmpty(), lacks.isEmpty());
    if (lacks.isEmpty())
        return;
    const QString& detail = exceptions.first().detail;
    QVERIFY2(detail.size() < 400, qPrintable(detail)); // or it would be cut
    QCOMPARE(exceptions.first().kind, lacks == "listen dns" ? QString("containers")
                                      : lacks == "dns"      ? QString("containers_not_told")
                                      : lacks == "listen"   ? QString("containers_not_heard")
                                                            : QString("containers_others"));
    QVERIFY2(detail.contains(":53\" to listen") == lacks.contains("listen"), qPrintable(detail));
    QVERIFY2(detail.contains("\"dns\": [") == lacks.contains("dns"), qPrintable(detail));
    QVERIFY2(detail.contains("take \"9.9.9.9\" out") == (lacks == "others"), qPrintable(detail));
}

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestFileCoverage)
#include "test_file_coverage.moc"
