// SPDX-License-Identifier: GPL-3.0-or-later
#include "setting_layers.h"

#include <QJsonArray>
#include <QTest>

#include <functional>

using namespace sotto::service;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace sotto::test {

/// The settings below "cache": what each takes, where it ends, and what is said of wrong ones.
class TestCacheSettings : public QObject, private SettingLayers {
    Q_OBJECT

private:
    using CacheConfig = engine::CacheConfig;
    using Zones = std::vector<std::string>;

private slots:
    void initTestCase() {
        QString why;
        QVERIFY2(m_catalog.readShipped(why), qPrintable(why));
    }

    void good_data() {
        QTest::addColumn<QByteArray>("text");                          // below [cache]
        QTest::addColumn<std::function<void(CacheConfig&)>>("change"); // of the defaults
        const auto row = [](const char* name, const QByteArray& text,
                            std::function<void(CacheConfig&)> change) {
            QTest::newRow(name) << text << std::move(change);
        };
        row("size", "size = \"64MiB\"", [](auto& c) { c.sizeBytes = std::size_t{64} << 20; });
        row("size least", "size = 1048576", [](auto& c) { c.sizeBytes = std::size_t{1} << 20; });
        row("size most", "size = \"4GiB\"", [](auto& c) { c.sizeBytes = std::size_t{4} << 30; });
        row("zones none", "zones = []", [](auto&) {});
        row("zones", "zones = [\"Example.COM.\", \"a\\\\.b.example\"]", [](auto& c) {
            c.zones = {"example.com", "a\\.b.example"};
        });
        row("zones root", "zones = [\".\"]", [](auto& c) { c.zones = {"."}; });
        row("success ttl least", "success.ttl = \"1s\"",
            [](auto& c) { c.positiveTtlCap = seconds(1); });
        row("success ttl most", "success.ttl = \"604800s\"",
            [](auto& c) { c.positiveTtlCap = seconds(604800); });
        row("success min_ttl", "success = { ttl = \"10s\", min_ttl = \"10s\" }", [](auto& c) {
            c.positiveTtlCap = seconds(10);
            c.positiveTtlFloor = seconds(10);
        });
        row("success min_ttl below the default cap", "success.min_ttl = \"1h\"",
            [](auto& c) { c.positiveTtlFloor = seconds(3600); });
        row("denial ttl", "denial.ttl = \"1m\"", [](auto& c) { c.negativeTtlCap = seconds(60); });
        row("denial min_ttl", "denial.min_ttl = \"5s\"",
            [](auto& c) { c.negativeTtlFloor = seconds(5); });
        row("denial min_ttl none", "denial.min_ttl = \"0s\"", [](auto&) {});
        row("servfail none", "servfail = \"0s\"", [](auto& c) { c.failureTtl = seconds(0); });
        row("servfail most", "servfail = \"5m\"", [](auto& c) { c.failureTtl = seconds(300); });
        row("disable all", "disable = { success = true, denial = false }",
            [](auto& c) { c.positiveDisabled = {"."}; });
        row("disable zones", "disable.denial = [\"example.com\", \"example.org\"]", [](auto& c) {
            c.negativeDisabled = {"example.com", "example.org"};
        });
        row("disable no zones", "disable.success = []", [](auto&) {});
        row("prefetch", "prefetch = { amount = 10, duration = \"2m\", percentage = 20 }",
            [](auto& c) {
                c.prefetch = {10, seconds(120), 20};
            });
        row("prefetch amount alone", "prefetch.amount = 1", [](auto& c) { c.prefetch.hits = 1; });
        row("prefetch most", "prefetch = { amount = 255, duration = \"24h\", percentage = 90 }",
            [](auto& c) {
                c.prefetch = {255, seconds(86400), 90};
            });
        row("prefetch as CoreDNS writes it", "prefetch = { amount = 3, percentage = \"1%\" }",
            [](auto& c) {
                c.prefetch.hits = 3;
                c.prefetch.percentage = 1;
            });
        row("prefetch empty", "prefetch = {}", [](auto&) {});
        row("stale on", "serve_stale = { enabled = true }",
            [](auto& c) { c.stale.enabled = true; });
        row("stale off with the rest",
            "serve_stale = { enabled = false, for = \"1h\", mode = \"verify\" }", [](auto&) {});
        row("stale all",
            "serve_stale = { enabled = true, for = \"72h\", mode = \"immediate\", timeout = "
            "\"4s\", ttl = \"1s\", recheck = \"5m\", policy = \"prefer_positive\" }",
            [](auto& c) {
                c.stale = {true,       seconds(259200), CacheConfig::Stale::Mode::Immediate,
                           seconds(4), seconds(1),      seconds(300),
                           true};
            });
        row("stale least",
            "serve_stale = { for = \"1s\", timeout = \"0s\", recheck = \"0s\", policy = \"\" }",
            [](auto& c) {
                c.stale.keep = seconds(1);
                c.stale.verifyTimeout = milliseconds(0);
                c.stale.recheck = seconds(0);
            });
        row("stale timeout", "serve_stale.timeout = \"250ms\"",
            [](auto& c) { c.stale.verifyTimeout = milliseconds(250); });
        row("keepttl", "keepttl = true", [](auto& c) { c.keepTtl = true; });
    }

    void good() {
        QFETCH(QByteArray, text);
        QFETCH(std::function<void(CacheConfig&)>, change);
        CacheConfig expected;
        change(expected);
        // From the administrator's file, and as what the app set.
        for (const auto& [file, app] : {std::pair{"[cache]\n" + text, QByteArray()},
                                        std::pair{QByteArray(), "[cache]\n" + text}}) {
            MergedSettings merged;
            QCOMPARE(merge(file, app, merged), QString());
            QVERIFY(merged.effective.cache == expected);
            QVERIFY(merged.effective.engineConfig().cache == expected);
            const QStringList& set = file.isEmpty() ? merged.fromApp : merged.fromFile;
            QVERIFY(!set.isEmpty());
            for (const protocol::Setting& setting : merged.settings) {
                const QString origin = file.isEmpty() ? "app" : "F";
                QCOMPARE(setting.origin, set.contains(setting.key) ? origin : "default");
                QCOMPARE(setting.changeable, setting.origin != "F");
            }
            // And back from what is written of them.
            SettingsDocument document;
            SettingsLayer again;
            QVERIFY(!readToml(tomlText(merged.values), document));
            QVERIFY(!readLayer(document, SettingSource::Kept, m_catalog, again));
            for (const QString& key : set)
                QCOMPARE(again.values.value(key), merged.values.value(key));
        }
    }

    void snapshot() {
        MergedSettings merged;
        QCOMPARE(merge("cache.snapshot = true", {}, merged), QString());
        QVERIFY(merged.effective.cacheSnapshot);
    }

    void bad_data() {
        QTest::addColumn<QByteArray>("text"); // below [cache]
        QTest::addColumn<QString>("where");   // COLUMN: key
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const QByteArray& text, const char* where,
                            const char* reason) { QTest::newRow(name) << text << where << reason; };
        row("unknown key", "keepttls = true", "1: cache.keepttls", "did you mean \"keepttl\"?");
        row("unknown in a group", "success.mintl = \"5s\"", "9: cache.success.mintl",
            "did you mean \"min_ttl\"?");
        row("group is no table", "disable = true", "1: cache.disable", "a table is expected");
        row("size type", "size = true", "1: cache.size", "32MiB");
        row("size text", "size = \"32MB\"", "1: cache.size", "32MiB");
        row("size small", "size = \"500KiB\"", "1: cache.size", "1MiB to 4GiB");
        row("size large", "size = \"5GiB\"", "1: cache.size", "1MiB to 4GiB");
        row("size negative", "size = -1", "1: cache.size", "");
        row("zones type", "zones = \"example.com\"", "1: cache.zones", "an array of zones");
        row("zone type", "zones = [\"a\", 1]", "15: cache.zones[1]", "a zone such as");
        row("zone empty", "zones = [\"\"]", "10: cache.zones[0]", "\".\" stands for all");
        row("zone name", "zones = [\"a..b\"]", "10: cache.zones[0]", "a label is empty");
        row("zone twice", "zones = [\"a.B\", \"A.b.\"]", "17: cache.zones[1]", "listed twice");
        row("ttl zero", "success = { ttl = \"0s\" }", "13: cache.success.ttl", "1s to 168h");
        row("ttl long", "denial = { ttl = \"604801s\" }", "12: cache.denial.ttl", "1s to 168h");
        row("ttl fraction", "success = { ttl = \"1500ms\" }", "13: cache.success.ttl",
            "whole seconds");
        row("ttl number", "success = { ttl = 30 }", "13: cache.success.ttl", "a duration");
        row("floor negative", "success.min_ttl = \"-1s\"", "9: cache.success.min_ttl",
            "a duration");
        row("floor above the cap", "success = { min_ttl = \"11s\", ttl = \"10s\" }",
            "13: cache.success.min_ttl", "11s is longer than cache.success.ttl (10s)");
        row("denial's floor above the cap", "denial = { ttl = \"10s\", min_ttl = \"1m\" }",
            "25: cache.denial.min_ttl", "1m is longer than cache.denial.ttl (10s)");
        row("servfail long", "servfail = \"301s\"", "1: cache.servfail", "0s to 5m");
        row("disable type", "disable.success = \"all\"", "9: cache.disable.success",
            "true, false or an array of zones");
        row("disable zone", "disable.denial = [\"a\", \"-\\\\\"]", "24: cache.disable.denial[1]",
            "must stand before");
        row("prefetch type", "prefetch = 10", "1: cache.prefetch",
            "a table such as { amount = 10 } is expected");
        row("prefetch key", "prefetch.ammount = 1", "10: cache.prefetch.ammount",
            "did you mean \"amount\"?");
        row("prefetch amount", "prefetch.amount = 256", "10: cache.prefetch.amount", "0 to 255");
        row("prefetch amount negative", "prefetch.amount = -1", "10: cache.prefetch.amount",
            "0 to 255");
        row("prefetch duration", "prefetch.duration = \"0s\"", "10: cache.prefetch.duration",
            "1s to 24h");
        row("prefetch percentage none", "prefetch.percentage = 0", "10: cache.prefetch.percentage",
            "1 to 90");
        row("prefetch percentage much", "prefetch.percentage = \"91%\"",
            "10: cache.prefetch.percentage", "1 to 90");
        row("prefetch percentage text", "prefetch.percentage = \"10\"",
            "10: cache.prefetch.percentage", "1 to 90");
        row("prefetch percentage alone", "prefetch.percentage = \"%\"",
            "10: cache.prefetch.percentage", "1 to 90");
        row("stale type", "serve_stale = true", "1: cache.serve_stale",
            "a table such as { enabled = true } is expected");
        row("stale as CoreDNS writes it", "serve_stale = \"1h\"", "1: cache.serve_stale",
            "a table such as { enabled = true } is expected");
        row("stale key", "serve_stale = { enable = false }", "17: cache.serve_stale.enable",
            "did you mean \"enabled\"?");
        row("stale enabled", "serve_stale.enabled = \"yes\"", "13: cache.serve_stale.enabled",
            "true or false");
        row("stale for none", "serve_stale.for = \"0s\"", "13: cache.serve_stale.for", "1s to 72h");
        row("stale for long", "serve_stale.for = \"259201s\"", "13: cache.serve_stale.for",
            "1s to 72h");
        row("stale mode", "serve_stale.mode = \"later\"", "13: cache.serve_stale.mode",
            "\"immediate\"");
        row("stale timeout", "serve_stale.timeout = \"4001ms\"", "13: cache.serve_stale.timeout",
            "0s to 4s");
        row("stale ttl none", "serve_stale.ttl = \"0s\"", "13: cache.serve_stale.ttl", "1s to 30s");
        row("stale ttl long", "serve_stale.ttl = \"31s\"", "13: cache.serve_stale.ttl",
            "1s to 30s");
        row("stale recheck", "serve_stale.recheck = \"301s\"", "13: cache.serve_stale.recheck",
            "0s to 5m");
        row("stale policy", "serve_stale.policy = \"positive\"", "13: cache.serve_stale.policy",
            "prefer_positive");
        row("keepttl type", "keepttl = \"on\"", "1: cache.keepttl", "true or false");
        row("snapshot type", "snapshot = 1", "1: cache.snapshot", "true or false");
        row("CoreDNS's capacity", "success.capacity = 9984", "9: cache.success.capacity",
            "cache.size");
        row("CoreDNS's other capacity", "denial = { capacity = 9984 }", "12: cache.denial.capacity",
            "cache.size");
        row("CoreDNS's TTL", "ttl = \"30s\"", "1: cache.ttl",
            "set cache.success.ttl and cache.denial.ttl");
        row("CoreDNS's policy", "serve_stale_policy = \"prefer_positive\"",
            "1: cache.serve_stale_policy", "\"policy\" in cache.serve_stale");
    }

    void bad() {
        QFETCH(QByteArray, text);
        QFETCH(QString, where);
        QFETCH(QString, reason);
        SettingsLayer layer;
        auto error = read("[cache]\n" + text, SettingSource::Administrator, layer);
        QVERIFY(error);
        error->file = QStringLiteral("F");
        QVERIFY2(error->text().startsWith("F:2:" + where + ": "), qPrintable(error->text()));
        QVERIFY2(error->reason.contains(reason), qPrintable(error->text()));
    }

    void floorsAndCapsOfTwoPlaces() {
        const QByteArray floor = "cache.success.min_ttl = \"2h\"";
        const QByteArray cap = "cache.success.ttl = \"2h\"";
        MergedSettings merged;
        QCOMPARE(merge(floor, cap, merged), QString()); // neither stands without the other
        QCOMPARE(merge(cap, floor, merged), QString());
        QCOMPARE(merged.effective.cache.positiveTtlFloor, seconds(7200));
        QCOMPARE(merge(floor, {}, merged),
                 "cache.success.min_ttl: 2h is longer than cache.success.ttl (1h)");
        QCOMPARE(merge("cache.success.ttl = \"10s\"", "cache.success.min_ttl = \"1m\"", merged),
                 "cache.success.min_ttl: 1m is longer than cache.success.ttl (10s)");
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestCacheSettings)
#include "test_cache_settings.moc"
