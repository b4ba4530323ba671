// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/provider_catalog.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using sotto::service::ProviderCatalog;

namespace sotto::test {

/// What a list of providers may be, and what is said of one that is wrong.
class TestProviderCatalog : public QObject {
    Q_OBJECT

private:
    static QJsonObject entry() {
        return {{"id", "one"},
                {"name", "One"},
                {"description", "A provider."},
                {"country", "CH"},
                {"website", "https://www.example.com/"},
                {"tls_name", "dot.example"},
                {"ipv4", QJsonArray{"192.0.2.1"}},
                {"ipv6", QJsonArray{"2001:db8::1"}},
                {"port", 853},
                {"filter", "none"},
                {"confirmed", false}};
    }

    static QByteArray listOf(const QJsonArray& entries) {
        return QJsonDocument(QJsonObject{{"version", 1}, {"providers", entries}}).toJson();
    }

    static QString faultOf(const QByteArray& json) {
        ProviderCatalog catalog;
        QString why;
        return catalog.read(json, why) ? QString() : why;
    }

private slots:
    void goodLists() {
        QCOMPARE(faultOf(listOf({entry()})), QString());
        ProviderCatalog shipped;
        QString why;
        QVERIFY2(shipped.readShipped(why), qPrintable(why));
        // What a list was read from gives the same list again.
        ProviderCatalog again;
        QVERIFY2(again.read(shipped.source(), why), qPrintable(why));
        QCOMPARE(again.ids(), shipped.ids());
    }

    void wrongLists_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("reason");
        QTest::newRow("no JSON") << QByteArray("{\n oops") << "line 2, column ";
        QTest::newRow("no version") << QByteArray("{}") << "version: 1 is expected";
        QTest::newRow("array") << QByteArray("[]") << "version: 1 is expected";
        QTest::newRow("unknown member")
            << QByteArray(R"({"version": 1, "x": 1})") << "x: unknown member";
        QTest::newRow("empty") << listOf({}) << "providers: an array of at least one";
        QTest::newRow("twice") << listOf({entry(), entry()})
                               << "providers[1].id: \"one\" is listed twice";
        QTest::newRow("no object") << listOf({entry(), 5}) << "providers[1]: an object";
        QTest::newRow("large") << QByteArray(ProviderCatalog::kMaxListBytes + 1, ' ')
                               << "larger than 256 KiB";
    }

    void wrongLists() {
        QFETCH(QByteArray, json);
        QFETCH(QString, reason);
        QVERIFY2(faultOf(json).startsWith(reason), qPrintable(faultOf(json)));
    }

    void wrongMembers_data() {
        QTest::addColumn<QString>("member");
        QTest::addColumn<QJsonValue>("value");
        QTest::addColumn<QString>("place");
        const auto row = [](const char* member, const QJsonValue& value, const char* place) {
            QTest::addRow(
                "%s %s", member,
                QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact).constData())
                << QString(member) << value << QString("providers[0]") + place + ": ";
        };
        for (const char* member : {"id", "name", "description", "website", "tls_name", "filter"}) {
            row(member, "", qPrintable(QString('.') + member));
            row(member, QJsonValue::Undefined, qPrintable(QString('.') + member));
            row(member, QJsonValue::Null, qPrintable(QString('.') + member));
            row(member, 5, "");
        }
        row("id", "Two", ".id");
        row("id", "a--b", ".id");
        row("description", "no sentence", ".description");
        row("country", "ch", ".country");
        row("website", "http://www.example.com/", ".website");
        row("website", "https://a/\n", ".website");
        row("tls_name", "192.0.2.1", ".tls_name");
        row("tls_name", "Dot.example", ".tls_name");
        row("ipv4", QJsonArray{"192.0.2.1", "2001:db8::1"}, ".ipv4[1]");
        row("ipv4", QJsonArray{"192.0.2.1", "192.0.2.1"}, ".ipv4[1]");
        row("ipv6", QJsonArray{"192.0.2.1"}, ".ipv6[0]");
        row("port", 0, ".port");
        row("port", 65536, ".port");
        row("filter", "some", ".filter");
        row("confirmed", "yes", "");
        row("ca", "no certificate", ".ca");
        row("ca", "", ".ca");
        row("ca", 5, ".ca");
        row("selected", true, ".selected");
        row("tls_nam", "x", ".tls_nam");
    }

    void wrongMembers() {
        QFETCH(QString, member);
        QFETCH(QJsonValue, value);
        QFETCH(QString, place);
        QJsonObject wrong = entry();
        if (value.isUndefined())
            wrong.remove(member);
        else
            wrong.insert(member, value);
        const QString fault = faultOf(listOf({wrong}));
        QVERIFY2(fault.startsWith(place), qPrintable(fault));
    }

    void aServerNeedsAnAddress() {
        QJsonObject none = entry();
        none.insert("ipv4", QJsonArray());
        none.insert("ipv6", QJsonArray());
        QCOMPARE(faultOf(listOf({none})), "providers[0]: it has no address");
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestProviderCatalog)
#include "test_provider_catalog.moc"
