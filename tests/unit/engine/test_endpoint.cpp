// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/endpoint.h"
#include "engine/engine_config.h"

#include <QTest>

using namespace sotto::engine;

namespace sotto::test {

class TestEndpoint : public QObject {
    Q_OBJECT

private slots:
    void addresses_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("back"); // empty: refused
        QTest::newRow("v4") << "192.0.2.1"
                            << "192.0.2.1";
        QTest::newRow("v6") << "2001:DB8:0:0::1"
                            << "2001:db8::1";
        QTest::newRow("unspecified") << "::"
                                     << "::";
        QTest::newRow("mapped") << "::ffff:192.0.2.1"
                                << "::ffff:192.0.2.1";
        for (const char* wrong : {"", "192.0.2", "192.0.2.256", "192.0.2.1.", " 192.0.2.1", "[::1]",
                                  "fe80::1%eth0", "1", "::1::", "localhost", "0x7f.1"})
            QTest::newRow(wrong) << wrong << "";
    }
    void addresses() {
        QFETCH(QString, text);
        QFETCH(QString, back);
        const auto address = IpAddress::parse(text.toStdString());
        QCOMPARE(address.has_value(), !back.isEmpty());
        if (address) {
            QCOMPARE(QString::fromStdString(address->toString()), back);
            QVERIFY(IpAddress::parse(address->toString()) == address);
        }
    }

    void loopback() {
        QVERIFY(IpAddress::parse("127.0.0.1")->isLoopback());
        QVERIFY(IpAddress::parse("127.255.0.9")->isLoopback());
        QVERIFY(IpAddress::parse("::1")->isLoopback());
        QVERIFY(!IpAddress::parse("0.0.0.0")->isLoopback());
        QVERIFY(!IpAddress::parse("::")->isLoopback());
        QVERIFY(!IpAddress::parse("7f00::1")->isLoopback());
    }

    void endpoints_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("back"); // empty: refused
        QTest::newRow("v4") << "127.0.0.1"
                            << "127.0.0.1:53";
        QTest::newRow("v4 and port") << "127.0.0.1:5300"
                                     << "127.0.0.1:5300";
        QTest::newRow("port 0") << "127.0.0.1:0"
                                << "127.0.0.1:0";
        QTest::newRow("v6") << "::1"
                            << "[::1]:53";
        QTest::newRow("v6 in brackets") << "[::1]"
                                        << "[::1]:53";
        QTest::newRow("v6 and port") << "[::1]:65535"
                                     << "[::1]:65535";
        for (const char* wrong :
             {"", ":53", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+5",
              "127.0.0.1:5x", "127.0.0.1: 5", "[::1", "[::1]5", "[::1]:", "[127.0.0.1]:53", "[]:53",
              "localhost:53", "[::1]:53:54", "127.0.0.1:53:54"})
            QTest::newRow(wrong) << wrong << "";
    }
    void endpoints() {
        QFETCH(QString, text);
        QFETCH(QString, back);
        const auto endpoint = Endpoint::parse(text.toStdString(), 53);
        QCOMPARE(endpoint.ok(), !back.isEmpty());
        if (endpoint)
            QCOMPARE(QString::fromStdString(endpoint.value().toString()), back);
        else
            QVERIFY(endpoint.error().code == ErrorCode::InvalidArgument &&
                    endpoint.error().subject == text.toStdString() &&
                    !endpoint.error().detail.empty());
    }

    void upstreams_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("endpoint"); // empty: refused
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("back");
        const auto row = [](const char* text, const char* endpoint, const char* name,
                            const char* back) {
            QTest::newRow(text) << text << endpoint << name << back;
        };
        row("tls://1.1.1.1", "1.1.1.1:853", "", "tls://1.1.1.1");
        row("tls://1.1.1.1:853", "1.1.1.1:853", "", "tls://1.1.1.1");
        row("tls://1.1.1.1:8853", "1.1.1.1:8853", "", "tls://1.1.1.1:8853");
        row("tls://9.9.9.9%dns.quad9.net", "9.9.9.9:853", "dns.quad9.net",
            "tls://9.9.9.9%dns.quad9.net");
        row("tls://9.9.9.9%dns.quad9.net.", "9.9.9.9:853", "dns.quad9.net",
            "tls://9.9.9.9%dns.quad9.net");
        row("tls://9.9.9.9%dns.quad9.net:8853", "9.9.9.9:8853", "dns.quad9.net",
            "tls://9.9.9.9%dns.quad9.net:8853");
        row("tls://2620:fe::fe", "[2620:fe::fe]:853", "", "tls://2620:fe::fe");
        row("tls://[2620:fe::fe]", "[2620:fe::fe]:853", "", "tls://2620:fe::fe");
        row("tls://[2620:fe::fe]:8853", "[2620:fe::fe]:8853", "", "tls://[2620:fe::fe]:8853");
        row("tls://2620:fe::fe%dns.quad9.net", "[2620:fe::fe]:853", "dns.quad9.net",
            "tls://2620:fe::fe%dns.quad9.net");
        row("tls://2620:fe::fe%dns.quad9.net:8853", "[2620:fe::fe]:8853", "dns.quad9.net",
            "tls://[2620:fe::fe]%dns.quad9.net:8853");
        row("tls://[2620:fe::fe]%dns.quad9.net:8853", "[2620:fe::fe]:8853", "dns.quad9.net",
            "tls://[2620:fe::fe]%dns.quad9.net:8853");
        row("tls://dns.quad9.net", "dns.quad9.net:853", "dns.quad9.net", "tls://dns.quad9.net");
        row("tls://dns.quad9.net.:8853", "dns.quad9.net:8853", "dns.quad9.net",
            "tls://dns.quad9.net:8853");
        row("dns://192.0.2.1", "192.0.2.1:53", "", "dns://192.0.2.1");
        row("tcp://192.0.2.1:5353", "192.0.2.1:5353", "", "tcp://192.0.2.1:5353");
        for (const char* wrong : {"",
                                  "1.1.1.1",
                                  "tls://",
                                  "tls:1.1.1.1",
                                  "TLS//1.1.1.1",
                                  "https://1.1.1.1",
                                  "dns://1.1.1.1%name",
                                  "dns://dns.quad9.net",
                                  "tls://dns.quad9.net:0",
                                  "tls://dns.quad9.net:x",
                                  "tls://1.2.3",
                                  "tls://1.1.1.1%",
                                  "tls://1.1.1.1%:853",
                                  "tls://1.1.1.1%a..b",
                                  "tls://1.1.1.1%.a",
                                  "tls://1.1.1.1%a b",
                                  "tls://1.1.1.1%-a",
                                  "tls://1.1.1.1%a/b",
                                  "tls://1.1.1.1%a%b",
                                  "tls://1.1.1.1:0",
                                  "tls://1.1.1.1%a:0",
                                  "tls://1.1.1.1:99999",
                                  "tls://1.1.1.1%a:x",
                                  "tls://1.1.1.1:853%a:854",
                                  "tls://%a",
                                  "tls://1.1.1.1 "})
            row(wrong, "", "", "");
    }
    void upstreams() {
        QFETCH(QString, text);
        QFETCH(QString, endpoint);
        QFETCH(QString, name);
        QFETCH(QString, back);
        const auto upstream = UpstreamConfig::parse(text.toStdString());
        QCOMPARE(upstream.ok(), !endpoint.isEmpty());
        if (!upstream) {
            QVERIFY(!upstream.error().detail.empty());
            return;
        }
        const auto& read = upstream.value();
        QVERIFY(read.addresses.size() <= 1);
        QCOMPARE(read.addresses.empty()
                     ? QString::fromStdString(read.tlsName) + ":" + QString::number(read.port)
                     : QString::fromStdString(
                           sotto::engine::Endpoint{read.addresses[0], read.port}.toString()),
                 endpoint);
        QCOMPARE(QString::fromStdString(upstream.value().tlsName), name);
        QCOMPARE(QString::fromStdString(upstream.value().toString()), back);
        QVERIFY(UpstreamConfig::parse(upstream.value().toString()).value() == upstream.value());
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestEndpoint)
#include "test_endpoint.moc"
