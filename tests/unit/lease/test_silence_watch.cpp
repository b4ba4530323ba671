// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/state/contest.h"
#include "lease/state/silence_watch.h"

#include <QTest>

namespace sotto::test {

using lease::Contest;
using lease::SilenceWatch;

namespace {

/// A watch whose questions are answered, or fail, after some time.
struct Watched {
    SilenceWatch watch;
    qint64 awake = 0;
    qint64 slept = 0;
    qint64 delay = 0;
    bool answers = true;
    int questions = 0;

    explicit Watched(bool connected = true) { watch.start(now(), connected); }
    SilenceWatch::Moment now() const { return {awake, slept}; }

    /// Lets time pass; true once the silence has lasted too long.
    bool pass(qint64 millis) {
        const qint64 end = awake + millis;
        for (auto due = watch.dueAt(); due && *due <= end; due = watch.dueAt()) {
            awake = std::max(awake, *due);
            if (watch.takeQuestion(now())) {
                ++questions;
                const auto asked = now();
                awake += delay;
                watch.setOutcome(answers, asked, now());
            }
            if (watch.isLost(now()))
                return true;
        }
        awake = std::max(awake, end);
        return watch.isLost(now());
    }
};

} // namespace

/// When it is asked, and when a silence has lasted too long.
class TestSilenceWatch : public QObject {
    Q_OBJECT

private slots:
    void seldomWhileAllIsWell() {
        Watched world;
        QVERIFY(!world.pass(60'000));
        QCOMPARE(world.questions, 13); // at once, then every five seconds
    }

    void everySecondWithoutAConnection() {
        Watched world(false);
        QVERIFY(!world.pass(60'000));
        QCOMPARE(world.questions, 61);
        QVERIFY(!world.watch.isSilent());
    }

    void aLostConnectionIsAskedAboutAtOnce() {
        Watched world;
        world.pass(4'000);
        QCOMPARE(world.questions, 1);
        world.watch.setConnected(false, world.now());
        world.pass(0);
        QCOMPARE(world.questions, 2);
    }

    void tenSecondsOfSilence_data() {
        QTest::addColumn<qint64>("delay");
        QTest::newRow("refused at once") << qint64(0);
        QTest::newRow("after a second") << qint64(1000);
    }
    void tenSecondsOfSilence() {
        QFETCH(qint64, delay);
        Watched world;
        world.pass(3'000);
        world.answers = false;
        world.delay = delay;
        world.watch.setConnected(false, world.now());
        const qint64 began = world.awake;
        QVERIFY(!world.pass(SilenceWatch::kLost - 1'500));
        QVERIFY(world.watch.isSilent());
        QVERIFY(world.pass(3'000));
        QVERIFY(world.awake - began >= SilenceWatch::kLost);
        QVERIFY(world.awake - began <= 10'500);
        // It stays so, and is no reason to be busy.
        QVERIFY(!world.watch.dueAt() || *world.watch.dueAt() >= world.awake);
        world.answers = true;
        QVERIFY(!world.pass(2'000));
        QVERIFY(!world.watch.isSilent());
    }

    void tenSecondsFromTheLastAnswer_data() {
        QTest::addColumn<qint64>("delay");
        QTest::newRow("refused at once") << qint64(0);
        QTest::newRow("hangs") << qint64(450);
    }
    void tenSecondsFromTheLastAnswer() {
        QFETCH(qint64, delay);
        Watched world;
        world.pass(10'000);
        world.answers = false; // and stays connected
        world.delay = delay;
        const qint64 began = world.awake;
        QVERIFY(!world.pass(9'000));
        QVERIFY(world.pass(1'000));
        QVERIFY(world.awake - began >= SilenceWatch::kLost);
    }

    void anyAnswerBeginsAnew() {
        Watched world(false);
        world.answers = false;
        QVERIFY(!world.pass(8'000));
        world.answers = true;
        world.pass(1'000);
        world.answers = false;
        QVERIFY(!world.pass(8'000));
        QVERIFY(world.pass(4'000));
    }

    void aSleepBeforeTheFirstQuestionIsNone() {
        Watched world;
        world.pass(5'000);
        world.answers = false;
        world.pass(4'000);
        world.slept += 3'600'000;
        QVERIFY(!world.pass(8'500));
        QVERIFY(world.pass(2'500));
    }

    void sleepIsNoSilence() {
        Watched world(false);
        world.answers = false;
        QVERIFY(!world.pass(6'000));
        world.slept += 3'600'000;
        QVERIFY(!world.pass(8'000));
        QVERIFY(world.pass(3'000));
    }

    void aStoppedKeeperHasSeenNoSilence() {
        Watched world(false);
        world.answers = false;
        world.pass(0);
        world.awake += 30'000;
        QVERIFY(!world.watch.isLost(world.now()));
        QVERIFY(!world.pass(2'000));
        QVERIFY(world.pass(4'000));
    }

    void restsWhenStopped() {
        Watched world(false);
        world.answers = false;
        world.pass(5'000);
        world.watch.stop();
        QVERIFY(!world.watch.dueAt());
        QVERIFY(!world.watch.isSilent());
    }

    void contestsEnd() {
        Contest contest;
        for (int round = 0; round < Contest::kMostRounds; ++round)
            QVERIFY(contest.goOn(round * 1000));
        QVERIFY(!contest.goOn(10'000));
        QVERIFY(contest.goOn(10'000 + Contest::kWithin));
        Contest slow;
        for (int round = 0; round < 100; ++round)
            QVERIFY(slow.goOn(round * Contest::kWithin / Contest::kMostRounds));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestSilenceWatch)
#include "test_silence_watch.moc"
