// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/counters.h"
#include "observe/record_ring.h"
#include "observe/snapshot.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace sotto::engine;

namespace sotto::test {

namespace {

QueryRecord numbered(std::int64_t number) {
    QueryRecord record;
    record.unixMicros = number;
    record.durationMicros = static_cast<std::uint32_t>(number * 3);
    return record;
}

using Counts = std::vector<std::pair<std::uint16_t, std::uint64_t>>;

Counts countsOf(const Statistics& statistics) {
    Counts counts;
    for (const auto& one : statistics.queriesByType)
        counts.emplace_back(one.type, one.queries);
    return counts;
}

/// Both halves are always equal, or the snapshot was torn.
struct Pair {
    std::int64_t left = 0;
    std::int64_t right = 0;
};

} // namespace

class TestObservation : public QObject {
    Q_OBJECT

private slots:
    void timesFallIntoTheirBuckets() {
        DurationCounter counter;
        for (const std::uint32_t micros : {0U, 1U, 2U, 3U, 4U, 1023U, 1024U, 0xffffffffU})
            counter.add(micros);
        DurationHistogram histogram;
        counter.addTo(histogram);
        QCOMPARE(histogram.total(), std::uint64_t{8});
        QCOMPARE(histogram.counts[0], std::uint64_t{2});
        QCOMPARE(histogram.counts[1], std::uint64_t{2});
        QCOMPARE(histogram.counts[2], std::uint64_t{1});
        QCOMPARE(histogram.counts[9], std::uint64_t{1});
        QCOMPARE(histogram.counts[10], std::uint64_t{1});
        QCOMPARE(histogram.counts[DurationHistogram::kBuckets - 1], std::uint64_t{1});
        counter.addTo(histogram);
        QCOMPARE(histogram.total(), std::uint64_t{16});
    }

    void quantiles() {
        DurationHistogram histogram;
        QCOMPARE(histogram.quantileMicros(0.5), 0.0);
        histogram.counts[10] = 100; // 1024 to 2048
        QCOMPARE(histogram.quantileMicros(0), 1024.0);
        QCOMPARE(histogram.quantileMicros(0.5), 1536.0);
        QCOMPARE(histogram.quantileMicros(1), 2048.0);
        histogram.counts[0] = 300;
        QCOMPARE(histogram.quantileMicros(0.5), 2.0 * 200 / 300);
        QCOMPARE(histogram.quantileMicros(0.75), 2.0);
        QVERIFY(histogram.quantileMicros(0.76) > 1024 && histogram.quantileMicros(0.76) < 2048);
        double last = 0;
        for (int share = 0; share <= 100; ++share) {
            const double value = histogram.quantileMicros(share / 100.0);
            QVERIFY(value >= last);
            last = value;
        }
        DurationHistogram sum;
        sum += histogram;
        sum += histogram;
        QCOMPARE(sum.total(), std::uint64_t{800});
        QCOMPARE(sum.quantileMicros(1), 2048.0);
    }

    void countersAddUp() {
        Counters one;
        Counters two;
        one.queriesUdp.add();
        two.queriesUdp.add(4);
        two.truncated.add(2);
        two.missTimes.add(5);
        Statistics sum;
        one.addTo(sum);
        two.addTo(sum);
        QCOMPARE(sum.queriesUdp, std::uint64_t{5});
        QCOMPARE(sum.queries(), std::uint64_t{5});
        QCOMPARE(sum.truncated, std::uint64_t{2});
        QCOMPARE(sum.missTimes.total(), std::uint64_t{1});
        QCOMPARE(sum.hitTimes.total(), std::uint64_t{0});
    }

    void typesAreCountedApart() {
        Counters one;
        Counters two;
        Statistics sum;
        one.addTo(sum);
        QVERIFY(sum.queriesByType.empty());
        for (int i = 0; i < 3; ++i)
            one.countType(1);
        one.countType(257);
        two.countType(1);
        two.countType(28);
        for (const std::uint16_t other :
             {0, 3, 99, 256, 258, 32768, 65535}) // no counter of their own
            two.countType(other);
        one.addTo(sum);
        two.addTo(sum);
        QVERIFY(countsOf(sum) == Counts({{0, 7}, {1, 4}, {28, 1}, {257, 1}}));
        one.addTo(sum);
        QVERIFY(countsOf(sum) == Counts({{0, 7}, {1, 7}, {28, 1}, {257, 2}}));
    }

    void everyCountedTypeHasItsSlot() {
        QVERIFY(std::is_sorted(kCountedTypes.begin(), kCountedTypes.end()));
        for (std::uint32_t type = 0; type <= 0xffff; ++type) {
            const std::size_t slot = typeSlot(static_cast<std::uint16_t>(type));
            const auto counted = std::find(kCountedTypes.begin(), kCountedTypes.end(), type);
            QCOMPARE(slot, counted == kCountedTypes.end()
                               ? std::size_t{0}
                               : static_cast<std::size_t>(counted - kCountedTypes.begin()));
        }
        for (const std::uint16_t usual : {1, 28, 65, 12, 15, 16, 5, 6, 2, 33, 64})
            QVERIFY(typeSlot(usual) != 0);
    }

    void claimedRecordsAreHandedOverTogether() {
        int announced = 0;
        RecordRing ring([&] { ++announced; });
        std::vector<QueryRecord> records;
        ring.publish(); // nothing was claimed
        QCOMPARE(announced, 0);
        for (std::int64_t i = 0; i < 3; ++i) {
            QueryRecord* slot = ring.claim();
            QVERIFY(slot);
            *slot = numbered(i);
        }
        ring.read(records);
        QVERIFY(records.empty());
        QCOMPARE(announced, 0);
        ring.publish();
        QCOMPARE(announced, 1);
        ring.publish();
        QCOMPARE(announced, 1);
        ring.read(records);
        QCOMPARE(records.size(), std::size_t{3});
        for (std::size_t i = 0; i < 3; ++i)
            QCOMPARE(records[i].unixMicros, static_cast<std::int64_t>(i));
        *ring.claim() = numbered(3);
        ring.push(numbered(4)); // hands over what was claimed before as well
        QCOMPARE(announced, 2);
        records.clear();
        ring.read(records);
        QCOMPARE(records.size(), std::size_t{2});
        QCOMPARE(records[0].unixMicros, std::int64_t{3});
    }

    void aFullRingGivesNoPlace() {
        RecordRing ring({});
        for (std::size_t i = 0; i < RecordRing::kCapacity; ++i)
            *ring.claim() = numbered(static_cast<std::int64_t>(i));
        QVERIFY(!ring.claim());
        QVERIFY(!ring.claim());
        QCOMPARE(ring.dropped(), std::uint64_t{2});
        std::vector<QueryRecord> records;
        ring.read(records); // nothing was handed over yet
        QVERIFY(records.empty() && !ring.claim());
        ring.publish();
        ring.read(records);
        QCOMPARE(records.size(), RecordRing::kCapacity);
        QVERIFY(ring.claim());
        QCOMPARE(ring.dropped(), std::uint64_t{3});
    }

    void recordsAreAnnouncedOnce() {
        int announced = 0;
        RecordRing ring([&] { ++announced; });
        std::vector<QueryRecord> records;
        ring.read(records);
        QVERIFY(records.empty());
        QCOMPARE(announced, 0);
        for (int i = 0; i < 3; ++i)
            ring.push(numbered(i));
        QCOMPARE(announced, 1);
        ring.read(records);
        QCOMPARE(records.size(), std::size_t{3});
        for (std::size_t i = 0; i < 3; ++i)
            QCOMPARE(records[i].unixMicros, static_cast<std::int64_t>(i));
        ring.push(numbered(3));
        QCOMPARE(announced, 2);
        ring.read(records);
        QCOMPARE(records.size(), std::size_t{4});
        RecordRing silent({});
        silent.push(numbered(1));
        silent.read(records);
        QCOMPARE(records.size(), std::size_t{5});
    }

    void aFullRingDropsTheNewAndCounts() {
        RecordRing ring({});
        const auto capacity = static_cast<std::int64_t>(RecordRing::kCapacity);
        for (std::int64_t i = 0; i < capacity + 10; ++i)
            ring.push(numbered(i));
        QCOMPARE(ring.dropped(), std::uint64_t{10});
        std::vector<QueryRecord> records;
        ring.read(records);
        QCOMPARE(records.size(), RecordRing::kCapacity);
        QCOMPARE(records.front().unixMicros, std::int64_t{0});
        QCOMPARE(records.back().unixMicros, capacity - 1);
        for (std::int64_t round = 0; round < 3; ++round) { // around the end
            records.clear();
            for (std::int64_t i = 0; i < capacity; ++i)
                ring.push(numbered(i));
            ring.read(records);
            QCOMPARE(records.size(), RecordRing::kCapacity);
        }
        QCOMPARE(ring.dropped(), std::uint64_t{10});
    }

    void producerAndReaderLoseNothingUncounted_data() {
        QTest::addColumn<int>("batch");
        QTest::newRow("one by one") << 1;
        QTest::newRow("in batches") << 64;
        QTest::newRow("in batches that go around the end") << 1000;
    }
    void producerAndReaderLoseNothingUncounted() {
        QFETCH(int, batch);
        constexpr std::int64_t kRecords = 200'000;
        std::atomic<bool> wanted{false};
        RecordRing ring([&] { wanted = true; });
        std::atomic<bool> finished{false};
        std::thread producer([&] {
            for (std::int64_t i = 0; i < kRecords; ++i) {
                if (QueryRecord* slot = ring.claim())
                    *slot = numbered(i);
                if (i % batch == batch - 1)
                    ring.publish();
            }
            ring.publish();
            finished = true;
        });
        std::vector<QueryRecord> records;
        std::size_t seen = 0;
        std::int64_t last = -1;
        bool inOrder = true;
        const auto drain = [&] {
            records.clear();
            ring.read(records);
            seen += records.size();
            for (const QueryRecord& record : records) {
                inOrder &=
                    record.unixMicros > last &&
                    record.durationMicros == static_cast<std::uint32_t>(record.unixMicros * 3);
                last = record.unixMicros;
            }
        };
        // Only announcements lead to reading: a lost one would leave records behind.
        while (!finished || wanted) {
            if (wanted.exchange(false))
                drain();
            else
                std::this_thread::yield();
        }
        producer.join();
        QVERIFY(inOrder);
        QCOMPARE(seen + ring.dropped(), static_cast<std::size_t>(kRecords));
    }

    void snapshotsAreSeenAfterARefresh() {
        Snapshot<int> snapshot(1);
        Snapshot<int>::Reader reader(snapshot);
        QCOMPARE(reader.get(), 1);
        snapshot.publish(2);
        QCOMPARE(reader.get(), 1);
        reader.refresh();
        QCOMPARE(reader.get(), 2);
        reader.refresh();
        QCOMPARE(reader.get(), 2);
        QCOMPARE(Snapshot<int>::Reader(snapshot).get(), 2);
    }

    void snapshotsAreNeverTorn() {
        constexpr std::int64_t kLast = 20'000;
        Snapshot<Pair> snapshot(Pair{});
        std::atomic<int> wrong{0};
        std::vector<std::thread> readers;
        for (int i = 0; i < 3; ++i)
            readers.emplace_back([&] {
                Snapshot<Pair>::Reader reader(snapshot);
                std::int64_t last = 0;
                while (last < kLast) {
                    reader.refresh();
                    const Pair& pair = reader.get();
                    wrong += pair.left != pair.right || pair.left < last;
                    last = pair.left;
                    std::this_thread::yield();
                }
            });
        for (std::int64_t i = 1; i <= kLast; ++i)
            snapshot.publish({i, i});
        for (std::thread& reader : readers)
            reader.join();
        QCOMPARE(wrong.load(), 0);
    }

    void namesOfRecords() {
        QueryRecord record;
        QCOMPARE(record.nameText(), std::string("."));
        const std::array<std::uint8_t, 6> name{2, 'a', '\n', 1, 'b', 0};
        std::copy(name.begin(), name.end(), record.name.begin());
        record.nameLength = 6;
        QCOMPARE(record.nameText(), std::string("a\\010.b"));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestObservation)
#include "test_observation.moc"
