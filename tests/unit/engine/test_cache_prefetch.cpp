// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache_samples.h"

#include <QTest>

#include <atomic>
#include <thread>

using sotto::engine::CacheConfig;
using sotto::engine::ResponseCache;
using Use = sotto::engine::ResponseCache::Use;
using std::chrono::seconds;

namespace sotto::test {

namespace {

constexpr std::uint32_t kLifetime = 1000;
constexpr std::uint32_t kGap = 60;
constexpr std::uint32_t kRecheck = 5;
constexpr std::uint32_t kMoment = 2;    // where nobody could be reached
constexpr std::uint32_t kPatience = 10; // for a refresh that was handed over
constexpr std::uint32_t kDue = 100;     // 90 % of the lifetime are left

CacheConfig prefetching(unsigned hits, unsigned percentage = 90) {
    CacheConfig config;
    config.prefetch.hits = hits;
    config.prefetch.gap = seconds(kGap);
    config.prefetch.percentage = percentage;
    config.stale.recheck = seconds(kRecheck);
    return config;
}

class CacheWith {
public:
    explicit CacheWith(const CacheConfig& config, std::uint32_t lifetime = kLifetime,
                       const Sample& kept = sample("a.test."))
        : m_kept(kept) {
        cache.configure(config, kNow);
        insert(cache, kept, kNow, lifetime);
    }
    /// A client's hit; whether the answer has to be asked anew. Without a hit the test fails.
    bool isAskedAnewAfter(std::uint32_t age, Use use = Use::Client) {
        const auto found = lookAt(cache, m_kept.question, kNow + age, use).found;
        if (!found)
            QTest::qFail("nothing was found", __FILE__, __LINE__);
        return found.refresh;
    }
    const engine::Question& question() const { return m_kept.question; }

    ResponseCache cache{std::size_t{1} << 20};

private:
    Sample m_kept;
};

} // namespace

/// Which answers are asked anew before they expire, and when.
class TestCachePrefetch : public QObject {
    Q_OBJECT

private slots:
    void offByDefault() {
        CacheWith with({});
        for (std::uint32_t age = kLifetime - 20; age < kLifetime; ++age)
            QVERIFY(!with.isAskedAnewAfter(age));
    }

    void theThreshold_data() {
        QTest::addColumn<int>("lifetime");
        QTest::addColumn<int>("percentage");
        QTest::addColumn<int>("left"); // at the most: the percentage of the lifetime, rounded up
        QTest::newRow("10 % of 100") << 100 << 10 << 10;
        QTest::newRow("10 % of 101") << 101 << 10 << 11;
        QTest::newRow("10 % of 109") << 109 << 10 << 11;
        QTest::newRow("10 % of 110") << 110 << 10 << 11;
        QTest::newRow("10 % of 111") << 111 << 10 << 12;
        QTest::newRow("10 % of 2") << 2 << 10 << 1;
        QTest::newRow("1 % of 50") << 50 << 1 << 1;
        QTest::newRow("50 % of 7") << 7 << 50 << 4;
        QTest::newRow("90 % of 60") << 60 << 90 << 54;
        QTest::newRow("90 % of a week") << 604800 << 90 << 544320;
        QTest::newRow("1 % of a week") << 604800 << 1 << 6048;
    }
    void theThreshold() {
        QFETCH(int, lifetime);
        QFETCH(int, percentage);
        QFETCH(int, left);
        const auto whole = static_cast<std::uint32_t>(lifetime);
        const auto due = static_cast<std::uint32_t>(lifetime - left);
        CacheWith with(prefetching(1, static_cast<unsigned>(percentage)), whole);
        QVERIFY(!with.isAskedAnewAfter(0));
        QVERIFY(!with.isAskedAnewAfter(due - 1));
        QVERIFY(with.isAskedAnewAfter(due));
    }

    void ofTheShortestAnswerAllIsTheEnd() {
        CacheWith with(prefetching(1, 10), 1);
        QVERIFY(with.isAskedAnewAfter(0));
    }

    void soManyHitsMakeItPopular_data() {
        QTest::addColumn<int>("configured");
        QTest::addColumn<int>("needed");
        QTest::newRow("1") << 1 << 1;
        QTest::newRow("2") << 2 << 2;
        QTest::newRow("10") << 10 << 10;
        QTest::newRow("255") << 255 << 255;
        QTest::newRow("more than can be counted") << 1000 << 255;
    }
    void soManyHitsMakeItPopular() {
        QFETCH(int, configured);
        QFETCH(int, needed);
        CacheWith with(prefetching(static_cast<unsigned>(configured)));
        for (int hit = 1; hit < needed; ++hit)
            QVERIFY2(!with.isAskedAnewAfter(kDue), qPrintable(QString::number(hit)));
        QVERIFY(with.isAskedAnewAfter(kDue));
    }

    void hitsBeforeTheThresholdCount() {
        CacheWith with(prefetching(3));
        QVERIFY(!with.isAskedAnewAfter(kDue - 20));
        QVERIFY(!with.isAskedAnewAfter(kDue - 10));
        QVERIFY(!with.isAskedAnewAfter(kDue - 1)); // the third, but too early
        QVERIFY(with.isAskedAnewAfter(kDue));
    }

    void aGapStartsTheCountAnew() {
        CacheWith with(prefetching(2));
        QVERIFY(!with.isAskedAnewAfter(200));
        QVERIFY(with.isAskedAnewAfter(200 + kGap - 1));
        CacheWith paused(prefetching(2));
        QVERIFY(!paused.isAskedAnewAfter(200));
        QVERIFY(!paused.isAskedAnewAfter(200 + kGap));
        QVERIFY(paused.isAskedAnewAfter(201 + kGap));
        CacheWith often(prefetching(3)); // never a gap, though the first hit lies further back
        QVERIFY(!often.isAskedAnewAfter(200));
        QVERIFY(!often.isAskedAnewAfter(200 + kGap - 1));
        QVERIFY(often.isAskedAnewAfter(200 + 2 * (kGap - 1)));
    }

    void aReaderWhoseClockIsBehindMakesNoGap() {
        CacheWith with(prefetching(3));
        QVERIFY(!with.isAskedAnewAfter(200));
        QVERIFY(!with.isAskedAnewAfter(199)); // another thread's batch began earlier
        QVERIFY(with.isAskedAnewAfter(200));
    }

    void itIsClaimedByOne() {
        CacheWith with(prefetching(1));
        QVERIFY(with.isAskedAnewAfter(kDue));
        for (std::uint32_t later = 0; later < kPatience; ++later)
            QVERIFY(!with.isAskedAnewAfter(kDue + later));
        QVERIFY(with.isAskedAnewAfter(kDue + kPatience)); // the first never came back
        QVERIFY(!with.isAskedAnewAfter(kDue + kPatience));
    }

    void ofManyThreadsOneClaimsIt() {
        CacheWith with(prefetching(1));
        std::atomic<int> claimed{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                Bytes buffer(512);
                for (int hit = 0; hit < 2000; ++hit)
                    claimed += with.cache.copy(with.question(), kNow + kDue, buffer).refresh;
            });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(claimed.load(), 1);
    }

    void aLastResortIsNoHit() {
        CacheWith with(prefetching(1));
        QVERIFY(with.isAskedAnewAfter(kDue));
        QVERIFY(!with.isAskedAnewAfter(kDue, Use::LastResort));
    }

    void whereNobodyCouldBeReachedItIsRepeatedSoon() {
        CacheWith with(prefetching(1));
        QVERIFY(with.isAskedAnewAfter(kDue));
        with.cache.noteFailedRefresh(with.question(), kNow + kDue + 1);
        for (std::uint32_t later = 1; later <= kMoment; ++later)
            QVERIFY(!with.isAskedAnewAfter(kDue + later));
        QVERIFY(with.isAskedAnewAfter(kDue + kMoment + 1));
    }

    void aFailureInItsPlaceLeavesTheAnswer() {
        CacheWith with(prefetching(1));
        QVERIFY(with.isAskedAnewAfter(kDue));
        QVERIFY(insert(with.cache, failureOf("a.test."), kNow + kDue, 5));
        const Look found = lookAt(with.cache, with.question(), kNow + kDue);
        QVERIFY(found.message && found.message->answers.size() == 1 && !found.found.stale);
        QCOMPARE(found.message->answers[0].ttl, 0U); // 60 at first
        QVERIFY(!with.isAskedAnewAfter(kDue + kRecheck - 1));
        QVERIFY(with.isAskedAnewAfter(kDue + kRecheck));
    }

    void theCountIsCarriedOver() {
        CacheWith with(prefetching(3));
        for (int hit = 0; hit < 2; ++hit)
            QVERIFY(!with.isAskedAnewAfter(kDue));
        QVERIFY(with.isAskedAnewAfter(kDue));
        insert(with.cache, sample("a.test."), kNow + kDue, 10);
        QVERIFY(!with.isAskedAnewAfter(kDue)); // all of it is left
        QVERIFY(with.isAskedAnewAfter(kDue + 1));
        insert(with.cache, sample("a.test."), kNow + kDue + kGap, 10);
        QVERIFY(!with.isAskedAnewAfter(kDue + kGap + 1)); // nobody asked for so long
        QVERIFY(!with.isAskedAnewAfter(kDue + kGap + 1));
        QVERIFY(with.isAskedAnewAfter(kDue + kGap + 1));
    }

    void failuresAreNotPrefetched() {
        CacheWith with(prefetching(1), kLifetime, failureOf("a.test."));
        for (std::uint32_t age = kLifetime - 5; age < kLifetime; ++age)
            QVERIFY(!with.isAskedAnewAfter(age));
    }

    void denialsAre() {
        CacheWith with(prefetching(1), kLifetime, denialOf("a.test."));
        QVERIFY(with.isAskedAnewAfter(kDue));
    }

    void switchedAtRunTime() {
        CacheWith with({});
        QVERIFY(!with.isAskedAnewAfter(kDue));
        with.cache.configure(prefetching(2), kNow + kDue);
        QVERIFY(!with.isAskedAnewAfter(kDue)); // the first that counts
        QVERIFY(with.isAskedAnewAfter(kDue));
        with.cache.configure(prefetching(2, 10), kNow + kDue);
        QVERIFY(!with.isAskedAnewAfter(kDue + kPatience));
        with.cache.configure(prefetching(0), kNow + kDue);
        QVERIFY(!with.isAskedAnewAfter(kLifetime - 1));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestCachePrefetch)
#include "test_cache_prefetch.moc"
