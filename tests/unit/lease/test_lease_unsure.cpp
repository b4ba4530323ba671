// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease_world.h"

#include <QTest>

namespace sotto::test {

using lease::State;
using Holder = systemdns::Standing::Holder;

namespace {

const QString kWritten = QStringLiteral("the new network");

} // namespace

/// A setting that looks like a person's until an agent tells that it is its own.
class TestLeaseUnsure : public QObject {
    Q_OBJECT

private:
    static void writeUnsure(LeaseWorld& world) {
        world.take();
        world.file.mayBeAgents = true;
        world.write(world.file, kWritten, Holder::Person);
    }

private slots:
    void anAgentTellsInTime() {
        LeaseWorld world;
        writeUnsure(world);
        QCOMPARE(world.report().state, State::Held);
        QCOMPARE(world.file.content, kWritten);
        world.file.writer = Holder::Agent;
        world.advance(2 * lease::Lease::kSettle);
        QCOMPARE(world.report().state, State::Held);
        QVERIFY(world.file.isOurs());
        world.lease().giveBack();
        QCOMPARE(world.file.content, kWritten);
    }

    void nobodyTells() {
        LeaseWorld world;
        writeUnsure(world);
        world.advance(lease::Lease::kUnsureFor);
        QCOMPARE(world.report().state, State::Yielded);
        QCOMPARE(world.report().winnerKind, QStringLiteral("person"));
        QCOMPARE(world.file.content, kWritten);
    }

    void eachTimeThereIsAsMuchTime() {
        LeaseWorld world;
        writeUnsure(world);
        world.file.writer = Holder::Agent;
        world.advance(lease::Lease::kUnsureFor);
        world.write(world.file, kWritten, Holder::Person);
        QCOMPARE(world.report().state, State::Held);
        world.advance(lease::Lease::kUnsureFor);
        QCOMPARE(world.report().state, State::Yielded);
    }

    void ourOwnIsNoReasonToWait() {
        LeaseWorld world;
        writeUnsure(world);
        world.lease().giveBack();
        QCOMPARE(world.report().state, State::Free);
        world.advance(2 * lease::Lease::kUnsureFor);
        QCOMPARE(world.file.content, kWritten);
        QVERIFY(!world.hasJournal());
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestLeaseUnsure)
#include "test_lease_unsure.moc"
