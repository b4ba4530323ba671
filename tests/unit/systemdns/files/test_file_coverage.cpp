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
    void seesNetworkNamespaces();
    void seesContainers_data();
    void seesContainers();
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
    const QList<Exception> exceptions = containerExceptions(root.path(), links);
    QCOMPARE(kindsOf(exceptions), subject.isEmpty() ? QStringList() : QStringList{"containers"});
    if (subject.isEmpty())
        return;
    QCOMPARE(exceptions.first().subject, subject);
    QVERIFY2(exceptions.first().detail.contains(says), qPrintable(exceptions.first().detail));
    QCOMPARE(exceptions.first().servers.size(), 1);
    QVERIFY(exceptions.first().detail.contains(exceptions.first().servers.first() + ":53"));
}

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestFileCoverage)
#include "test_file_coverage.moc"
