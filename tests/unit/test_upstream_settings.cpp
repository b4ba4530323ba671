// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/settings_files.h"

#include "support/throwaway_ca.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace sotto::service;

namespace sotto::test {

namespace {

const QByteArray kPin = "sha256/" + QByteArray(32, 'k').toBase64();

/// A text as TOML has it.
QByteArray quoted(const std::string& text) {
    return '"' + QByteArray::fromStdString(text).replace("\n", "\\n") + '"';
}

} // namespace

/// Upstreams as settings: their forms, client certificates, names without addresses, and routes.
class TestUpstreamSettings : public QObject {
    Q_OBJECT

private:
    ProviderCatalog m_catalog;
    ThrowawayCa m_ca;
    Identity m_identity;
    Identity m_other;

    QByteArray clientTable(const std::string& certificate, const std::string& key) const {
        return "upstreams = [{ address = \"192.0.2.1\", cert = " + quoted(certificate) +
               ", key = " + quoted(key) + " }]";
    }

    QString merge(const QByteArray& text, MergedSettings& merged,
                  SettingSource source = SettingSource::Administrator) {
        SettingsDocument document;
        SettingsLayer layer;
        auto error = readToml(text, document);
        if (!error)
            error = readLayer(document, source, m_catalog, layer);
        if (!error)
            error = mergeLayers(source == SettingSource::App ? SettingsLayer{} : layer, "F",
                                source == SettingSource::App ? layer : SettingsLayer{}, m_catalog,
                                merged);
        if (error && error->position.line > 0)
            error->file = QStringLiteral("F");
        return error ? error->text() : QString();
    }

    static QStringList addresses(const engine::UpstreamConfig& config) {
        QStringList result;
        for (const engine::IpAddress& address : config.addresses)
            result += QString::fromStdString(address.toString());
        return result;
    }

private slots:
    void initTestCase() {
        const QJsonObject provider{{"id", "many"},
                                   {"name", "Many"},
                                   {"description", "A provider."},
                                   {"country", ""},
                                   {"website", "https://www.example.com/"},
                                   {"tls_name", "many.example"},
                                   {"ipv4", QJsonArray{"192.0.2.1", "192.0.2.2"}},
                                   {"ipv6", QJsonArray{"2001:db8::1"}},
                                   {"port", 853},
                                   {"filter", "none"},
                                   {"confirmed", true}};
        QJsonObject other = provider;
        other.insert("id", "other");
        other.insert("tls_name", "other.example");
        other.insert("ipv4", QJsonArray{"192.0.2.9"});
        QString why;
        QVERIFY2(
            m_catalog.read(QJsonDocument(QJsonObject{{"version", 1},
                                                     {"providers", QJsonArray{provider, other}}})
                               .toJson(),
                           why),
            qPrintable(why));
        LeafOptions leaf;
        leaf.usage = LeafOptions::Usage::Client;
        m_identity = m_ca.issue(leaf);
        m_other = m_ca.issue(leaf);
    }

    void forms() {
        MergedSettings merged;
        QCOMPARE(merge("upstreams = [{ addresses = [\"192.0.2.5\", \"2001:db8::5\"], name = "
                       "\"five.example\" }, \"tls://six.example:8853\", { name = "
                       "\"Seven.example\", port = 443 }]",
                       merged),
                 QString());
        const auto& upstreams = merged.effective.upstreams;
        QCOMPARE(upstreams.size(), std::size_t{3});
        QCOMPARE(addresses(upstreams[0].config), QStringList({"192.0.2.5", "2001:db8::5"}));
        QCOMPARE(upstreams[0].config.label, std::string("five.example"));
        QVERIFY(upstreams[1].config.addresses.empty());
        QCOMPARE(upstreams[1].config.toString(), std::string("tls://six.example:8853"));
        QCOMPARE(upstreams[2].config.tlsName, std::string("seven.example"));
        QCOMPARE(upstreams[2].config.port, std::uint16_t{443});
    }

    void bad_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const QByteArray& text, const char* reason) {
            QTest::newRow(name) << text << reason;
        };
        row("address and addresses",
            "upstreams = [{ address = \"192.0.2.1\", addresses = [\"192.0.2.2\"] }]",
            "upstreams[0]: either \"address\" or \"addresses\", not both");
        row("addresses empty", "upstreams = [{ addresses = [] }]",
            "upstreams[0].addresses: an array of 1 to 16 addresses");
        row("addresses wrong", "upstreams = [{ addresses = [\"192.0.2.1\", \"dns.example\"] }]",
            "upstreams[0].addresses[1]: an IPv4 or IPv6 address");
        row("addresses twice", "upstreams = [{ addresses = [\"192.0.2.1\", \"192.0.2.1\"] }]",
            "upstreams[0].addresses[1]: 192.0.2.1 is listed twice");
        row("certificate without key",
            "upstreams = [{ address = \"192.0.2.1\", cert_file = \"/c.pem\" }]",
            "the certificate needs its key");
        row("key without certificate",
            "upstreams = [{ address = \"192.0.2.1\", key_file = \"/k.pem\" }]",
            "the key needs its certificate");
        row("key no PEM",
            "upstreams = [{ address = \"192.0.2.1\", cert_file = \"/c\", key = \"x\" }]",
            "upstreams[0].key: no PEM private key");
        row("key encrypted",
            "upstreams = [{ address = \"192.0.2.1\", cert_file = \"/c\", key = \"-----BEGIN "
            "ENCRYPTED PRIVATE KEY-----\\nAAAA\\n-----END ENCRYPTED PRIVATE KEY-----\\n\" }]",
            "the private key is encrypted");
        row("key that is kept nowhere",
            "upstreams = [{ address = \"192.0.2.1\", cert_file = \"/c\", key = true }]",
            "no key is kept for this certificate");
        row("names that nobody looks up", "upstreams = [\"tls://six.example\"]",
            "upstreams: nobody can look up the address of six.example");
        row("route type", "route = 5", "route: an array of tables");
        row("route empty", "[[route]]", "route[0]: \"zones\" is missing");
        row("route without upstreams", "[[route]]\nzones = [\"corp.example\"]",
            "route[0]: \"upstreams\" is missing");
        row("route's zone", "[[route]]\nzones = [\"a..b\"]", "route[0].zones[0]: a label is empty");
        row("route's upstream",
            "[[route]]\nzones = [\"corp.example\"]\nupstreams = [\"dns://10.0.0.1%x\"]",
            "route[0].upstreams[0]: ");
        row("route's upstream twice",
            "[[route]]\nzones = [\"corp.example\"]\nupstreams = [\"dns://10.0.0.1\", "
            "\"dns://10.0.0.1:53\"]",
            "route[0].upstreams[1]: dns://10.0.0.1 is listed twice");
        row("route's policy",
            "[[route]]\nzones = [\"corp.example\"]\nupstreams = [\"dns://10.0.0.1\"]\npolicy = "
            "\"rnd\"",
            "route[0].policy: there is no policy \"rnd\"");
        row("route's member", "[[route]]\nzone = [\"corp.example\"]",
            "route[0].zone: unknown key (did you mean \"zones\"?)");
        row("route's zones empty", "[[route]]\nzones = []", "F:2:1: route[0].zones: at least one");
        row("route of all names in clear text",
            "[[route]]\nzones = [\"corp.example\", \".\"]\nupstreams = [\"tls://192.0.2.1\", "
            "\"tcp://10.0.0.1\"]",
            "F:3:33: route[0].upstreams[1]: tcp://10.0.0.1 is asked in clear text");
        row("route's exception elsewhere",
            "[[route]]\nzones = [\"corp.example\"]\nexcept = [\"a.corp.example\", "
            "\"xcorp.example\"]\nupstreams = [\"dns://10.0.0.1\"]",
            "F:3:29: route[0].except[1]: xcorp.example lies below none");
        row("route without names",
            "[[route]]\nzones = [\"corp.example\"]\nexcept = [\"corp.example\"]\n"
            "upstreams = [\"dns://10.0.0.1\"]",
            "F:3:11: route[0].except[0]: corp.example lies below none");
        row("zone of two routes",
            "[[route]]\nzones = [\"corp.example\"]\nupstreams = [\"dns://10.0.0.1\"]\n"
            "[[route]]\nzones = [\"a.example\", \"Corp.example.\"]\n"
            "upstreams = [\"dns://10.0.0.2\"]",
            "F:5:23: route[1].zones[1]: corp.example has a route already");
        QByteArray many;
        for (int i = 0; i < 9; ++i) {
            many += "[[route]]\nzones = [\"zone" + QByteArray::number(i) + "\"]\nupstreams = [";
            for (int j = 1; j <= 8; ++j)
                many +=
                    "\"dns://10.0." + QByteArray::number(i) + '.' + QByteArray::number(j) + "\",";
            many += "]\n";
        }
        row("upstreams of all routes", many,
            "route[8]: at most 64 upstreams are possible in all routes");
        row("route to a name that nobody looks up",
            "upstreams = [\"tls://six.example\"]\n[[route]]\nzones = [\"corp.example\"]\n"
            "upstreams = [\"tls://seven.example\"]",
            "nobody can look up");
    }

    void bad() {
        QFETCH(QByteArray, text);
        QFETCH(QString, reason);
        MergedSettings merged;
        const QString error = merge(text, merged);
        QVERIFY2(error.contains(reason), qPrintable(error));
    }

    void neverThroughItself_data() {
        QTest::addColumn<QByteArray>("listen");
        QTest::addColumn<QByteArray>("server");
        QTest::addColumn<bool>("itself");
        const auto row = [](const char* name, const char* listen, const char* server, bool itself) {
            QTest::newRow(name) << QByteArray(listen) << QByteArray(server) << itself;
        };
        row("the same", "127.0.0.1:5300", "127.0.0.1:5300", true);
        row("the usual port", "127.0.0.1", "127.0.0.1", true);
        row("another port", "127.0.0.1:5300", "127.0.0.1:5301", false);
        row("another loopback address", "127.0.0.1", "127.0.0.53", false);
        row("listening on all", "0.0.0.0", "127.0.0.53", true);
        row("listening on all, IPv6", "[::]:5300", "[::1]:5300", true);
        row("of the other family", "[::]:5300", "127.0.0.1:5300", false);
        row("elsewhere", "0.0.0.0", "10.0.0.1", false);
        row("an own address", "10.0.0.1", "10.0.0.1", true);
        row("asking the address of all", "127.0.0.1", "0.0.0.0", true);
        row("in the form of IPv6", "127.0.0.1", "[::ffff:127.0.0.1]", true);
        row("another one in the form of IPv6", "127.0.0.1", "[::ffff:127.0.0.2]", false);
        row("listening on all, asked in the form of IPv6", "0.0.0.0", "[::ffff:127.0.0.5]", true);
    }

    void neverThroughItself() {
        QFETCH(QByteArray, listen);
        QFETCH(QByteArray, server);
        QFETCH(bool, itself);
        for (const char* protocol : {"dns", "tcp"}) {
            MergedSettings merged;
            const QString error = merge("providers = [\"many\"]\nlisten = [\"" + listen +
                                            "\"]\n[[route]]\nzones = [\"corp.example\"]\n" +
                                            "upstreams = [\"tls://127.0.0.1\", \"" + protocol +
                                            "://" + server + "\"]",
                                        merged);
            QCOMPARE(error.startsWith("F:5:33: route[0].upstreams[1]: "), itself);
            QCOMPARE(error.contains(" is this Sotto itself"), itself);
            QCOMPARE(error.isEmpty(), !itself);
        }
        MergedSettings merged;
        const QString error = merge("providers = [\"many\"]\nlisten = [\"" + listen +
                                        "\"]\nforward.bootstrap = [\"" + server + "\"]",
                                    merged);
        QCOMPARE(error.startsWith("F:3:22: forward.bootstrap[0]: "), itself);
        QCOMPARE(error.isEmpty(), !itself);
    }

    void throughItselfWhereItListensByDefault() {
        const QByteArray text = "providers = [\"many\"]\n[[route]]\nzones = [\"corp.example\"]\n"
                                "upstreams = [\"dns://[::1]:53\"]";
        MergedSettings merged;
        QVERIFY(merge(text, merged).startsWith("route[0].upstreams[0]: [::1]:53 is this Sotto"));
        SettingsDocument document;
        SettingsLayer layer;
        QVERIFY(!readToml(text, document));
        QVERIFY(!readLayer(document, SettingSource::Administrator, m_catalog, layer));
        QCOMPARE(positionIn(layer, "route[0].upstreams[0]"), (Position{4, 14}));
        QCOMPARE(positionIn(layer, "forward.bootstrap[0]"), Position{});
    }

    void namesAreLookedUpBySomebody_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("another upstream") << QByteArray("upstreams = [\"tls://six.example\", "
                                                        "\"tls://192.0.2.5\"]");
        QTest::newRow("a provider")
            << QByteArray("providers = [\"other\"]\nupstreams = [\"tls://six.example\"]");
        QTest::newRow("bootstrap") << QByteArray(
            "upstreams = [\"tls://six.example\"]\nforward.bootstrap = [\"192.0.2.53\"]");
    }

    void namesAreLookedUpBySomebody() {
        QFETCH(QByteArray, text);
        MergedSettings merged;
        QCOMPARE(merge(text, merged), QString());
    }

    void routes() {
        MergedSettings merged;
        QCOMPARE(merge("providers = [\"many\"]\n[[route]]\nzones = [\"Corp.example.\", "
                       "\"10.in-addr.arpa\"]\nexcept = [\"public.corp.example\"]\n"
                       "upstreams = [\"dns://10.0.0.1\", \"tcp://10.0.0.2:5353\"]\n"
                       "[[route]]\nzones = [\"home.example\"]\npolicy = \"fastest\"\n"
                       "upstreams = [{ address = \"192.0.2.3\", name = \"h.example\" }]\n",
                       merged),
                 QString());
        const auto& routes = merged.effective.engineConfig().routes;
        QCOMPARE(routes.size(), std::size_t{2});
        QCOMPARE(routes[0].zones, (std::vector<std::string>{"corp.example", "10.in-addr.arpa"}));
        QCOMPARE(routes[0].except, std::vector<std::string>{"public.corp.example"});
        QCOMPARE(routes[0].upstreams.size(), std::size_t{2});
        QCOMPARE(routes[0].upstreams[0].protocol, engine::Protocol::Udp);
        QCOMPARE(routes[0].upstreams[1].protocol, engine::Protocol::Tcp);
        QCOMPARE(routes[0].upstreams[1].port, std::uint16_t{5353});
        QCOMPARE(routes[0].policy, engine::Policy::Sequential);
        QVERIFY(routes[1].upstreams[0].isEncrypted());
        QCOMPARE(routes[1].policy, engine::Policy::Fastest);
    }

    void ownTermsForAProvider_data() {
        QTest::addColumn<QByteArray>("own");
        QTest::addColumn<QStringList>("addresses");
        QTest::newRow("by its name alone: all of its addresses")
            << QByteArray("{ name = \"many.example\", pins = [\"" + kPin + "\"] }")
            << QStringList({"192.0.2.1", "192.0.2.2", "2001:db8::1"});
        QTest::newRow("with an address: only that one")
            << QByteArray("{ address = \"192.0.2.2\", name = \"many.example\", pins = [\"" + kPin +
                          "\"] }")
            << QStringList{"192.0.2.2"};
    }

    void ownTermsForAProvider() {
        QFETCH(QByteArray, own);
        QFETCH(QStringList, addresses);
        MergedSettings merged;
        QCOMPARE(merge("providers = [\"many\", \"other\"]\nupstreams = [" + own + "]", merged),
                 QString());
        const auto& upstreams = merged.effective.upstreams;
        QCOMPARE(upstreams.size(), std::size_t{2});
        QCOMPARE(upstreams[0].provider, "many");
        QCOMPARE(upstreams[0].config.label, std::string("Many"));
        QCOMPARE(upstreams[0].config.pins.size(), std::size_t{1});
        QCOMPARE(TestUpstreamSettings::addresses(upstreams[0].config), addresses);
    }

    void anotherServerOfThatNameStandsBesideIt() {
        MergedSettings merged;
        QCOMPARE(
            merge("providers = [\"many\"]\nupstreams = [\"tls://192.0.2.7%many.example\"]", merged),
            QString());
        QCOMPARE(merged.effective.upstreams.size(), std::size_t{2});
    }

    void clientCertificates() {
        MergedSettings merged;
        QCOMPARE(merge(clientTable(m_identity.chainPem, m_identity.keyPem), merged), QString());
        QCOMPARE(merged.effective.upstreams[0].config.clientCertificatePem, m_identity.chainPem);
        QCOMPARE(merged.effective.upstreams[0].config.clientKeyPem, m_identity.keyPem);
        QVERIFY(merge(clientTable(m_identity.chainPem, m_other.keyPem), merged)
                    .contains("the key does not belong to the certificate"));
    }

    void aKeyIsNeverGivenBack() {
        MergedSettings merged;
        for (const QByteArray& text :
             {clientTable(m_identity.chainPem, m_identity.keyPem),
              "providers = [\"many\"]\n[[route]]\nzones = [\"a.example\"]\n" +
                  clientTable(m_identity.chainPem, m_identity.keyPem)}) {
            QCOMPARE(merge(text, merged, SettingSource::App), QString());
            const QByteArray shown =
                QJsonDocument(protocol::toJson(merged.settings).toArray()).toJson();
            QVERIFY(shown.contains("BEGIN CERTIFICATE"));
            QVERIFY(!shown.contains("PRIVATE KEY"));
            QVERIFY(shown.contains("\"key\": true"));
            QVERIFY(tomlText(merged.values).contains("PRIVATE KEY")); // for the last good settings
        }
    }

    void filesOfFile() {
        QTemporaryDir dir;
        const auto write = [&](const char* name, const std::string& text) {
            QFile file(dir.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text.data(), static_cast<qint64>(text.size()));
        };
        const QByteArray folder = dir.path().toUtf8();
        write("c.pem", m_identity.chainPem);
        write("k.pem", m_identity.keyPem);
        write("s.toml", ("providers = [\"many\"]\n[[route]]\nzones = [\"corp.example\"]\n"
                         "[[route.upstreams]]\naddress = \"192.0.2.1\"\ncert_file = \"" +
                         folder + "/c.pem\"\nkey_file = \"" + folder + "/k.pem\"\n")
                            .toStdString());
        SettingsFiles files(dir.filePath("s.toml"), dir.path(), m_catalog);
        SettingsLayer layer;
        auto error = files.readFile(layer);
        QVERIFY2(!error, error ? qPrintable(error->text()) : "");
        MergedSettings merged;
        QVERIFY(!mergeLayers(layer, "F", {}, m_catalog, merged));
        QCOMPARE(merged.effective.routes[0].upstreams[0].clientKeyPem, m_identity.keyPem);
        QString why;
        QVERIFY2(files.writeLastGood(merged, why), qPrintable(why));
        const auto others = QFile::ReadGroup | QFile::ReadOther;
        QVERIFY(!(QFileInfo(dir.filePath("last-good.toml")).permissions() & others));
        SettingsLayer fileBack;
        SettingsLayer appBack;
        QVERIFY(files.readLastGood(fileBack, appBack));
        QCOMPARE(fileBack, layer);

        write("k.pem", m_other.keyPem);
        error = files.readFile(layer);
        QVERIFY(error);
        QCOMPARE(error->position.line, 4);
        QVERIFY(error->reason.contains("does not belong"));
        write("k.pem", "nothing");
        error = files.readFile(layer);
        QVERIFY(error);
        QCOMPARE(error->position.line, 7);
        QVERIFY2(error->text().contains("route[0].upstreams[0].key_file: "),
                 qPrintable(error->text()));
    }

    void programsNameNoFiles_data() {
        QTest::addColumn<QString>("member");
        for (const char* member : {"ca_file", "cert_file", "key_file"})
            QTest::newRow(member) << QString(member);
    }

    void programsNameNoFiles() {
        QFETCH(QString, member);
        const QJsonObject upstream{{"address", "192.0.2.1"}, {member, "/etc/shadow"}};
        SettingsLayer layer;
        layer.values.insert("upstreams", QJsonArray{upstream});
        auto error = checkLayer(layer, SettingSource::App, m_catalog);
        QVERIFY(error);
        QVERIFY2(error->reason.contains("only the administrator's file"),
                 qPrintable(error->text()));
        layer.values = {{"route", QJsonArray{QJsonObject{{"zones", QJsonArray{"a.example"}},
                                                         {"upstreams", QJsonArray{upstream}}}}}};
        error = checkLayer(layer, SettingSource::App, m_catalog);
        QVERIFY(error);
        QVERIFY2(error->reason.contains("only the administrator's file"),
                 qPrintable(error->text()));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestUpstreamSettings)
#include "test_upstream_settings.moc"
