// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/port_owner.h"
#include "service/system_dns/lease_target.h"

#include <QTest>

namespace sotto::service {

/// Where the system is sent, and how the owner of a port is told.
class TestLeaseTarget : public QObject {
    Q_OBJECT

private slots:
    void target_data() {
        QTest::addColumn<QStringList>("listening");
        QTest::addColumn<QStringList>("addresses");
        QTest::addColumn<int>("port");
        const auto row = [](const char* name, const QStringList& listening,
                            const QStringList& addresses,
                            int port) { QTest::newRow(name) << listening << addresses << port; };
        row("the usual ones", {"127.0.0.1:53", "[::1]:53"}, {"127.0.0.1", "::1"}, 53);
        row("port 53 first", {"127.0.0.1:5300", "127.0.0.2:53"}, {"127.0.0.2"}, 53);
        row("another port", {"127.0.0.1:5335", "[::1]:5335"}, {"127.0.0.1", "::1"}, 5335);
        row("several ports", {"127.0.0.1:5335", "[::1]:5336"}, {"127.0.0.1"}, 5335);
        row("all interfaces", {"0.0.0.0:53", "[::]:53"}, {"127.0.0.1", "::1"}, 53);
        row("once", {"0.0.0.0:53", "127.0.0.1:53"}, {"127.0.0.1"}, 53);
        row("beside others", {"192.0.2.1:53", "127.0.0.1:53"}, {"127.0.0.1"}, 53);
        row("none", {"192.0.2.1:53"}, {}, 0);
        row("nowhere", {}, {}, 0);
        row("at most four",
            {"127.0.0.1:53", "127.0.0.2:53", "127.0.0.3:53", "127.0.0.4:53", "127.0.0.5:53"},
            {"127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"}, 53);
    }
    void target() {
        QFETCH(const QStringList, listening);
        QFETCH(const QStringList, addresses);
        QFETCH(const int, port);
        std::vector<engine::Endpoint> endpoints;
        for (const QString& text : listening)
            endpoints.push_back(engine::Endpoint::parse(text.toStdString(), 53).value());
        QCOMPARE(leaseTarget(endpoints), (LeaseTarget{addresses, port}));
    }

    void owner_data() {
        QTest::addColumn<PortOwner>("owner");
        QTest::addColumn<QString>("text");
        QTest::newRow("all") << PortOwner{"dnsmasq.service", "dnsmasq", 812, 101U}
                             << "dnsmasq.service (dnsmasq, pid 812)";
        QTest::newRow("no unit") << PortOwner{"", "dnsmasq", 812, 101U} << "dnsmasq (pid 812)";
        QTest::newRow("no process")
            << PortOwner{"dnsmasq.service", "", 0, 101U} << "dnsmasq.service";
        QTest::newRow("a user") << PortOwner{"", "", 0, 101U} << "a program of user 101";
        QTest::newRow("root") << PortOwner{"", "", 0, 0U} << "a program of root";
        QTest::newRow("nothing") << PortOwner{} << "another program";
    }
    void owner() {
        QFETCH(const PortOwner, owner);
        QTEST(owner.text(), "text");
    }

    void unitOfACgroup() {
        QCOMPARE(unitOfCgroup("/system.slice/dnsmasq.service"), "dnsmasq.service");
        QCOMPARE(unitOfCgroup("/system.slice/docker-1a.scope/below"), "docker-1a.scope");
        QCOMPARE(unitOfCgroup("/user.slice/user-1000.slice/user@1000.service/app.slice/a.service"),
                 "a.service");
        QCOMPARE(unitOfCgroup("/user.slice"), "");
        QCOMPARE(unitOfCgroup(""), "");
    }

    void errorsOfOtherKindsAreTold() {
        QCOMPARE(errorText({engine::ErrorCode::SystemFailure, "a", "b"}), "a: b");
        const QString free = errorText(
            {engine::ErrorCode::AddressInUse, "127.0.0.250:9 (UDP)", "Address already in use"});
        QVERIFY2(free.startsWith("127.0.0.250:9 is taken by another program. "), qPrintable(free));
    }
};

} // namespace sotto::service

QTEST_GUILESS_MAIN(sotto::service::TestLeaseTarget)
#include "test_lease_target.moc"
