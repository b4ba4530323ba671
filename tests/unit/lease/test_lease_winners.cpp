// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease_world.h"

#include <QTest>

namespace sotto::test {

using lease::Request;
using lease::State;
using Holder = systemdns::Standing::Holder;

namespace {

Request takingOver() {
    Request request = LeaseWorld::request();
    request.takeOver = true;
    return request;
}

} // namespace

/// Somebody else takes the system's DNS, and keeps it or lets it go.
class TestLeaseWinners : public QObject {
    Q_OBJECT

private slots:
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
        QCOMPARE(world.contents(), theirs);
        QVERIFY(world.lease().isIdle());

        // It is remembered, and an ordinary apply does not undo it.
        world.reboot();
        world.startKeeper();
        QCOMPARE(world.report().state, State::Yielded);
        QVERIFY(world.take().contains(QLatin1String("vi")));
        QCOMPARE(world.report().state, State::Yielded);
        QCOMPARE(world.contents(), theirs);

        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(world.contents(), theirs);
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
        QCOMPARE(world.contents(), kBothOurs);
        world.lease().giveBack();
        QCOMPARE(world.contents(), (QStringList{kEarlier.at(0), QStringLiteral("by hand")}));
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
        QCOMPARE(world.contents(), kBothOurs);
        QVERIFY(!world.file.capturedOurs);
        world.lease().giveBack();
        QCOMPARE(world.contents(), kEarlier);
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
        QCOMPARE(world.contents(), kEarlier);
    }

    void aVpnIsWatchedUntilItEnds() {
        LeaseWorld world;
        world.take();
        world.write(world.file, QStringLiteral("of a VPN"), Holder::Vpn);
        world.lease().setServiceConnected(false);
        world.reach.listens = false;
        world.advance(60'000);
        QCOMPARE(world.report().state, State::Yielded);
        QVERIFY(!world.lease().isIdle());
        world.write(world.file, kOurs, Holder::Vpn);
        world.advance(1'000);
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(world.contents(), kEarlier);
        QVERIFY(world.lease().isIdle());
    }

    void aVpnThatMayPutOursBackIsWaitedFor_data() {
        QTest::addColumn<bool>("restarted");
        QTest::addColumn<bool>("connected");
        QTest::newRow("by this keeper") << false << false;
        QTest::newRow("beside a service that is off") << false << true;
        QTest::newRow("by the next keeper, after a boot") << true << false;
    }
    void aVpnThatMayPutOursBackIsWaitedFor() {
        QFETCH(bool, restarted);
        QFETCH(bool, connected);
        LeaseWorld world;
        world.take();
        world.file.mayReturn = true;
        world.file.writerName = QStringLiteral("OpenVPN");
        world.write(world.file, QStringLiteral("of a VPN"), Holder::Vpn);
        const int restored = world.file.restored;
        world.lease().giveBack();
        QVERIFY(world.file.restored > restored); // which mends the VPN's copies
        world.lease().setServiceConnected(connected);
        QCOMPARE(world.report().state, State::Yielded);
        QCOMPARE(world.report().winner, QStringLiteral("OpenVPN"));
        QCOMPARE(world.report().addresses, QStringList());
        QVERIFY(world.hasJournal());
        QVERIFY(!world.lease().isIdle());
        if (restarted) {
            world.reboot();
            world.startKeeper();
            QCOMPARE(world.report().state, State::Yielded);
        }
        world.write(world.file, kOurs, Holder::Vpn);
        world.advance(1'000);
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(world.contents(), kEarlier);
        QVERIFY(!world.hasJournal());
    }

    void aVpnThatNobodySawIsWaitedFor() {
        LeaseWorld world;
        world.take();
        world.file.mayReturn = true;
        world.file.content = QStringLiteral("of a VPN");
        world.file.writer = Holder::Vpn;
        world.file.writerName = QStringLiteral("OpenVPN");
        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Yielded);
        QCOMPARE(world.report().winner, QStringLiteral("OpenVPN"));
        QCOMPARE(world.report().winnerKind, QStringLiteral("vpn"));
        world.startKeeper();
        QCOMPARE(world.report().state, State::Yielded);
        world.write(world.file, kOurs, Holder::Vpn);
        world.advance(1'000);
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(world.contents(), kEarlier);
    }

    /// Sotto was set over a VPN's settings: these are what was there before, and nothing of ours is
    /// in anybody's hands.
    void whatWasAVpnsBeforeIsNotWaitedFor() {
        LeaseWorld world;
        world.file.content = QStringLiteral("of a VPN");
        world.file.writer = Holder::Vpn;
        world.file.mayReturn = true;
        world.file.restoredAs = Holder::Vpn;
        world.take();
        world.lease().giveBack();
        QCOMPARE(world.file.content, QStringLiteral("of a VPN"));
        QCOMPARE(world.report().state, State::Free);
    }

    void aVpnThatCannotPutOursBackIsNotWaitedFor() {
        LeaseWorld world;
        world.take();
        world.write(world.file, QStringLiteral("of a VPN"), Holder::Vpn);
        const int restored = world.file.restored;
        world.lease().giveBack();
        QVERIFY(world.file.restored > restored);
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(world.file.content, QStringLiteral("of a VPN"));
        QVERIFY(!world.hasJournal());
    }

    /// What was given back may be taken; the record stays for the VPN alone.
    void aVpnThatIsWaitedForIsNoWinner_data() {
        QTest::addColumn<bool>("givenBack");
        QTest::addColumn<bool>("rebooted");
        QTest::addColumn<bool>("taken");
        QTest::newRow("not given back") << false << false << false;
        QTest::newRow("given back") << true << false << true;
        QTest::newRow("of another boot") << false << true << true;
    }
    void aVpnThatIsWaitedForIsNoWinner() {
        QFETCH(bool, givenBack);
        QFETCH(bool, rebooted);
        LeaseWorld world;
        world.take();
        world.file.mayReturn = true;
        world.write(world.file, QStringLiteral("of a VPN"), Holder::Vpn);
        if (givenBack)
            world.lease().giveBack();
        if (rebooted) {
            world.reboot();
            world.startKeeper();
        }
        QCOMPARE(world.report().state, State::Yielded);
        const bool isTaken = world.take().isEmpty() && world.report().state == State::Held;
        QTEST(isTaken, "taken");
    }

    void afterAVpnWhatWasThereIsTakenAgain() {
        LeaseWorld world;
        world.take();
        world.write(world.file, QStringLiteral("of a VPN"), Holder::Vpn);
        world.write(world.file, kEarlier.at(1), Holder::Person); // from its mended copy
        world.advance(1'000);
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(world.contents(), kBothOurs);
    }

    void afterAVpnAPersonMayHaveWon() {
        LeaseWorld world;
        world.take();
        world.write(world.file, QStringLiteral("of a VPN"), Holder::Vpn);
        world.write(world.file, QStringLiteral("by hand"), Holder::Person);
        world.advance(1'000);
        QCOMPARE(world.report().state, State::Yielded);
        QCOMPARE(world.report().winnerKind, QStringLiteral("person"));
        QCOMPARE(world.file.content, QStringLiteral("by hand"));
    }

    void whatIsLeftBesideAWinnerIsTriedAgain_data() {
        QTest::addColumn<bool>("restarted");
        QTest::newRow("at once") << false;
        QTest::newRow("by the next keeper") << true;
    }
    void whatIsLeftBesideAWinnerIsTriedAgain() {
        QFETCH(bool, restarted);
        LeaseWorld world;
        world.take();
        world.service.restoreFault = QStringLiteral("no bus");
        world.write(world.file, QStringLiteral("by hand"), Holder::Person);
        if (restarted)
            world.startKeeper();
        QCOMPARE(world.report().state, State::Yielded);
        QVERIFY(world.report().fault.contains(QLatin1String("no bus")));
        QCOMPARE(world.service.content, kOurs);
        QVERIFY(!world.lease().isIdle());
        world.advance(60'000);
        QCOMPARE(world.service.content, kOurs);
        world.service.restoreFault.clear();
        world.advance(lease::Lease::kRetryGivingBack);
        QCOMPARE(world.report().state, State::Yielded);
        QCOMPARE(world.report().fault, QString());
        QCOMPARE(world.contents(), (QStringList{kEarlier.at(0), QStringLiteral("by hand")}));
        QVERIFY(world.lease().isIdle());
    }

    void keptFreeUntilItIsTakenOver() {
        LeaseWorld world;
        world.take();
        world.lease().giveBack(true);
        QCOMPARE(world.contents(), kEarlier);
        QVERIFY(!world.hasJournal());
        QCOMPARE(world.report().state, State::Yielded);
        QCOMPARE(world.report().winner, QString());
        QCOMPARE(world.report().winnerKind, QLatin1String(lease::kRestored));
        QVERIFY(world.lease().isKeptFree());
        QVERIFY(world.lease().isIdle());
        QVERIFY(world.take().contains(QLatin1String("root")));
        world.advance(60'000);
        QCOMPARE(world.report().state, State::Yielded);
        QCOMPARE(world.contents(), kEarlier);
        QCOMPARE(world.take(sotto::test::takingOver()), QString());
        QCOMPARE(world.report().state, State::Held);
        QVERIFY(!world.lease().isKeptFree());
        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Free);
    }

    void aServiceThatGivesBackMayTakeAgain() {
        LeaseWorld world;
        world.take();
        world.lease().giveBack(true);
        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(world.take(), QString());
        QCOMPARE(world.report().state, State::Held);
    }

    void keptFreeAlsoWhereItIsGivenBackLater() {
        LeaseWorld world;
        world.take();
        world.file.restoreFault = QStringLiteral("read-only");
        world.lease().giveBack(true);
        QCOMPARE(world.report().state, State::Failed);
        QVERIFY(world.take().contains(QLatin1String("root")));
        world.file.restoreFault.clear();
        world.advance(lease::Lease::kRetryGivingBack);
        QCOMPARE(world.report().state, State::Yielded);
        QCOMPARE(world.contents(), kEarlier);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestLeaseWinners)
#include "test_lease_winners.moc"
