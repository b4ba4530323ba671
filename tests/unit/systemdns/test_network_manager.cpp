// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/network_manager.h"

#include "private_bus.h"
#include "service_thread.h"
#include "stand_in_network_manager.h"
#include "stand_in_systemd.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <memory>

using namespace sotto;
using systemdns::Fault;
using systemdns::NetworkManager;
using systemdns::Target;
using Holder = systemdns::Standing::Holder;

namespace {

const Target kTarget{{QStringLiteral("127.0.0.1")}, 53};

QVariantMap globalOf(const QStringList& servers, const QStringList& searches = {}) {
    QVariantMap global{
        {"domains", QVariantMap{{"*", QVariantMap{{"servers", servers}}}}},
    };
    if (!searches.isEmpty())
        global.insert(QStringLiteral("searches"), searches);
    return global;
}

/// As Sotto writes it, and nobody else.
QVariantMap oursOf(const QStringList& searches) {
    const QVariantMap servers{{"servers", QStringList{"127.0.0.1"}}};
    QVariantMap global = globalOf({}, searches);
    global.insert(QStringLiteral("domains"),
                  QVariantMap{{"*", servers}, {"check.sotto.internal", servers}});
    return global;
}

} // namespace

/// NetworkManager as a mechanism, between stand-ins on a bus of its own and a root of its own.
class TestNetworkManager : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();

    void looks_data();
    void looks();
    void namesPort53Only();
    void appliesAndGivesBackNothing();
    void givesBackAPersonsConfiguration();
    void takesOverSearches_data();
    void takesOverSearches();
    void goesWithTheNetwork();
    void seesWhoHoldsIt();
    void leavesWhatOthersSet();
    void keepsAnEditOfTheFile();
    void saysWhereItIsNotTaken();
    void refusesADamagedJournal();
    void prefersTheNetworksDnsToADeadAddress();
    void givesBackWithoutIt_data();
    void givesBackWithoutIt();
    void givesBackTheNewestNetworkWithoutIt();
    void givesAPersonsConfigurationBackWithoutIt();
    void leavesAnEditWithoutIt();
    void saysWhereItKnowsNoServers();
    void waitsForItsRestart();
    void goesOnWhereItGoesMeanwhile();
    void isNotTakenForGone_data();
    void isNotTakenForGone();
    void keepsNothingThatDnsmasqServes();
    void takesItsOwnAwayWithoutARecord();
    void givesAPersonsFileBack();
    void namesVpns();
    void tellsOfChanges();

private:
    QJsonObject capture(const NetworkManager& mechanism);
    QVariantMap global();
    void setGlobal(const QVariantMap& value);
    QByteArray file() const;
    /// In the services' thread.
    void haveSystemd(const QString& activeState);

    test::PrivateBus m_bus;
    test::ServiceThread m_thread;
    std::unique_ptr<QTemporaryDir> m_root;
    std::unique_ptr<test::StandInNetworkManager> m_service;
    std::unique_ptr<test::StandInSystemd> m_systemd;
    test::StandInConnection* m_connection = nullptr;
    systemdns::Surroundings m_surroundings;
};

void TestNetworkManager::initTestCase() {
    if (!m_bus.fault().isEmpty())
        QSKIP(qPrintable(m_bus.fault()));
}

void TestNetworkManager::init() {
    m_root = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_root->path()).mkpath(QStringLiteral("etc")));
    m_surroundings = {m_root->path(), m_bus.address()};
    m_thread.run([this] {
        m_service = std::make_unique<test::StandInNetworkManager>(m_bus.address(), m_root->path());
        m_connection = m_service->addConnection(QStringLiteral("lan"));
        m_connection->ip4.servers = QStringList{"192.0.2.1"};
        m_connection->ip4.domains = QStringList{"lan.example"};
        m_service->start();
    });
}

void TestNetworkManager::cleanup() {
    m_thread.run([this] {
        m_systemd.reset();
        m_service.reset();
    });
}

void TestNetworkManager::haveSystemd(const QString& activeState) {
    m_systemd = std::make_unique<test::StandInSystemd>(
        m_bus.address(), [](const QString&) { return QStringLiteral("done"); });
    m_systemd->unitState.activeState = activeState;
}

QJsonObject TestNetworkManager::capture(const NetworkManager& mechanism) {
    const auto captured = mechanism.capture();
    const auto* before = std::get_if<QJsonObject>(&captured);
    return before ? *before : QJsonObject();
}

QVariantMap TestNetworkManager::global() {
    QVariantMap value;
    m_thread.run([&] { value = m_service->global(); });
    return value;
}

void TestNetworkManager::setGlobal(const QVariantMap& value) {
    m_thread.run([&] { m_service->setGlobal(value); });
}

QByteArray TestNetworkManager::file() const {
    QFile opened(m_root->filePath(QStringLiteral("etc/resolv.conf")));
    return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
}

void TestNetworkManager::looks_data() {
    QTest::addColumn<QString>("mode");
    QTest::addColumn<QString>("resolvConfMode");
    QTest::addColumn<QString>("link");
    QTest::addColumn<bool>("usable");
    QTest::newRow("writes it") << "default"
                               << "symlink"
                               << "" << true;
    QTest::newRow("writes through links") << "default"
                                          << "file"
                                          << "../elsewhere" << true;
    QTest::newRow("with dnsmasq") << "dnsmasq"
                                  << "symlink"
                                  << "" << true;
    QTest::newRow("its own link") << "default"
                                  << "symlink"
                                  << "/run/NetworkManager/resolv.conf" << true;
    QTest::newRow("a link of others") << "default"
                                      << "symlink"
                                      << "/run/other/resolv.conf" << false;
    QTest::newRow("systemd-resolved") << "systemd-resolved"
                                      << "symlink"
                                      << "" << false;
    QTest::newRow("none") << "none"
                          << "symlink"
                          << "" << false;
    QTest::newRow("unmanaged") << "default"
                               << "unmanaged"
                               << "" << false;
    QTest::newRow("resolvconf") << "default"
                                << "resolvconf"
                                << "" << false;
}

void TestNetworkManager::looks() {
    QFETCH(QString, mode);
    QFETCH(QString, resolvConfMode);
    QFETCH(QString, link);
    QFETCH(bool, usable);
    m_thread.run([&] {
        m_service->dns.mode = mode;
        m_service->dns.resolvConfMode = resolvConfMode;
    });
    if (!link.isEmpty()) {
        const QString path = m_root->filePath(QStringLiteral("etc/resolv.conf"));
        QVERIFY(QFile::remove(path));
        QVERIFY(QFile::link(link, path));
    }
    NetworkManager mechanism(m_surroundings);
    const auto finding = mechanism.look();
    QVERIFY2(finding.usable == usable, qPrintable(finding.reason));
    QVERIFY(!finding.reason.isEmpty());
    QCOMPARE(!mechanism.apply(kTarget, capture(mechanism)), usable);

    m_thread.run([this] { m_service->stop(); });
    QVERIFY(!mechanism.look().usable);
    QCOMPARE(mechanism.look().reason, QStringLiteral("NetworkManager is not running"));
}

void TestNetworkManager::namesPort53Only() {
    NetworkManager mechanism(m_surroundings);
    QVERIFY(mechanism.supports(kTarget));
    const Target other{{QStringLiteral("127.0.0.1")}, 5300};
    QVERIFY(!mechanism.supports(other));
    QVERIFY(mechanism.apply(other, capture(mechanism)));
    QCOMPARE(global(), QVariantMap());
}

void TestNetworkManager::appliesAndGivesBackNothing() {
    const QByteArray fileBefore = file();
    NetworkManager mechanism(m_surroundings);
    const QJsonObject before = capture(mechanism);
    QCOMPARE(before.value("global"), QJsonValue(QJsonObject()));
    const QJsonObject network{{"servers", QJsonArray{"192.0.2.1"}},
                              {"searches", QJsonArray{"lan.example"}},
                              {"options", QJsonArray()}};
    QCOMPARE(before.value("network"), QJsonValue(network));
    QCOMPARE(before.value("file").toObject().value("kind"), QJsonValue("file"));

    QVERIFY(!mechanism.apply(kTarget, before));
    QCOMPARE(global(), oursOf({"lan.example"}));
    QCOMPARE(mechanism.standing(kTarget, before).holder, Holder::Us);
    QVERIFY(file().contains("nameserver 127.0.0.1\n"));
    QVERIFY(!mechanism.apply(kTarget, before)); // nothing new to set
    m_thread.run([this] { QCOMPARE(m_service->settings.size(), 1); });

    QVERIFY(!mechanism.restore(kTarget, before));
    QCOMPARE(global(), QVariantMap());
    QCOMPARE(file(), fileBefore);
    QVERIFY(!mechanism.restore(kTarget, before));
    m_thread.run([this] { QCOMPARE(m_service->settings.size(), 2); });
}

void TestNetworkManager::givesBackAPersonsConfiguration() {
    QVariantMap persons{
        {"searches", QStringList{"own.example"}},
        {"options", QStringList{"rotate"}},
        {"domains",
         QVariantMap{{"*", QVariantMap{{"servers", QStringList{"192.0.2.5", "2001:db8::5"}},
                                       {"options", QStringList{"timeout:1"}}}},
                     {"corp.example", QVariantMap{{"servers", QStringList{"192.0.2.6"}}}}}},
    };
    setGlobal(persons);
    NetworkManager mechanism(m_surroundings);
    const QJsonObject before = capture(mechanism);
    QVERIFY(!mechanism.apply(kTarget, before));
    QVariantMap expected = oursOf({"own.example"});
    expected.insert(QStringLiteral("options"), QStringList{"rotate"});
    QCOMPARE(global(), expected);
    QVERIFY(!mechanism.restore(kTarget, before));
    QCOMPARE(global(), persons);
}

void TestNetworkManager::takesOverSearches_data() {
    QTest::addColumn<QStringList>("first"); // of the connection that was there: searches
    QTest::addColumn<int>("firstPriority");
    QTest::addColumn<QStringList>("second");
    QTest::addColumn<int>("secondPriority");
    QTest::addColumn<QStringList>("expected");
    const QStringList a{"a.example"};
    const QStringList b{"b.example", "a.example"};
    QTest::newRow("in the order of priority")
        << a << 100 << b << 50 << QStringList{"b.example", "a.example"};
    QTest::newRow("the primary first")
        << a << 100 << b << 100 << QStringList{"a.example", "b.example"};
    QTest::newRow("a negative one hides the rest") << a << 100 << b << -5 << b;
    QTest::newRow("negative ones side by side")
        << a << -5 << b << -5 << QStringList{"a.example", "b.example"};
    QTest::newRow("routing is no search")
        << QStringList{"~corp.example", "a.example", "~."} << 100 << QStringList{} << 100 << a;
    QTest::newRow("none") << QStringList{"~."} << 100 << QStringList{} << 100 << QStringList{};
}

void TestNetworkManager::takesOverSearches() {
    QFETCH(QStringList, first);
    QFETCH(int, firstPriority);
    QFETCH(QStringList, second);
    QFETCH(int, secondPriority);
    QFETCH(QStringList, expected);
    m_thread.run([&] {
        m_connection->ip4.domains = QStringList{};
        m_connection->ip4.searches = first;
        m_connection->ip4.priority = firstPriority;
        test::StandInConnection* other = m_service->addConnection(QStringLiteral("other"));
        other->ip4.searches = second;
        other->ip4.priority = secondPriority;
    });
    NetworkManager mechanism(m_surroundings);
    QVERIFY(!mechanism.apply(kTarget, capture(mechanism)));
    QCOMPARE(global().value(QStringLiteral("searches")).toStringList(), expected);
}

void TestNetworkManager::goesWithTheNetwork() {
    NetworkManager mechanism(m_surroundings);
    const QJsonObject before = capture(mechanism);
    QVERIFY(!mechanism.apply(kTarget, before));
    m_thread.run([this] {
        m_connection->ip4.servers = QStringList{"198.51.100.1"};
        m_connection->ip4.domains = QStringList{"hotel.example"};
        m_service->announce();
    });
    const auto standing = mechanism.standing(kTarget, before);
    QCOMPARE(standing.holder, Holder::Agent);
    QCOMPARE(standing.who, QStringLiteral("NetworkManager"));
    QVERIFY(!mechanism.apply(kTarget, before));
    QCOMPARE(mechanism.standing(kTarget, before).holder, Holder::Us);
    QCOMPARE(global(), oursOf({"hotel.example"}));

    QVERIFY(!mechanism.restore(kTarget, before));
    QVERIFY(file().contains("search hotel.example\nnameserver 198.51.100.1\n"));
}

void TestNetworkManager::seesWhoHoldsIt() {
    NetworkManager mechanism(m_surroundings);
    const QJsonObject before = capture(mechanism);
    QVERIFY(!mechanism.apply(kTarget, before));
    m_thread.run([this] { m_service->stop(); });
    QCOMPARE(mechanism.standing(kTarget, before).holder, Holder::Us);
    m_thread.run([this] { m_service->start(); });
    QCOMPARE(mechanism.standing(kTarget, before).holder, Holder::Us);

    QFile opened(m_root->filePath(QStringLiteral("etc/resolv.conf")));
    QVERIFY(opened.open(QIODevice::WriteOnly | QIODevice::Truncate));
    opened.write("nameserver 192.0.2.77\n");
    opened.close();
    const auto edited = mechanism.standing(kTarget, before);
    QCOMPARE(edited.holder, Holder::Person);
    QCOMPARE(edited.who, QStringLiteral("/etc/resolv.conf"));

    setGlobal(globalOf({"192.0.2.5"}));
    QCOMPARE(mechanism.standing(kTarget, before).holder, Holder::Person);
    setGlobal({});
    QCOMPARE(mechanism.standing(kTarget, before).holder, Holder::Person);
}

void TestNetworkManager::leavesWhatOthersSet() {
    NetworkManager mechanism(m_surroundings);
    const QJsonObject before = capture(mechanism);
    QVERIFY(!mechanism.apply(kTarget, before));
    setGlobal(globalOf({"192.0.2.5"}));
    QVERIFY(!mechanism.restore(kTarget, before));
    QCOMPARE(global(), globalOf({"192.0.2.5"}));
}

void TestNetworkManager::keepsAnEditOfTheFile() {
    NetworkManager mechanism(m_surroundings);
    const QJsonObject before = capture(mechanism);
    QVERIFY(!mechanism.apply(kTarget, before));
    const QByteArray edited = "# mine\nnameserver 192.0.2.77\n";
    QFile opened(m_root->filePath(QStringLiteral("etc/resolv.conf")));
    QVERIFY(opened.open(QIODevice::WriteOnly | QIODevice::Truncate));
    opened.write(edited);
    opened.close();
    QVERIFY(!mechanism.restore(kTarget, before));
    QCOMPARE(global(), QVariantMap());
    QCOMPARE(file(), edited);
}

void TestNetworkManager::saysWhereItIsNotTaken() {
    m_thread.run([this] { m_service->refuses = true; });
    NetworkManager mechanism(m_surroundings);
    const auto fault = mechanism.apply(kTarget, capture(mechanism));
    QVERIFY(fault);
    QVERIFY2(fault->reason.contains(QLatin1String("[global-dns]")), qPrintable(fault->reason));
}

void TestNetworkManager::refusesADamagedJournal() {
    NetworkManager mechanism(m_surroundings);
    const QJsonObject damaged{{"global", QJsonObject{{"domains", QJsonObject{{"v", 1}}}}}};
    QVERIFY(mechanism.apply(kTarget, damaged));
    QVERIFY(mechanism.apply(kTarget, {}));
    QCOMPARE(global(), QVariantMap());

    // To give back it must do: our address goes, and the network's is in force.
    QVERIFY(!mechanism.apply(kTarget, capture(mechanism)));
    QVERIFY(!mechanism.restore(kTarget, damaged));
    QCOMPARE(global(), QVariantMap());
}

void TestNetworkManager::prefersTheNetworksDnsToADeadAddress() {
    setGlobal(globalOf({"192.0.2.5"}));
    NetworkManager mechanism(m_surroundings);
    const QJsonObject before = capture(mechanism);
    QVERIFY(!mechanism.apply(kTarget, before));
    m_thread.run([this] { m_service->refusalsToCome = 1; });
    QVERIFY(mechanism.restore(kTarget, before));
    QCOMPARE(global(), QVariantMap());
}

void TestNetworkManager::givesBackWithoutIt_data() {
    QTest::addColumn<bool>("hasSystemd");
    QTest::newRow("systemd says so") << true;
    QTest::newRow("without systemd") << false;
}

void TestNetworkManager::givesBackWithoutIt() {
    QFETCH(bool, hasSystemd);
    const QByteArray fileBefore = file();
    NetworkManager mechanism(m_surroundings);
    const QJsonObject before = capture(mechanism);
    QVERIFY(!mechanism.apply(kTarget, before));
    m_thread.run([&] {
        m_service->stop();
        QVERIFY(m_service->memory().contains("127.0.0.1"));
        if (hasSystemd)
            haveSystemd(QStringLiteral("inactive"));
    });
    QVERIFY(!mechanism.restore(kTarget, before));
    QCOMPARE(file(), fileBefore);
    m_thread.run([this] { QVERIFY(!m_service->memory().contains("127.0.0.1")); });
    QVERIFY(!mechanism.restore(kTarget, before));
    QCOMPARE(file(), fileBefore);

    m_thread.run([this] { m_service->start(); });
    QCOMPARE(global(), QVariantMap());
    QCOMPARE(file(), fileBefore);
}

void TestNetworkManager::givesBackTheNewestNetworkWithoutIt() {
    NetworkManager mechanism(m_surroundings);
    QJsonObject before = capture(mechanism);
    QVERIFY(!mechanism.apply(kTarget, before));
    QVERIFY(!mechanism.standing(kTarget, before).before);
    m_thread.run([this] {
        m_connection->ip4.servers = QStringList{"198.51.100.1"};
        m_connection->ip4.domains = QStringList{"hotel.example"};
        m_service->announce();
    });
    auto newest = mechanism.standing(kTarget, before).before;
    QVERIFY(newest);
    before = *newest;
    QVERIFY(!mechanism.standing(kTarget, before).before);
    m_thread.run([this] {
        m_connection->ip4.servers.clear(); // on the way to the next one
        m_service->announce();
    });
    QVERIFY(!mechanism.standing(kTarget, before).before);
    m_thread.run([this] { m_service->stop(); });
    QVERIFY(!mechanism.restore(kTarget, before));
    QVERIFY2(file().contains("\nsearch hotel.example\nnameserver 198.51.100.1\n"),
             file().constData());
    QVERIFY(!file().contains("127.0.0.1"));
}

void TestNetworkManager::givesAPersonsConfigurationBackWithoutIt() {
    setGlobal(globalOf({"192.0.2.5"}));
    NetworkManager mechanism(m_surroundings);
    const QJsonObject before = capture(mechanism);
    QVERIFY(!mechanism.apply(kTarget, before));
    m_thread.run([this] { m_service->stop(); });
    QVERIFY(!mechanism.restore(kTarget, before));
    QVERIFY(file().contains("nameserver 192.0.2.5\n"));
    m_thread.run([this] { QVERIFY(m_service->memory().contains("\nservers=192.0.2.5\n")); });
}

void TestNetworkManager::leavesAnEditWithoutIt() {
    NetworkManager mechanism(m_surroundings);
    const QJsonObject before = capture(mechanism);
    QVERIFY(!mechanism.apply(kTarget, before));
    m_thread.run([this] { m_service->stop(); });
    const QByteArray edited = "nameserver 127.0.0.1\nnameserver 192.0.2.77\n";
    QFile opened(m_root->filePath(QStringLiteral("etc/resolv.conf")));
    QVERIFY(opened.open(QIODevice::WriteOnly | QIODevice::Truncate));
    opened.write(edited);
    opened.close();
    QVERIFY(!mechanism.restore(kTarget, before));
    QCOMPARE(file(), edited);
    m_thread.run([this] { QVERIFY(!m_service->memory().contains("127.0.0.1")); });
}

void TestNetworkManager::saysWhereItKnowsNoServers() {
    NetworkManager mechanism(m_surroundings);
    QVERIFY(!mechanism.apply(kTarget, capture(mechanism)));
    m_thread.run([this] { m_service->stop(); });
    const QJsonObject hostile{
        {"global", QJsonObject()},
        {"network", QJsonObject{{"servers", QJsonArray{"192.0.2.1\nnameserver 203.0.113.1"}},
                                {"searches", QJsonArray()},
                                {"options", QJsonArray()}}},
        {"file", QJsonObject{{"kind", "link"}, {"link", "/outside"}}}};
    for (const QJsonObject& before : {QJsonObject(), hostile}) {
        const auto fault = mechanism.restore(kTarget, before);
        QVERIFY(fault);
        QVERIFY2(fault->reason.contains(QLatin1String("nameserver 192.0.2.1")),
                 qPrintable(fault->reason));
        QVERIFY(file().contains("nameserver 127.0.0.1\n"));
    }
    // Done by hand, the rest is done as well.
    QFile opened(m_root->filePath(QStringLiteral("etc/resolv.conf")));
    QVERIFY(opened.open(QIODevice::WriteOnly | QIODevice::Truncate));
    opened.write("nameserver 192.0.2.9\n");
    opened.close();
    QVERIFY(!mechanism.restore(kTarget, {}));
    m_thread.run([this] { QVERIFY(!m_service->memory().contains("127.0.0.1")); });
}

void TestNetworkManager::waitsForItsRestart() {
    NetworkManager mechanism(m_surroundings);
    const QJsonObject before = capture(mechanism);
    QVERIFY(!mechanism.apply(kTarget, before));
    m_thread.run([this] {
        m_service->stop();
        haveSystemd(QStringLiteral("activating"));
        QTimer::singleShot(20, m_service.get(), [this] { m_service->start(); });
    });
    QVERIFY(!mechanism.restore(kTarget, before));
    QCOMPARE(global(), QVariantMap());
    m_thread.run([this] { QCOMPARE(m_service->settings.size(), 2); });
}

void TestNetworkManager::goesOnWhereItGoesMeanwhile() {
    NetworkManager mechanism(m_surroundings);
    const QJsonObject before = capture(mechanism);
    QVERIFY(!mechanism.apply(kTarget, before));
    m_thread.run([this] { m_service->goesAsItIsTold = true; });
    QVERIFY(!mechanism.restore(kTarget, before));
    QVERIFY(file().contains("nameserver 192.0.2.1\n"));
    m_thread.run([this] { QVERIFY(!m_service->memory().contains("127.0.0.1")); });
}

void TestNetworkManager::isNotTakenForGone_data() {
    QTest::addColumn<QString>("trouble");
    QTest::newRow("between two states") << "activating";
    QTest::newRow("not on the bus") << "active";
    QTest::newRow("no bus") << "no bus";
}

void TestNetworkManager::isNotTakenForGone() {
    QFETCH(QString, trouble);
    QVERIFY(QDir(m_root->path()).mkpath(QStringLiteral("usr/sbin/NetworkManager")));
    const QJsonObject before = capture(NetworkManager(m_surroundings));
    QVERIFY(!NetworkManager(m_surroundings).apply(kTarget, before));
    m_thread.run([&] {
        m_service->stop();
        haveSystemd(trouble);
    });
    if (trouble == QLatin1String("no bus"))
        m_surroundings.busAddress = QStringLiteral("unix:path=/nonexistent/bus");
    NetworkManager mechanism(m_surroundings, std::chrono::milliseconds(1));
    QVERIFY(mechanism.restore(kTarget, before));
    QVERIFY(file().contains("nameserver 127.0.0.1\n"));
    if (trouble != QLatin1String("no bus"))
        return;
    // Without a bus, and without NetworkManager itself, there is nobody to wait for.
    QVERIFY(QDir(m_root->path()).rmpath(QStringLiteral("usr/sbin/NetworkManager")));
    QVERIFY(!mechanism.restore(kTarget, before));
    QVERIFY(file().contains("nameserver 192.0.2.1\n"));
}

void TestNetworkManager::keepsNothingThatDnsmasqServes() {
    m_thread.run([this] { m_service->dns.mode = QStringLiteral("dnsmasq"); });
    NetworkManager mechanism(m_surroundings);
    const QJsonObject before = capture(mechanism);
    QVERIFY(!before.contains("file"));
    QVERIFY(!mechanism.apply(kTarget, before));
    m_thread.run([this] { m_service->stop(); });
    QVERIFY(!mechanism.restore(kTarget, before));
    QVERIFY2(file().contains("nameserver 192.0.2.1\n"), file().constData());
}

void TestNetworkManager::givesAPersonsFileBack() {
    const QByteArray mine = "# by hand\nnameserver 192.0.2.77\n";
    QFile opened(m_root->filePath(QStringLiteral("etc/resolv.conf")));
    QVERIFY(opened.open(QIODevice::WriteOnly | QIODevice::Truncate));
    opened.write(mine);
    opened.close();
    NetworkManager mechanism(m_surroundings);
    const QJsonObject before = capture(mechanism);
    QVERIFY(!mechanism.apply(kTarget, before));
    QVERIFY(file().contains("nameserver 127.0.0.1\n"));
    QVERIFY(!mechanism.restore(kTarget, before));
    QCOMPARE(file(), mine);
}

void TestNetworkManager::takesItsOwnAwayWithoutARecord() {
    const QByteArray fileBefore = file();
    NetworkManager mechanism(m_surroundings);
    QVERIFY(!mechanism.apply(kTarget, capture(mechanism)));
    const QString memory =
        m_root->filePath(QStringLiteral("var/lib/NetworkManager/NetworkManager-intern.conf"));
    QVERIFY(QFile::rename(memory, memory + QStringLiteral(".away")));
    QVERIFY(!mechanism.leftover()); // for all that is known it is from a file of a person's
    QVERIFY(QFile::rename(memory + QStringLiteral(".away"), memory));
    const auto left = mechanism.leftover();
    QVERIFY(left && left->remedy.isEmpty());
    QCOMPARE(left->target.addresses, kTarget.addresses);

    const QVariantMap ours = global();
    const auto every = [](const QVariantMap& domain) {
        return QVariantMap{{"domains", QVariantMap{{"*", domain}}}};
    };
    setGlobal(every({{"servers", QStringList{"192.0.2.5"}}}));
    QVERIFY(!mechanism.leftover());
    setGlobal(every({{"servers", QStringList{"127.0.0.1"}}})); // of their own server
    QVERIFY(!mechanism.leftover());
    setGlobal(every({{"servers", QStringList{"127.0.0.1", "192.0.2.5"}}}));
    QVERIFY(!mechanism.leftover());
    setGlobal(every({{"servers", QStringList{"127.0.0.1"}}, {"options", QStringList{"rotate"}}}));
    QVERIFY(!mechanism.leftover());
    setGlobal({{"domains", QVariantMap{{"*", QVariantMap{{"servers", QStringList{"127.0.0.1"}}}},
                                       {"corp.example",
                                        QVariantMap{{"servers", QStringList{"127.0.0.1"}}}}}}});
    QVERIFY(!mechanism.leftover());

    setGlobal(ours);
    QVERIFY(!mechanism.restore(left->target, {}));
    QCOMPARE(global(), QVariantMap());
    QCOMPARE(file(), fileBefore);
    QVERIFY(!mechanism.leftover());
}

void TestNetworkManager::namesVpns() {
    NetworkManager mechanism(m_surroundings);
    QVERIFY(mechanism.coverage(kTarget).exceptions.isEmpty());
    m_thread.run([this] {
        test::StandInConnection* work = m_service->addConnection(QStringLiteral("Work"));
        work->vpn = true;
        work->ip4.servers = QStringList{"198.51.100.9"};
        test::StandInConnection* tunnel = m_service->addConnection(QStringLiteral("wg0"));
        tunnel->type = QStringLiteral("wireguard"); // without servers of its own
    });
    const auto exceptions = mechanism.coverage(kTarget).exceptions;
    QCOMPARE(exceptions.size(), 1);
    QCOMPARE(exceptions.at(0).kind, QStringLiteral("vpn"));
    QCOMPARE(exceptions.at(0).subject, QStringLiteral("Work"));
}

void TestNetworkManager::tellsOfChanges() {
    NetworkManager mechanism(m_surroundings);
    QSignalSpy told(&mechanism, &systemdns::Mechanism::changed);
    mechanism.watch();
    m_thread.run([this] {
        m_connection->ip4.searches = QStringList{"new.example"};
        m_service->announce();
    });
    QTRY_VERIFY(!told.isEmpty());
    QTRY_VERIFY(file().contains("new.example"));
    told.clear();
    QFile opened(m_root->filePath(QStringLiteral("etc/resolv.conf")));
    QVERIFY(opened.open(QIODevice::Append));
    opened.write("nameserver 192.0.2.77\n");
    opened.close();
    QTRY_VERIFY(!told.isEmpty());
    told.clear();
    m_thread.run([this] { m_service->stop(); });
    QTRY_VERIFY(!told.isEmpty());
}

QTEST_GUILESS_MAIN(TestNetworkManager)
#include "test_network_manager.moc"
