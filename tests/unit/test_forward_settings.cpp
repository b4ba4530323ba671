// SPDX-License-Identifier: GPL-3.0-or-later
#include "setting_layers.h"

#include <QJsonArray>
#include <QTest>

#include <functional>

using namespace sotto::service;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace sotto::test {

/// The settings below "forward": what each takes, where it ends, and what is said of wrong ones.
class TestForwardSettings : public QObject, private SettingLayers {
    Q_OBJECT

private:
    using Config = engine::ForwardConfig;

    static engine::IpAddress address(const char* text) {
        return engine::IpAddress::parse(text).value();
    }

private slots:
    void initTestCase() {
        QString why;
        QVERIFY2(m_catalog.readShipped(why), qPrintable(why));
    }

    void good_data() {
        QTest::addColumn<QByteArray>("text");                     // below [forward]
        QTest::addColumn<std::function<void(Config&)>>("change"); // of the defaults
        const auto row = [](const char* name, const QByteArray& text,
                            std::function<void(Config&)> change) {
            QTest::newRow(name) << text << std::move(change);
        };
        row("nothing", "", [](auto&) {});
        row("expire", "expire = \"10s\"", [](auto& c) { c.expire = seconds(10); });
        row("expire learnt", "expire = \"0s\"", [](auto&) {});
        row("max_age", "expire = \"10s\"\nmax_age = \"1h\"", [](auto& c) {
            c.expire = seconds(10);
            c.maxAge = seconds(3600);
        });
        row("max_connections", "max_connections = 16", [](auto& c) { c.maxConnections = 16; });
        row("max_fails never", "max_fails = 0", [](auto& c) { c.maxFails = 0; });
        row("max_fails", "max_fails = 100", [](auto& c) { c.maxFails = 100; });
        row("health_check",
            "health_check = { interval = \"1s\", no_rec = true, domain = \"Example.ORG.\" }",
            [](auto& c) {
                c.healthCheck = {seconds(1), false, "example.org"};
            });
        row("health_check in part", "health_check.interval = \"100ms\"",
            [](auto& c) { c.healthCheck.interval = milliseconds(100); });
        row("max_concurrent", "max_concurrent = 1000", [](auto& c) { c.maxConcurrent = 1000; });
        row("max_connect_attempts", "max_connect_attempts = 3",
            [](auto& c) { c.maxConnectAttempts = 3; });
        row("read_timeout", "read_timeout = \"2s\"", [](auto& c) { c.readTimeout = seconds(2); });
        row("failover", "failover = [\"SERVFAIL\", \"nxdomain\"]", [](auto& c) {
            c.failover = {2, 3};
        });
        row("failover never", "failover = []", [](auto& c) { c.failover = {}; });
        row("failfast", "failfast_all_unhealthy_upstreams = true",
            [](auto& c) { c.failfastAllUnhealthy = true; });
        row("source_address", "source_address = \"192.0.2.7\"",
            [](auto& c) { c.sourceAddressV4 = address("192.0.2.7"); });
        row("source_address of both", "source_address = [\"2001:db8::7\", \"192.0.2.7\"]",
            [](auto& c) {
                c.sourceAddressV4 = address("192.0.2.7");
                c.sourceAddressV6 = address("2001:db8::7");
            });
        row("bootstrap", "bootstrap = [\"192.0.2.53\", \"[2001:db8::53]:5353\"]", [](auto& c) {
            c.bootstrap = {{address("192.0.2.53"), 53}, {address("2001:db8::53"), 5353}};
        });
        row("early data and Fast Open", "early_data = true\ntcp_fast_open = true", [](auto& c) {
            c.earlyData = true;
            c.tcpFastOpen = true;
        });
        row("race_share", "race_share = \"10%\"", [](auto& c) { c.raceShare = 0.10; });
        row("race_share number", "race_share = 0", [](auto& c) { c.raceShare = 0; });
        row("client_subnet strip", "client_subnet = \"strip\"", [](auto&) {});
        row("client_subnet pass", "client_subnet = \"pass\"",
            [](auto& c) { c.clientSubnet.mode = engine::ClientSubnet::Mode::Pass; });
        row("client_subnet fixed", "client_subnet = \"192.0.2.0/23\"", [](auto& c) {
            c.clientSubnet = {engine::ClientSubnet::Mode::Fixed, address("192.0.2.0"), 23};
        });
        row("client_subnet of all", "client_subnet = \"0.0.0.0/0\"", [](auto& c) {
            c.clientSubnet = {engine::ClientSubnet::Mode::Fixed, address("0.0.0.0"), 0};
        });
        row("client_subnet IPv6", "client_subnet = \"2001:db8::/56\"", [](auto& c) {
            c.clientSubnet = {engine::ClientSubnet::Mode::Fixed, address("2001:db8::"), 56};
        });
    }

    void good() {
        QFETCH(QByteArray, text);
        QFETCH(std::function<void(Config&)>, change);
        Config expected;
        change(expected);
        for (const auto& [file, app] : {std::pair{"[forward]\n" + text, QByteArray()},
                                        std::pair{QByteArray(), "[forward]\n" + text}}) {
            MergedSettings merged;
            QCOMPARE(merge(file, app, merged), QString());
            QVERIFY(merged.effective.forward == expected);
            QVERIFY(merged.effective.engineConfig().forward == expected);
            // And back from what is written of them.
            SettingsDocument document;
            SettingsLayer again;
            QVERIFY(!readToml(tomlText(merged.values), document));
            QVERIFY(!readLayer(document, SettingSource::Kept, m_catalog, again));
            for (const QString& key : merged.fromFile + merged.fromApp)
                QCOMPARE(again.values.value(key), merged.values.value(key));
        }
    }

    void bad_data() {
        QTest::addColumn<QByteArray>("text"); // below [forward]
        QTest::addColumn<QString>("where");   // COLUMN: key
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const QByteArray& text, const char* where,
                            const char* reason) { QTest::newRow(name) << text << where << reason; };
        row("unknown key", "max_fail = 1", "1: forward.max_fail", "did you mean \"max_fails\"?");
        row("expire type", "expire = 10", "1: forward.expire", "a duration");
        row("expire long", "expire = \"25h\"", "1: forward.expire", "0s to 24h");
        row("max_age long", "max_age = \"169h\"", "1: forward.max_age", "0s to 168h");
        row("max_age before expire", "max_age = \"5s\"\nexpire = \"10s\"", "1: forward.max_age",
            "5s is shorter than forward.expire (10s)");
        row("max_connections none", "max_connections = 0", "1: forward.max_connections", "1 to 16");
        row("max_connections many", "max_connections = 17", "1: forward.max_connections",
            "1 to 16");
        row("max_fails negative", "max_fails = -1", "1: forward.max_fails", "0 to 100");
        row("health_check as text", "health_check = \"500ms\"", "1: forward.health_check",
            "a table such as { interval");
        row("health_check member", "health_check.intervall = \"1s\"",
            "14: forward.health_check.intervall", "did you mean \"interval\"?");
        row("health_check often", "health_check.interval = \"99ms\"",
            "14: forward.health_check.interval", "100ms to 5m");
        row("health_check no_rec", "health_check.no_rec = 1", "14: forward.health_check.no_rec",
            "true or false");
        row("health_check domain", "health_check.domain = \"a..b\"",
            "14: forward.health_check.domain", "a label is empty");
        row("max_concurrent", "max_concurrent = 1000001", "1: forward.max_concurrent",
            "0 to 1000000");
        row("max_connect_attempts", "max_connect_attempts = 65", "1: forward.max_connect_attempts",
            "0 to 64");
        row("read_timeout short", "read_timeout = \"0s\"", "1: forward.read_timeout",
            "100ms to 5s");
        row("failover type", "failover = \"SERVFAIL\"", "1: forward.failover", "an array");
        row("failover NOERROR", "failover = [\"SERVFAIL\", \"NOERROR\"]", "25: forward.failover[1]",
            "NOERROR is no failure");
        row("failover unknown", "failover = [\"SERVFALL\"]", "13: forward.failover[0]",
            "did you mean \"SERVFAIL\"?");
        row("failover empty", "failover = [\"\"]", "13: forward.failover[0]", "a response code");
        row("failover twice", "failover = [\"SERVFAIL\", \"servfail\"]", "25: forward.failover[1]",
            "listed twice");
        row("failfast", "failfast_all_unhealthy_upstreams = 1",
            "1: forward.failfast_all_unhealthy_upstreams", "true or false");
        row("source_address type", "source_address = 5", "1: forward.source_address",
            "an address of this computer");
        row("source_address port", "source_address = \"192.0.2.1:53\"", "1: forward.source_address",
            "without port");
        row("source_address of one family", "source_address = [\"192.0.2.1\", \"192.0.2.2\"]",
            "32: forward.source_address[1]", "only one address of a family");
        row("bootstrap type", "bootstrap = \"192.0.2.1\"", "1: forward.bootstrap", "an array");
        row("bootstrap name", "bootstrap = [\"dns.example\"]", "14: forward.bootstrap[0]", "");
        row("bootstrap twice", "bootstrap = [\"192.0.2.1\", \"192.0.2.1:53\"]",
            "27: forward.bootstrap[1]", "listed twice");
        row("early_data", "early_data = \"on\"", "1: forward.early_data", "true or false");
        row("tcp_fast_open", "tcp_fast_open = 3", "1: forward.tcp_fast_open", "true or false");
        row("race_share much", "race_share = \"101%\"", "1: forward.race_share", "0 to 100");
        row("race_share fraction", "race_share = 0.05", "1: forward.race_share", "0 to 100");
        row("client_subnet word", "client_subnet = \"send\"", "1: forward.client_subnet",
            "\"strip\", \"pass\" or a network");
        row("client_subnet without length", "client_subnet = \"192.0.2.0\"",
            "1: forward.client_subnet", "192.0.2.0/24");
        row("client_subnet long", "client_subnet = \"192.0.2.0/33\"", "1: forward.client_subnet",
            "192.0.2.0/24");
        row("client_subnet with a host", "client_subnet = \"192.0.2.77/26\"",
            "1: forward.client_subnet", "the network is written 192.0.2.64/26");
        row("CoreDNS's tls", "tls = \"/ca.pem\"", "1: forward.tls", "belong to an upstream");
        row("CoreDNS's tls_servername", "tls_servername = \"x\"", "1: forward.tls_servername",
            "tls://1.1.1.1%NAME");
        row("CoreDNS's doh_method", "doh_method = \"GET\"", "1: forward.doh_method",
            "DNS over HTTPS");
        row("CoreDNS's next", "next = [\"NXDOMAIN\"]", "1: forward.next", "forward.failover");
        row("CoreDNS's next_on_nodata", "next_on_nodata = true", "1: forward.next_on_nodata",
            "an empty answer is an answer");
        row("CoreDNS's resolver", "resolver = \"192.0.2.1\"", "1: forward.resolver",
            "forward.bootstrap");
        row("CoreDNS's except", "except = [\"a\"]", "1: forward.except", "[[route]]");
        row("CoreDNS's policy", "policy = \"random\"", "1: forward.policy", "at the top");
        row("CoreDNS's force_tcp type", "force_tcp = 1", "1: forward.force_tcp", "true or false");
        row("CoreDNS's max_idle_conns type", "max_idle_conns = -1", "1: forward.max_idle_conns",
            "a number");
    }

    void bad() {
        QFETCH(QByteArray, text);
        QFETCH(QString, where);
        QFETCH(QString, reason);
        SettingsLayer layer;
        auto error = read("[forward]\n" + text, SettingSource::Administrator, layer);
        QVERIFY(error);
        error->file = QStringLiteral("F");
        QVERIFY2(error->text().startsWith("F:2:" + where + ": "), qPrintable(error->text()));
        QVERIFY2(error->reason.contains(reason), qPrintable(error->text()));
    }

    void harmlessOptionsOfCoreDnsAreNoted() {
        MergedSettings merged;
        QCOMPARE(merge("[forward]\nmax_idle_conns = 0\nforce_tcp = true\nprefer_udp = false\n", {},
                       merged),
                 QString());
        QVERIFY(merged.effective.forward == Config{});
        QCOMPARE(merged.notices.size(), 3);
        QVERIFY(merged.notices.filter("forward.force_tcp has no effect: ").size() == 1);
        QVERIFY(!merged.values.contains("forward.force_tcp"));
    }

    void durationsOfTwoPlaces() {
        MergedSettings merged;
        QCOMPARE(merge("forward.expire = \"1m\"", "forward.max_age = \"2m\"", merged), QString());
        QCOMPARE(merge("forward.expire = \"1m\"", "forward.max_age = \"30s\"", merged),
                 "forward.max_age: 30s is shorter than forward.expire (1m)");
    }

    void testNames() {
        MergedSettings merged;
        QCOMPARE(merge({}, {}, merged), QString());
        QVERIFY(!merged.effective.testNames.signedBad.empty());
        QCOMPARE(merge("[test]\nplain = \"Www.example\"\nsigned_good = \"good.example\"\n"
                       "signed_bad = \"bad.example\"\nfiltered = \"\"\n",
                       {}, merged),
                 QString());
        QCOMPARE(merged.effective.testNames.plain, std::string("www.example"));
        QCOMPARE(merged.effective.testNames.signedGood, std::string("good.example"));
        QCOMPARE(merged.effective.testNames.signedBad, std::string("bad.example"));
        QCOMPARE(merged.effective.testNames.filtered, std::string());
        QVERIFY(merge("test.plain = \"a..b\"", {}, merged).contains("a label is empty"));
        QVERIFY(merge("test.plain = 1", {}, merged).contains("a string is expected"));
        QVERIFY(merge("test.signed_god = \"x\"", {}, merged).contains("signed_good"));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestForwardSettings)
#include "test_forward_settings.moc"
