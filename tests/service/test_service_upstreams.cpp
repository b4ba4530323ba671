// SPDX-License-Identifier: GPL-3.0-or-later
#include "dot_world.h"

#include "support/plain_server.h"

#include "protocol/methods.h"

#include <QDateTime>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

namespace sotto::test {

namespace {

constexpr auto kZone = R"(
$ORIGIN example.
$TTL 300
@ SOA ns hostmaster 1 3600 600 86400 60
www A 192.0.2.80
dot A 127.0.0.1
)";

constexpr auto kCorporateZone = R"(
$ORIGIN corp.test.
$TTL 60
@ SOA ns hostmaster 1 3600 600 86400 60
intra A 192.0.2.1
)";

ZoneSet zonesOf(const char* text) {
    std::string error;
    auto zones = ZoneSet::fromText(text, error);
    if (!zones)
        qFatal("%s", error.c_str());
    return *zones;
}

} // namespace

/// What the service says of its upstreams and of the way of an answer.
class TestServiceUpstreams : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<DotWorld> m_world;

    ProgramRun ctl(const QStringList& arguments) const {
        return ProgramRun::of(SOTTO_SOTTOCTL,
                              QStringList{"--socket", m_world->service().socketPath()} + arguments);
    }

private slots:
    void init() { m_world = std::make_unique<DotWorld>(kZone); }
    void cleanup() { m_world.reset(); }

    void statusTellsOfTheConnection() {
        QVERIFY(m_world->start("upstreams = [" + m_world->upstream() + "]\n"));
        m_world->ask("www.example");
        const QJsonObject upstream = m_world->upstreamStatus();
        QCOMPARE(upstream.value("address"), "127.0.0.1");
        QCOMPARE(upstream.value("addresses"), QJsonValue(QJsonArray{"127.0.0.1"}));
        QCOMPARE(upstream.value("protocol"), "tls");
        QCOMPARE(upstream.value("encrypted"), true);
        QCOMPARE(upstream.value("open_connections"), 1);
        QCOMPARE(upstream.value("in_flight"), 0);
        QVERIFY(upstream.value("median_rtt_ms").toDouble() > 0);
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        QVERIFY(upstream.value("certificate_expires_at").toInteger() > now);
        QVERIFY(!upstream.contains("route"));
    }

    void anEntryTellsTheWayOfItsAnswer() {
        QVERIFY(m_world->start("policy = \"sequential\"\nupstreams = [" +
                               m_world->upstream("wrong.example") + ", " + m_world->upstream() +
                               "]\n"));
        const QJsonObject first = m_world->ask("www.example");
        QCOMPARE(first.value("rcode"), "NOERROR");
        const QJsonArray attempts = first.value("attempts").toArray();
        QCOMPARE(attempts.size(), 2);
        QCOMPARE(attempts[0]["upstream"], "wrong.example");
        // It was tried at the start already.
        const QString outcome = attempts[0]["outcome"].toString();
        QVERIFY2(outcome == "certificate_name" || outcome == "held", qPrintable(outcome));
        QCOMPARE(m_world->upstreamStatus().value("last_outcome"), "certificate_name");
        QVERIFY(!attempts[0]["reason"].toString().isEmpty());
        QCOMPARE(attempts[1]["outcome"], "answered");
        QVERIFY(attempts[1]["connection"] == "new" || attempts[1]["connection"] == "reused");
        QVERIFY(attempts[1]["took_ms"].toDouble() > 0);
        QCOMPARE(attempts[1]["rcode"], "NOERROR");
        const QJsonObject again = m_world->ask("www.example");
        QCOMPARE(again.value("source"), "cache");
        QVERIFY(!again.contains("attempts") && again.contains("cache_age_s"));
        QCOMPARE(m_world->ask("localhost").value("rule"), "special_name");

        const ProgramRun fresh = ctl({"query", "--explain", "dot.example"});
        QCOMPARE(fresh.exitCode, 0);
        const QByteArray who =
            "From dot.example:" + QByteArray::number(m_world->server().port()) + ".";
        QVERIFY2(fresh.output.contains(who), fresh.output.constData());
        QVERIFY(fresh.output.contains("open connection"));
        const ProgramRun cached = ctl({"query", "--explain", "dot.example"});
        QVERIFY2(cached.output.contains("From the cache, "), cached.output.constData());
        const QByteArray log = ctl({"log", "--explain"}).output;
        QVERIFY2(log.contains("    1. wrong.example") && log.contains("    From the cache, "),
                 log.constData());
        const QJsonObject json =
            QJsonDocument::fromJson(ctl({"--json", "query", "--explain", "dot.example"}).output)
                .object();
        QVERIFY(json.value("entry").toObject().contains("ttl_s"));
    }

    void clearTextIsMarked() {
        PlainServer corporate(zonesOf(kCorporateZone));
        std::string error;
        QVERIFY2(corporate.start(&error), error.c_str());
        const QByteArray port = QByteArray::number(corporate.port());
        QVERIFY(m_world->start("upstreams = [" + m_world->upstream() +
                               "]\n[[route]]\nzones = [\"corp.test\"]\nupstreams = "
                               "[\"dns://127.0.0.1:" +
                               port + "\"]\n"));
        const QJsonObject entry = m_world->ask("intra.corp.test");
        QCOMPARE(entry.value("rcode"), "NOERROR");
        QCOMPARE(entry.value("route"), "corp.test");
        QCOMPARE(entry.value("attempts")[0]["connection"], "plain");
        QVERIFY(!m_world->ask("www.example").contains("route"));
        const QJsonObject plain = m_world->upstreamStatus(1);
        QCOMPARE(plain.value("protocol"), "udp");
        QCOMPARE(plain.value("encrypted"), false);
        QCOMPARE(plain.value("route"), "corp.test");
        for (const char* command : {"status", "providers"}) {
            const ProgramRun run = ctl({command});
            QVERIFY2(run.output.contains("UNENCRYPTED") && run.output.contains("corp.test"),
                     run.output.constData());
        }
    }

    void bootstrapIsMarked() {
        PlainServer resolver(zonesOf(kZone));
        std::string error;
        QVERIFY2(resolver.start(&error), error.c_str());
        const QByteArray settings =
            "upstreams = [{ name = \"dot.example\", port = " +
            QByteArray::number(m_world->server().port()) + ", ca_file = \"" +
            m_world->service().path("ca.pem").toUtf8() +
            "\" }]\nforward.bootstrap = [\"127.0.0.1:" + QByteArray::number(resolver.port()) +
            "\"]\n";
        QVERIFY(m_world->start(settings));
        QCOMPARE(m_world->ask("www.example").value("rcode"), "NOERROR");
        const QJsonObject upstream = m_world->upstreamStatus();
        QCOMPARE(upstream.value("resolved_addresses"), QJsonValue(QJsonArray{"127.0.0.1"}));
        QCOMPARE(upstream.value("resolved_unencrypted"), true);
        QCOMPARE(m_world->status().value("bootstrap").toArray().size(), 1);
        QVERIFY(ctl({"status"}).output.contains("looked up UNENCRYPTED"));
        QVERIFY(ctl({"providers"}).output.contains("UNENCRYPTED"));
        QCOMPARE(resolver.observations().queriesFor("www.example"), std::size_t{0});
    }

    void aPrivateKeyIsNotGivenBack() {
        LeafOptions leaf;
        leaf.usage = LeafOptions::Usage::Client;
        const Identity identity = m_world->authority().issue(leaf);
        ServiceProcess& service = m_world->service();
        QVERIFY(m_world->start(""));
        QJsonObject upstream{{"address", "127.0.0.1"},
                             {"port", m_world->server().port()},
                             {"name", "dot.example"},
                             {"ca", QString::fromStdString(m_world->authority().certificatePem())},
                             {"cert", QString::fromStdString(identity.chainPem)},
                             {"key", QString::fromStdString(identity.keyPem)}};
        const auto set = [&](const QJsonObject& one) {
            return m_world->peer().request(
                "settings.set", {{"values", QJsonObject{{"upstreams", QJsonArray{one}}}}});
        };
        const auto isHidden = [](const QJsonObject& reply) {
            return reply.contains("result") &&
                   !QJsonDocument(reply).toJson().contains("PRIVATE KEY");
        };
        QVERIFY(isHidden(set(upstream)));
        QVERIFY(isHidden(m_world->peer().request("settings.get")));
        QVERIFY(!ctl({"settings"}).output.contains("PRIVATE KEY"));
        for (const char* name : {"settings.toml", "last-good.toml"}) {
            QTRY_VERIFY(ServiceProcess::contentOf(service.stateFile(name)).contains("PRIVATE KEY"));
            QVERIFY(!(QFileInfo(service.stateFile(name)).permissions() &
                      (QFile::ReadGroup | QFile::ReadOther)));
        }
        // What was shown may be sent back, and the key stays.
        upstream.insert("key", true);
        upstream.insert("addresses", QJsonArray{"127.0.0.1"});
        upstream.remove("address");
        QVERIFY(isHidden(set(upstream)));
        QVERIFY(
            ServiceProcess::contentOf(service.stateFile("settings.toml")).contains("PRIVATE KEY"));
        upstream.insert("cert", "-----BEGIN CERTIFICATE-----\n");
        QVERIFY(set(upstream).contains("error"));
        QCOMPARE(m_world->ask("www.example").value("rcode"), "NOERROR");
        QVERIFY(!service.errors().contains("PRIVATE KEY"));
    }

    void whatIsSetOverTheSocketFitsAMessage() {
        QVERIFY(m_world->start("providers = [\"quad9\"]\n"));
        const QString one = QString::fromStdString(m_world->authority().certificatePem());
        const QJsonObject upstream{{"address", "127.0.0.1"},
                                   {"ca", one.repeated(100 * 1024 / one.size())}};
        const auto setRoutes = [&](int count) {
            QJsonArray routes;
            for (int i = 0; i < count; ++i)
                routes.append(QJsonObject{{"zones", QJsonArray{QString("corp%1.test").arg(i)}},
                                          {"upstreams", QJsonArray{upstream}}});
            return m_world->peer().request("settings.set",
                                           {{"values", QJsonObject{{"route", routes}}}});
        };
        QVERIFY(setRoutes(1).contains("result"));
        const QJsonObject refused = setRoutes(2);
        QVERIFY2(JsonPeer::errorText(refused).contains("200 KiB together"),
                 qPrintable(JsonPeer::errorText(refused)));
    }

    void hashedKeepsItsSalt() {
        const QString salt = m_world->service().stateFile("salt");
        QVERIFY(m_world->start("upstreams = [" + m_world->upstream() + "]\n"));
        QVERIFY(!QFileInfo::exists(salt));
        QVERIFY(m_world->stop());
        QVERIFY(m_world->start("policy = \"hashed\"\nupstreams = [" + m_world->upstream() + "]\n"));
        const QByteArray first = ServiceProcess::contentOf(salt);
        QCOMPARE(first.size(), 16);
        QVERIFY(m_world->stop());
        QVERIFY(m_world->start("policy = \"hashed\"\nupstreams = [" + m_world->upstream() + "]\n"));
        QCOMPARE(ServiceProcess::contentOf(salt), first);
        QCOMPARE(m_world->ask("www.example").value("rcode"), "NOERROR");
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServiceUpstreams)
#include "test_service_upstreams.moc"
