// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/resolved.h"

#include "private_bus.h"
#include "service_thread.h"
#include "stand_in_resolved.h"
#include "stand_in_systemd.h"

#include "systemdns/os_lookup.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <memory>
#include <sys/stat.h>

using namespace sotto;
using systemdns::Fault;
using systemdns::Resolved;
using systemdns::Standing;
using systemdns::Target;
using Holder = systemdns::Standing::Holder;

namespace {

const Target kTarget{{QStringLiteral("127.0.0.1")}, 53};
constexpr std::chrono::milliseconds kNoPatience{1};
const QString kFolder = QStringLiteral("/run/systemd/resolved.conf.d");
const QString kDropIn = kFolder + QStringLiteral("/zz-sotto.conf");
const QString kItsFile = QStringLiteral("/run/systemd/resolve/resolv.conf");

QByteArray octetsOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

/// systemd-resolved as a mechanism, between stand-ins on a bus of its own and a root of its own.
class TestResolved : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();

    void looksWithoutStarting();
    void appliesOnce();
    void writesPortsAndIpv6();
    void isReadableWhateverTheUmask();
    void givesBackAll();
    void keepsTheFolderOfOthers();
    void keepsTheFolderWhereTheJournalIsDamaged();
    void appliesAnotherTarget();
    void leavesAForeignFile();
    void seesWhoHoldsIt();
    void leavesAnEditThatLeadsElsewhere();
    void removesAnEditThatLeadsHere();
    void undoesWhatDidNotWork_data();
    void undoesWhatDidNotWork();
    void needsSystemd();
    void finishesAnInterruptedRestore();
    void restoresWithoutTheDaemon();
    void waitsWhereItIsBeingRestarted();
    void doesNotBelieveThatItIsOff_data();
    void doesNotBelieveThatItIsOff();
    void restartsItWhereItIsSilent();
    void believesItsFileWithoutABus_data();
    void believesItsFileWithoutABus();
    void seesThatItStillAsks();
    void leavesWhatOthersWanted();
    void takesItsOwnAwayWithoutARecord_data();
    void takesItsOwnAwayWithoutARecord();
    void tellsOfChanges();
    void looksUpOverTheBus();
    void namesAFileThatPassesIt();

private:
    QJsonObject capture(Resolved& resolved);
    QString path(const QString& below) const { return m_root->path() + below; }
    void write(const QString& below, const QByteArray& octets);
    int starts();

    test::PrivateBus m_bus;
    test::ServiceThread m_thread;
    std::unique_ptr<QTemporaryDir> m_root;
    std::unique_ptr<test::StandInResolved> m_resolved;
    std::unique_ptr<test::StandInSystemd> m_systemd;
    systemdns::Surroundings m_surroundings;
    QString m_jobResult;
};

void TestResolved::initTestCase() {
    if (!m_bus.fault().isEmpty())
        QSKIP(qPrintable(m_bus.fault()));
}

void TestResolved::init() {
    m_root = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_root->path()).mkpath(QStringLiteral("run/systemd")));
    m_surroundings = {m_root->path(), m_bus.address()};
    m_jobResult = QStringLiteral("done");
    m_thread.run([this] {
        m_resolved = std::make_unique<test::StandInResolved>(m_bus.address(), m_root->path());
        m_systemd = std::make_unique<test::StandInSystemd>(m_bus.address(), [this](const QString&) {
            m_resolved->stop();
            if (m_jobResult == QLatin1String("done"))
                m_resolved->start();
            return m_jobResult;
        });
        m_resolved->start();
    });
}

void TestResolved::cleanup() {
    m_thread.run([this] {
        m_systemd.reset();
        m_resolved.reset();
    });
}

QJsonObject TestResolved::capture(Resolved& resolved) {
    const auto captured = resolved.capture();
    const auto* before = std::get_if<QJsonObject>(&captured);
    return before ? *before : QJsonObject();
}

void TestResolved::write(const QString& below, const QByteArray& octets) {
    QVERIFY(QDir().mkpath(QFileInfo(path(below)).path()));
    QFile file(path(below));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(octets), octets.size());
}

int TestResolved::starts() {
    int count = 0;
    m_thread.run([&] { count = m_resolved->starts; });
    return count;
}

void TestResolved::looksWithoutStarting() {
    const Resolved resolved(m_surroundings);
    QVERIFY(resolved.look().usable);
    m_thread.run([this] { m_resolved->stop(); });
    QVERIFY(!resolved.look().usable);
    QCOMPARE(resolved.look().reason, QStringLiteral("systemd-resolved is not running"));
    QCOMPARE(starts(), 1);
}

void TestResolved::appliesOnce() {
    Resolved resolved(m_surroundings);
    const QJsonObject before = capture(resolved);
    const QJsonObject expected{{"folder", false}, {"drop_in", false}};
    QCOMPARE(before, expected);
    QVERIFY(!resolved.apply(kTarget, before));
    const QByteArray written = octetsOf(path(kDropIn));
    QVERIFY(
        written.endsWith("\n[Resolve]\nDNS=\nDNS=127.0.0.1\nFallbackDNS=\nDomains=\nDomains=~.\n"
                         "DNSOverTLS=no\nDNSSEC=no\n"));
    QCOMPARE(starts(), 2);
    QCOMPARE(resolved.standing(kTarget, before).holder, Holder::Us);

    QVERIFY(!resolved.apply(kTarget, before));
    QCOMPARE(starts(), 2);
    QCOMPARE(octetsOf(path(kDropIn)), written);
}

void TestResolved::writesPortsAndIpv6() {
    const Target target{{QStringLiteral("127.0.0.2"), QStringLiteral("::1")}, 5300};
    Resolved resolved(m_surroundings);
    QVERIFY(resolved.supports(target));
    const QJsonObject before = capture(resolved);
    QVERIFY(!resolved.apply(target, before));
    QVERIFY(octetsOf(path(kDropIn)).contains("\nDNS=127.0.0.2:5300 [::1]:5300\n"));
    QCOMPARE(resolved.standing(target, before).holder, Holder::Us);
    QCOMPARE(resolved.standing(kTarget, before).holder, Holder::Person);
}

void TestResolved::isReadableWhateverTheUmask() {
    Resolved resolved(m_surroundings);
    const mode_t umaskBefore = ::umask(077);
    const auto fault = resolved.apply(kTarget, capture(resolved));
    ::umask(umaskBefore);
    QVERIFY(!fault);
    struct stat status {};
    QCOMPARE(::stat(QFile::encodeName(path(kDropIn)).constData(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0644U);
    QCOMPARE(::stat(QFile::encodeName(path(kFolder)).constData(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0755U);
}

void TestResolved::givesBackAll() {
    Resolved resolved(m_surroundings);
    const QJsonObject before = capture(resolved);
    QVERIFY(!resolved.apply(kTarget, before));
    QVERIFY(!resolved.restore(kTarget, before));
    QVERIFY(!QFileInfo::exists(path(kFolder)));
    QCOMPARE(starts(), 3);
    m_thread.run([this] { QVERIFY(m_resolved->servers().isEmpty()); });

    QVERIFY(!resolved.restore(kTarget, before)); // again: nothing left to do
    QCOMPARE(starts(), 3);
}

void TestResolved::keepsTheFolderOfOthers() {
    write(kFolder + QStringLiteral("/10-vendor.conf"), "[Resolve]\nDNS=192.0.2.1\n");
    Resolved resolved(m_surroundings);
    const QJsonObject before = capture(resolved);
    QVERIFY(!resolved.apply(kTarget, before));
    QVERIFY(!resolved.restore(kTarget, before));
    QCOMPARE(QDir(path(kFolder)).entryList(QDir::Files), QStringList{"10-vendor.conf"});
    m_thread.run([this] { QCOMPARE(m_resolved->servers().size(), 1); });
}

void TestResolved::keepsTheFolderWhereTheJournalIsDamaged() {
    Resolved resolved(m_surroundings);
    QVERIFY(!resolved.apply(kTarget, capture(resolved)));
    QVERIFY(!resolved.restore(kTarget, QJsonObject{{"folder", "no"}}));
    QVERIFY(QFileInfo(path(kFolder)).isDir());
    QVERIFY(!QFileInfo::exists(path(kDropIn)));
}

void TestResolved::appliesAnotherTarget() {
    const Target other{{QStringLiteral("127.0.0.9")}, 53};
    Resolved resolved(m_surroundings);
    const QJsonObject before = capture(resolved);
    QVERIFY(!resolved.apply(kTarget, before));
    QVERIFY(!resolved.apply(other, before));
    QCOMPARE(resolved.standing(other, before).holder, Holder::Us);
    QVERIFY(!resolved.restore(other, before));
    QVERIFY(!QFileInfo::exists(path(kFolder)));
}

void TestResolved::leavesAForeignFile() {
    write(kDropIn, "[Resolve]\nDNS=192.0.2.1\n");
    Resolved resolved(m_surroundings);
    QVERIFY(!resolved.look().usable);
    QVERIFY(std::holds_alternative<Fault>(resolved.capture()));
    QVERIFY(resolved.apply(kTarget, {}));
    QVERIFY(!resolved.restore(kTarget, {}));
    QCOMPARE(octetsOf(path(kDropIn)), QByteArray("[Resolve]\nDNS=192.0.2.1\n"));
}

void TestResolved::seesWhoHoldsIt() {
    Resolved resolved(m_surroundings);
    const QJsonObject before = capture(resolved);
    QVERIFY(!resolved.apply(kTarget, before));

    m_thread.run([this] { m_resolved->stop(); });
    QCOMPARE(resolved.standing(kTarget, before).holder, Holder::Us);
    m_thread.run([this] { m_resolved->start(); });
    QCOMPARE(resolved.standing(kTarget, before).holder, Holder::Us);

    // A link's own servers are no change of what was written.
    m_thread.run([this] { m_resolved->linkServers << test::busServer(7, "192.0.2.9"); });
    QCOMPARE(resolved.standing(kTarget, before).holder, Holder::Us);

    const QByteArray written = octetsOf(path(kDropIn));
    write(kDropIn, written + "Cache=no\n");
    m_thread.run([this] { m_resolved->start(); });
    QCOMPARE(resolved.standing(kTarget, before).holder, Holder::Us);
    write(kDropIn, written + "DNS=192.0.2.1\n");
    m_thread.run([this] { m_resolved->start(); });
    QCOMPARE(resolved.standing(kTarget, before).holder, Holder::Person);
    QVERIFY(QFile::remove(path(kDropIn)));
    QCOMPARE(resolved.standing(kTarget, before).holder, Holder::Person);

    // Written and not read yet: to be applied again.
    m_thread.run([this] { m_resolved->start(); });
    write(kDropIn, written);
    QCOMPARE(resolved.standing(kTarget, before).holder, Holder::Agent);
    QVERIFY(!resolved.apply(kTarget, before));
    QCOMPARE(resolved.standing(kTarget, before).holder, Holder::Us);

    write(QStringLiteral("/etc/systemd/resolved.conf.d/zzz.conf"), "[Resolve]\nDNS=192.0.2.1\n");
    m_thread.run([this] { m_resolved->start(); });
    const Standing standing = resolved.standing(kTarget, before);
    QCOMPARE(standing.holder, Holder::Person);
    QCOMPARE(standing.who, QStringLiteral("/etc/systemd/resolved.conf.d/zzz.conf"));
}

void TestResolved::leavesAnEditThatLeadsElsewhere() {
    Resolved resolved(m_surroundings);
    const QJsonObject before = capture(resolved);
    QVERIFY(!resolved.apply(kTarget, before));
    QByteArray edited = octetsOf(path(kDropIn));
    edited.replace("DNS=127.0.0.1\n", "DNS=192.0.2.1\n");
    write(kDropIn, edited);
    m_thread.run([this] { m_resolved->start(); });
    const int count = starts();
    QVERIFY(!resolved.restore(kTarget, before));
    QCOMPARE(octetsOf(path(kDropIn)), edited);
    QCOMPARE(starts(), count);
}

void TestResolved::removesAnEditThatLeadsHere() {
    Resolved resolved(m_surroundings);
    const QJsonObject before = capture(resolved);
    QVERIFY(!resolved.apply(kTarget, before));
    write(kDropIn, octetsOf(path(kDropIn)) + "Cache=no\n");
    QVERIFY(!resolved.restore(kTarget, before));
    QVERIFY(!QFileInfo::exists(path(kFolder)));
    m_thread.run([this] { QVERIFY(m_resolved->servers().isEmpty()); });
}

void TestResolved::undoesWhatDidNotWork_data() {
    QTest::addColumn<QString>("jobResult");
    QTest::addColumn<QString>("later");
    QTest::addColumn<QString>("reason");
    QTest::newRow("the restart fails")
        << "failed"
        << ""
        << "systemd could not restart systemd-resolved.service: failed";
    QTest::newRow("a later file adds a server")
        << "done"
        << "DNS=192.0.2.1"
        << "systemd-resolved has other servers or domains from "
           "/etc/systemd/resolved.conf.d/zzz.conf";
    QTest::newRow("a later file drops the domain")
        << "done"
        << "Domains="
        << "systemd-resolved has other servers or domains from "
           "/etc/systemd/resolved.conf.d/zzz.conf";
}

void TestResolved::undoesWhatDidNotWork() {
    QFETCH(QString, jobResult);
    QFETCH(QString, later);
    QFETCH(QString, reason);
    if (!later.isEmpty())
        write(QStringLiteral("/etc/systemd/resolved.conf.d/zzz.conf"),
              "[Resolve]\n" + later.toUtf8() + "\n");
    Resolved resolved(m_surroundings);
    const QJsonObject before = capture(resolved);
    m_jobResult = jobResult;
    const auto fault = resolved.apply(kTarget, before);
    QVERIFY(fault);
    QVERIFY2(fault->reason.startsWith(reason), qPrintable(fault->reason));
    QVERIFY(!QFileInfo::exists(path(kFolder)));
}

void TestResolved::needsSystemd() {
    m_thread.run([this] { m_systemd.reset(); });
    Resolved resolved(m_surroundings);
    QVERIFY(!resolved.look().usable);
    QCOMPARE(resolved.look().reason,
             QStringLiteral("systemd-resolved is running, but not under systemd"));
    QVERIFY(resolved.apply(kTarget, {}));
    QVERIFY(!QFileInfo::exists(path(kFolder)));
}

void TestResolved::finishesAnInterruptedRestore() {
    Resolved resolved(m_surroundings);
    const QJsonObject before = capture(resolved);
    QVERIFY(!resolved.apply(kTarget, before));
    QVERIFY(QFile::remove(path(kDropIn))); // killed before the restart
    const int count = starts();
    QVERIFY(!resolved.restore(kTarget, before));
    QCOMPARE(starts(), count + 1);
    QVERIFY(!QFileInfo::exists(path(kFolder)));
    m_thread.run([this] { QVERIFY(m_resolved->servers().isEmpty()); });
}

void TestResolved::restoresWithoutTheDaemon() {
    Resolved resolved(m_surroundings);
    const QJsonObject before = capture(resolved);
    QVERIFY(!resolved.apply(kTarget, before));
    m_thread.run([this] {
        m_resolved->stop();
        m_systemd->unitState.activeState = QStringLiteral("inactive");
    });
    const int count = starts();
    QVERIFY(!resolved.restore(kTarget, before));
    QVERIFY(!QFileInfo::exists(path(kFolder)));
    QCOMPARE(starts(), count);
}

void TestResolved::waitsWhereItIsBeingRestarted() {
    Resolved resolved(m_surroundings);
    const QJsonObject before = capture(resolved);
    QVERIFY(!resolved.apply(kTarget, before));
    // It has read the drop-in, and is not on the bus yet.
    m_thread.run([this] {
        m_resolved->stop();
        m_systemd->unitState.activeState = QStringLiteral("activating");
        auto* later = new QTimer(m_resolved.get());
        later->setSingleShot(true);
        connect(later, &QTimer::timeout, m_resolved.get(), [this] {
            m_resolved->comeBack();
            m_systemd->unitState.activeState = QStringLiteral("active");
        });
        later->start(20);
    });
    QVERIFY(!resolved.restore(kTarget, before));
    m_thread.run([this] { QVERIFY(m_resolved->servers().isEmpty()); });
}

void TestResolved::doesNotBelieveThatItIsOff_data() {
    QTest::addColumn<QString>("activeState");
    QTest::addColumn<uint>("job");
    QTest::newRow("starting") << "activating" << 0U;
    QTest::newRow("reloading") << "reloading" << 0U;
    QTest::newRow("between stop and start") << "inactive" << 5U;
}

void TestResolved::doesNotBelieveThatItIsOff() {
    QFETCH(QString, activeState);
    QFETCH(uint, job);
    Resolved resolved(m_surroundings, kNoPatience);
    const QJsonObject before = capture(resolved);
    QVERIFY(!resolved.apply(kTarget, before));
    write(kItsFile, "nameserver 127.0.0.1\n");
    m_thread.run([&] {
        m_resolved->stop();
        m_systemd->unitState.activeState = activeState;
        m_systemd->unitState.jobId = job;
    });
    const auto fault = resolved.restore(kTarget, before);
    QVERIFY(fault);
    QVERIFY2(fault->reason.contains(QLatin1String("started or stopped")),
             qPrintable(fault->reason));
    // The next time it is there, with what it had read.
    m_thread.run([&] {
        m_resolved->comeBack();
        m_systemd->unitState.activeState = QStringLiteral("active");
        m_systemd->unitState.jobId = 0;
    });
    QVERIFY(!resolved.restore(kTarget, before));
    m_thread.run([this] { QVERIFY(m_resolved->servers().isEmpty()); });
}

void TestResolved::restartsItWhereItIsSilent() {
    Resolved resolved(m_surroundings, kNoPatience);
    const QJsonObject before = capture(resolved);
    QVERIFY(!resolved.apply(kTarget, before));
    m_thread.run([this] { m_resolved->stop(); }); // systemd says that it is active
    const int count = starts();
    QVERIFY(!resolved.restore(kTarget, before));
    QCOMPARE(starts(), count + 1);
    m_thread.run([this] {
        QVERIFY(m_resolved->servers().isEmpty());
        m_resolved->stop();
    });
    QVERIFY(!resolved.restore(kTarget, before)); // nothing names us any more
    QCOMPARE(starts(), count + 1);
}

void TestResolved::believesItsFileWithoutABus_data() {
    QTest::addColumn<QByteArray>("file"); // null: none
    QTest::addColumn<int>("port");
    QTest::addColumn<bool>("isBack");
    QTest::newRow("never started") << QByteArray() << 53 << true;
    QTest::newRow("names us") << QByteArray("nameserver 127.0.0.1\n") << 53 << false;
    QTest::newRow("names others") << QByteArray("nameserver 192.0.2.1\n") << 53 << true;
    QTest::newRow("cannot name a port") << QByteArray("nameserver 192.0.2.1\n") << 5300 << false;
}

void TestResolved::believesItsFileWithoutABus() {
    QFETCH(QByteArray, file);
    QFETCH(int, port);
    QFETCH(bool, isBack);
    if (!file.isNull())
        write(kItsFile, file);
    m_surroundings.busAddress = QStringLiteral("unix:path=") + path(QStringLiteral("/bus"));
    Resolved resolved(m_surroundings);
    QVERIFY(resolved.look().reason.contains(QLatin1String("bus")));
    const Target target{{QStringLiteral("127.0.0.1")}, static_cast<quint16>(port)};
    const auto fault = resolved.restore(target, {});
    QCOMPARE(!fault, isBack);
    if (fault)
        QVERIFY2(fault->reason.contains(QLatin1String("bus")), qPrintable(fault->reason));
}

void TestResolved::seesThatItStillAsks() {
    Resolved resolved(m_surroundings);
    const QJsonObject before = capture(resolved);
    QVERIFY(!resolved.apply(kTarget, before));
    m_thread.run([this] { m_resolved->keepsItsSettings = true; });
    const auto fault = resolved.restore(kTarget, before);
    QVERIFY(fault);
    QVERIFY2(fault->reason.contains(QLatin1String("still asks Sotto")), qPrintable(fault->reason));
    m_thread.run([this] { m_resolved->keepsItsSettings = false; });
    QVERIFY(!resolved.restore(kTarget, before));
    m_thread.run([this] { QVERIFY(m_resolved->servers().isEmpty()); });
}

void TestResolved::leavesWhatOthersWanted() {
    // By hand, before there was a lease: not ours to take away, nor a fault for ever.
    write(QStringLiteral("/etc/systemd/resolved.conf"), "[Resolve]\nDNS=127.0.0.1\n");
    write(QStringLiteral("/etc/systemd/resolved.conf.d/own.conf"),
          "[Resolve]\nDNS=127.0.0.1\nDomains=~.\n");
    Resolved resolved(m_surroundings);
    const QJsonObject before = capture(resolved);
    QVERIFY(!resolved.apply(kTarget, before));
    QVERIFY(!resolved.restore(kTarget, before));
    m_thread.run([this] { QCOMPARE(m_resolved->servers().size(), 1); });
    QVERIFY(!resolved.restore(kTarget, before));
}

void TestResolved::takesItsOwnAwayWithoutARecord_data() {
    QTest::addColumn<QStringList>("addresses");
    QTest::addColumn<int>("port");
    QTest::newRow("one") << QStringList{"127.0.0.1"} << 53;
    QTest::newRow("both families") << QStringList{"127.0.0.1", "::1"} << 53;
    QTest::newRow("another port") << QStringList{"127.0.0.1", "::1"} << 5353;
}

void TestResolved::takesItsOwnAwayWithoutARecord() {
    QFETCH(QStringList, addresses);
    QFETCH(int, port);
    const Target target{addresses, static_cast<quint16>(port)};
    Resolved resolved(m_surroundings);
    QVERIFY(!resolved.leftover());
    QVERIFY(!resolved.apply(target, capture(resolved)));
    const auto left = resolved.leftover();
    QVERIFY(left && left->remedy.isEmpty());
    QVERIFY2(left->target == target, qPrintable(left->target.addresses.join(' ')));
    const int before = starts();
    QVERIFY(!resolved.restore(left->target, {}));
    QVERIFY(!resolved.leftover());
    QVERIFY(!QFileInfo::exists(path(kDropIn)));
    QCOMPARE(starts(), before + 1);
    // What a person has edited is a person's.
    QVERIFY(!resolved.apply(target, capture(resolved)));
    write(kDropIn, octetsOf(path(kDropIn)) + "LLMNR=no\n");
    QVERIFY(!resolved.leftover());
}

void TestResolved::tellsOfChanges() {
    Resolved resolved(m_surroundings);
    QSignalSpy told(&resolved, &systemdns::Mechanism::changed);
    const QJsonObject before = capture(resolved);
    resolved.watch();
    QVERIFY(!resolved.apply(kTarget, before));
    // Its going and coming, and the new file.
    QTRY_VERIFY(told.size() >= 3);
    QTRY_COMPARE(resolved.standing(kTarget, before).holder, Holder::Us);

    told.clear();
    write(kDropIn, "[Resolve]\n");
    QTRY_VERIFY(!told.isEmpty());
    told.clear();
    QVERIFY(QFile::remove(path(kDropIn)));
    QTRY_VERIFY(!told.isEmpty());
    told.clear();
    m_thread.run([this] { m_resolved->stop(); });
    QTRY_VERIFY(!told.isEmpty());
}

void TestResolved::looksUpOverTheBus() {
    const systemdns::SystemBus bus(m_bus.address());
    const systemdns::ResolvedLookup lookup(bus, std::chrono::seconds(5));
    const auto found = lookup.lookUp(QStringLiteral("here.example"));
    QVERIFY(std::holds_alternative<QStringList>(found));
    QCOMPARE(std::get<QStringList>(found), QStringList{"192.0.2.7"});
    m_thread.run([this] { m_resolved->stop(); });
    QVERIFY(std::holds_alternative<Fault>(lookup.lookUp(QStringLiteral("here.example"))));
}

void TestResolved::namesAFileThatPassesIt() {
    const Resolved resolved(m_surroundings);
    const auto names = [&] {
        const auto exceptions = resolved.coverage(kTarget).exceptions;
        return std::any_of(exceptions.cbegin(), exceptions.cend(), [](const auto& exception) {
            return exception.kind == QLatin1String("resolv_conf");
        });
    };
    write(QStringLiteral("/etc/resolv.conf"), "nameserver 127.0.0.53\n");
    QVERIFY(!names());
    write(QStringLiteral("/etc/resolv.conf"), "nameserver 192.0.2.1\n");
    QVERIFY(names());
}

QTEST_GUILESS_MAIN(TestResolved)
#include "test_resolved.moc"
