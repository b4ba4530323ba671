// SPDX-License-Identifier: GPL-3.0-or-later
#include "flood.h"
#include "json_peer.h"
#include "protocol/methods.h"
#include "service_process.h"
#include "stand_in_keeper.h"
#include "stranger.h"
#include "verb_table.h"

#include "support/dns_client.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <memory>

#include <unistd.h>

namespace sotto::test {

namespace {

constexpr int kStrangers = 8;
constexpr int kLinesOfAStranger = 350; // under the burst that is allowed
constexpr int kLast = 1'000'000;       // the id of its last line
constexpr int kRounds = 100;
constexpr qint64 kGrowthKiB = 128 * 1024; // of 48 connections, a MiB unread each and what is read
constexpr uid_t kFirstStranger = 65527;

} // namespace

/// Users without any right at a real service that holds the system's DNS: whatever they send, and
/// however much, nothing is other than before, and others are served meanwhile.
class TestServiceStrangers : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServiceProcess> m_service;
    std::unique_ptr<StandInKeeper> m_keeper;
    std::unique_ptr<JsonPeer> m_root;

    QJsonObject ask(const char* method) {
        return JsonPeer::result(m_root->request(QLatin1String(method)));
    }
    QString systemState() {
        return ask("status").value("system_dns").toObject().value("state").toString();
    }

    /// All that somebody could have changed, as root sees it.
    QByteArray everything() {
        QJsonObject status = ask("status");
        for (const char* moving : {"protection"})
            status.remove(QLatin1String(moving));
        QJsonArray upstreams;
        for (const QJsonValue& one : status.value("upstreams").toArray()) {
            QJsonObject kept;
            for (const char* key : {"id", "spec", "addresses", "port", "name", "label", "provider",
                                    "protocol", "route", "warning"})
                kept.insert(QLatin1String(key), one.toObject().value(QLatin1String(key)));
            upstreams.append(kept);
        }
        status.insert("upstreams", upstreams);
        QJsonArray requests;
        for (const lease::Request& request : m_keeper->requests())
            requests.append(json::toJson(request));
        const QJsonObject statistics = ask("statistics");
        QJsonObject counters; // what a query, a flush or a test would move
        for (const char* key : {"queries", "cache_entries", "upstream_queries", "local_answers"})
            counters.insert(QLatin1String(key), statistics.value(QLatin1String(key)));
        return QJsonDocument(QJsonObject{{"status", status},
                                         {"settings", ask("settings.get")},
                                         {"providers", ask("providers.list")},
                                         {"keeper", requests},
                                         {"counters", counters},
                                         {"kept", QString::fromUtf8(ServiceProcess::contentOf(
                                                      m_service->stateFile("settings.toml")))}})
            .toJson();
    }

private slots:
    void initTestCase() {
        if (::geteuid() != 0)
            QSKIP("needs root to become somebody else");
    }
    void init() {
        m_service = std::make_unique<ServiceProcess>();
        QVERIFY(QFile::setPermissions(m_service->path(""), QFile::ReadOwner | QFile::WriteOwner |
                                                               QFile::ExeOwner | QFile::ExeOther));
        // Nobody is there who could give a right.
        m_service->setVariable("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=" + m_service->path("no-bus"));
        m_service->writeConfig("listen = [\"127.0.0.1:0\"]\n[system]\nmanage = true\n");
        m_keeper = std::make_unique<StandInKeeper>(m_service->leaseSocketPath());
        m_keeper->start();
        QVERIFY2(m_service->start(), m_service->errors().constData());
        m_root = std::make_unique<JsonPeer>(m_service->socketPath());
        QVERIFY(m_root->hello());
        QTRY_COMPARE(systemState(), "on");
        QVERIFY(m_root
                    ->request("settings.set",
                              {{"values",
                                QJsonObject{{"policy", "race"},
                                            {"upstreams", QJsonArray{"tls://192.0.2.1%own.example",
                                                                     "tls://192.0.2.2"}}}}})
                    .contains("result"));
    }
    void cleanup() {
        m_root.reset();
        if (m_service && m_service->isRunning())
            QCOMPARE(m_service->stop(), 0);
        m_keeper.reset();
        m_service.reset();
    }

    void theTableIsWhole() {
        QStringList sampled;
        for (const VerbSample& sample : verbSamples()) {
            if (!sampled.contains(sample.method))
                sampled += sample.method;
        }
        QStringList contract = contractMethods();
        QStringList documented = documentedMethods("none needed") + documentedMethods("toggle") +
                                 documentedMethods("read the log") + documentedMethods("configure");
        documented.removeDuplicates(); // some need more for certain parameters
        for (QStringList* list : {&sampled, &contract, &documented})
            list->sort();
        QVERIFY(contract.size() > 10);
        QCOMPARE(sampled, contract);
        QCOMPARE(documented, contract);
    }

    void everyMethodIsRefusedThatNeedsARight() {
        const QByteArray before = everything();
        const QStringList open = documentedMethods("none needed");
        QVERIFY(!open.isEmpty());
        QByteArrayList lines;
        const auto& samples = verbSamples();
        for (int i = 0; i < samples.size(); ++i)
            lines += Stranger::line(10 + i, samples[i].method, samples[i].params);
        for (int i = 0; i < samples.size(); ++i)
            lines += Stranger::line(100 + i, samples[i].method, {{"nonsense", i}});
        Stranger stranger(m_service->socketPath(), {}, lines, {.replies = 1 + lines.size()});
        stranger.waitForEnd();
        QCOMPARE(stranger.replyCount(), 1 + lines.size());
        for (int i = 0; i < samples.size(); ++i) {
            const QJsonObject reply = stranger.reply(10 + i);
            const QJsonObject broken = stranger.reply(100 + i);
            const QByteArray method = samples[i].method.toUtf8();
            if (open.contains(samples[i].method)) {
                QVERIFY2(reply.contains("result"), method.constData());
                QCOMPARE(JsonPeer::errorCode(broken), int(protocol::InvalidParams));
            } else {
                QVERIFY2(JsonPeer::errorCode(reply) == protocol::NotAuthorized,
                         method + QJsonDocument(reply).toJson());
                QVERIFY2(JsonPeer::errorCode(broken) == protocol::NotAuthorized,
                         method + QJsonDocument(broken).toJson());
            }
        }
        const QJsonObject hello = JsonPeer::result(stranger.reply(1));
        for (const char* right : {"may_toggle", "may_read_log", "may_configure"})
            QCOMPARE(hello.value(QLatin1String(right)), "no");
        QCOMPARE(everything(), before);
    }

    /// The list is the shipped one; of what was chosen it tells what the status tells.
    void theListTellsNoMoreThanTheStatus() {
        QVERIFY(
            m_root->request("providers.use", {{"ids", QJsonArray{"quad9"}}}).contains("result"));
        Stranger stranger(m_service->socketPath(), {},
                          {Stranger::line(2, "providers.list"), Stranger::line(3, "status")},
                          {.replies = 3});
        stranger.waitForEnd();
        const QJsonArray list = JsonPeer::result(stranger.reply(2)).value("providers").toArray();
        QVERIFY(list.size() > 10);
        const QStringList allowed{"id",       "name",   "description", "country",   "website",
                                  "tls_name", "ipv4",   "ipv6",        "port",      "filter",
                                  "dnssec",   "no_log", "ecs",         "confirmed", "selected"};
        QJsonArray chosen;
        for (const QJsonValue& one : list) {
            for (const QString& key : one.toObject().keys())
                QVERIFY2(allowed.contains(key), qPrintable(key));
            if (one.toObject().value("selected").toBool())
                chosen.append(one.toObject().value("id"));
        }
        QCOMPARE(chosen, JsonPeer::result(stranger.reply(3)).value("providers").toArray());
        QVERIFY(!QJsonDocument(list).toJson().contains("own.example"));
    }

    void nonsenseChangesNothing() {
        const QByteArray before = everything();
        const qint64 memory = residentKiB(m_service->processId());
        std::vector<std::unique_ptr<Stranger>> strangers;
        for (int i = 0; i < kStrangers; ++i) {
            const Person person{kFirstStranger + static_cast<uid_t>(i), 65534, {}};
            strangers.push_back(std::make_unique<Stranger>(
                m_service->socketPath(), person,
                hostileLines(4711 + static_cast<quint32>(i), kLinesOfAStranger) +
                    QByteArrayList{Stranger::line(kLast, "status")},
                Stranger::Until{.replyTo = kLast}));
            QVERIFY(m_root->request("status").contains("result"));
        }
        for (const auto& stranger : strangers) {
            stranger->waitForEnd();
            QVERIFY(stranger->reply(kLast).contains("result")); // it was not cut before
            QVERIFY(stranger->replyCount() > kLinesOfAStranger / 2);
        }
        strangers.clear();
        QVERIFY(m_service->isRunning());
        QCOMPARE(everything(), before);
        QCOMPARE(systemState(), "on");
        const qint64 grown = residentKiB(m_service->processId()) - memory;
        if (memory > 0 && !isSanitized())
            QVERIFY2(grown < kGrowthKiB, qPrintable(QString::number(grown)));
    }

    void floodsOfEverythingChangeNothing() {
        const QByteArray before = everything();
        const QString listen = ask("status").value("listen").toArray().at(0).toString();
        const qint64 memory = residentKiB(m_service->processId());
        std::vector<std::unique_ptr<Flood>> floods;
        for (const uid_t user : {65534U, 65533U, 65532U})
            floods.push_back(
                std::make_unique<Flood>(m_service->socketPath(), user, hostileLines(user, 2000)));
        for (const auto& flood : floods)
            QVERIFY(flood->isFlooding());
        for (int i = 0; i < kRounds; ++i) {
            QVERIFY2(m_root->request("status").contains("result"), m_service->errors().constData());
            UdpClient client(static_cast<std::uint16_t>(listen.section(':', 1).toInt()));
            QVERIFY(client.ask(makeQuery("localhost")));
            JsonPeer other(m_service->socketPath());
            QVERIFY(other.hello());
        }
        const qint64 grown = residentKiB(m_service->processId()) - memory;
        for (const auto& flood : floods)
            QVERIFY(flood->isFlooding()); // to the end
        floods.clear();
        if (memory > 0 && !isSanitized())
            QVERIFY2(grown < kGrowthKiB, qPrintable(QString::number(grown)));
        // Our own questions count.
        QByteArray after = everything();
        const auto withoutCounters = [](const QByteArray& text) {
            QJsonObject all = QJsonDocument::fromJson(text).object();
            all.remove("counters");
            return QJsonDocument(all).toJson();
        };
        QCOMPARE(withoutCounters(after), withoutCounters(before));
        QCOMPARE(ask("statistics").value("queries").toInt(), QJsonDocument::fromJson(before)
                                                                     .object()
                                                                     .value("counters")
                                                                     .toObject()
                                                                     .value("queries")
                                                                     .toInt() +
                                                                 kRounds);
        QCOMPARE(systemState(), "on");
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServiceStrangers)
#include "test_service_strangers.moc"
