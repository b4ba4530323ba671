// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease_stories.h"

#include <QTest>

namespace sotto::test {

using lease::State;

namespace {

/// Within so long after sottod ended, nothing asks it any more.
constexpr qint64 kRestart = 10'000;
constexpr qint64 kHour = 3'600'000;
constexpr qint64 kPace = 50;

/// How long, without a break and awake, the system asks where nobody answers.
class Outage {
public:
    explicit Outage(LeaseWorld& world)
        : m_world(world) {}

    void look() {
        const bool isDead =
            !m_world.reach.listens && (m_world.service.isOurs() || m_world.file.isOurs());
        if (!isDead || !m_isDead)
            m_since = m_world.clock.awake;
        m_isDead = isDead;
        longest = std::max(longest, m_world.clock.awake - m_since);
    }
    /// What was asked before the computer slept was asked in vain, too, but by nobody who waits.
    void wake() { m_isDead = false; }
    void advance(qint64 millis) {
        for (const qint64 end = m_world.clock.awake + millis; m_world.clock.awake < end;) {
            m_world.advance(std::min(kPace, end - m_world.clock.awake));
            look();
        }
    }

    qint64 longest = 0;

private:
    LeaseWorld& m_world;
    bool m_isDead = false;
    qint64 m_since = 0;
};

QString at(const LeaseStory& story, const LeaseWorld& world, int step, const QString& what) {
    return QStringLiteral("%1, step %2 (%3): %4")
        .arg(QLatin1String(story.name))
        .arg(step)
        .arg(world.passed.value(step - 1), what);
}

int stepsOf(const LeaseStory& story) {
    LeaseWorld world;
    story.tell(world);
    return world.steps;
}

} // namespace

/// What happens to sottod, or to the computer, while the keeper is at any step of its work: the
/// keeper lives on, and nobody is left asking where nobody answers.
class TestLeaseLoss : public QObject {
    Q_OBJECT

private:
    static void stories() {
        QTest::addColumn<int>("story");
        for (int i = 0; i < leaseStories().size(); ++i)
            QTest::newRow(leaseStories()[i].name) << i;
    }
    static const LeaseStory& story() {
        QFETCH(const int, story);
        return leaseStories()[story];
    }

private slots:
    void sottodEndsAtEveryStep_data() { stories(); }
    void sottodEndsAtEveryStep() {
        const int steps = stepsOf(story());
        QVERIFY(steps > 0);
        for (int step = 1; step <= steps; ++step) {
            LeaseWorld world;
            std::optional<qint64> lostAt;
            world.atStep = [&] {
                if (world.steps != step)
                    return;
                world.reach.listens = false;
                world.lease().setServiceConnected(false);
                lostAt = world.clock.awake;
            };
            story().tell(world, [&] { return !lostAt; });
            QVERIFY(lostAt);
            world.advance(*lostAt + kRestart - world.clock.awake);
            const QString fault = story().faultOfEnd(world);
            QVERIFY2(fault.isEmpty(), qPrintable(at(story(), world, step, fault)));
            QVERIFY2(!world.service.isOurs() && !world.file.isOurs(),
                     qPrintable(at(story(), world, step, QStringLiteral("still ours"))));
            QVERIFY(!world.service.capturedOurs && !world.file.capturedOurs);
        }
    }

    /// It is there again two seconds later, with another key, and asks for the lease as before.
    void sottodRestartsAtEveryStep_data() { stories(); }
    void sottodRestartsAtEveryStep() {
        const int steps = stepsOf(story());
        for (int step = 1; step <= steps; ++step) {
            LeaseWorld world;
            bool isGone = false;
            world.atStep = [&] {
                if (world.steps != step)
                    return;
                world.reach.listens = false;
                world.lease().setServiceConnected(false);
                isGone = true;
            };
            story().tell(world, [&] { return !isGone; });
            world.advance(2'000);
            world.reach.listens = true;
            world.reach.leads = true;
            lease::Request again = LeaseWorld::request();
            again.checkKey = QString(32, u'9');
            const QString refusal = world.take(again);
            const QString fault = story().faultOfEnd(world);
            QVERIFY2(fault.isEmpty(), qPrintable(at(story(), world, step, fault)));
            const State state = world.report().state;
            QVERIFY2(state == State::Held || (state == State::Yielded && !refusal.isEmpty()),
                     qPrintable(at(story(), world, step, world.report().fault)));
            world.lease().giveBack();
            QVERIFY(!world.service.isOurs() && !world.file.isOurs());
            QVERIFY(!world.hasJournal());
        }
    }

    /// The computer sleeps for an hour in the middle of a step, and sottod is there afterwards.
    void sleepAtEveryStepChangesNothing_data() { stories(); }
    void sleepAtEveryStepChangesNothing() {
        LeaseWorld awake;
        story().tell(awake);
        for (int step = 1; step <= awake.steps; ++step) {
            LeaseWorld world;
            world.atStep = [&] {
                if (world.steps == step)
                    world.clock.slept += kHour;
            };
            story().tell(world);
            const QString where = at(story(), world, step, world.report().fault);
            QVERIFY2(world.report().state == awake.report().state, qPrintable(where));
            QVERIFY2(world.service.content == awake.service.content, qPrintable(where));
            QVERIFY2(world.file.content == awake.file.content, qPrintable(where));
            QVERIFY2(world.hasJournal() == awake.hasJournal(), qPrintable(where));
            QCOMPARE(world.passed, awake.passed);
        }
    }

    /// The computer sleeps for an hour in the middle of a step, and sottod does not wake with it.
    void sottodDoesNotWake_data() { stories(); }
    void sottodDoesNotWake() {
        const int steps = stepsOf(story());
        for (int step = 1; step <= steps; ++step) {
            LeaseWorld world;
            Outage outage(world);
            bool isGone = false;
            world.atStep = [&] {
                if (world.steps != step)
                    return;
                world.clock.slept += kHour;
                world.reach.listens = false;
                world.lease().setServiceConnected(false);
                isGone = true;
                outage.look();
            };
            story().tell(world, [&] { return !isGone; });
            outage.look();
            outage.advance(3 * kRestart);
            const QString fault = story().faultOfEnd(world);
            QVERIFY2(fault.isEmpty(), qPrintable(at(story(), world, step, fault)));
            QVERIFY2(outage.longest <= kRestart,
                     qPrintable(at(story(), world, step, QString::number(outage.longest))));
        }
    }

    /// At any moment of holding: sottod ends two seconds after the lease was taken, and is back
    /// four or forty seconds after that.
    void sleepAtAnyMomentOfHolding_data() {
        QTest::addColumn<qint64>("backAfter");
        QTest::newRow("it is back in time") << qint64{4'000};
        QTest::newRow("it is not") << qint64{40'000};
    }
    void sleepAtAnyMomentOfHolding() {
        QFETCH(const qint64, backAfter);
        for (qint64 sleepAt = 0; sleepAt < 16'000; sleepAt += 7 * kPace) {
            LeaseWorld world;
            world.take();
            Outage outage(world);
            const qint64 began = world.clock.awake;
            const auto passed = [&] { return world.clock.awake - began; };
            bool slept = false;
            while (passed() < 30'000) {
                if (!slept && passed() >= sleepAt) {
                    slept = true;
                    world.clock.slept += kHour;
                    outage.wake();
                }
                const bool listens = passed() < 2'000 || passed() >= 2'000 + backAfter;
                world.reach.listens = listens;
                if (!listens)
                    world.lease().setServiceConnected(false);
                outage.advance(kPace);
            }
            QVERIFY2(
                outage.longest <= kRestart,
                qPrintable(QStringLiteral("slept at %1: %2").arg(sleepAt).arg(outage.longest)));
            QCOMPARE(world.report().state, backAfter < kRestart ? State::Held : State::Free);
            const QString fault = world.faultOfEnd(
                {QStringLiteral("earlier service"), QStringLiteral("earlier file")});
            QVERIFY2(fault.isEmpty(), qPrintable(fault));
        }
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestLeaseLoss)
#include "test_lease_loss.moc"
