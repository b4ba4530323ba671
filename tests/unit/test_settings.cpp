// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/settings_layer.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace sotto::service;

namespace sotto::test {

namespace {

const QByteArray kPin = "sha256/" + QByteArray(32, 'k').toBase64();

} // namespace

class TestSettings : public QObject {
    Q_OBJECT

private:
    ProviderCatalog m_catalog;

    std::optional<SettingsError> read(const QByteArray& text, SettingsLayer& layer,
                                      SettingSource source = SettingSource::Administrator) {
        SettingsDocument document;
        if (auto error = readToml(text, document))
            return error;
        return readLayer(document, source, m_catalog, layer);
    }

    MergedSettings merge(const QByteArray& file, const QByteArray& app) {
        SettingsLayer fileLayer;
        SettingsLayer appLayer;
        MergedSettings merged;
        auto error = read(file, fileLayer);
        if (!error)
            error = read(app, appLayer, SettingSource::App);
        if (!error)
            error = mergeLayers(fileLayer, "/etc/s.toml", appLayer, m_catalog, merged);
        if (error)
            QTest::qFail(qPrintable(error->text()), __FILE__, __LINE__);
        return merged;
    }

    static const protocol::Setting* find(const MergedSettings& merged, const char* key) {
        for (const protocol::Setting& setting : merged.settings) {
            if (setting.key == QLatin1String(key))
                return &setting;
        }
        return nullptr;
    }

    static QStringList specs(const MergedSettings& merged) {
        QStringList result;
        for (const ChosenUpstream& upstream : merged.effective.upstreams)
            result += QString::fromStdString(upstream.config.toString());
        return result;
    }

    static QStringList addresses(const engine::UpstreamConfig& config) {
        QStringList result;
        for (const engine::IpAddress& address : config.addresses)
            result += QString::fromStdString(address.toString());
        return result;
    }

private slots:
    void initTestCase() {
        const auto entry = [](const char* id, const char* name, const char* tlsName,
                              const QJsonArray& ipv4, const QJsonArray& ipv6 = {}, int port = 853) {
            return QJsonObject{{"id", id},
                               {"name", name},
                               {"description", "A provider."},
                               {"country", ""},
                               {"website", "https://www.example.com/"},
                               {"tls_name", tlsName},
                               {"ipv4", ipv4},
                               {"ipv6", ipv6},
                               {"port", port},
                               {"filter", "none"},
                               {"confirmed", true}};
        };
        const QJsonObject list{
            {"version", 1},
            {"providers",
             QJsonArray{entry("cloudflare", "Cloudflare", "cf.example", {"192.0.2.1", "192.0.2.2"},
                              {"2001:db8::1"}),
                        entry("quad9", "Quad9", "q9.example", {"192.0.2.9"}),
                        entry("own-port", "Port", "p.example", {"192.0.2.5"}, {}, 8853)}}};
        QString why;
        QVERIFY2(m_catalog.read(QJsonDocument(list).toJson(), why), qPrintable(why));
    }

    void errors_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("where"); // LINE:COLUMN: key, or LINE: where TOML is broken
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const QByteArray& text, const char* where,
                            const char* reason) { QTest::newRow(name) << text << where << reason; };
        row("not TOML", "listen = [", "1:", "");
        row("not UTF-8", "policy = \"\xff\"", "1:", "");
        row("key twice", "policy = \"random\"\npolicy = \"random\"", "2:", "");
        row("unknown key", "\n  polcy = \"x\"", "2:3: polcy", "did you mean \"policy\"?");
        row("unknown in table", "[cache]\n sice = \"1MiB\"", "2:2: cache.sice",
            "did you mean \"size\"?");
        row("unknown table", "[cahce]\nsize = \"1MiB\"", "1:2: cahce", "did you mean \"cache\"?");
        row("enabled", "enabled = true", "1:1: enabled", "not set in this file");
        row("table expected", "cache = 3", "1:1: cache", "a table is expected");
        row("policy type", "policy = 1", "1:1: policy", "name of a policy");
        row("policy unknown", "policy = \"fastets\"", "1:1: policy", "did you mean \"fastest\"?");
        row("listen type", "listen = \"127.0.0.1:53\"", "1:1: listen", "an array");
        row("listen empty", "listen = []", "1:1: listen", "at least one");
        row("listen element", "listen = [\n \"127.0.0.1\",\n 5]", "3:2: listen[1]", "an address");
        row("listen name", "listen = [\"localhost:53\"]", "1:11: listen[0]", "");
        row("listen port", "listen = [\"127.0.0.1:70000\"]", "1:11: listen[0]", "");
        row("listen IPv6", "listen = [\"[::1:53\"]", "1:11: listen[0]", "");
        row("listen twice", "listen = [\"127.0.0.1:53\", \"127.0.0.1\"]", "1:27: listen[1]",
            "listed twice");
        row("upstreams empty", "upstreams = []", "1:1: upstreams", "at least one");
        row("upstream type", "upstreams = [5]", "1:14: upstreams[0]", "or a table is expected");
        row("upstream no scheme", "upstreams = [\"1.1.1.1\"]", "1:14: upstreams[0]", "tls://");
        row("upstream in clear text", "upstreams = [\"dns://192.0.2.1\"]", "1:14: upstreams[0]",
            "in clear text, which only a [[route]] may do");
        row("upstream in clear text over TCP", "upstreams = [\"tcp://192.0.2.1\"]",
            "1:14: upstreams[0]", "in clear text");
        row("upstream over HTTPS", "upstreams = [\"https://dns.example\"]", "1:14: upstreams[0]",
            "DNS over HTTPS is not spoken here");
        row("upstream's file", "upstreams = [\"/etc/resolv.conf\"]", "1:14: upstreams[0]",
            "a file of servers is not read");
        row("upstream bad name", "upstreams = [\"tls://1.1.1.1%a..b\"]", "1:14: upstreams[0]", "");
        row("upstream port 0", "upstreams = [\"tls://1.1.1.1:0\"]", "1:14: upstreams[0]",
            "1 to 65535");
        row("upstream large port", "upstreams = [\"tls://1.1.1.1:70000\"]", "1:14: upstreams[0]",
            "1 to 65535");
        row("upstream twice", "upstreams = [\"tls://1.1.1.1\", {address = \"1.1.1.1\"}]",
            "1:31: upstreams[1]", "listed twice");
        row("table without address", "upstreams = [{ port = 853 }]", "1:14: upstreams[0]",
            "\"address\" is missing, or a \"name\" to look up");
        row("table unknown key", "upstreams = [{ address = \"1.1.1.1\", pn = [] }]",
            "1:37: upstreams[0].pn", "unknown key");
        row("table address", "upstreams = [{ address = \"1.1.1.1:853\" }]",
            "1:16: upstreams[0].address", "without port");
        row("table port", "upstreams = [{ address = \"1.1.1.1\", port = 0 }]",
            "1:37: upstreams[0].port", "1 to 65535");
        row("table port fraction", "upstreams = [{ address = \"1.1.1.1\", port = 8.5 }]",
            "1:37: upstreams[0].port", "1 to 65535");
        row("table name", "upstreams = [{ address = \"1.1.1.1\", name = \"1.1.1.1\" }]",
            "1:37: upstreams[0].name", "host name");
        row("pins empty", "upstreams = [{ address = \"1.1.1.1\", pins = [] }]",
            "1:37: upstreams[0].pins", "array of 1 to");
        row("pin short", "upstreams = [{ address = \"1.1.1.1\", pins = [\"sha256/AAAA\"] }]",
            "1:45: upstreams[0].pins[0]", "32 octets");
        row("pin scheme", "upstreams = [{ address = \"1.1.1.1\", pins = [\"sha1/AAAA\"] }]",
            "1:45: upstreams[0].pins[0]", "sha256/");
        row("ca no PEM", "upstreams = [{ address = \"1.1.1.1\", ca = \"x\" }]",
            "1:37: upstreams[0].ca", "no PEM certificate");
        row("ca damaged",
            "upstreams = [{ address = \"1.1.1.1\", ca = \"-----BEGIN CERTIFICATE-----\\n"
            "AAAA\\n-----END CERTIFICATE-----\\n\" }]",
            "1:37: upstreams[0].ca", "damaged");
        row("ca_file relative", "upstreams = [{ address = \"1.1.1.1\", ca_file = \"ca.pem\" }]",
            "1:37: upstreams[0].ca_file", "absolute path");
        row("providers empty", "providers = []", "1:1: providers", "at least one");
        row("provider unknown", "providers = [\"quad9\", \"quad8\"]", "1:23: providers[1]",
            "did you mean \"quad9\"?");
        row("provider twice", "providers = [\"quad9\", \"quad9\"]", "1:23: providers[1]",
            "listed twice");
        row("workers none", "workers = 0", "1:1: workers", "from 1 to 16");
        row("workers many", "workers = 17", "1:1: workers", "from 1 to 16");
        row("workers fraction", "workers = 1.5", "1:1: workers", "whole number");
        row("canary type", "browser_canary = 1", "1:1: browser_canary", "true or false");
        row("canary misspelt", "browser_cannary = true", "1:1: browser_cannary",
            "did you mean \"browser_canary\"?");
        row("mechanism", "[system]\nmechanism = \"resolvd\"", "2:1: system.mechanism",
            "one of auto, systemd-resolved, networkmanager, resolvconf, file is expected");
        row("when lost", "[system]\nwhen_lost = \"opened\"", "2:1: system.when_lost",
            "did you mean \"open\"?");
        row("manage type", "[system]\nmanage = 0", "2:1: system.manage", "true or false");
        row("log entries", "[log]\nentries = 1000001", "2:1: log.entries", "0 to 1000000");
        row("log type", "[log]\nentries = \"10\"", "2:1: log.entries", "whole number");
        row("date", "policy = 2020-01-01", "1:1: policy", "name of a policy");
    }

    void errors() {
        QFETCH(QByteArray, text);
        QFETCH(QString, where);
        QFETCH(QString, reason);
        SettingsLayer layer;
        auto error = read(text, layer);
        QVERIFY(error);
        error->file = QStringLiteral("F");
        const QString expected = QStringLiteral("F:") + where;
        QVERIFY2(error->text().startsWith(expected), qPrintable(error->text()));
        QVERIFY2(error->text().contains(reason), qPrintable(error->text()));
        QVERIFY(!error->reason.isEmpty());
    }

    void everyKey() {
        const MergedSettings merged =
            merge("listen = [\"127.0.0.1:5300\", \"[::1]:5301\", \"127.0.0.2\"]\n"
                  "policy = \"round_robin\"\n"
                  "upstreams = [\"tls://1.1.1.1\", \"tls://9.9.9.9%dns.quad9.net\",\n"
                  "  { address = \"192.0.2.1\", port = 8853, name = \"Dot.example\", pins = [\"" +
                      kPin +
                      "\"] }]\n"
                      "workers = 16\nbrowser_canary = false\n"
                      "[system]\nmanage = true\nmechanism = \"file\"\nwhen_lost = "
                      "\"closed\"\n[log]\nentries = 0\n",
                  "");
        const EffectiveSettings& settings = merged.effective;
        QCOMPARE(settings.listen.size(), std::size_t{3});
        QCOMPARE(settings.listen[1].toString(), std::string("[::1]:5301"));
        QCOMPARE(settings.listen[2].port, std::uint16_t{53});
        QCOMPARE(settings.system, (SystemDnsSettings{true, "file", true}));
        QCOMPARE(settings.policy, engine::Policy::RoundRobin);
        QCOMPARE(settings.upstreams.size(), std::size_t{3});
        QCOMPARE(settings.upstreams[1].config.tlsName, std::string("dns.quad9.net"));
        const engine::UpstreamConfig& own = settings.upstreams[2].config;
        QCOMPARE(own.toString(), std::string("tls://192.0.2.1%dot.example:8853"));
        QCOMPARE(own.tlsName, std::string("dot.example"));
        QCOMPARE(own.pins, std::vector<std::string>{kPin.toStdString()});
        QCOMPARE(settings.workers, 16U);
        QVERIFY(!settings.browserCanary);
        QCOMPARE(settings.logEntries, 0);
        QVERIFY(settings.enabled);
        QVERIFY(settings.providers.isEmpty());
        const engine::EngineConfig config = settings.engineConfig();
        QCOMPARE(config.workers, 16U);
        QVERIFY(!config.browserCanary);
        QVERIFY(!config.recordQueries);
    }

    void defaults() {
        const MergedSettings merged = merge("", "");
        QCOMPARE(merged.effective.providers, QStringList({"cloudflare", "quad9"}));
        QCOMPARE(specs(merged),
                 QStringList({"tls://192.0.2.1%cf.example", "tls://192.0.2.9%q9.example"}));
        QCOMPARE(addresses(merged.effective.upstreams[0].config),
                 QStringList({"192.0.2.1", "192.0.2.2", "2001:db8::1"}));
        QCOMPARE(merged.effective.upstreams[0].config.label, std::string("Cloudflare"));
        QCOMPARE(merged.effective.upstreams[0].provider, "cloudflare");
        QCOMPARE(merged.effective.listen[0].toString(), std::string("127.0.0.1:53"));
        QCOMPARE(merged.effective.listen[1].toString(), std::string("[::1]:53"));
        QCOMPARE(merged.effective.cache, engine::CacheConfig{});
        QVERIFY(!merged.effective.cacheSnapshot);
        const engine::EngineConfig config = merged.effective.engineConfig();
        QCOMPARE(config.workers, engine::EngineConfig{}.workers);
        QCOMPARE(config.browserCanary, engine::EngineConfig{}.browserCanary);
        QVERIFY(config.recordQueries);
        QCOMPARE(merged.settings.size(), settingKeyNames().size());
        for (const protocol::Setting& setting : merged.settings) {
            QCOMPARE(setting.origin, "default");
            QVERIFY(setting.changeable);
        }
    }

    void precedence() {
        const MergedSettings merged =
            merge("policy = \"random\"", "policy = \"sequential\"\ncache.size = \"2MiB\"\n"
                                         "enabled = false");
        QCOMPARE(merged.effective.policy, engine::Policy::Random);
        QCOMPARE(merged.effective.cache.sizeBytes, std::size_t{2} << 20);
        QVERIFY(!merged.effective.enabled);
        QCOMPARE(find(merged, "policy")->origin, "/etc/s.toml");
        QVERIFY(!find(merged, "policy")->changeable);
        QCOMPARE(find(merged, "cache.size")->origin, "app");
        QCOMPARE(find(merged, "cache.size")->value, QJsonValue("2MiB"));
        QVERIFY(find(merged, "cache.size")->changeable);
        QCOMPARE(merged.fromFile, QStringList{"policy"});
        QCOMPARE(merged.fromApp, QStringList{"cache.size"});
    }

    void serversAreOneDecision_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("app");
        QTest::addColumn<QStringList>("expected");
        const QByteArray own = "upstreams = [\"tls://192.0.2.77\"]\n";
        const QByteArray provider = "providers = [\"quad9\"]\n";
        QTest::newRow("file's upstreams mask the app's providers")
            << own << provider << QStringList{"tls://192.0.2.77"};
        QTest::newRow("file's providers mask the app's upstreams")
            << provider << own << QStringList{"tls://192.0.2.9%q9.example"};
        QTest::newRow("app's upstreams mask the default providers")
            << QByteArray() << own << QStringList{"tls://192.0.2.77"};
        QTest::newRow("within a layer both add up, providers first")
            << own + provider << QByteArray()
            << QStringList{"tls://192.0.2.9%q9.example", "tls://192.0.2.77"};
        QTest::newRow("a provider's own port")
            << QByteArray("providers = [\"own-port\"]") << QByteArray()
            << QStringList{"tls://192.0.2.5%p.example:8853"};
        QTest::newRow("one's own terms for a provider's server replace it")
            << QByteArray("upstreams = [{ address = \"192.0.2.9\", name = \"q9.example\", pins = "
                          "[\"" +
                          kPin + "\"] }]\n" + provider)
            << QByteArray() << QStringList{"tls://192.0.2.9%q9.example"};
    }

    void serversAreOneDecision() {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, app);
        QFETCH(QStringList, expected);
        const MergedSettings merged = merge(file, app);
        QCOMPARE(specs(merged), expected);
        const bool changeable = file.isEmpty();
        QCOMPARE(find(merged, "providers")->changeable, changeable);
        QCOMPARE(find(merged, "upstreams")->changeable, changeable);
    }

    void appMayNotNameFiles() {
        SettingsLayer layer;
        const auto error = read("upstreams = [{ address = \"1.1.1.1\", ca_file = \"/x\" }]", layer,
                                SettingSource::App);
        QVERIFY(error);
        QVERIFY2(error->reason.contains("administrator"), qPrintable(error->reason));
    }

    void tomlRoundTrip() {
        const QString hostile = QStringLiteral("a\"b\\c\n\t\u00e9 # ]");
        const QMap<QString, QJsonValue> values{
            {"cache.size", "2MiB"},
            {"enabled", true},
            {"log.entries", 5},
            {"x", QJsonArray{hostile, QJsonObject{{"name", hostile}, {"port", 853}}}}};
        SettingsDocument document;
        const auto error = readToml(tomlText(values), document);
        QVERIFY2(!error, error ? qPrintable(error->text()) : "");
        QCOMPARE(document.root.value("cache").toObject().value("size"), values["cache.size"]);
        QCOMPARE(document.root.value("enabled"), values["enabled"]);
        QCOMPARE(document.root.value("log").toObject().value("entries").toInt(), 5);
        QCOMPARE(document.root.value("x"), values["x"]);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestSettings)
#include "test_settings.moc"
