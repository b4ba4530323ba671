// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease_world.h"

#include <QFile>
#include <QSignalSpy>
#include <QTest>

namespace sotto::test {

using lease::Request;
using lease::State;
using lease::WhenLost;
using Holder = systemdns::Standing::Holder;

namespace {

const QStringList kEarlier{QStringLiteral("earlier service"), QStringLiteral("earlier file")};

const QString kOurs = FakeSetting::ours({LeaseWorld::request().addresses, 53});

QStringList contents(const LeaseWorld& world) {
    return {world.service.content, world.file.content};
}

const QStringList kBothOurs{kOurs, kOurs};

Request closed() {
    Request request = LeaseWorld::request();
    request.whenLost = WhenLost::Closed;
    return request;
}

Request takingOver() {
    Request request = LeaseWorld::request();
    request.takeOver = true;
    return request;
}

} // namespace

/// The states of a lease, with settings that are not there.
class TestLease : public QObject {
    Q_OBJECT

private slots:
    void takenAndGivenBack() {
        LeaseWorld world;
        QCOMPARE(world.report().state, State::Free);
        QVERIFY(world.lease().isIdle());
        QCOMPARE(world.take(), QString());
        const auto report = world.report();
        QCOMPARE(report.state, State::Held);
        QCOMPARE(report.fault, QString());
        QCOMPARE(report.addresses, LeaseWorld::request().addresses);
        QCOMPARE(report.port, 53);
        QCOMPARE(report.mechanisms,
                 (QStringList{QStringLiteral("systemd-resolved"), QStringLiteral("file")}));
        QCOMPARE(report.interfaces, QStringList{QStringLiteral("eth0")});
        QCOMPARE(report.findings.size(), 2);
        QVERIFY(report.findings.at(0).chosen);
        QCOMPARE(contents(world), kBothOurs);
        QVERIFY(!world.lease().isIdle());
        QVERIFY(world.hasJournal());

        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(world.report().addresses, QStringList());
        QCOMPARE(contents(world), kEarlier);
        QVERIFY(!world.hasJournal());
        QVERIFY(world.lease().isIdle());
        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Free);
        QVERIFY(!world.service.capturedOurs && !world.file.capturedOurs);
    }

    void badRequestsAreRefused_data() {
        QTest::addColumn<Request>("request");
        const auto row = [](const char* name, auto&& change) {
            Request request = LeaseWorld::request();
            change(request);
            QTest::newRow(name) << request;
        };
        row("no address", [](Request& r) { r.addresses.clear(); });
        row("another computer", [](Request& r) { r.addresses = {QStringLiteral("192.0.2.1")}; });
        row("any address", [](Request& r) { r.addresses = {QStringLiteral("0.0.0.0")}; });
        row("a text", [](Request& r) { r.addresses = {QStringLiteral("127.0.0.1\nsearch x")}; });
        row("port 0", [](Request& r) { r.port = 0; });
        row("port 65589", [](Request& r) { r.port = 65536 + 53; });
        row("port -1", [](Request& r) { r.port = -1; });
        row("a port for everybody", [](Request& r) { r.port = 1024; });
        row("no check key", [](Request& r) { r.checkKey.clear(); });
        row("a short check key", [](Request& r) { r.checkKey.chop(1); });
        row("a path as mechanism", [](Request& r) { r.mechanism = QStringLiteral("/etc/passwd"); });
    }
    void badRequestsAreRefused() {
        QFETCH(Request, request);
        LeaseWorld world;
        QVERIFY(!world.take(request).isEmpty());
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(contents(world), kEarlier);
        QCOMPARE(world.steps, 0);
    }

    void theNewestKeyCounts() {
        LeaseWorld world;
        world.take();
        QCOMPARE(world.reach.key, LeaseWorld::request().checkKey);
        Request again = LeaseWorld::request(); // of a sottod that was started anew
        again.checkKey = QString(32, u'8');
        QCOMPARE(world.take(again), QString());
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(world.reach.key, again.checkKey);
        again.port = 0;
        again.checkKey = QString(32, u'9');
        QVERIFY(!world.take(again).isEmpty());
        QCOMPARE(world.reach.key, QString(32, u'8'));
    }

    void nothingChangesBeforeTheListenerAnswers() {
        LeaseWorld world;
        world.reach.listens = false;
        QCOMPARE(world.take(), QString());
        QCOMPARE(world.report().state, State::Failed);
        QVERIFY(world.report().fault.contains(QLatin1String("nobody listens")));
        QCOMPARE(world.steps, 0);
        QVERIFY(world.lease().isIdle());
        world.reach.listens = true;
        world.take();
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(world.report().fault, QString());
    }

    void undoneWhereLookUpsGoElsewhere() {
        LeaseWorld world;
        world.reach.leads = false;
        world.lease().setServiceConnected(true);
        QCOMPARE(world.lease().take(LeaseWorld::request()), QString());
        world.advance(lease::Lease::kVerifyFor / 2);
        QCOMPARE(world.report().state, State::Taking);
        QCOMPARE(contents(world), kBothOurs);
        QVERIFY(world.reach.systemQuestions > 3);
        world.advance(lease::Lease::kVerifyFor);
        QCOMPARE(world.report().state, State::Failed);
        QVERIFY(world.report().fault.contains(QLatin1String("do not come to Sotto: no answer")));
        QCOMPARE(contents(world), kEarlier);
        QVERIFY(!world.hasJournal());
    }

    void aLateLookUpIsInTime() {
        LeaseWorld world;
        world.reach.leads = false;
        QCOMPARE(world.lease().take(LeaseWorld::request()), QString());
        world.advance(3'000);
        world.reach.leads = true;
        world.advance(1'000);
        QCOMPARE(world.report().state, State::Held);
    }

    void restoreEndsTaking() {
        LeaseWorld world;
        world.reach.leads = false;
        QCOMPARE(world.lease().take(LeaseWorld::request()), QString());
        world.advance(1'000);
        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(contents(world), kEarlier);
        world.reach.leads = true;
        world.advance(20'000);
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(contents(world), kEarlier);
    }

    void partOfItIsUndone() {
        LeaseWorld world;
        world.file.applyFault = QStringLiteral("no");
        world.take();
        QCOMPARE(world.report().state, State::Failed);
        QCOMPARE(world.report().fault, QStringLiteral("file: no"));
        QCOMPARE(contents(world), kEarlier);
        QVERIFY(!world.hasJournal());
    }

    void whatCannotBeReadIsNotOverwritten() {
        LeaseWorld world;
        world.file.captureFault = QStringLiteral("unreadable");
        world.take();
        QCOMPARE(world.report().state, State::Failed);
        QCOMPARE(contents(world), kEarlier);
        QCOMPARE(world.service.applied, 0);
    }

    void withoutAMechanismNothingIsDone() {
        LeaseWorld world;
        world.service.usable = false;
        world.file.usable = false;
        world.take();
        QCOMPARE(world.report().state, State::Failed);
        QVERIFY(!world.report().fault.isEmpty());
        QCOMPARE(world.report().findings.size(), 2);
    }

    void theWantedMechanismIsUsed() {
        LeaseWorld world;
        Request request = LeaseWorld::request();
        request.mechanism = QStringLiteral("file");
        world.take(request);
        QCOMPARE(contents(world), (QStringList{kEarlier.at(0), kOurs}));
        world.take();
        QCOMPARE(contents(world), (QStringList{kEarlier.at(0), kOurs}));
        request.mechanism = QStringLiteral("systemd-resolved");
        world.take(request);
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(contents(world), kBothOurs); // and the file beside it
        world.lease().giveBack();
        QCOMPARE(contents(world), kEarlier);
    }

    void otherAddressesTakeItsPlace() {
        LeaseWorld world;
        world.take();
        Request request = LeaseWorld::request();
        request.addresses = {QStringLiteral("127.0.0.53")};
        world.take(request);
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(world.report().addresses, request.addresses);
        world.lease().giveBack();
        QCOMPARE(contents(world), kEarlier);
        QVERIFY(!world.service.capturedOurs && !world.file.capturedOurs);
    }

    void aFullDiskIsNoticedBeforeAnyChange() {
        LeaseWorld world;
        QVERIFY(QFile::rename(world.stateFile("state"), world.stateFile("away")));
        QVERIFY(QFile(world.stateFile("state")).open(QIODevice::WriteOnly));
        // The folder that the journal holds cannot be written any more.
        QVERIFY(QFile::remove(world.stateFile("state")));
        QVERIFY(QDir(world.stateFile("away")).removeRecursively());
        world.take();
        QCOMPARE(world.report().state, State::Failed);
        QVERIFY(world.report().fault.contains(QLatin1String("cannot be kept")));
        QCOMPARE(contents(world), kEarlier);
        QCOMPARE(world.service.applied, 0);
    }

    void givenBackAfterTenSecondsOfSilence() {
        LeaseWorld world;
        world.take();
        world.reach.listens = false;
        world.lease().setServiceConnected(false);
        world.advance(0);
        QCOMPARE(world.report().state, State::Unanswered);
        world.advance(9'000);
        QCOMPARE(world.report().state, State::Unanswered);
        QCOMPARE(contents(world), kBothOurs);
        world.advance(1'000);
        QCOMPARE(world.report().state, State::Free);
        QVERIFY(world.report().fault.contains(QLatin1String("ten seconds")));
        QCOMPARE(contents(world), kEarlier);
        QVERIFY(!world.hasJournal());
    }

    void aSilentServiceIsNoticedWithItsConnection() {
        LeaseWorld world;
        world.take();
        world.reach.listens = false;
        world.advance(10'000);
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(contents(world), kEarlier);
    }

    void aRestartIsNoLoss() {
        LeaseWorld world;
        world.take();
        for (int restart = 0; restart < 5; ++restart) {
            world.reach.listens = false;
            world.lease().setServiceConnected(false);
            world.advance(8'000);
            QCOMPARE(world.report().state, State::Unanswered);
            world.reach.listens = true;
            world.advance(1'000);
            QCOMPARE(world.report().state, State::Held);
            QCOMPARE(world.take(), QString());
        }
        QCOMPARE(contents(world), kBothOurs);
        QCOMPARE(world.service.applied, 1);
    }

    void closedStays() {
        LeaseWorld world;
        world.take(closed());
        world.reach.listens = false;
        world.lease().setServiceConnected(false);
        world.advance(600'000);
        QCOMPARE(world.report().state, State::Unanswered);
        QCOMPARE(contents(world), kBothOurs);
        world.reach.listens = true;
        world.advance(1'000);
        QCOMPARE(world.report().state, State::Held);
        // The choice can change while it is held.
        QCOMPARE(world.take(), QString());
        world.reach.listens = false;
        world.advance(30'000);
        QCOMPARE(world.report().state, State::Free);
    }

    void sleepIsNoSilence() {
        LeaseWorld world;
        world.take();
        world.reach.listens = false;
        world.lease().setServiceConnected(false);
        world.advance(6'000);
        world.clock.slept += 3'600'000;
        world.advance(6'000);
        QCOMPARE(world.report().state, State::Unanswered);
        world.reach.listens = true;
        world.advance(1'000);
        QCOMPARE(world.report().state, State::Held);
    }

    void seldomAskedWhileAllIsWell() {
        LeaseWorld world;
        world.take();
        const int before = world.reach.listenerQuestions;
        const int lookUps = world.reach.systemQuestions;
        world.advance(600'000);
        QVERIFY(world.reach.listenerQuestions - before <= 121);
        QCOMPARE(world.reach.systemQuestions, lookUps);
    }

    void anAgentsNewestValuesComeBack() {
        LeaseWorld world;
        world.take();
        world.write(world.file, QStringLiteral("the new network"), Holder::Agent);
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(contents(world), kBothOurs);
        world.startKeeper();
        world.lease().giveBack();
        QCOMPARE(contents(world), (QStringList{kEarlier.at(0), QStringLiteral("the new network")}));
    }

    void anAgentIsLeftAloneWhileNobodyListens() {
        LeaseWorld world;
        world.take();
        world.reach.listens = false;
        world.lease().setServiceConnected(false);
        world.advance(1'000);
        world.write(world.file, QStringLiteral("the new network"), Holder::Agent);
        QCOMPARE(world.file.content, QStringLiteral("the new network"));
        world.reach.listens = true;
        world.advance(2'000);
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(contents(world), kBothOurs);
        world.lease().giveBack();
        QCOMPARE(contents(world), (QStringList{kEarlier.at(0), QStringLiteral("the new network")}));
    }

    void aFightEnds() {
        LeaseWorld world;
        world.file.writerName = QStringLiteral("dhclient");
        world.take();
        int rounds = 0;
        while (world.report().state == State::Held && rounds < 50) {
            world.write(world.file, QStringLiteral("of dhclient"), Holder::Agent);
            ++rounds;
        }
        QCOMPARE(world.report().state, State::Yielded);
        QCOMPARE(world.report().winner, QStringLiteral("dhclient"));
        QCOMPARE(world.report().winnerKind, QStringLiteral("agent"));
        QCOMPARE(rounds, int(lease::Contest::kMostRounds) + 1);
        QCOMPARE(contents(world), (QStringList{kEarlier.at(0), QStringLiteral("of dhclient")}));
    }

    void seldomWritesAreNoFight() {
        LeaseWorld world;
        world.take();
        for (int round = 0; round < 50; ++round) {
            world.write(world.file, QStringLiteral("round %1").arg(round), Holder::Agent);
            QCOMPARE(world.report().state, State::Held);
            world.advance(20'000);
        }
        QCOMPARE(contents(world), kBothOurs);
    }

    void aChangeThatLeadsLookUpsAwayEndsTheLease() {
        LeaseWorld world;
        world.take();
        world.reach.leads = false;
        world.write(world.file, QStringLiteral("the new network"), Holder::Agent);
        world.advance(2 * lease::Lease::kVerifyFor);
        QCOMPARE(world.report().state, State::Failed);
        QCOMPARE(contents(world), (QStringList{kEarlier.at(0), QStringLiteral("the new network")}));
    }

    void aPersonWins() {
        LeaseWorld world;
        world.file.writerName = QStringLiteral("vi");
        world.take();
        world.write(world.file, QStringLiteral("by hand"), Holder::Person);
        const QStringList theirs{kEarlier.at(0), QStringLiteral("by hand")};
        QCOMPARE(world.report().state, State::Yielded);
        QCOMPARE(world.report().winner, QStringLiteral("vi"));
        QCOMPARE(world.report().winnerKind, QStringLiteral("person"));
        QCOMPARE(world.report().addresses, QStringList());
        QCOMPARE(contents(world), theirs);
        QVERIFY(world.lease().isIdle());

        // It is remembered, and an ordinary apply does not undo it.
        world.reboot();
        world.startKeeper();
        QCOMPARE(world.report().state, State::Yielded);
        QVERIFY(world.take().contains(QLatin1String("vi")));
        QCOMPARE(world.report().state, State::Yielded);
        QCOMPARE(contents(world), theirs);

        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(contents(world), theirs);
        QVERIFY(!world.hasJournal());
    }

    void takingOver_data() {
        QTest::addColumn<bool>("restarted");
        QTest::newRow("at once") << false;
        QTest::newRow("by the next keeper") << true;
    }
    void takingOver() {
        QFETCH(bool, restarted);
        LeaseWorld world;
        world.take();
        world.write(world.file, QStringLiteral("by hand"), Holder::Person);
        if (restarted)
            world.startKeeper();
        QCOMPARE(world.take(sotto::test::takingOver()), QString());
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(contents(world), kBothOurs);
        world.lease().giveBack();
        QCOMPARE(contents(world), (QStringList{kEarlier.at(0), QStringLiteral("by hand")}));
    }

    void aVpnWinsWhileItLasts() {
        LeaseWorld world;
        world.take();
        world.write(world.file, QStringLiteral("of a VPN"), Holder::Vpn);
        QCOMPARE(world.report().state, State::Yielded);
        QCOMPARE(world.report().winnerKind, QStringLiteral("vpn"));
        QCOMPARE(world.service.content, kEarlier.at(0));
        // It ends, and puts back what it found: ours.
        world.write(world.file, kOurs, Holder::Vpn);
        world.advance(1'000);
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(contents(world), kBothOurs);
        QVERIFY(!world.file.capturedOurs);
        world.lease().giveBack();
        QCOMPARE(contents(world), kEarlier);
    }

    void aVpnEndsWhileNobodyIsThere() {
        LeaseWorld world;
        world.take();
        world.write(world.file, QStringLiteral("of a VPN"), Holder::Vpn);
        world.lease().setServiceConnected(false);
        world.reach.listens = false;
        world.endKeeper();
        world.file.content = kOurs;
        world.startKeeper();
        world.lease().setServiceConnected(false);
        world.advance(1'000);
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(contents(world), kEarlier);
    }

    void whatCannotBeGivenBackIsTriedAgain() {
        LeaseWorld world;
        world.take();
        world.file.restoreFault = QStringLiteral("read-only");
        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Failed);
        QVERIFY(world.report().fault.contains(QLatin1String("file: read-only")));
        QCOMPARE(contents(world), (QStringList{kEarlier.at(0), kOurs}));
        QVERIFY(world.hasJournal());
        QVERIFY(!world.lease().isIdle());
        world.advance(60'000);
        QCOMPARE(world.report().state, State::Failed);
        world.file.restoreFault.clear();
        world.advance(lease::Lease::kRetryGivingBack);
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(contents(world), kEarlier);
        QVERIFY(!world.hasJournal());
    }

    void theNextKeeperGoesOn() {
        LeaseWorld world;
        world.take();
        world.startKeeper();
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(world.report().addresses, LeaseWorld::request().addresses);
        world.advance(60'000);
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(world.take(), QString());
        QCOMPARE(world.service.applied, 1);
        world.startKeeper();
        world.reach.listens = false;
        world.advance(9'000);
        QCOMPARE(contents(world), kBothOurs);
        world.advance(1'500);
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(contents(world), kEarlier);
    }

    void aRebootGivesBack() {
        LeaseWorld world;
        world.take();
        world.reboot();
        world.startKeeper();
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(contents(world), kEarlier);
        QVERIFY(!world.hasJournal());
    }

    void aRebootLeavesWhatAnAgentWrote() {
        LeaseWorld world;
        world.take();
        world.endKeeper();
        world.file.content = QStringLiteral("of this boot");
        world.reboot();
        world.startKeeper();
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(contents(world), (QStringList{kEarlier.at(0), QStringLiteral("of this boot")}));
    }

    void closedOutlivesAReboot() {
        LeaseWorld world;
        world.take(closed());
        world.reach.listens = false;
        world.reboot();
        world.startKeeper();
        world.advance(60'000);
        QCOMPARE(world.report().state, State::Unanswered);
        QCOMPARE(contents(world), kBothOurs);
        world.startKeeper();
        world.advance(60'000);
        QCOMPARE(world.report().state, State::Unanswered);
    }

    void aDamagedJournalIsAClearFault() {
        LeaseWorld world;
        world.take();
        world.endKeeper();
        for (const char* name : {"state/journal", "state/journal.earlier"}) {
            QFile file(world.stateFile(name));
            QVERIFY(file.open(QIODevice::ReadWrite));
            QVERIFY(file.seek(30) && file.write("?") == 1);
        }
        world.startKeeper();
        QCOMPARE(world.report().state, State::Failed);
        QVERIFY(world.report().fault.contains(QLatin1String("restore --forget")));
        QVERIFY(!world.take().isEmpty());
        QCOMPARE(contents(world), kBothOurs);
        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Failed);
        QVERIFY(world.lease().isIdle());
    }

    void aFirstWriteThatWasCutOffLeavesNothing() {
        LeaseWorld world;
        world.endKeeper();
        QVERIFY(QFile(world.stateFile("state/journal.unfinished")).open(QIODevice::WriteOnly));
        world.startKeeper();
        QCOMPARE(world.report().state, State::Free);
        QVERIFY(!QFile::exists(world.stateFile("state/journal.unfinished")));
    }

    void theEarlierGenerationGivesBack() {
        LeaseWorld world;
        world.take();
        world.endKeeper();
        QFile file(world.stateFile("state/journal"));
        QVERIFY(file.open(QIODevice::WriteOnly)); // empty now
        file.close();
        world.startKeeper();
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(contents(world), kEarlier);
        QVERIFY(!world.hasJournal());
    }

    void newsAreTold() {
        LeaseWorld world;
        QSignalSpy news(&world.lease(), &lease::Lease::changed);
        world.take();
        QVERIFY(news.size() >= 2); // Taking, Held
        news.clear();
        world.advance(60'000);
        QCOMPARE(news.size(), 0);
        world.lease().giveBack();
        QVERIFY(!news.isEmpty());
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestLease)
#include "test_lease.moc"
