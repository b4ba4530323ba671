// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease_world.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

namespace sotto::test {

using lease::Request;
using lease::State;
using lease::WhenLost;
using Holder = systemdns::Standing::Holder;

namespace {

Request closed() {
    Request request = LeaseWorld::request();
    request.whenLost = WhenLost::Closed;
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
        QCOMPARE(world.contents(), kBothOurs);
        QVERIFY(!world.lease().isIdle());
        QVERIFY(world.hasJournal());

        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(world.report().addresses, QStringList());
        QCOMPARE(world.contents(), kEarlier);
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
        QCOMPARE(world.contents(), kEarlier);
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
        QCOMPARE(world.contents(), kBothOurs);
        QVERIFY(world.reach.systemQuestions > 3);
        world.advance(lease::Lease::kVerifyFor);
        QCOMPARE(world.report().state, State::Failed);
        QVERIFY(world.report().fault.contains(QLatin1String("do not come to Sotto: no answer")));
        QCOMPARE(world.contents(), kEarlier);
        QVERIFY(!world.hasJournal());
    }

    /// A person must be able to find out why.
    void whatToLookAtIsNamed() {
        LeaseWorld world;
        world.reach.leads = false;
        world.take();
        world.advance(2 * lease::Lease::kVerifyFor);
        QVERIFY2(world.report().fault.contains(QLatin1String("\"hosts\" of /etc/nsswitch.conf")),
                 qPrintable(world.report().fault));
        const systemdns::Exception known{QStringLiteral("static_nsswitch"),
                                         QStringLiteral("/etc/nsswitch.conf"),
                                         QStringLiteral("it does not name dns")};
        world.service.exceptions = world.file.exceptions = {known};
        world.take();
        world.advance(2 * lease::Lease::kVerifyFor);
        QVERIFY2(world.report().fault.endsWith(
                     QLatin1String("look at /etc/nsswitch.conf: it does not name dns")),
                 qPrintable(world.report().fault));
        QCOMPARE(world.report().exceptions.size(), 1); // two mechanisms see the same
    }

    void describesForWhatIsAsked() {
        LeaseWorld world;
        QCOMPARE(world.lease().lookAround(Request()), QString());
        QCOMPARE(world.report().mechanisms,
                 (QStringList{QStringLiteral("systemd-resolved"), QStringLiteral("file")}));
        Request request = LeaseWorld::request();
        request.mechanism = QStringLiteral("file");
        QCOMPARE(world.lease().lookAround(request), QString());
        QCOMPARE(world.report().mechanisms, QStringList{QStringLiteral("file")});
        request.addresses = {QStringLiteral("192.0.2.1")};
        QVERIFY(!world.lease().lookAround(request).isEmpty());
        QCOMPARE(world.report().state, State::Free);
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
        QCOMPARE(world.contents(), kEarlier);
        world.reach.leads = true;
        world.advance(20'000);
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(world.contents(), kEarlier);
    }

    void partOfItIsUndone() {
        LeaseWorld world;
        world.file.applyFault = QStringLiteral("no");
        world.take();
        QCOMPARE(world.report().state, State::Failed);
        QCOMPARE(world.report().fault, QStringLiteral("file: no"));
        QCOMPARE(world.contents(), kEarlier);
        QVERIFY(!world.hasJournal());
    }

    void whatCannotBeReadIsNotOverwritten() {
        LeaseWorld world;
        world.file.captureFault = QStringLiteral("unreadable");
        world.take();
        QCOMPARE(world.report().state, State::Failed);
        QCOMPARE(world.contents(), kEarlier);
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
        QCOMPARE(world.contents(), (QStringList{kEarlier.at(0), kOurs}));
        world.take();
        QCOMPARE(world.contents(), (QStringList{kEarlier.at(0), kOurs}));
        request.mechanism = QStringLiteral("systemd-resolved");
        world.take(request);
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(world.contents(), kBothOurs); // and the file beside it
        world.lease().giveBack();
        QCOMPARE(world.contents(), kEarlier);
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
        QCOMPARE(world.contents(), kEarlier);
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
        QCOMPARE(world.contents(), kEarlier);
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
        QCOMPARE(world.contents(), kBothOurs);
        world.advance(1'000);
        QCOMPARE(world.report().state, State::Free);
        QVERIFY(world.report().fault.contains(QLatin1String("ten seconds")));
        QCOMPARE(world.contents(), kEarlier);
        QVERIFY(!world.hasJournal());
    }

    void aSilentServiceIsNoticedWithItsConnection() {
        LeaseWorld world;
        world.take();
        world.reach.listens = false;
        world.advance(10'000);
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(world.contents(), kEarlier);
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
        QCOMPARE(world.contents(), kBothOurs);
        QCOMPARE(world.service.applied, 1);
    }

    void closedStays() {
        LeaseWorld world;
        world.take(closed());
        world.reach.listens = false;
        world.lease().setServiceConnected(false);
        world.advance(600'000);
        QCOMPARE(world.report().state, State::Unanswered);
        QCOMPARE(world.contents(), kBothOurs);
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
        QCOMPARE(world.contents(), kBothOurs);
        world.startKeeper();
        world.lease().giveBack();
        QCOMPARE(world.contents(),
                 (QStringList{kEarlier.at(0), QStringLiteral("the new network")}));
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
        QCOMPARE(world.contents(), kBothOurs);
        world.lease().giveBack();
        QCOMPARE(world.contents(),
                 (QStringList{kEarlier.at(0), QStringLiteral("the new network")}));
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
        QCOMPARE(world.contents(), (QStringList{kEarlier.at(0), QStringLiteral("of dhclient")}));
    }

    void seldomWritesAreNoFight() {
        LeaseWorld world;
        world.take();
        for (int round = 0; round < 50; ++round) {
            world.write(world.file, QStringLiteral("round %1").arg(round), Holder::Agent);
            QCOMPARE(world.report().state, State::Held);
            world.advance(20'000);
        }
        QCOMPARE(world.contents(), kBothOurs);
    }

    void aChangeThatLeadsLookUpsAwayEndsTheLease() {
        LeaseWorld world;
        world.take();
        world.reach.leads = false;
        world.write(world.file, QStringLiteral("the new network"), Holder::Agent);
        world.advance(2 * lease::Lease::kVerifyFor);
        QCOMPARE(world.report().state, State::Failed);
        QCOMPARE(world.contents(),
                 (QStringList{kEarlier.at(0), QStringLiteral("the new network")}));
    }

    /// A person leaves no name; what was changed is told in its place.
    void aPersonWithoutAName() {
        LeaseWorld world;
        world.file.writerName.clear();
        world.take();
        world.write(world.file, QStringLiteral("by hand"), Holder::Person);
        QCOMPARE(world.report().state, State::Yielded);
        QCOMPARE(world.report().winner, QStringLiteral("/etc/resolv.conf"));
        QCOMPARE(world.lease().take(LeaseWorld::request()),
                 QStringLiteral("the system's DNS settings were changed by hand in "
                                "/etc/resolv.conf; that stays until Sotto is told to take over"));
    }

    void whatCannotBeGivenBackIsTriedAgain() {
        LeaseWorld world;
        world.take();
        world.file.restoreFault = QStringLiteral("read-only");
        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Failed);
        QVERIFY(world.report().fault.contains(QLatin1String("file: read-only")));
        QCOMPARE(world.contents(), (QStringList{kEarlier.at(0), kOurs}));
        QVERIFY(world.hasJournal());
        QVERIFY(!world.lease().isIdle());
        world.advance(60'000);
        QCOMPARE(world.report().state, State::Failed);
        world.file.restoreFault.clear();
        world.advance(lease::Lease::kRetryGivingBack);
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(world.contents(), kEarlier);
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
        QCOMPARE(world.contents(), kBothOurs);
        world.advance(1'500);
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(world.contents(), kEarlier);
    }

    void aRebootGivesBack() {
        LeaseWorld world;
        world.take();
        world.reboot();
        world.startKeeper();
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(world.contents(), kEarlier);
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
        QCOMPARE(world.contents(), (QStringList{kEarlier.at(0), QStringLiteral("of this boot")}));
    }

    /// As after an ordinary end, the service takes it anew.
    void closedEndsWithTheBoot() {
        LeaseWorld world;
        world.take(closed());
        world.reach.listens = false;
        world.reboot();
        world.startKeeper();
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(world.contents(), kEarlier);
        QVERIFY(!world.hasJournal());
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
        QCOMPARE(world.contents(), kEarlier);
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
