// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease_world.h"

#include <QSignalSpy>
#include <QTest>

namespace sotto::test {

using lease::Request;
using lease::State;
using Holder = systemdns::Standing::Holder;

/// What happens around a lease, with settings that are not there: other networks, and a file that
/// is on standby because it leads to the service.
class TestLeaseSurroundings : public QObject {
    Q_OBJECT

private slots:
    void lookUpsAreVerifiedInAnotherNetwork() {
        LeaseWorld world;
        world.take();
        const int lookUps = world.reach.systemQuestions;
        world.lease().noteSurroundings();
        world.lease().noteSurroundings();
        world.advance(1'000);
        QCOMPARE(world.reach.systemQuestions, lookUps + 1);
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(world.service.applied, 1);
        world.advance(60'000);
        QCOMPARE(world.reach.systemQuestions, lookUps + 1);
    }

    void anotherNetworkThatLeadsLookUpsAwayEndsTheLease() {
        LeaseWorld world;
        world.take();
        world.reach.leads = false;
        world.lease().noteSurroundings();
        world.advance(lease::Lease::kVerifyFor - 1'000);
        QCOMPARE(world.report().state, State::Held);
        world.advance(2'000);
        QCOMPARE(world.report().state, State::Failed);
        QVERIFY(world.report().fault.contains(QLatin1String("do not come to Sotto")));
        QCOMPARE(world.contents(), kEarlier);
    }

    void noNetworkIsNoReasonToGiveBack() {
        LeaseWorld world;
        world.take();
        world.reach.leads = false;
        world.reach.networkIsDown = true;
        world.lease().noteSurroundings();
        world.advance(60'000);
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(world.contents(), kBothOurs);
        // Nor is an agent that writes as it goes down.
        world.write(world.file, QStringLiteral("no network"), Holder::Agent);
        world.advance(60'000);
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(world.contents(), kBothOurs);
        // Up again, and elsewhere.
        world.reach.networkIsDown = false;
        world.lease().noteSurroundings();
        world.advance(2 * lease::Lease::kVerifyFor);
        QCOMPARE(world.report().state, State::Failed);
    }

    void aListenerThatRestartsIsNotTheNetworksFault() {
        LeaseWorld world;
        world.take();
        world.reach.listens = false;
        world.lease().setServiceConnected(false);
        world.lease().noteSurroundings();
        world.advance(8'000);
        QCOMPARE(world.report().state, State::Unanswered);
        QCOMPARE(world.contents(), kBothOurs);
        world.reach.listens = true;
        const int lookUps = world.reach.systemQuestions;
        world.advance(2'000);
        QCOMPARE(world.report().state, State::Held);
        QVERIFY(world.reach.systemQuestions > lookUps);
    }

    void whatCouldNotBeVerifiedIsVerifiedLater() {
        LeaseWorld world;
        world.take();
        world.reach.listens = false;
        world.lease().noteSurroundings();
        world.advance(7'000);
        QCOMPARE(world.report().state, State::Unanswered);
        const int lookUps = world.reach.systemQuestions;
        world.reach.listens = true;
        world.advance(2'000);
        QCOMPARE(world.report().state, State::Held);
        QVERIFY(world.reach.systemQuestions > lookUps);
    }

    void aChangeMeanwhileCounts() {
        LeaseWorld world;
        world.take();
        world.lease().noteSurroundings();
        world.clock.awake += lease::Lease::kSettle;
        world.lease().tick(); // asks
        const int lookUps = world.reach.systemQuestions;
        world.lease().noteSurroundings();
        world.clock.awake += lease::Lease::kSettle;
        world.lease().tick();
        QCOMPARE(world.reach.systemQuestions, lookUps);
        world.advance(1'000);
        QCOMPARE(world.reach.systemQuestions, lookUps + 1);
        QCOMPARE(world.report().state, State::Held);
    }

    void whatIsCoveredIsFresh() {
        LeaseWorld world;
        world.take();
        world.advance(60'000);
        QSignalSpy news(&world.lease(), &lease::Lease::changed);
        world.service.interfaces += QStringLiteral("wlan0");
        world.lease().noteLinks();
        world.advance(0);
        QCOMPARE(world.report().interfaces, (QStringList{"eth0", "wlan0"}));
        QCOMPARE(news.size(), 1);
        // A burst is looked at now and then, and its end is not missed.
        const int covered = world.service.covered;
        for (int i = 0; i < 100; ++i) {
            world.service.interfaces = {QStringLiteral("veth%1").arg(i)};
            world.lease().noteLinks();
            world.advance(20);
        }
        world.advance(lease::Lease::kCoverPause);
        QVERIFY(world.report().interfaces.contains(QStringLiteral("veth99")));
        QVERIFY(world.service.covered - covered <= 4);
        world.lease().noteLinks();
        news.clear();
        world.advance(60'000);
        QCOMPARE(news.size(), 0);
    }

    void oneMechanismCoversWhatAnotherLeavesOut() {
        const systemdns::Exception docker{QStringLiteral("containers"), QStringLiteral("Docker"),
                                          QStringLiteral("ask others")};
        const systemdns::Exception passing{QStringLiteral("resolv_conf"),
                                           QStringLiteral("/etc/resolv.conf"),
                                           QStringLiteral("names others")};
        LeaseWorld world;
        world.service.exceptions = {docker, passing};
        world.file.exceptions = {docker};
        world.take();
        QCOMPARE(world.report().mechanisms.size(), 2);
        QCOMPARE(world.report().exceptions.size(), 1);
        QCOMPARE(world.report().exceptions.first().kind, QStringLiteral("containers"));
        world.lease().giveBack();
        world.file.content = FakeSetting::stub();
        world.take();
        QCOMPARE(world.report().exceptions.size(), 2);
    }

    void aFreeLeaseCaresForNoNetwork() {
        LeaseWorld world;
        world.lease().noteLinks();
        world.lease().noteSurroundings();
        QVERIFY(!world.lease().nextTick());
        world.advance(60'000);
        QCOMPARE(world.reach.systemQuestions, 0);
        QCOMPARE(world.steps, 0);
    }

    void aFileThatLeadsToTheServiceStays() {
        LeaseWorld world;
        world.file.content = FakeSetting::stub();
        world.take();
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(world.report().mechanisms, QStringList{"systemd-resolved"});
        QCOMPARE(world.contents(), (QStringList{kOurs, FakeSetting::stub()}));
        world.write(world.file, FakeSetting::stub(), Holder::Person);
        QCOMPARE(world.report().state, State::Held);
        world.startKeeper();
        world.advance(1'000);
        QCOMPARE(world.report().state, State::Held);
        world.lease().giveBack();
        QCOMPARE(world.contents(), (QStringList{kEarlier.at(0), FakeSetting::stub()}));
        QCOMPARE(world.file.applied, 0);
        QVERIFY(!world.hasJournal());
    }

    void anAgentThatTakesTheFileFromTheServiceIsOverwritten_data() {
        QTest::addColumn<bool>("unseen");
        QTest::newRow("at once") << false;
        QTest::newRow("by the next keeper") << true;
    }

    void anAgentThatTakesTheFileFromTheServiceIsOverwritten() {
        QFETCH(bool, unseen);
        const QString theirs = QStringLiteral("of dhclient");
        LeaseWorld world;
        world.file.content = FakeSetting::stub();
        world.take();
        const int lookUps = world.reach.systemQuestions;
        QSignalSpy news(&world.lease(), &lease::Lease::changed);
        if (unseen) {
            world.endKeeper();
            world.file.content = theirs;
            world.file.writer = Holder::Agent;
            world.startKeeper();
            world.advance(1'000);
        } else {
            world.write(world.file, theirs, Holder::Agent);
            QVERIFY(!news.isEmpty());
        }
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(world.report().mechanisms, (QStringList{"systemd-resolved", "file"}));
        QCOMPARE(world.contents(), kBothOurs);
        QVERIFY(world.reach.systemQuestions > lookUps);
        QCOMPARE(world.service.applied, 1);
        // From now on it is like any other that is ours.
        world.write(world.file, FakeSetting::stub(), Holder::Agent);
        QCOMPARE(world.contents(), kBothOurs);
        world.write(world.file, theirs, Holder::Agent);
        world.startKeeper();
        world.lease().giveBack();
        QCOMPARE(world.contents(), (QStringList{kEarlier.at(0), theirs}));
        QVERIFY(!world.hasJournal());
    }

    void whoeverTakesTheFileFromTheServiceWins_data() {
        QTest::addColumn<Holder>("writer");
        QTest::addColumn<QString>("kind");
        QTest::newRow("a person") << Holder::Person << "person";
        QTest::newRow("a VPN") << Holder::Vpn << "vpn";
    }

    void whoeverTakesTheFileFromTheServiceWins() {
        QFETCH(Holder, writer);
        QFETCH(QString, kind);
        const QStringList theirs{kEarlier.at(0), QStringLiteral("theirs")};
        LeaseWorld world;
        world.file.content = FakeSetting::stub();
        world.take();
        world.write(world.file, theirs.at(1), writer);
        QCOMPARE(world.report().state, State::Yielded);
        QCOMPARE(world.report().winnerKind, kind);
        QCOMPARE(world.contents(), theirs);
        world.startKeeper();
        world.lease().setServiceConnected(true);
        QCOMPARE(world.report().state, State::Yielded);
        QCOMPARE(world.contents(), theirs);
        // A VPN ends.
        world.write(world.file, FakeSetting::stub(), writer);
        world.advance(1'000);
        const bool isBack = writer == Holder::Vpn;
        QCOMPARE(world.report().state, isBack ? State::Held : State::Yielded);
        QCOMPARE(world.file.content, FakeSetting::stub());
        world.lease().giveBack();
        QCOMPARE(world.contents(), (QStringList{kEarlier.at(0), FakeSetting::stub()}));
        QVERIFY(!world.hasJournal());
    }

    void aFileThatCannotBeTakenOverEndsTheLease() {
        LeaseWorld world;
        world.file.content = FakeSetting::stub();
        world.take();
        world.file.applyFault = QStringLiteral("read-only");
        world.write(world.file, QStringLiteral("of dhclient"), Holder::Agent);
        QCOMPARE(world.report().state, State::Failed);
        QCOMPARE(world.report().fault, QStringLiteral("file: read-only"));
        QCOMPARE(world.contents(), (QStringList{kEarlier.at(0), QStringLiteral("of dhclient")}));
        QVERIFY(!world.hasJournal());
    }

    void anotherLeaseWatchesItToo() {
        LeaseWorld world;
        world.file.content = FakeSetting::stub();
        world.take();
        Request request = LeaseWorld::request();
        request.addresses = {QStringLiteral("127.0.0.53")};
        world.take(request);
        QCOMPARE(world.contents().at(1), FakeSetting::stub());
        world.write(world.file, QStringLiteral("of dhclient"), Holder::Agent);
        QCOMPARE(world.report().mechanisms, (QStringList{"systemd-resolved", "file"}));
        world.lease().giveBack();
        QCOMPARE(world.contents(), (QStringList{kEarlier.at(0), QStringLiteral("of dhclient")}));
    }

    void whatLeadsHereByAnothersHandGoesToo() {
        LeaseWorld world;
        world.file.content = FakeSetting::stub();
        world.take();
        world.write(world.file, kOurs, Holder::Person);
        QCOMPARE(world.report().state, State::Held);
        world.lease().giveBack();
        QCOMPARE(world.contents(), (QStringList{kEarlier.at(0), FakeSetting::stub()}));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestLeaseSurroundings)
#include "test_lease_surroundings.moc"
