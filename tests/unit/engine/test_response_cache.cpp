// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache_samples.h"

#include <QTest>

#include <atomic>
#include <map>
#include <random>
#include <thread>

using sotto::engine::CacheConfig;
using sotto::engine::ResponseCache;

namespace sotto::test {

namespace {

constexpr std::size_t kPlenty = std::size_t{64} << 20;

Sample sampleOfSize(const std::string& name, std::size_t strings) {
    Message answer = responseTo(name, rr::kTxt);
    Bytes text;
    for (std::size_t i = 0; i < strings; ++i) {
        text.push_back(99);
        text.insert(text.end(), 99, 'x');
    }
    answer.answers.push_back({nameOf(name), rr::kTxt, kClassIn, 60, text});
    return sampleOf(answer);
}

CacheConfig sized(std::size_t bytes) {
    CacheConfig config;
    config.sizeBytes = bytes;
    return config;
}

std::string numbered(int i) {
    return "n" + std::to_string(i) + ".test.";
}

} // namespace

class TestResponseCache : public QObject {
    Q_OBJECT

private slots:
    void whatIsKeptComesBack() {
        ResponseCache cache(kPlenty);
        const Sample kept = sample("a.test.");
        QVERIFY(!look(cache, kept.question, kNow));
        insert(cache, kept);
        const auto found = look(cache, kept.question, kNow);
        QVERIFY(found);
        QVERIFY(found->answers == addressMessage("a.test.").answers);
        QCOMPARE(cache.usage().entries, std::uint64_t{1});
    }

    void ofTheHeaderOnlyCodeAndAdAreKept() {
        ResponseCache cache(kPlenty);
        Message answer = addressMessage("a.test.");
        answer.rcode = rcode::kNxDomain;
        answer.authenticData = answer.authoritative = answer.checkingDisabled = true;
        const Sample kept = sampleOf(answer);
        insert(cache, kept);
        const auto found = look(cache, kept.question, kNow).value();
        QCOMPARE(found.rcode, rcode::kNxDomain);
        QVERIFY(found.authenticData);
        QVERIFY(!found.authoritative && !found.checkingDisabled && !found.recursionDesired);
    }

    void ttlsFallAndEntriesExpire() {
        ResponseCache cache(kPlenty);
        Message answer = addressMessage("a.test.", "192.0.2.1", 60);
        answer.additionals.push_back(recordOf("b.test.", rr::kA, 5, "192.0.2.2"));
        const Sample kept = sampleOf(answer);
        insert(cache, kept, kNow, 60);
        const auto ttls = [&](std::uint32_t now) {
            const auto found = look(cache, kept.question, now);
            return found ? std::pair(std::int64_t{found->answers[0].ttl},
                                     std::int64_t{found->additionals[0].ttl})
                         : std::pair(std::int64_t{-1}, std::int64_t{-1});
        };
        QVERIFY(ttls(kNow) == std::pair(std::int64_t{60}, std::int64_t{5}));
        QVERIFY(ttls(kNow + 4) == std::pair(std::int64_t{56}, std::int64_t{1}));
        QVERIFY(ttls(kNow + 5) == std::pair(std::int64_t{55}, std::int64_t{0}));
        QVERIFY(ttls(kNow + 59) == std::pair(std::int64_t{1}, std::int64_t{0}));
        QVERIFY(ttls(kNow + 60).first == -1);
        QVERIFY(ttls(kNow + 0x7fffffff).first == -1);
        QVERIFY(ttls(kNow) == std::pair(std::int64_t{60}, std::int64_t{5})); // the copy aged alone
    }

    void aReaderWhoseClockIsBehindFindsIt() {
        ResponseCache cache(kPlenty);
        const Sample kept = sample("a.test.");
        insert(cache, kept, kNow);
        const auto found = look(cache, kept.question, kNow - 1);
        QVERIFY(found);
        QCOMPARE(found->answers[0].ttl, 60U);
    }

    void eachPartOfTheKeyCounts() {
        ResponseCache cache(kPlenty);
        for (const bool dnssecOk : {false, true}) {
            for (const bool disabled : {false, true}) {
                const std::string address =
                    "192.0.2." + std::to_string(1 + (dnssecOk ? 1 : 0) + (disabled ? 2 : 0));
                insert(cache, sampleOf(addressMessage("a.test.", address), dnssecOk, disabled));
            }
        }
        QCOMPARE(cache.usage().entries, std::uint64_t{4});
        for (const bool dnssecOk : {false, true}) {
            for (const bool disabled : {false, true}) {
                const auto found =
                    look(cache, engineQuestion("A.TEST.", rr::kA, dnssecOk, disabled), kNow);
                QVERIFY(found);
                QCOMPARE(int{found->answers[0].rdata[3]},
                         1 + (dnssecOk ? 1 : 0) + (disabled ? 2 : 0));
            }
        }
        QVERIFY(!look(cache, engineQuestion("a.test.", rr::kAaaa), kNow));
        QVERIFY(!look(cache, engineQuestion("b.test.", rr::kA), kNow));
        Message chaos = responseTo("a.test.", rr::kA);
        chaos.questions[0].klass = 3;
        QVERIFY(!look(cache, engineQuestion(chaos), kNow));
    }

    void answersForSubnetsAreNotKept() {
        ResponseCache cache(kPlenty);
        Sample told = sample("a.test.", "192.0.2.9");
        engine::SubnetOption subnet;
        subnet.family = 1;
        subnet.sourcePrefix = 8;
        subnet.address = {10};
        const std::string name = nameOf("a.test.").toWire();
        told.question = engine::makeQuestion(
            {reinterpret_cast<const std::uint8_t*>(name.data()), name.size()}, told.question.type,
            told.question.queryClass, false, false, subnet);
        insert(cache, told);
        QCOMPARE(cache.usage().entries, std::uint64_t{0});
        QVERIFY(!look(cache, told.question, kNow));
        // Nor is such a question answered with what others get.
        insert(cache, sample("a.test."));
        QVERIFY(!look(cache, told.question, kNow));
        QVERIFY(look(cache, sample("a.test.").question, kNow));
    }

    void aNewerResponseTakesThePlace() {
        ResponseCache cache(kPlenty);
        const Sample first = sample("a.test.", "192.0.2.1");
        insert(cache, first, kNow, 10);
        const auto before = cache.usage();
        insert(cache, sample("a.test.", "192.0.2.2"), kNow + 5, 10);
        QCOMPARE(cache.usage().entries, std::uint64_t{1});
        QCOMPARE(cache.usage().bytes, before.bytes);
        const auto found = look(cache, first.question, kNow + 12);
        QVERIFY(found);
        QCOMPARE(int{found->answers[0].rdata[3]}, 2);
    }

    void ofLargeResponsesTheBeginningIsCopied() {
        ResponseCache cache(kPlenty);
        Message answer = responseTo("a.test.", rr::kA);
        for (int i = 0; i < 40; ++i)
            answer.answers.push_back(
                recordOf("a.test.", rr::kA, 60, "192.0.2." + std::to_string(i)));
        const Sample kept = sampleOf(answer);
        insert(cache, kept);
        for (std::size_t room = 0; room <= kept.response.wire.size(); ++room) {
            Bytes buffer(room + 8, 0xee);
            QCOMPARE(
                std::size_t{
                    cache.copy(kept.question, kNow + 1, std::span(buffer).first(room)).octets},
                kept.response.wire.size());
            QVERIFY(std::all_of(buffer.begin() + static_cast<std::ptrdiff_t>(room), buffer.end(),
                                [](auto octet) { return octet == 0xee; }));
        }
    }

    void theBoundHolds() {
        constexpr std::size_t kCapacity = std::size_t{4} << 20;
        ResponseCache cache(kCapacity);
        Sample one = sample("n0.test.");
        for (int i = 0; i < 100'000; ++i) {
            const std::string name = numbered(i);
            one.question = engineQuestion(name, rr::kA);
            const std::string wire = nameOf(name).toWire();
            Message answer = responseTo(name, rr::kA);
            one.response.wire = answer.toWire();
            one.response.wire.resize(one.response.wire.size() + static_cast<std::size_t>(i % 300));
            one.response.ttlOffsets.clear();
            insert(cache, one);
            if (i % 1000 == 0)
                QVERIFY2(cache.usage().bytes <= kCapacity, qPrintable(QString::number(i)));
        }
        const auto usage = cache.usage();
        QVERIFY(usage.bytes <= kCapacity);
        QVERIFY(usage.capacityBytes <= kCapacity);
        QVERIFY2(usage.bytes > kCapacity * 8 / 10, "most of the room is used");
        QVERIFY(usage.evictions > 10'000);
        QVERIFY(usage.entries + usage.evictions == 100'000);
    }

    void whatIsUsedStays() {
        ResponseCache cache(std::size_t{2} << 20);
        std::vector<Sample> used;
        for (int i = 0; i < 200; ++i) {
            used.push_back(sample("used" + std::to_string(i) + ".test."));
            insert(cache, used.back());
        }
        const Sample other = sample("n.test.");
        int found = 0;
        for (int i = 0; i < 60'000; ++i) {
            Sample stranger = other;
            stranger.question = engineQuestion("x" + std::to_string(i) + ".test.", rr::kA);
            stranger.response.wire =
                responseTo("x" + std::to_string(i) + ".test.", rr::kA).toWire();
            stranger.response.ttlOffsets.clear();
            insert(cache, stranger);
            if (i % 10 == 0) {
                Bytes buffer(512);
                for (const Sample& each : used)
                    static_cast<void>(cache.copy(each.question, kNow, buffer));
            }
        }
        for (const Sample& each : used)
            found += look(cache, each.question, kNow) ? 1 : 0;
        QVERIFY(cache.usage().evictions > 10'000);
        QVERIFY2(found >= 195, qPrintable(QString::number(found)));
    }

    void largeResponsesDoNotPushOutTheRest() {
        ResponseCache cache(std::size_t{1} << 20); // 16 KiB a shard
        for (int i = 0; i < 500; ++i)
            insert(cache, sample(numbered(i)));
        const auto before = cache.usage();
        for (int i = 0; i < 64; ++i) {
            const Sample large = sampleOfSize("large" + std::to_string(i) + ".test.", 400);
            insert(cache, large);
            QVERIFY(!look(cache, large.question, kNow));
        }
        QCOMPARE(cache.usage().entries, before.entries);
        QCOMPARE(cache.usage().evictions, before.evictions);
    }

    void aLargerAnswerStillReplacesTheOldOne() {
        ResponseCache cache(std::size_t{1} << 20);
        const Sample small = sampleOfSize("a.test.", 1);
        insert(cache, small);
        insert(cache, sampleOfSize("a.test.", 400));
        QVERIFY(!look(cache, small.question, kNow)); // gone rather than outdated
    }

    void aSmallerBoundLeavesAUsableCache() {
        ResponseCache cache(std::size_t{256} << 20);
        Sample one = sample("a.test.");
        one.response.ttlOffsets.clear();
        for (int i = 0; i < 200'000; ++i) {
            one.question = engineQuestion(numbered(i), rr::kA);
            one.response.wire = responseTo(numbered(i), rr::kA).toWire();
            insert(cache, one);
        }
        cache.configure(sized(std::size_t{1} << 20), kNow);
        QVERIFY(cache.usage().bytes <= std::size_t{1} << 20);
        QVERIFY(cache.usage().entries > 1000);
        int found = 0;
        for (int i = 0; i < 100; ++i) {
            const Sample fresh = sample("fresh" + std::to_string(i) + ".test.");
            insert(cache, fresh);
            found += look(cache, fresh.question, kNow) ? 1 : 0;
        }
        QVERIFY2(found > 80, qPrintable(QString::number(found)));
        cache.configure(sized(0), kNow);
        QCOMPARE(cache.usage().entries, std::uint64_t{0});
        cache.configure(sized(kPlenty), kNow);
        const Sample again = sample("again.test.");
        insert(cache, again);
        QVERIFY(look(cache, again.question, kNow));
    }

    void namesAreForgottenWhateverTheirCaseAndType() {
        ResponseCache cache(kPlenty);
        insert(cache, sample("a.test."));
        insert(cache, sampleOf(addressMessage("a.test."), true, true));
        Message other = responseTo("a.test.", rr::kMx);
        insert(cache, sampleOf(other));
        insert(cache, sample("b.a.test."));
        insert(cache, sample("test."));
        const std::string wire = nameOf("A.Test.").toWire();
        const engine::Bytes name(reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size());
        QCOMPARE(cache.removeName(name), std::size_t{3});
        QCOMPARE(cache.removeName(name), std::size_t{0});
        QVERIFY(!look(cache, engineQuestion("a.test.", rr::kA), kNow));
        QVERIFY(look(cache, engineQuestion("b.a.test.", rr::kA), kNow));
        QCOMPARE(cache.clear(), std::size_t{2});
        QCOMPARE(cache.clear(), std::size_t{0});
        QCOMPARE(cache.usage().entries, std::uint64_t{0});
        insert(cache, sample("a.test."));
        QVERIFY(look(cache, engineQuestion("a.test.", rr::kA), kNow));
    }

    void aSubtreeIsForgotten_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QStringList>("left");
        QTest::newRow("a name with names below") << "a.test." << QStringList{"xa.test.", "test."};
        QTest::newRow("another case") << "A.TEST." << QStringList{"xa.test.", "test."};
        QTest::newRow("a leaf") << "c.b.a.test."
                                << QStringList{"a.test.", "b.a.test.", "xa.test.", "test."};
        QTest::newRow("a name that is not there itself")
            << "nothing."
            << QStringList{"a.test.", "b.a.test.", "c.b.a.test.", "xa.test.", "test."};
        QTest::newRow("a zone") << "test." << QStringList{};
        QTest::newRow("the root") << "." << QStringList{};
    }
    void aSubtreeIsForgotten() {
        QFETCH(QString, name);
        QFETCH(QStringList, left);
        const QStringList all{"a.test.", "b.a.test.", "c.b.a.test.", "xa.test.", "test."};
        ResponseCache cache(kPlenty);
        for (const QString& each : all) {
            insert(cache, sample(each.toStdString()));
            insert(cache, sampleOf(addressMessage(each.toStdString()), true));
        }
        const std::string wire = nameOf(name.toStdString()).toWire();
        const engine::Bytes apex(reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size());
        QCOMPARE(cache.removeSubtree(apex), std::size_t(2 * (all.size() - left.size())));
        QCOMPARE(cache.removeSubtree(apex), std::size_t{0});
        QCOMPARE(cache.usage().entries, std::uint64_t(2 * left.size()));
        for (const QString& each : all) {
            for (const bool dnssecOk : {false, true})
                QCOMPARE(look(cache, engineQuestion(each.toStdString(), rr::kA, dnssecOk), kNow)
                             .has_value(),
                         left.contains(each));
        }
    }

    void aLifetimeOfNothingForgets() {
        ResponseCache cache(kPlenty);
        const Sample kept = sample("a.test.");
        QVERIFY(!insert(cache, kept, kNow, 0));
        QCOMPARE(cache.usage().entries, std::uint64_t{0});
        insert(cache, kept, kNow, 60);
        QVERIFY(!insert(cache, kept, kNow + 1, 0));
        QVERIFY(!look(cache, kept.question, kNow + 1));
        QCOMPARE(cache.usage().entries, std::uint64_t{0});
    }

    void ttlsAreKeptWhereThatIsWanted() {
        ResponseCache cache(kPlenty);
        const Sample kept = sample("a.test.", "192.0.2.1", 60);
        insert(cache, kept, kNow, 60);
        CacheConfig config;
        config.keepTtl = true;
        cache.configure(config, kNow);
        QCOMPARE(look(cache, kept.question, kNow + 59)->answers[0].ttl, 60U);
        QVERIFY(!look(cache, kept.question, kNow + 60)); // it expires all the same
        config.keepTtl = false;
        cache.configure(config, kNow);
        QCOMPARE(look(cache, kept.question, kNow + 59)->answers[0].ttl, 1U);
    }

    void theUpstreamsExtendedErrorIsKept() {
        ResponseCache cache(kPlenty);
        Message answer = addressMessage("a.test.");
        insert(cache, sampleOf(answer));
        answer.edns = Edns{1232, 0, false, {{edns::kExtendedError, {0, 15, 'n', 'o'}}}};
        answer.questions[0].name = answer.answers[0].owner = nameOf("b.test.");
        const Sample blocked = sampleOf(answer);
        insert(cache, blocked);
        QCOMPARE(lookAt(cache, sample("a.test.").question, kNow).found.extendedError,
                 engine::extended_error::kNone);
        QCOMPARE(lookAt(cache, blocked.question, kNow).found.extendedError, std::uint16_t{15});
    }

    void aVisitSeesWhatIsOfUse() {
        ResponseCache cache(kPlenty);
        CacheConfig config;
        config.stale.enabled = true;
        config.stale.keep = std::chrono::seconds(100);
        cache.configure(config, kNow);
        Message signedAnswer = addressMessage("a.test.", "192.0.2.1", 60);
        signedAnswer.edns = Edns{1232, 0, false, {{edns::kExtendedError, {0, 4}}}};
        const Sample kept = sampleOf(signedAnswer, true, true);
        insert(cache, kept, kNow, 60);
        insert(cache, denialOf("b.test."), kNow + 1, 20);
        insert(cache, failureOf("c.test."), kNow + 2, 5);
        struct Seen {
            ResponseCache::Kept kept;
            Bytes wire;
        };
        const auto visited = [&](std::uint32_t now) {
            std::map<std::string, Seen> seen;
            cache.visit(now, [&](const ResponseCache::Kept& one) {
                const Bytes wire(one.wire.begin(), one.wire.end());
                seen.emplace(Message::parse(wire).value().questions[0].name.toText(),
                             Seen{one, wire});
            });
            return seen;
        };
        const auto all = visited(kNow + 2);
        QCOMPARE(all.size(), std::size_t{3});
        const Seen& a = all.at(nameOf("a.test.").toText());
        QCOMPARE(a.wire.size(), kept.response.wire.size());
        QVERIFY(Message::parse(a.wire)->answers == signedAnswer.answers); // TTLs as they came
        QVERIFY(a.kept.kind == engine::AnswerKind::Positive);
        QVERIFY(a.kept.dnssecOk && a.kept.checkingDisabled);
        QCOMPARE(a.kept.extendedError, std::uint16_t{4});
        QCOMPARE(a.kept.storedAt, kNow);
        QCOMPARE(a.kept.lifetime, 60U);
        const Seen& b = all.at(nameOf("b.test.").toText());
        QVERIFY(b.kept.kind == engine::AnswerKind::Denial);
        QVERIFY(!b.kept.dnssecOk && !b.kept.checkingDisabled);
        QCOMPARE(b.kept.storedAt, kNow + 1);
        QCOMPARE(b.kept.lifetime, 20U);
        QVERIFY(all.at(nameOf("c.test.").toText()).kept.kind == engine::AnswerKind::Failure);
        QCOMPARE(visited(kNow + 7).size(), std::size_t{2});   // an expired failure is of no use
        QCOMPARE(visited(kNow + 120).size(), std::size_t{2}); // expired, but to be had in need
        QCOMPARE(visited(kNow + 121).size(), std::size_t{1});
        QCOMPARE(visited(kNow + 160).size(), std::size_t{0});
        QCOMPARE(cache.usage().entries, std::uint64_t{3}); // a visit changes nothing
    }

    void whatHasExpiredGetsNoSecondChance() {
        ResponseCache cache(std::size_t{1} << 20);
        const auto use = [&](const Sample& one, std::uint32_t now) {
            return look(cache, one.question, now).has_value();
        };
        int fitting = 0;
        while (cache.usage().bytes < std::size_t{7} << 17) {
            const Sample old = sample("old" + std::to_string(fitting++) + ".test.");
            insert(cache, old, kNow, 10);
            use(old, kNow);
        }
        const auto before = cache.usage().evictions;
        const int others = fitting / 2;
        for (int i = 0; i < others; ++i) {
            const Sample fresh = sample(numbered(i));
            insert(cache, fresh, kNow + 10, 1000);
            use(fresh, kNow + 10);
        }
        // One that came to stand just where room was made may be gone before its first use.
        const auto lost = cache.usage().evictions - before;
        QVERIFY2(lost < static_cast<std::uint64_t>(others / 20), qPrintable(QString::number(lost)));
        std::uint64_t found = 0;
        for (int i = 0; i < others; ++i)
            found += use(sample(numbered(i)), kNow + 10) ? 1 : 0;
        QCOMPARE(found,
                 static_cast<std::uint64_t>(others) - lost); // what has expired is not missed
    }

    void threadsShareIt() {
        ResponseCache cache(std::size_t{1} << 20);
        std::vector<Sample> samples;
        for (int i = 0; i < 2000; ++i)
            samples.push_back(sample(numbered(i), "192.0.2.1", 1000));
        std::atomic<int> wrong{0};
        std::atomic<int> hits{0};
        const auto work = [&](std::uint32_t seed) {
            std::mt19937 random(seed);
            Bytes buffer(2048);
            for (int i = 0; i < 20'000; ++i) {
                const Sample& one = samples[random() % samples.size()];
                const std::uint32_t now = kNow + random() % 10;
                switch (random() % 64) {
                case 0:
                    cache.removeName(one.question.name.bytes());
                    break;
                case 1:
                    cache.configure(sized((std::size_t{1} + random() % 2) << 20), now);
                    break;
                case 2:
                    static_cast<void>(cache.usage());
                    break;
                case 3:
                    if (i % 50 == 0)
                        cache.clear();
                    break;
                default:
                    if (random() % 2) {
                        insert(cache, one, now, 1000);
                    } else if (const auto found = cache.copy(one.question, now, buffer)) {
                        ++hits;
                        wrong += found.octets != one.response.wire.size() ||
                                 !std::equal(one.question.name.bytes().begin(),
                                             one.question.name.bytes().end(), buffer.begin() + 12);
                    }
                }
            }
        };
        std::vector<std::thread> threads;
        for (std::uint32_t i = 0; i < 4; ++i)
            threads.emplace_back(work, i);
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(wrong.load(), 0);
        QVERIFY(hits.load() > 100);
        QVERIFY(cache.usage().bytes <= std::size_t{2} << 20);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestResponseCache)
#include "test_response_cache.moc"
