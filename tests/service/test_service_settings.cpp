// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_peer.h"
#include "protocol/methods.h"
#include "service_process.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QTest>

#include <csignal>

#include <unistd.h>

namespace sotto::test {

namespace {

QJsonObject setting(const QJsonObject& settings, const QString& key) {
    const QJsonArray list = settings.value("settings").toArray();
    for (const QJsonValue& item : list) {
        if (item.toObject().value("key") == key)
            return item.toObject();
    }
    return {};
}

} // namespace

/// What the service makes of its files, of SIGHUP and of settings that programs set.
class TestServiceSettings : public QObject {
    Q_OBJECT

private:
    static QJsonObject status(JsonPeer& peer) { return JsonPeer::result(peer.request("status")); }

    static QString notices(JsonPeer& peer) {
        QStringList result;
        const QJsonArray list = status(peer).value("notices").toArray();
        for (const QJsonValue& notice : list)
            result += notice.toString();
        return result.join('\n');
    }

    static QJsonObject set(JsonPeer& peer, const QString& key, const QJsonValue& value) {
        return peer.request("settings.set", {{"values", QJsonObject{{key, value}}}});
    }

private slots:
    void theWholeFileOfTheManual() {
        ServiceProcess service;
        service.writeConfig("listen    = [\"127.0.0.1:0\", \"[::1]:0\"]\n"
                            "upstreams = [\"tls://1.1.1.1\", \"tls://9.9.9.9%dns.quad9.net\"]\n");
        QVERIFY2(service.start(), service.errors().constData());
        JsonPeer peer(service.socketPath());
        QVERIFY(peer.hello());
        const QJsonObject now = status(peer);
        QVERIFY(now.value("enabled").toBool());
        const QJsonArray upstreams = now.value("upstreams").toArray();
        QCOMPARE(upstreams.size(), 2);
        QCOMPARE(upstreams[1].toObject().value("name"), "dns.quad9.net");
        QCOMPARE(upstreams[1].toObject().value("address"), "9.9.9.9");
        QCOMPARE(upstreams[1].toObject().value("port"), 853);
        QVERIFY(now.value("providers").toArray().isEmpty());
    }

    void theSwitchNeedsNoDisk() {
        ServiceProcess service;
        service.writeConfig("listen = [\"127.0.0.1:0\"]\n");
        QVERIFY(service.start());
        JsonPeer peer(service.socketPath());
        QVERIFY(peer.hello());
        const QString inTheWay = service.stateFile("settings.toml/in the way");
        QVERIFY(QDir().mkpath(inTheWay));
        const QJsonObject off =
            JsonPeer::result(peer.request("forwarding.set", {{"enabled", false}}));
        QCOMPARE(off.value("enabled"), false);
        QVERIFY2(notices(peer).contains("only until sottod is started anew"),
                 qPrintable(notices(peer)));
        QCOMPARE(JsonPeer::errorCode(set(peer, "policy", "sequential")), int(protocol::Rejected));
        QVERIFY(QDir(service.stateFile("settings.toml")).removeRecursively());
        QVERIFY(peer.request("forwarding.set", {{"enabled", false}}).contains("result"));
        QVERIFY2(!notices(peer).contains("only until"), qPrintable(notices(peer)));
        QCOMPARE(service.stop(), 0);
        QVERIFY(service.start());
        JsonPeer again(service.socketPath());
        QVERIFY(again.hello());
        QCOMPARE(status(again).value("enabled"), false);
    }

    void fileMasksTheAppAndSaysSo() {
        ServiceProcess service;
        service.writeConfig("listen = [\"127.0.0.1:0\"]\npolicy = \"random\"\n");
        QVERIFY(service.start());
        JsonPeer peer(service.socketPath());
        QVERIFY(peer.hello());
        const QJsonObject refused = set(peer, "policy", "sequential");
        QCOMPARE(JsonPeer::errorCode(refused), int(protocol::SetInFile));
        QCOMPARE(JsonPeer::errorText(refused), "policy is set in " + service.configPath());

        QJsonObject settings = JsonPeer::result(set(peer, "cache.size", "2MiB"));
        QCOMPARE(setting(settings, "cache.size").value("origin"), "app");
        QCOMPARE(setting(settings, "cache.size").value("value"), "2MiB");
        QCOMPARE(setting(settings, "policy").value("origin"), service.configPath());
        QCOMPARE(setting(settings, "policy").value("changeable"), false);
        QVERIFY(ServiceProcess::contentOf(service.stateFile("settings.toml"))
                    .contains("cache.size = \"2MiB\""));

        QCOMPARE(service.stop(), 0);
        QVERIFY(service.start());
        JsonPeer again(service.socketPath());
        QVERIFY(again.hello());
        settings = JsonPeer::result(again.request("settings.get"));
        QCOMPARE(setting(settings, "cache.size").value("value"), "2MiB");
        settings = JsonPeer::result(set(again, "cache.size", QJsonValue::Null));
        QCOMPARE(setting(settings, "cache.size").value("origin"), "default");
    }

    void refusedChangesChangeNothing() {
        ServiceProcess service;
        QVERIFY(service.start());
        JsonPeer peer(service.socketPath());
        QVERIFY(peer.hello());
        const QJsonObject reply =
            peer.request("settings.set",
                         {{"values", QJsonObject{{"cache.size", "2MiB"}, {"policy", "nonsense"}}}});
        QCOMPARE(JsonPeer::errorCode(reply), int(protocol::Rejected));
        QVERIFY(JsonPeer::errorText(reply).startsWith("policy: "));
        for (const auto& [key, value] :
             {std::pair<QString, QJsonValue>{"no.such", 1},
              {"enabled", false},
              {"cache.ttl", "30s"},
              {"cache.serve_stale.enabled", true},
              {"cache.success.min_ttl", "2h"},
              {"system.manage", "yes"},
              {"system.mechanism", "hosts"},
              {"upstreams",
               QJsonArray{QJsonObject{{"address", "192.0.2.1"}, {"ca_file", "/etc/passwd"}}}}})
            QCOMPARE(JsonPeer::errorCode(set(peer, key, value)), int(protocol::Rejected));
        const QJsonObject settings = JsonPeer::result(peer.request("settings.get"));
        for (const char* key :
             {"cache.size", "cache.success.min_ttl", "policy", "upstreams", "system.manage"})
            QCOMPARE(setting(settings, key).value("origin"), "default");
        QVERIFY(!QFileInfo::exists(service.stateFile("settings.toml")));
    }

    void saysHowItIsMeant() {
        ServiceProcess service;
        QVERIFY(service.start());
        JsonPeer peer(service.socketPath());
        QVERIFY(peer.hello());
        const auto refusal = [&](const QString& key, const QJsonValue& value) {
            return JsonPeer::errorText(set(peer, key, value));
        };
        QCOMPARE(refusal("cache.success.capacity", 9984),
                 "cache.success.capacity: there is no such setting; one bound in bytes holds for "
                 "all answers: cache.size");
        QCOMPARE(refusal("cache.serve_stale.enabled", true),
                 "cache.serve_stale.enabled is a part of cache.serve_stale, a table that is set as "
                 "a whole");
        QCOMPARE(refusal("cache.keep_ttl", true),
                 "there is no setting \"cache.keep_ttl\" (did you mean \"cache.keepttl\"?)");
        QCOMPARE(refusal("cache.success.min_ttl", "2h"),
                 "cache.success.min_ttl: 2h is longer than cache.success.ttl (1h)");
    }

    void everyCacheSettingSurvivesAWrongFile() {
        const QByteArray cache = "[cache]\nzones = [\"example.com\"]\nkeepttl = true\n"
                                 "success = { ttl = \"2h\", min_ttl = \"10s\" }\n"
                                 "disable = { success = [\"a.example\"], denial = true }\n"
                                 "prefetch = { amount = 5, percentage = \"20%\" }\n"
                                 "serve_stale = { enabled = true, policy = \"prefer_positive\" }\n";
        ServiceProcess service;
        service.writeConfig("listen = [\"127.0.0.1:0\"]\nworkers = 2\n" + cache);
        QVERIFY2(service.start(), service.errors().constData());
        const auto settings = [&] {
            JsonPeer peer(service.socketPath());
            return peer.hello() ? JsonPeer::result(peer.request("settings.get")) : QJsonObject();
        };
        const QJsonObject before = settings();
        QCOMPARE(setting(before, "cache.prefetch").value("origin"), service.configPath());
        QTRY_VERIFY(QFileInfo::exists(service.stateFile("last-good.toml")));
        QCOMPARE(service.stop(), 0);
        service.writeConfig("listen = [\"127.0.0.1:0\"]\ncache.ttl = \"30s\"\n");
        QVERIFY2(service.start(), service.errors().constData());
        QVERIFY2(service.errors().contains(
                     ":2:7: cache.ttl: there is no such setting; set cache.success.ttl"),
                 service.errors().constData());
        QCOMPARE(settings(), before);
    }

    void listenMovesWithoutARestart() {
        ServiceProcess service;
        service.writeConfig("");
        QDir(service.path("")).mkpath("state");
        ServiceProcess::write(service.stateFile("settings.toml"), "listen = [\"127.0.0.1:0\"]\n");
        QVERIFY2(service.start(), service.errors().constData());
        JsonPeer peer(service.socketPath());
        QVERIFY(peer.hello());
        QVERIFY(set(peer, "listen", QJsonArray{"127.0.0.3:0"}).contains("result"));
        const QJsonArray listen = status(peer).value("listen").toArray();
        QCOMPARE(listen.size(), 1);
        QVERIFY(listen[0].toString().startsWith("127.0.0.3:"));
    }

    void enabledSurvivesARestart() {
        ServiceProcess service;
        QVERIFY(service.start());
        {
            JsonPeer peer(service.socketPath());
            QVERIFY(peer.hello());
            QVERIFY(status(peer).value("enabled").toBool());
            const QJsonObject off =
                JsonPeer::result(peer.request("forwarding.set", {{"enabled", false}}));
            QCOMPARE(off.value("enabled"), false);
            QCOMPARE(off.value("protection"), "off");
        }
        QCOMPARE(service.stop(), 0);
        QVERIFY(service.start());
        JsonPeer peer(service.socketPath());
        QVERIFY(peer.hello());
        QCOMPARE(status(peer).value("enabled"), false);
        const QJsonObject on =
            JsonPeer::result(peer.request("forwarding.set", {{"enabled", true}}));
        QCOMPARE(on.value("enabled"), true);
    }

    void providersAreChosen() {
        ServiceProcess service;
        QVERIFY(service.start());
        JsonPeer peer(service.socketPath());
        QVERIFY(peer.hello());
        QVERIFY(set(peer, "upstreams", QJsonArray{"tls://192.0.2.1"}).contains("result"));
        QJsonObject now =
            JsonPeer::result(peer.request("providers.use", {{"ids", QJsonArray{"quad9"}}}));
        QCOMPARE(now.value("providers").toArray(), QJsonArray{"quad9"});
        const QJsonArray upstreams = now.value("upstreams").toArray();
        QCOMPARE(upstreams.size(), 1);
        QCOMPARE(upstreams[0].toObject().value("provider"), "quad9");
        QCOMPARE(upstreams[0].toObject().value("label"), "Quad9");
        QVERIFY(upstreams[0].toObject().value("addresses").toArray().size() >= 2);
        const QJsonObject wrong = peer.request("providers.use", {{"ids", QJsonArray{"quad8"}}});
        QCOMPARE(JsonPeer::errorCode(wrong), int(protocol::Rejected));
        QVERIFY2(JsonPeer::errorText(wrong).contains("did you mean \"quad9\"?"),
                 qPrintable(JsonPeer::errorText(wrong)));
        QCOMPARE(JsonPeer::errorCode(peer.request("providers.use", {{"ids", QJsonArray{}}})),
                 int(protocol::Rejected));
        const QJsonArray list =
            JsonPeer::result(peer.request("providers.list")).value("providers").toArray();
        QStringList selected;
        for (const QJsonValue& provider : list) {
            if (provider.toObject().value("selected").toBool())
                selected += provider.toObject().value("id").toString();
        }
        QCOMPARE(selected, QStringList{"quad9"});
    }

    void reload() {
        ServiceProcess service;
        QVERIFY(service.start());
        JsonPeer peer(service.socketPath());
        QVERIFY(peer.hello());

        service.writeConfig("listen = [\"127.0.0.1:0\"]\npolicy = \"random\"\n");
        service.signal(SIGHUP);
        QVERIFY(service.waitForErrors("settings read again"));
        QCOMPARE(status(peer).value("policy"), "random");

        service.writeConfig("listen = [\"127.0.0.1:0\"]\n\npolicy = \"best\"\n");
        service.signal(SIGHUP);
        QVERIFY(service.waitForErrors(":3:1: policy: "));
        QCOMPARE(status(peer).value("policy"), "random");
        QVERIFY2(notices(peer).contains(service.configPath() + ":3:1: policy: "),
                 qPrintable(notices(peer)));

        service.writeConfig("listen = [\"127.0.0.1:0\"]\npolicy = \"sequential\"\n");
        service.signal(SIGHUP);
        QTRY_COMPARE(status(peer).value("policy"), "sequential");
        QCOMPARE(notices(peer), QString());
    }

    void neverAsksItself() {
        ServiceProcess service;
        service.writeConfig("upstreams = [\"tls://127.0.0.1:9\"]\n[[route]]\nzones = [\"a.test\"]\n"
                            "upstreams = [\"dns://127.0.0.1\"]\n");
        const ProgramRun run = service.runToEnd();
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(run.errors.contains(":6:14: route[0].upstreams[0]: 127.0.0.1:53 is this Sotto "
                                     "itself"),
                 run.errors.constData());
    }

    void wrongFileAtStartUsesTheLastGood() {
        ServiceProcess service;
        service.writeConfig("listen = [\"127.0.0.1:0\"]\npolicy = \"random\"\n"
                            "upstreams = [\"tls://192.0.2.1\"]\n");
        QVERIFY(service.start());
        QTRY_VERIFY(QFileInfo::exists(service.stateFile("last-good.toml")));
        QCOMPARE(service.stop(), 0);
        service.writeConfig("listen = [\"127.0.0.1:0\"]\npolicy = \"nonsense\"\n");
        QVERIFY2(service.start(), service.errors().constData());
        QVERIFY(service.errors().contains(service.configPath().toUtf8() + ":2:1: policy: "));
        QVERIFY(service.errors().contains("last good settings"));
        JsonPeer peer(service.socketPath());
        QVERIFY(peer.hello());
        QCOMPARE(status(peer).value("policy"), "random");
        QVERIFY(notices(peer).contains(":2:1: policy: "));
        QCOMPARE(JsonPeer::errorCode(set(peer, "policy", "fastest")), int(protocol::SetInFile));
        service.writeConfig("listen = [\"127.0.0.1:0\"]\n");
        service.signal(SIGHUP);
        QTRY_COMPARE(notices(peer), QString());
        QCOMPARE(status(peer).value("policy"), "fastest");
    }

    void whatTheAppSetNeverPreventsTheStart() {
        ServiceProcess service;
        service.writeConfig("listen = [\"127.0.0.1:0\"]\n");
        QDir(service.path("")).mkpath("state");
        // Elsewhere it was right: an address that this computer does not have.
        const QByteArray chosen = "listen = [\"192.0.2.1:0\"]\nenabled = false\n";
        ServiceProcess::write(service.stateFile("settings.toml"), chosen);
        QVERIFY2(service.start(), service.errors().constData()); // FILE masks it
        QCOMPARE(service.stop(), 0);

        if (::geteuid() != 0)
            QSKIP("needs root to have port 53 in a network of its own");
        service.writeConfig("policy = \"random\"\n");
        QProcess alone;
        alone.start("unshare", QStringList{"--net", "sh", "-c", "ip link set lo up; exec \"$@\"",
                                           "sh", SOTTO_SOTTOD} +
                                   service.arguments());
        QByteArray said;
        QTRY_VERIFY2_WITH_TIMEOUT((said += alone.readAllStandardError()).contains("answers on"),
                                  said.constData(), 10000);
        JsonPeer peer(service.socketPath());
        QVERIFY(peer.hello());
        QCOMPARE(status(peer).value("policy"), "random");
        QCOMPARE(status(peer).value("enabled"), false);
        QVERIFY2(notices(peer).contains("chosen in the app"), qPrintable(notices(peer)));
        QCOMPARE(ServiceProcess::contentOf(service.stateFile("settings.toml")), chosen);
        QVERIFY(peer.request("settings.set", {{"values", QJsonObject{{"cache.size", "2MiB"}}}})
                    .contains("result"));
        QVERIFY2(!notices(peer).contains("chosen in the app"), qPrintable(notices(peer)));
        alone.terminate();
        QVERIFY(alone.waitForFinished());
    }

    void damagedAppSettingsAreKeptAside() {
        ServiceProcess service;
        QDir(service.path("")).mkpath("state");
        ServiceProcess::write(service.stateFile("settings.toml"), "policy = \n");
        QVERIFY2(service.start(), service.errors().constData());
        QCOMPARE(ServiceProcess::contentOf(service.stateFile("settings.toml.bad")), "policy = \n");
        JsonPeer peer(service.socketPath());
        QVERIFY(peer.hello());
        QVERIFY2(notices(peer).contains("settings.toml.bad"), qPrintable(notices(peer)));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServiceSettings)
#include "test_service_settings.moc"
