// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pause.h"

#include "protocol/pause_end.h"

#include <QTest>
#include <QTimeZone>

namespace sotto::app {

class TestPause : public QObject {
    Q_OBJECT

private:
    static QDateTime at(const char* zone, const char* time) {
        return {QDate::fromString(QString::fromLatin1(time).left(10), Qt::ISODate),
                QTime::fromString(QString::fromLatin1(time).mid(11), QStringLiteral("HH:mm:ss")),
                QTimeZone(zone)};
    }

private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void tomorrowBeginsWithTheDay_data() {
        QTest::addColumn<QString>("zone");
        QTest::addColumn<QString>("now");
        QTest::addColumn<QString>("end");
        QTest::addColumn<int>("hours");
        const auto row = [](const char* name, const char* zone, const char* now, const char* end,
                            int hours) { QTest::newRow(name) << zone << now << end << hours; };
        row("an evening", "Europe/Berlin", "2026-11-27 20:00:00", "2026-11-28T00:00:00", 4);
        row("just after midnight", "Europe/Berlin", "2026-11-27 00:00:00", "2026-11-28T00:00:00",
            24);
        row("the day is short", "Europe/Berlin", "2026-03-29 00:00:00", "2026-03-30T00:00:00", 23);
        row("the day is long", "Europe/Berlin", "2026-10-25 00:00:00", "2026-10-26T00:00:00", 25);
        row("midnight is skipped", "America/Havana", "2026-03-07 20:00:00", "2026-03-08T01:00:00",
            4);
        row("the year ends", "UTC", "2026-12-31 23:00:00", "2027-01-01T00:00:00", 1);
    }

    void tomorrowBeginsWithTheDay() {
        QFETCH(QString, zone);
        QFETCH(QString, now);
        QFETCH(QString, end);
        QFETCH(int, hours);
        if (!QTimeZone(zone.toLatin1()).isValid())
            QSKIP("this computer does not know the time zone");
        const QDateTime begin = at(zone.toLatin1(), now.toLatin1());
        const QDateTime tomorrow = protocol::startOfTomorrow(begin);
        QCOMPARE(tomorrow.toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss")), end);
        QCOMPARE(begin.secsTo(tomorrow), qint64{hours} * 3600);
        QCOMPARE(pauseEnd(PauseLength::UntilTomorrow, begin),
                 std::optional(tomorrow.toMSecsSinceEpoch()));
    }

    void localTimeIsTheUsualZone() {
        const QDateTime now = QDateTime::currentDateTime();
        const QDateTime tomorrow = protocol::startOfTomorrow(now);
        QCOMPARE(tomorrow.date(), now.date().addDays(1));
        QVERIFY(tomorrow > now);
    }

    void otherLengths() {
        const QDateTime now = at("UTC", "2026-11-27 12:00:00");
        QCOMPARE(pauseEnd(PauseLength::FiveMinutes, now),
                 std::optional(now.toMSecsSinceEpoch() + 300'000));
        QCOMPARE(pauseEnd(PauseLength::OneHour, now),
                 std::optional(now.toMSecsSinceEpoch() + 3'600'000));
        QVERIFY(!pauseEnd(PauseLength::UntilRestart, now));
        for (const PauseLength length : kPauseLengths)
            QVERIFY(!pauseLengthText(length).isEmpty());
    }

    void saysUntilWhen() {
        const QDateTime now = at("UTC", "2026-11-27 12:00:00");
        const auto until = [&](const char* time) {
            return pauseUntilText(at("UTC", time).toMSecsSinceEpoch(), now);
        };
        QCOMPARE(until("2026-11-27 15:30:20"), QString("until 15:30:20"));
        QCOMPARE(until("2026-11-28 00:00:00"), QString("until tomorrow, 00:00:00"));
        QVERIFY(until("2026-12-24 18:00:00").contains("24"));
        QCOMPARE(pauseUntilText(0, now), QString("until the service starts anew"));
    }

    void saysWhatIsLeft_data() {
        QTest::addColumn<qint64>("millis");
        QTest::addColumn<QString>("exact");
        QTest::addColumn<QString>("minutes");
        QTest::newRow("five minutes") << qint64{300'000} << "5:00"
                                      << "5 min";
        QTest::newRow("a second has begun") << qint64{299'001} << "5:00"
                                            << "5 min";
        QTest::newRow("a minute has begun") << qint64{239'000} << "3:59"
                                            << "4 min";
        QTest::newRow("a second") << qint64{1'000} << "0:01"
                                  << "1 min";
        QTest::newRow("over") << qint64{-5'000} << "0:00"
                              << "1 min";
        QTest::newRow("below an hour") << qint64{3'599'000} << "59:59"
                                       << "1 h 0 min";
        QTest::newRow("hours") << qint64{7'500'000} << "2 h 5 min"
                               << "2 h 5 min";
    }

    void saysWhatIsLeft() {
        QFETCH(qint64, millis);
        const QDateTime now = at("UTC", "2026-11-27 12:00:00");
        const qint64 until = now.toMSecsSinceEpoch() + millis;
        QTEST(pauseLeftText(until, now), "exact");
        QTEST(pauseMinutesLeftText(until, now), "minutes");
        QVERIFY(pauseLeftText(0, now).isEmpty());
        QVERIFY(pauseMinutesLeftText(0, now).isEmpty());
    }
};

} // namespace sotto::app

QTEST_GUILESS_MAIN(sotto::app::TestPause)
#include "test_pause.moc"
