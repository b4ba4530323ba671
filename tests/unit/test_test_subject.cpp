// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/test_subject.h"

#include "protocol/methods.h"
#include "service/settings/setting_reader.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace sotto::service;

namespace sotto::test {

namespace {

engine::UpstreamConfig configOf(const char* text, const char* label) {
    auto config = engine::UpstreamConfig::parse(text).value();
    config.label = label;
    return config;
}

} // namespace

/// What is meant by the words of a test of a provider.
class TestTestSubject : public QObject {
    Q_OBJECT

private:
    ProviderCatalog m_catalog;
    EffectiveSettings m_settings;

    std::variant<TestSubject, Refusal> find(const QString& target) const {
        protocol::ProviderTestParams params;
        params.target = target;
        return testSubject(params, m_settings, m_catalog);
    }
    std::variant<TestSubject, Refusal> findOwn(const QJsonValue& upstream) const {
        protocol::ProviderTestParams params;
        params.upstream = upstream;
        return testSubject(params, m_settings, m_catalog);
    }

private slots:
    void initTestCase() {
        const auto entry = [](const char* id, const QJsonArray& ipv6) {
            return QJsonObject{{"id", id},
                               {"name", "The list's"},
                               {"description", "A provider."},
                               {"country", ""},
                               {"website", "https://www.example.com/"},
                               {"tls_name", QString(id) + ".example"},
                               {"ipv4", QJsonArray{"192.0.2.1"}},
                               {"ipv6", ipv6},
                               {"port", 853},
                               {"filter", "ads"},
                               {"dnssec", true},
                               {"confirmed", true}};
        };
        QString why;
        QVERIFY2(
            m_catalog.read(
                QJsonDocument(QJsonObject{{"version", 1},
                                          {"providers", QJsonArray{entry("used", {"2001:db8::1"}),
                                                                   entry("unused", {})}}})
                    .toJson(),
                why),
            qPrintable(why));
        auto used = upstreamOf(*m_catalog.find("used"), m_catalog);
        used.config.pins = {"sha256/own terms"};
        auto pinned = configOf("tls://192.0.2.8%pinned.example", "pinned.example");
        pinned.pins = {"sha256/own terms"};
        m_settings.upstreams = {
            used, ChosenUpstream{configOf("tls://192.0.2.7%own.example", "own.example"), QString()},
            ChosenUpstream{pinned, QString()}};
        engine::Route route;
        route.zones = {"corp.example"};
        route.upstreams = {configOf("dns://10.0.0.1", "10.0.0.1"),
                           configOf("dns://10.0.0.2", "10.0.0.2"),
                           configOf("tls://10.0.0.2%dns.corp.example", "dns.corp.example")};
        m_settings.routes = {route};
    }

    void known_data() {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("spec");
        QTest::addColumn<QString>("provider");
        const char* own = "tls://192.0.2.7%own.example";
        QTest::newRow("id in use") << "used"
                                   << "tls://192.0.2.1%used.example"
                                   << "used";
        QTest::newRow("id not in use") << "unused"
                                       << "tls://192.0.2.1%unused.example"
                                       << "unused";
        QTest::newRow("label") << "THE LIST'S"
                               << "tls://192.0.2.1%used.example"
                               << "used";
        QTest::newRow("address") << "192.0.2.7" << own << "";
        QTest::newRow("second address") << "2001:db8::1"
                                        << "tls://192.0.2.1%used.example"
                                        << "used";
        QTest::newRow("spec") << own << own << "";
        QTest::newRow("name") << "own.example" << own << "";
        QTest::newRow("spec, port written out") << "tls://192.0.2.7%own.example:853" << own << "";
        QTest::newRow("spec, second address") << "tls://2001:db8::1%used.example"
                                              << "tls://192.0.2.1%used.example"
                                              << "used";
        QTest::newRow("spec, name alone") << "tls://used.example"
                                          << "tls://192.0.2.1%used.example"
                                          << "used";
        QTest::newRow("of a route") << "10.0.0.2"
                                    << "tls://10.0.0.2%dns.corp.example"
                                    << "";
    }

    void known() {
        QFETCH(QString, target);
        QFETCH(QString, spec);
        QFETCH(QString, provider);
        const auto found = find(target);
        QVERIFY(std::holds_alternative<TestSubject>(found));
        const auto& subject = std::get<TestSubject>(found);
        QCOMPARE(QString::fromStdString(subject.config.toString()), spec);
        QCOMPARE(subject.provider, provider);
        QVERIFY(subject.isKnown);
        QCOMPARE(subject.config.pins.empty(), provider != "used");
        QCOMPARE(subject.claims.filter.has_value(), !provider.isEmpty());
    }

    void claims() {
        const auto used = std::get<TestSubject>(find("used")).claims;
        QCOMPARE(used.filter, std::optional<QString>("ads"));
        QCOMPARE(used.dnssec, std::optional<bool>(true));
        QCOMPARE(used.ipv6, std::optional<bool>(true));
        QVERIFY(!used.noLog && !used.ecs);
        QCOMPARE(std::get<TestSubject>(find("unused")).claims.ipv6, std::optional<bool>(false));
    }

    void own() {
        auto found = findOwn("tls://192.0.2.99%new.example");
        QVERIFY(std::holds_alternative<TestSubject>(found));
        QVERIFY(!std::get<TestSubject>(found).isKnown);
        found = findOwn(QJsonObject{{"address", "192.0.2.99"}, {"name", "new.example"}});
        QVERIFY(!std::get<TestSubject>(found).isKnown);
        found = findOwn("tls://192.0.2.7%own.example"); // as it is configured
        QVERIFY(std::get<TestSubject>(found).isKnown);
        found = findOwn("tls://192.0.2.8%pinned.example"); // on other terms than configured
        QVERIFY(!std::get<TestSubject>(found).isKnown);
    }

    void specsCountWithTheirTerms() {
        const auto pinned = std::get<TestSubject>(find("tls://192.0.2.8%pinned.example"));
        QVERIFY(pinned.isKnown);
        QCOMPARE(pinned.config.pins.size(), std::size_t{1});
        const auto otherwise = std::get<TestSubject>(find("tls://192.0.2.8%other.example"));
        QVERIFY(!otherwise.isKnown);
        QVERIFY(otherwise.config.pins.empty());
        QCOMPARE(otherwise.config.tlsName, std::string("other.example"));
    }

    void oneOfSeveralMustBeNamed() {
        EffectiveSettings settings;
        settings.upstreams = {ChosenUpstream{configOf("tls://192.0.2.7%a.example", "Same"), {}},
                              ChosenUpstream{configOf("tls://192.0.2.7:8853", "Same"), {}}};
        for (const char* target : {"same", "192.0.2.7"}) {
            protocol::ProviderTestParams params;
            params.target = QLatin1String(target);
            const auto found = testSubject(params, settings, m_catalog);
            QVERIFY(std::holds_alternative<Refusal>(found));
            QVERIFY(std::get<Refusal>(found).message.endsWith(
                ": tls://192.0.2.7%a.example, tls://192.0.2.7:8853"));
        }
        protocol::ProviderTestParams params;
        params.target = QStringLiteral("tls://192.0.2.7:8853");
        QVERIFY(std::holds_alternative<TestSubject>(testSubject(params, settings, m_catalog)));
    }

    void refused() {
        const auto reason = [](const std::variant<TestSubject, Refusal>& found) {
            const auto* refusal = std::get_if<Refusal>(&found);
            return refusal ? refusal->message : QString();
        };
        QVERIFY(reason(find("unusde")).contains("did you mean \"unused\"?"));
        QVERIFY(reason(find("")).contains("names no provider"));
        QVERIFY(reason(find("10.0.0.1")).contains("in clear text"));
        QVERIFY(reason(findOwn("dns://10.0.0.1"))
                    .contains("upstream: this server would be asked "
                              "in clear text"));
        QVERIFY(reason(findOwn(QJsonObject{{"address", "192.0.2.1"}, {"ca_file", "/etc/shadow"}}))
                    .startsWith("upstream.ca_file: only the administrator's file"));
        QVERIFY(reason(findOwn(5)).contains("or a table is expected"));
        QVERIFY(reason(testSubject({}, m_settings, m_catalog)).contains("either"));
        protocol::ProviderTestParams both{"used", QJsonValue("tls://192.0.2.1")};
        QVERIFY(reason(testSubject(both, m_settings, m_catalog)).contains("either"));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestTestSubject)
#include "test_test_subject.moc"
