// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease_world.h"

#include <QDir>
#include <QFile>
#include <QTest>

namespace sotto::test {

using lease::State;
using Holder = systemdns::Standing::Holder;

namespace {

const QStringList kOnlyFileOurs{FakeSetting::none(), kOurs};

/// Both generations, while no keeper runs.
void damageJournal(LeaseWorld& world) {
    world.endKeeper();
    for (const char* name : {"state/journal", "state/journal.earlier"}) {
        QFile file(world.stateFile(name));
        if (!file.open(QIODevice::ReadWrite) || !file.seek(30) || file.write("?") != 1)
            qFatal("%s cannot be damaged", name);
    }
}

void loseJournal(LeaseWorld& world) {
    world.endKeeper();
    QDir(world.stateFile("state")).removeRecursively();
}

} // namespace

/// Settings of ours in the system, and no record of what was before, or none that can be read.
class TestLeaseWithoutRecord : public QObject {
    Q_OBJECT

private slots:
    void aDamagedJournalIsAClearFault() {
        LeaseWorld world;
        world.take();
        damageJournal(world);
        world.startKeeper();
        QCOMPARE(world.report().state, State::Failed);
        QVERIFY(world.report().fault.contains(QLatin1String("write file anew")));
        QVERIFY(world.report().fault.contains(QLatin1String("restore --forget")));
        QVERIFY(!world.take().isEmpty());
        QCOMPARE(world.contents(), kOnlyFileOurs);
        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Failed);
        QVERIFY(world.report().fault.contains(QLatin1String("restore --forget")));
        QCOMPARE(world.report().addresses, LeaseWorld::request().addresses);
        QVERIFY(world.lease().isIdle());

        // Put right by hand: nobody asks us any more, but the record is damaged yet.
        world.write(world.file, QStringLiteral("by hand"), Holder::Person);
        QCOMPARE(world.report().state, State::Failed);
        QCOMPARE(world.report().addresses, QStringList());
        QVERIFY(world.report().fault.contains(QLatin1String("restore --forget")));
        QCOMPARE(world.lease().forget(), QString());
        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Free);
        QVERIFY(!world.hasJournal());
        QCOMPARE(world.take(), QString());
        QCOMPARE(world.report().state, State::Held);
    }

    void whatIsForgottenBeforeItIsPutRightIsNoEnd() {
        LeaseWorld world;
        world.take();
        damageJournal(world);
        world.startKeeper();
        QCOMPARE(world.lease().forget(), QString());
        world.lease().giveBack();
        QVERIFY(!world.hasJournal());
        QCOMPARE(world.report().state, State::Failed);
        QCOMPARE(world.report().fault, QStringLiteral("write file anew"));
        QCOMPARE(world.report().addresses, LeaseWorld::request().addresses);
    }

    void aRecordThatWasPutRightIsUsed() {
        LeaseWorld world;
        world.take();
        world.endKeeper();
        QVERIFY(QFile::copy(world.stateFile("state/journal"), world.stateFile("copy")));
        damageJournal(world);
        world.startKeeper();
        QCOMPARE(world.report().state, State::Failed);
        QVERIFY(QFile::remove(world.stateFile("state/journal")));
        QVERIFY(QFile::copy(world.stateFile("copy"), world.stateFile("state/journal")));
        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(world.file.content, kEarlier.at(1));
    }

    void oursWithoutARecordIsTakenAwayOrSaid() {
        LeaseWorld world;
        world.take();
        loseJournal(world);
        world.startKeeper();
        QCOMPARE(world.contents(), kOnlyFileOurs);
        QCOMPARE(world.report().state, State::Failed);
        QCOMPARE(world.report().fault, QStringLiteral("write file anew"));
        QCOMPARE(world.report().mechanisms, QStringList{QStringLiteral("file")});
        QCOMPARE(world.report().addresses, LeaseWorld::request().addresses);
        QCOMPARE(world.report().port, 53);
        QVERIFY(world.lease().isIdle());
        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Failed);

        // It is not taken for what was before; the system goes on asking us.
        QCOMPARE(world.take(), QString());
        QCOMPARE(world.report().state, State::Failed);
        QCOMPARE(world.report().fault, QStringLiteral("write file anew"));
        QCOMPARE(world.report().addresses, LeaseWorld::request().addresses);
        QVERIFY(!world.service.capturedOurs && !world.file.capturedOurs);
        QCOMPARE(world.contents(), kOnlyFileOurs);
        QVERIFY(!world.hasJournal());

        world.write(world.file, QStringLiteral("by hand"), Holder::Person);
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(world.report().addresses, QStringList());
        QCOMPARE(world.take(), QString());
        QCOMPARE(world.report().state, State::Held);
        world.lease().giveBack();
        QCOMPARE(world.contents(), (QStringList{FakeSetting::none(), QStringLiteral("by hand")}));
    }

    void oursWithoutARecordIsLookedForAtEachRestore() {
        LeaseWorld world;
        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Free);
        world.file.content = kOurs; // a snapshot is rolled back while the keeper runs
        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Failed);
        QCOMPARE(world.report().addresses, LeaseWorld::request().addresses);
    }

    void whatDoesNotGoWithoutARecordIsTriedAgain() {
        LeaseWorld world;
        world.take();
        loseJournal(world);
        world.file.content = QStringLiteral("by hand");
        world.service.restoreFault = QStringLiteral("no bus");
        world.startKeeper();
        QCOMPARE(world.report().state, State::Failed);
        QVERIFY(world.report().fault.contains(QLatin1String("no bus")));
        QVERIFY(!world.lease().isIdle());
        world.service.restoreFault.clear();
        world.advance(lease::Lease::kRetryGivingBack);
        QCOMPARE(world.report().state, State::Free);
        QCOMPARE(world.service.content, FakeSetting::none());
    }

    /// What is ours elsewhere is no reason not to take what can be taken.
    void anotherWayIsTakenBesideWhatIsLeft() {
        LeaseWorld world;
        world.take();
        loseJournal(world);
        world.file.usable = false;
        world.startKeeper();
        QCOMPARE(world.report().state, State::Failed);
        QCOMPARE(world.take(), QString());
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(world.report().mechanisms, QStringList{QStringLiteral("systemd-resolved")});
        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Failed);
        QCOMPARE(world.report().fault, QStringLiteral("write file anew"));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestLeaseWithoutRecord)
#include "test_lease_without_record.moc"
