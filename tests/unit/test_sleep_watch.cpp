// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/sleep_watch.h"

#include "private_bus.h"
#include "stand_in_logind.h"

#include <QSignalSpy>
#include <QTest>

using sotto::service::SleepWatch;

namespace sotto::test {

/// What is heard of a computer's sleep, from a stand-in for logind on a bus of its own.
class TestSleepWatch : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void tellsOfSleepAndWaking();
    void hearsALogindThatComesLater();
    void hearsNobodyElse();
    void isSilentWithoutABus();

private:
    PrivateBus m_bus;
};

void TestSleepWatch::initTestCase() {
    if (!m_bus.fault().isEmpty())
        QSKIP(qPrintable(m_bus.fault()));
    qputenv("DBUS_SYSTEM_BUS_ADDRESS", m_bus.address().toLatin1());
}

void TestSleepWatch::tellsOfSleepAndWaking() {
    StandInLogind logind(m_bus.address());
    logind.start();
    SleepWatch watch;
    QSignalSpy sleeps(&watch, &SleepWatch::aboutToSleep);
    QSignalSpy wakes(&watch, &SleepWatch::wokeUp);
    // The bus is opened meanwhile.
    QTRY_VERIFY((logind.prepareForSleep(true), !sleeps.isEmpty()));
    QVERIFY(wakes.isEmpty());
    logind.prepareForSleep(false);
    QTRY_COMPARE(wakes.size(), 1);
}

void TestSleepWatch::hearsALogindThatComesLater() {
    SleepWatch watch;
    QSignalSpy sleeps(&watch, &SleepWatch::aboutToSleep);
    StandInLogind first(m_bus.address());
    first.start();
    QTRY_VERIFY((first.prepareForSleep(true), !sleeps.isEmpty()));
}

void TestSleepWatch::hearsNobodyElse() {
    StandInLogind logind(m_bus.address());
    logind.start();
    StandInLogind somebody(m_bus.address());
    SleepWatch watch;
    QSignalSpy sleeps(&watch, &SleepWatch::aboutToSleep);
    QSignalSpy wakes(&watch, &SleepWatch::wokeUp);
    QTRY_VERIFY((logind.prepareForSleep(false), !wakes.isEmpty()));
    somebody.prepareForSleep(true);
    const auto heard = wakes.size();
    QTRY_VERIFY((logind.prepareForSleep(false), wakes.size() > heard + 1));
    QVERIFY(sleeps.isEmpty());
}

void TestSleepWatch::isSilentWithoutABus() {
    qputenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/bus");
    const SleepWatch watch;
    QSignalSpy sleeps(&watch, &SleepWatch::aboutToSleep);
    QCoreApplication::processEvents();
    QVERIFY(sleeps.isEmpty());
}

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestSleepWatch)
#include "test_sleep_watch.moc"
