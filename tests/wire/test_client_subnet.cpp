// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden_packets.h"

#include "wire/client_subnet.h"
#include "wire/question.h"

#include <QTest>

using sotto::engine::ClientSubnet;
using sotto::engine::readClientSubnet;
using sotto::engine::readSubnet;

namespace sotto::test {

namespace {

engine::SubnetOption subnet(const char* hex) {
    return readClientSubnet(bytesFromHex(hex)).value();
}

} // namespace

class TestClientSubnet : public QObject {
    Q_OBJECT

private slots:
    void contents_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<bool>("good");
        const auto row = [](const char* what, const char* hex, bool good) {
            QTest::newRow(what) << QByteArray(hex) << good;
        };
        row("a network", "0001 18 00 c00002", true);
        row("half an octet", "0001 14 00 c00000", true);
        row("a host", "0001 20 00 c0000201", true);
        row("do not tell mine", "0001 00 00", true);
        row("the same in IPv6", "0002 00 00", true);
        row("the same of no family", "0000 00 00", true);
        row("IPv6", "0002 38 00 20010db8000000", true);
        row("a host in IPv6", "0002 80 00 20010db8000000000000000000000001", true);
        row("nothing", "", false);
        row("three octets", "0001 18", false);
        row("an octet short", "0001 18 00 c000", false);
        row("an octet long", "0001 18 00 c0000200", false);
        row("bits behind the prefix", "0001 17 00 c00003", false);
        row("an octet behind the prefix", "0001 00 00 00", false);
        row("longer than an address", "0001 21 00 c000020100", false);
        row("longer than an address of IPv6", "0002 81 00 20010db800000000000000000000000100",
            false);
        row("an unknown family", "0003 00 00", false);
        row("a family of two octets", "0101 18 00 c00002", false);
        row("no family, but a prefix", "0000 08 00 0a", false);
        row("a scope", "0001 18 18 c00002", false);
    }
    void contents() {
        QFETCH(QByteArray, content);
        QFETCH(bool, good);
        const Bytes octets = bytesFromHex(content.toStdString());
        const auto read = readClientSubnet(octets);
        QCOMPARE(read.has_value(), good);
        if (!good)
            return;
        // What is written is what was read, behind its header.
        Bytes written(read->octets(), 0xee);
        QVERIFY(written.size() <= engine::SubnetOption::kMaxOctets);
        engine::writeSubnet(written.data(), *read, 0);
        QCOMPARE(int{engine::load16(&written[0])}, int{edns::kClientSubnet});
        QCOMPARE(std::size_t{engine::load16(&written[2])}, octets.size());
        QVERIFY(Bytes(written.begin() + 4, written.end()) == octets);
    }

    void answersHaveAScope() {
        std::uint8_t scope = 0;
        const auto read = readSubnet(bytesFromHex("0001 18 16 c00002"), scope);
        QVERIFY(read == subnet("0001 18 00 c00002"));
        QCOMPARE(int{scope}, 22);
        Bytes written(read->octets());
        engine::writeSubnet(written.data(), *read, scope);
        QVERIFY(written == bytesFromHex("0008 0007 0001 18 16 c00002"));
    }

    void fixedOnes_data() {
        QTest::addColumn<QByteArray>("address");
        QTest::addColumn<int>("prefix");
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("IPv4") << QByteArray("192.0.2.0") << 24 << QByteArray("0001 18 00 c00002");
        QTest::newRow("all") << QByteArray("0.0.0.0") << 0 << QByteArray("0001 00 00");
        QTest::newRow("IPv6") << QByteArray("2001:db8::") << 32
                              << QByteArray("0002 20 00 20010db8");
        QTest::newRow("bits behind the prefix")
            << QByteArray("192.0.2.255") << 28 << QByteArray("0001 1c 00 c00002f0");
    }
    void fixedOnes() {
        QFETCH(QByteArray, address);
        QFETCH(int, prefix);
        QFETCH(QByteArray, content);
        ClientSubnet configured;
        configured.mode = ClientSubnet::Mode::Fixed;
        configured.address = engine::IpAddress::parse(address.toStdString()).value();
        configured.prefixLength = static_cast<std::uint8_t>(prefix);
        QVERIFY(engine::subnetOf(configured) == subnet(content.constData()));
    }

    void questionsDifferByTheirSubnets() {
        const WireNameHolder name;
        const auto of = [&](const std::optional<engine::SubnetOption>& option) {
            return engine::makeQuestion(name.bytes(), rr::kA, kClassIn, false, false, option);
        };
        const auto one = of(subnet("0001 18 00 c00002"));
        QVERIFY(one == of(subnet("0001 18 00 c00002")));
        QCOMPARE(one.hash, of(subnet("0001 18 00 c00002")).hash);
        for (const auto& other :
             {of(std::nullopt), of(subnet("0001 18 00 c00003")), of(subnet("0001 17 00 c00002")),
              of(subnet("0002 18 00 c00002")), of(subnet("0000 00 00"))}) {
            QVERIFY(!(one == other));
            QVERIFY(one.hash != other.hash);
        }
    }

private:
    struct WireNameHolder {
        std::string wire = nameOf("www.example.com.").toWire();
        engine::Bytes bytes() const {
            return {reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size()};
        }
    };
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestClientSubnet)
#include "test_client_subnet.moc"
