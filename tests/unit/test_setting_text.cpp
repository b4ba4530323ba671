// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/setting_text.h"

#include <QTest>

using namespace sotto::service;
using std::chrono::milliseconds;

namespace sotto::test {

class TestSettingText : public QObject {
    Q_OBJECT

private slots:
    void durations_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("millis"); // -1: refused
        QTest::addColumn<QString>("back");
        const auto row = [](const char* text, qint64 millis, const char* back) {
            QTest::newRow(*text ? text : "empty") << text << millis << back;
        };
        row("30s", 30000, "30s");
        row("5m", 300000, "5m");
        row("1h", 3600000, "1h");
        row("250ms", 250, "250ms");
        row("1h30m", 5400000, "1h30m");
        row("1h1m1s1ms", 3661001, "1h1m1s1ms");
        row("90m", 5400000, "1h30m");
        row("0s", 0, "0s");
        row("604800s", 604800000, "168h");
        row("", -1, "");
        row("30", -1, "");
        row("s", -1, "");
        row("30 s", -1, "");
        row("-5s", -1, "");
        row("1.5h", -1, "");
        row("30m1h", -1, "");
        row("1h1h", -1, "");
        row("5d", -1, "");
        row("5S", -1, "");
        row("9999999999s", -1, "");
        row("1hx", -1, "");
    }

    void durations() {
        QFETCH(QString, text);
        QFETCH(qint64, millis);
        QFETCH(QString, back);
        const auto duration = durationFromText(text);
        QCOMPARE(duration ? duration->count() : -1, millis);
        if (duration)
            QCOMPARE(durationText(*duration), back);
    }

    void sizes_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("bytes");
        const auto row = [](const char* text, qint64 bytes) {
            QTest::newRow(*text ? text : "empty") << text << bytes;
        };
        row("32MiB", 33554432);
        row("500KiB", 512000);
        row("1GiB", 1073741824);
        row("4096", 4096);
        row("4096B", 4096);
        row("0", 0);
        row("", -1);
        row("MiB", -1);
        row("32MB", -1);
        row("32 MiB", -1);
        row("-1", -1);
        row("1.5GiB", -1);
        row("999999999999999GiB", -1);
        row("99999999999999999999", -1);
    }

    void sizes() {
        QFETCH(QString, text);
        QFETCH(qint64, bytes);
        const auto size = sizeFromText(text);
        QCOMPARE(size ? static_cast<qint64>(*size) : -1, bytes);
    }

    void suggestions() {
        const QStringList names{"policy", "listen", "upstreams", "cache"};
        QCOMPARE(nearestText("polcy", names), "policy");
        QCOMPARE(nearestText("Listen", names), "listen");
        QCOMPARE(nearestText("upstream", names), "upstreams");
        QCOMPARE(nearestText("zzz", names), QString());
        QCOMPARE(nearestText(QString(100000, 'x'), names), QString());
        QCOMPARE(didYouMean("cahce", names), " (did you mean \"cache\"?)");
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestSettingText)
#include "test_setting_text.moc"
