// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_schema.h"
#include "protocol/messages.h"

#include <QFile>
#include <QHash>
#include <QHostAddress>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>
#include <QTest>

#include <functional>

using sotto::protocol::Provider;
using sotto::test::JsonSchema;

Q_DECLARE_METATYPE(std::function<void(QJsonObject&)>)

namespace {

QJsonObject readObject(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        qWarning("cannot read %s", qPrintable(path));
        return {};
    }
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &error);
    if (error.error != QJsonParseError::NoError)
        qWarning("%s: %s", qPrintable(path), qPrintable(error.errorString()));
    return document.object();
}

/// The shipped list with one change to its first provider.
QJsonObject withFirstProvider(QJsonObject list, const std::function<void(QJsonObject&)>& change) {
    QJsonArray providers = list.value("providers").toArray();
    QJsonObject first = providers.first().toObject();
    change(first);
    providers.replace(0, first);
    list.insert("providers", providers);
    return list;
}

} // namespace

/// The provider list as it is embedded into the service.
class TestProviders : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        m_list = readObject(QStringLiteral(":/sotto/providers.json"));
        m_schema = readObject(QStringLiteral(SOTTO_PROVIDERS_SCHEMA));
        QVERIFY(!m_list.isEmpty());
        QVERIFY(!m_schema.isEmpty());
        for (const QJsonValue& item : m_list.value("providers").toArray()) {
            Provider provider;
            QString error;
            QVERIFY2(sotto::protocol::fromJson(item, provider, error), qPrintable(error));
            m_providers.append(provider);
        }
    }

    void matchesItsSchema() {
        const QStringList violations = JsonSchema(m_schema).violations(m_list);
        QVERIFY2(violations.isEmpty(), qPrintable(violations.join('\n')));
    }

    void brokenListsAreRefused_data() {
        using Change = std::function<void(QJsonObject&)>;
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("where");
        const auto set = [](const char* key, const QJsonValue& value) -> Change {
            return [key, value](QJsonObject& object) { object.insert(QLatin1String(key), value); };
        };
        const auto drop = [](const char* key) -> Change {
            return [key](QJsonObject& object) { object.remove(QLatin1String(key)); };
        };
        QTest::newRow("id missing") << drop("id") << "/providers/0";
        QTest::newRow("tls_name missing") << drop("tls_name") << "/providers/0";
        QTest::newRow("confirmed missing") << drop("confirmed") << "/providers/0";
        QTest::newRow("unknown member") << set("pins", QJsonArray{}) << "/providers/0";
        QTest::newRow("capitals in the id") << set("id", "Quad9") << "/providers/0/id";
        QTest::newRow("two hyphens in the id") << set("id", "a--b") << "/providers/0/id";
        QTest::newRow("id too long") << set("id", QString(41, 'a')) << "/providers/0/id";
        QTest::newRow("name empty") << set("name", "") << "/providers/0/name";
        QTest::newRow("name is a number") << set("name", 9) << "/providers/0/name";
        QTest::newRow("no full stop") << set("description", "Words") << "/providers/0/description";
        QTest::newRow("country of three") << set("country", "CHE") << "/providers/0/country";
        QTest::newRow("http") << set("website", "http://x.test/") << "/providers/0/website";
        QTest::newRow("script") << set("website", "javascript:1") << "/providers/0/website";
        QTest::newRow("name is an address")
            << set("tls_name", "1.1.1.1") << "/providers/0/tls_name";
        QTest::newRow("name ends in a dot")
            << set("tls_name", "a.test.") << "/providers/0/tls_name";
        QTest::newRow("ipv4 as text") << set("ipv4", "1.1.1.1") << "/providers/0/ipv4";
        QTest::newRow("ipv4 of three octets")
            << set("ipv4", QJsonArray{"1.1.1"}) << "/providers/0/ipv4/0";
        QTest::newRow("ipv4 out of range")
            << set("ipv4", QJsonArray{"1.1.1.256"}) << "/providers/0/ipv4/0";
        QTest::newRow("ipv4 twice")
            << set("ipv4", QJsonArray{"1.1.1.1", "1.1.1.1"}) << "/providers/0/ipv4";
        QTest::newRow("ipv6 among ipv4")
            << set("ipv4", QJsonArray{"2001:db8::1"}) << "/providers/0/ipv4/0";
        QTest::newRow("ipv6 not canonical")
            << set("ipv6", QJsonArray{"2001:DB8::01"}) << "/providers/0/ipv6/0";
        QTest::newRow("ipv6 with a zone")
            << set("ipv6", QJsonArray{"fe80::1%eth0"}) << "/providers/0/ipv6/0";
        QTest::newRow("port 0") << set("port", 0) << "/providers/0/port";
        QTest::newRow("port 65536") << set("port", 65536) << "/providers/0/port";
        QTest::newRow("port with a fraction") << set("port", 853.5) << "/providers/0/port";
        QTest::newRow("filter of one's own") << set("filter", "most") << "/providers/0/filter";
        QTest::newRow("dnssec as text") << set("dnssec", "true") << "/providers/0/dnssec";
        QTest::newRow("no_log null") << set("no_log", QJsonValue::Null) << "/providers/0/no_log";
        QTest::newRow("no address") << Change([](QJsonObject& object) {
            object.insert("ipv4", QJsonArray{});
            object.insert("ipv6", QJsonArray{});
        }) << "/providers/0";
    }

    void brokenListsAreRefused() {
        QFETCH(std::function<void(QJsonObject&)>, change);
        QFETCH(QString, where);
        const QStringList violations =
            JsonSchema(m_schema).violations(withFirstProvider(m_list, change));
        QCOMPARE(violations.size(), 1);
        QVERIFY2(violations.first().startsWith(where + ": "), qPrintable(violations.first()));
    }

    void brokenFramesAreRefused() {
        const JsonSchema schema(m_schema);
        QVERIFY(!schema.violations(QJsonArray{}).isEmpty());
        QJsonObject list = m_list;
        list.insert("version", 2);
        QCOMPARE(schema.violations(list).size(), 1);
        list = m_list;
        list.insert("updated", "2026-13");
        QCOMPARE(schema.violations(list).size(), 1);
        list = m_list;
        list.insert("providers", QJsonArray{});
        QCOMPARE(schema.violations(list).size(), 1);
        QJsonArray twice = m_list.value("providers").toArray();
        twice.append(twice.first());
        list.insert("providers", twice);
        QCOMPARE(schema.violations(list).size(), 1);
    }

    void unknownKeywordsAreReported() {
        const JsonSchema schema(QJsonObject{{"multipleOf", 2}});
        QCOMPARE(schema.violations(4).size(), 1);
    }

    void idsAreUnique() {
        QSet<QString> ids;
        for (const Provider& provider : m_providers) {
            QVERIFY2(!ids.contains(provider.id), qPrintable(provider.id));
            ids.insert(provider.id);
        }
        QCOMPARE(ids.size(), m_list.value("providers").toArray().size());
    }

    void anAddressBelongsToOneName() {
        QHash<QHostAddress, QString> owners;
        for (const Provider& provider : m_providers) {
            for (const QString& text : provider.ipv4 + provider.ipv6) {
                const QHostAddress address(text);
                QVERIFY2(!address.isNull(), qPrintable(text));
                const QString owner = owners.value(address, provider.tlsName);
                QVERIFY2(owner == provider.tlsName, qPrintable(text));
                owners.insert(address, provider.tlsName);
            }
        }
    }

    void addressesArePublic() {
        for (const Provider& provider : m_providers)
            for (const QString& text : provider.ipv4 + provider.ipv6)
                QVERIFY2(QHostAddress(text).isGlobal(), qPrintable(text));
    }

private:
    QJsonObject m_list;
    QJsonObject m_schema;
    QList<Provider> m_providers;
};

QTEST_GUILESS_MAIN(TestProviders)
#include "test_providers.moc"
