// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/registrable_domain.h"
#include "wire/wire_name.h"

#include <QTest>

#include <set>

using namespace sotto::engine;

namespace sotto::test {

namespace {

WireName wireOf(const char* text) {
    return nameFromText(text).value();
}

std::string domainOf(const WireName& name) {
    return nameToText(registrableDomain(name.bytes()));
}

} // namespace

class TestRegistrableDomain : public QObject {
    Q_OBJECT

private slots:
    void domains_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("domain");
        const std::pair<const char*, const char*> rows[] = {
            {".", "."},
            {"com.", "com."},
            {"localhost.", "localhost."},
            {"example.com.", "example.com."},
            {"www.example.com.", "example.com."},
            {"a.b.c.d.example.com.", "example.com."},
            {"co.uk.", "co.uk."},
            {"example.co.uk.", "example.co.uk."},
            {"www.example.co.uk.", "example.co.uk."},
            {"github.io.", "github.io."},
            {"one.github.io.", "one.github.io."},
            {"www.one.github.io.", "one.github.io."},
            {"www.xn--85x722f.xn--55qx5d.cn.", "xn--85x722f.xn--55qx5d.cn."},
            {"xn--55qx5d.cn.", "xn--55qx5d.cn."},
            {"www.xn--85x722f.com.cn.", "xn--85x722f.com.cn."},
            // Wildcards and their exceptions.
            {"a.b.c.kobe.jp.", "b.c.kobe.jp."},
            {"a.city.kobe.jp.", "city.kobe.jp."},
            {"www.ck.", "www.ck."},
            // A top-level domain that the list does not know.
            {"a.b.unheard-of.", "b.unheard-of."},
            {"unheard-of.", "unheard-of."},
        };
        for (const auto& [name, domain] : rows)
            QTest::newRow(name) << QByteArray(name) << QByteArray(domain);
    }
    void domains() {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, domain);
        QCOMPARE(domainOf(wireOf(name)), nameToText(wireOf(domain).bytes()));
    }

    void oddLabelsStayWhole() {
        // A dot within a label makes no labels of it.
        QCOMPARE(domainOf(wireOf("www.a\\.b\\.co.uk.")), std::string("a\\.b\\.co.uk"));
        QCOMPARE(domainOf(wireOf("www.exa\\000mple.com.")), std::string("exa\\000mple.com"));
        QCOMPARE(domainOf(wireOf("www.\\228.com.")), std::string("\\228.com"));
    }

    void theLongestNamesFit() {
        std::string text = "example.com.";
        while (text.size() + 2 <= 254)
            text.insert(0, "a.");
        const WireName many = wireOf(text.c_str());
        QCOMPARE(int{many.length}, 255);
        QCOMPARE(domainOf(many), std::string("example.com"));
        const std::string label(63, 'a');
        const WireName wide = wireOf(
            (label + '.' + label + '.' + label + '.' + std::string(57, 'b') + ".com.").c_str());
        QCOMPARE(int{wide.length}, 255);
        QCOMPARE(domainOf(wide), std::string(57, 'b') + ".com");
    }

    void isAViewIntoTheName() {
        const WireName name = wireOf("www.example.com.");
        const Bytes domain = registrableDomain(name.bytes());
        QCOMPARE(domain.data(), name.octets.data() + 4);
        QCOMPARE(domain.data() + domain.size(), name.octets.data() + name.length);
    }

    void oneOwnerHasOneHash() {
        const std::array<std::uint8_t, 16> salt{1, 2, 3};
        const auto hash = [&](const char* text) {
            return hashOfRegistrableDomain(wireOf(text).bytes(), salt);
        };
        QCOMPARE(hash("www.example.co.uk."), hash("mail.example.co.uk."));
        QCOMPARE(hash("example.co.uk."), hash("mail.example.co.uk."));
        QVERIFY(hash("one.github.io.") != hash("two.github.io."));
        std::set<std::uint64_t> seen;
        for (int i = 0; i < 1000; ++i)
            seen.insert(hash(("domain" + std::to_string(i) + ".example.").c_str()));
        QCOMPARE(seen.size(), std::size_t{1000});
    }

    void theSaltDecides() {
        const WireName name = wireOf("example.com.");
        std::array<std::uint8_t, 16> salt{};
        const std::uint64_t without = hashOfRegistrableDomain(name.bytes(), salt);
        for (std::uint8_t& octet : salt) {
            octet = 1;
            QVERIFY(hashOfRegistrableDomain(name.bytes(), salt) != without);
            octet = 0;
        }
    }

    void isTheSameOnEveryMachine() {
        // SHA-256 of sixteen zeros and "\7example\3com\0".
        QCOMPARE(hashOfRegistrableDomain(wireOf("www.example.com.").bytes(), {}),
                 std::uint64_t{0x1b751eef0f64686c});
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestRegistrableDomain)
#include "test_registrable_domain.moc"
