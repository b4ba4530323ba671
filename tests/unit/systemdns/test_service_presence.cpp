// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/service_presence.h"

#include "private_bus.h"
#include "service_thread.h"
#include "stand_in_systemd.h"

#include <QDBusConnection>
#include <QTest>
#include <QTimer>

#include <memory>

using namespace sotto;
using systemdns::ServicePresence;
using systemdns::SystemBus;
using State = ServicePresence::State;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(sotto::systemdns::ServicePresence::State)

namespace {

const QString kService = QStringLiteral("org.example.Service");
const QString kConnection = QStringLiteral("a-service");

} // namespace

/// Whether a service is there, as bus and systemd tell it.
class TestServicePresence : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();

    void believesSystemd_data();
    void believesSystemd();
    void believesTheBusWhereThereIsNoSystemd();
    void isUnsureWithoutABus();
    void waitsForWhatIsUnderWay_data();
    void waitsForWhatIsUnderWay();

private:
    ServicePresence::Answer settled(std::chrono::milliseconds patience) const;
    void own(bool owned);

    test::PrivateBus m_bus;
    test::ServiceThread m_thread;
    std::unique_ptr<test::StandInSystemd> m_systemd;
};

void TestServicePresence::initTestCase() {
    if (!m_bus.fault().isEmpty())
        QSKIP(qPrintable(m_bus.fault()));
}

void TestServicePresence::init() {
    m_thread.run([this] {
        m_systemd = std::make_unique<test::StandInSystemd>(
            m_bus.address(), [](const QString&) { return QStringLiteral("done"); });
    });
}

void TestServicePresence::cleanup() {
    m_thread.run([this] {
        own(false);
        m_systemd.reset();
        QDBusConnection::disconnectFromBus(kConnection);
    });
}

ServicePresence::Answer TestServicePresence::settled(std::chrono::milliseconds patience) const {
    const SystemBus bus(m_bus.address());
    return ServicePresence(bus, QStringLiteral("example.service"), kService, patience).settled();
}

/// In the services' thread.
void TestServicePresence::own(bool owned) {
    QDBusConnection bus = QDBusConnection::connectToBus(m_bus.address(), kConnection);
    if (owned)
        QVERIFY(bus.registerService(kService));
    else
        bus.unregisterService(kService);
}

void TestServicePresence::believesSystemd_data() {
    QTest::addColumn<QString>("activeState");
    QTest::addColumn<uint>("job");
    QTest::addColumn<bool>("owned");
    QTest::addColumn<State>("state");
    QTest::newRow("on the bus") << "active" << 0U << true << State::OnBus;
    QTest::newRow("on the bus, whatever systemd says") << "inactive" << 0U << true << State::OnBus;
    QTest::newRow("off") << "inactive" << 0U << false << State::Off;
    QTest::newRow("has failed") << "failed" << 0U << false << State::Off;
    QTest::newRow("about to be started") << "inactive" << 7U << false << State::Unsure;
    QTest::newRow("starting") << "activating" << 7U << false << State::Unsure;
    QTest::newRow("to be started again") << "activating" << 0U << false << State::Unsure;
    QTest::newRow("reading its settings anew") << "reloading" << 0U << false << State::Unsure;
    QTest::newRow("stopping") << "deactivating" << 0U << false << State::Unsure;
    QTest::newRow("a state of the future") << "refreshing" << 0U << false << State::Unsure;
    QTest::newRow("silent") << "active" << 0U << false << State::Silent;
}

void TestServicePresence::believesSystemd() {
    QFETCH(QString, activeState);
    QFETCH(uint, job);
    QFETCH(bool, owned);
    m_thread.run([&] {
        m_systemd->unitState.activeState = activeState;
        m_systemd->unitState.jobId = job;
        own(owned);
    });
    const auto answer = settled(1ms);
    QTEST(answer.state, "state");
    QCOMPARE(answer.reason.isEmpty(), answer.state != State::Unsure);
}

void TestServicePresence::believesTheBusWhereThereIsNoSystemd() {
    m_thread.run([this] { m_systemd.reset(); });
    QCOMPARE(settled(1ms).state, State::Off);
    m_thread.run([this] { own(true); });
    QCOMPARE(settled(1ms).state, State::OnBus);
}

void TestServicePresence::isUnsureWithoutABus() {
    const SystemBus none(QStringLiteral("unix:path=/nonexistent/bus"));
    const auto answer =
        ServicePresence(none, QStringLiteral("example.service"), kService, 1h).settled();
    QCOMPARE(answer.state, State::Unsure);
    QVERIFY2(answer.reason.contains(QLatin1String("bus")), qPrintable(answer.reason));
}

void TestServicePresence::waitsForWhatIsUnderWay_data() {
    QTest::addColumn<bool>("comes");
    QTest::newRow("it comes") << true;
    QTest::newRow("it ends") << false;
}

void TestServicePresence::waitsForWhatIsUnderWay() {
    QFETCH(bool, comes);
    m_thread.run([&] {
        m_systemd->unitState.activeState =
            comes ? QStringLiteral("activating") : QStringLiteral("deactivating");
        auto* later = new QTimer(m_systemd.get());
        later->setSingleShot(true);
        connect(later, &QTimer::timeout, m_systemd.get(), [this, comes] {
            m_systemd->unitState.activeState =
                comes ? QStringLiteral("active") : QStringLiteral("inactive");
            own(comes);
        });
        later->start(20);
    });
    QCOMPARE(settled(1h).state, comes ? State::OnBus : State::Off);
}

QTEST_GUILESS_MAIN(TestServicePresence)
#include "test_service_presence.moc"
