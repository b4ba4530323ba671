// SPDX-License-Identifier: GPL-3.0-or-later
#include "dot_world.h"
#include "private_bus.h"
#include "stand_in_keeper.h"
#include "stand_in_logind.h"

#include <QJsonObject>
#include <QTest>

namespace sotto::test {

namespace {

constexpr auto kZone = R"(
$ORIGIN example.
$TTL 300
@ SOA ns hostmaster 1 3600 600 86400 60
www A 192.0.2.80
)";

} // namespace

/// A real service that is told by a stand-in for logind that the computer sleeps.
class TestServiceSleep : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        if (!m_bus.fault().isEmpty())
            QSKIP(qPrintable(m_bus.fault()));
    }

    void closesItsConnectionsAndMakesNewOnes() {
        StandInLogind logind(m_bus.address());
        logind.start();
        DotWorld world(kZone);
        world.service().setVariable("DBUS_SYSTEM_BUS_ADDRESS", m_bus.address());
        QVERIFY(world.start("upstreams = [" + world.upstream() + "]\n"));
        QCOMPARE(world.ask("www.example").value("rcode"), "NOERROR");
        const auto open = [&] {
            return world.upstreamStatus().value("open_connections").toInt(-1);
        };
        QTRY_COMPARE(open(), 1);
        QTRY_VERIFY((logind.prepareForSleep(true), open() == 0));
        logind.prepareForSleep(false);
        QTRY_COMPARE(open(), 1); // nobody asked
    }

    /// Else it would wait for five seconds, then for ten, and so on.
    void asksTheKeeperAgainAtOnce() {
        StandInLogind logind(m_bus.address());
        logind.start();
        DotWorld world(kZone);
        StandInKeeper keeper(world.service().leaseSocketPath());
        keeper.setAnswer([](const lease::Request& request) {
            if (request.verb != lease::Verb::Apply)
                return StandInKeeper::obey(request);
            return std::vector{StandInKeeper::packet(StandInKeeper::report(lease::State::Failed))};
        });
        keeper.start();
        world.service().setVariable("DBUS_SYSTEM_BUS_ADDRESS", m_bus.address());
        QVERIFY(world.start("upstreams = [" + world.upstream() + "]\n[system]\nmanage = true\n"));
        QTRY_VERIFY((logind.prepareForSleep(false), keeper.count(lease::Verb::Apply) >= 4));
        QVERIFY(world.stop());
    }

private:
    PrivateBus m_bus;
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServiceSleep)
#include "test_service_sleep.moc"
