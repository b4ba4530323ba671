// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache_samples.h"

#include <QTest>

using sotto::engine::AnswerKind;
using sotto::engine::CacheConfig;
using sotto::engine::ResponseCache;
using Use = sotto::engine::ResponseCache::Use;
using Mode = sotto::engine::CacheConfig::Stale::Mode;
using std::chrono::seconds;

namespace sotto::test {

namespace {

constexpr std::uint32_t kLifetime = 10;
constexpr std::uint32_t kKeep = 100;
constexpr std::uint32_t kRecheck = 5;
constexpr std::uint32_t kMoment = 2;    // where nobody could be reached
constexpr std::uint32_t kPatience = 10; // for a refresh that was handed over

constexpr std::uint16_t kNoError = 0xffff;
constexpr std::uint16_t kStaleAnswer = 3;
constexpr std::uint16_t kStaleNxDomain = 19;

CacheConfig staleConfig(Mode mode = Mode::Verify) {
    CacheConfig config;
    config.stale.enabled = true;
    config.stale.keep = seconds(kKeep);
    config.stale.mode = mode;
    config.stale.answerTtl = seconds(17);
    config.stale.recheck = seconds(kRecheck);
    return config;
}

/// A cache with these habits that holds the sample since kNow.
class CacheWith {
public:
    CacheWith(const CacheConfig& config, const Sample& kept)
        : m_kept(kept) {
        cache.configure(config, kNow);
        insert(cache, kept, kNow, kLifetime);
    }

    Look after(std::uint32_t age, Use use = Use::Client) {
        return lookAt(cache, m_kept.question, kNow + age, use);
    }
    bool isStaleAfter(std::uint32_t age, Use use = Use::Client) {
        return after(age, use).found.stale;
    }
    bool hasLastResortAfter(std::uint32_t age) {
        return cache.hasLastResort(m_kept.question, kNow + age);
    }
    /// Another answer to the same question comes.
    bool comes(const Sample& other, std::uint32_t age, std::uint32_t lifetime = kLifetime) {
        return insert(cache, other, kNow + age, lifetime);
    }
    void findsNobody(std::uint32_t age) { cache.noteFailedRefresh(m_kept.question, kNow + age); }

    ResponseCache cache{std::size_t{1} << 20};

private:
    Sample m_kept;
};

bool hasAddress(const Look& look, int lastOctet) {
    return look.message && look.message->answers.size() == 1 &&
           look.message->answers[0].rdata[3] == lastOctet;
}

} // namespace

/// Expired answers as a help in need (RFC 8767), as far as the cache decides.
class TestCacheStale : public QObject {
    Q_OBJECT

private slots:
    void offByDefault() {
        CacheWith with({}, sample("a.test."));
        QVERIFY(with.after(kLifetime - 1).found && !with.isStaleAfter(kLifetime - 1));
        QVERIFY(with.hasLastResortAfter(kLifetime - 1));
        for (const std::uint32_t age : {kLifetime, kLifetime + 1, kLifetime + kKeep}) {
            QVERIFY(!with.after(age).found);
            QVERIFY(!with.after(age, Use::LastResort).found);
            QVERIFY(!with.hasLastResortAfter(age));
        }
    }

    void theWindow_data() {
        QTest::addColumn<int>("age");
        QTest::addColumn<bool>("isUsable");
        QTest::addColumn<bool>("isStale");
        QTest::newRow("new") << 0 << true << false;
        QTest::newRow("last fresh second") << int(kLifetime) - 1 << true << false;
        QTest::newRow("expired") << int(kLifetime) << true << true;
        QTest::newRow("last usable second") << int(kLifetime + kKeep) - 1 << true << true;
        QTest::newRow("over") << int(kLifetime + kKeep) << false << false;
        QTest::newRow("long over") << 0x7fffffff << false << false;
    }
    void theWindow() {
        QFETCH(int, age);
        QFETCH(bool, isUsable);
        QFETCH(bool, isStale);
        const auto when = static_cast<std::uint32_t>(age);
        for (const Sample& kept : {sample("a.test."), denialOf("a.test.")}) {
            CacheWith verifying(staleConfig(Mode::Verify), kept);
            QCOMPARE(bool(verifying.after(when).found), isUsable && !isStale);
            QCOMPARE(bool(verifying.after(when, Use::LastResort).found), isUsable);
            QCOMPARE(verifying.isStaleAfter(when, Use::LastResort), isStale);
            QCOMPARE(verifying.hasLastResortAfter(when), isUsable);
            CacheWith atOnce(staleConfig(Mode::Immediate), kept);
            QCOMPARE(bool(atOnce.after(when).found), isUsable);
            QCOMPARE(atOnce.isStaleAfter(when), isStale);
        }
        // A failure is no help once it has expired.
        CacheWith failed(staleConfig(Mode::Immediate), failureOf("a.test."));
        QCOMPARE(bool(failed.after(when).found), when < kLifetime);
        QCOMPARE(bool(failed.after(when, Use::LastResort).found), when < kLifetime);
    }

    void theLongestTimesDoNotWrap() {
        CacheConfig config = staleConfig(Mode::Immediate);
        config.stale.keep = seconds(0xffffffff);
        CacheWith with(config, sample("a.test."));
        QVERIFY(with.isStaleAfter(kLifetime));
        QVERIFY(with.isStaleAfter(0xffffffff - kNow));
    }

    void whatItSays_data() {
        QTest::addColumn<int>("code");
        QTest::addColumn<bool>("hasAnswer");
        QTest::addColumn<int>("extendedError");
        QTest::newRow("positive") << 0 << true << int(kStaleAnswer);
        QTest::newRow("NODATA") << 0 << false << int(kStaleAnswer);
        QTest::newRow("NXDOMAIN") << 3 << false << int(kStaleNxDomain);
        QTest::newRow("NXDOMAIN behind an alias") << 3 << true << int(kStaleNxDomain);
    }
    void whatItSays() {
        QFETCH(int, code);
        QFETCH(bool, hasAnswer);
        QFETCH(int, extendedError);
        Message answer = responseTo("a.test.", rr::kA);
        answer.rcode = static_cast<std::uint16_t>(code);
        answer.authenticData = true;
        answer.edns = Edns{1232, 0, false, {{edns::kExtendedError, {0, 6}}}};
        if (hasAnswer)
            answer.answers.push_back(recordOf("a.test.", rr::kA, 3000, "192.0.2.1"));
        answer.authorities.push_back(
            recordOf("test.", rr::kSoa, 5, "ns.test. host.test. 1 2 3 4 300"));
        answer.additionals.push_back(recordOf("b.test.", rr::kA, 0, "192.0.2.2"));
        for (const bool keepTtl : {false, true}) {
            CacheConfig config = staleConfig();
            config.keepTtl = keepTtl;
            CacheWith with(config, sampleOf(answer));
            const Look fresh = with.after(1);
            QVERIFY(fresh.message && fresh.message->authenticData && !fresh.found.stale);
            QCOMPARE(fresh.found.extendedError, std::uint16_t{6}); // the upstream's own
            QCOMPARE(fresh.message->authorities[0].ttl, keepTtl ? 5U : 4U);

            const Look stale = with.after(kLifetime, Use::LastResort);
            QVERIFY(stale.message && stale.found.stale && !stale.found.refresh);
            QCOMPARE(int(stale.found.extendedError), extendedError);
            QVERIFY(!stale.message->authenticData);
            QCOMPARE(int(stale.message->rcode), code);
            QCOMPARE(stale.message->answers.size(), std::size_t{hasAnswer ? 1U : 0U});
            for (const auto* section : {&stale.message->answers, &stale.message->authorities,
                                        &stale.message->additionals}) {
                for (const Record& record : *section)
                    QCOMPARE(record.ttl, 17U);
            }
        }
    }

    void ofALargeOneTheBeginningIsMarked() {
        CacheWith with(staleConfig(), sample("a.test."));
        const auto whole = with.after(kLifetime, Use::LastResort).found.octets;
        for (std::size_t room = 0; room < whole; ++room) {
            Bytes buffer(room + 8, 0xee);
            const auto found = with.cache.copy(sample("a.test.").question, kNow + kLifetime,
                                               std::span(buffer).first(room), Use::LastResort);
            QCOMPARE(found.octets, whole);
            QVERIFY(std::all_of(buffer.begin() + static_cast<std::ptrdiff_t>(room), buffer.end(),
                                [](auto octet) { return octet == 0xee; }));
        }
    }

    void atOnceARefreshIsClaimedByOne() {
        CacheWith with(staleConfig(Mode::Immediate), sample("a.test."));
        QVERIFY(!with.after(kLifetime - 1).found.refresh);
        QVERIFY(!with.after(kLifetime, Use::LastResort).found.refresh);
        QVERIFY(with.after(kLifetime).found.refresh);
        for (std::uint32_t later = 0; later < kPatience; ++later) {
            const Look look = with.after(kLifetime + later);
            QVERIFY(look.found.stale && !look.found.refresh);
        }
        // It never came back: once more, by one.
        QVERIFY(with.after(kLifetime + kPatience).found.refresh);
        QVERIFY(!with.after(kLifetime + kPatience).found.refresh);
    }

    void aFailureLeavesTheUpstreamsAlone_data() {
        QTest::addColumn<bool>("isReachable");
        QTest::addColumn<int>("recheck");
        QTest::addColumn<int>("alone");
        QTest::newRow("SERVFAIL") << true << int(kRecheck) << int(kRecheck);
        QTest::newRow("SERVFAIL, the least time") << true << 0 << int(kMoment);
        QTest::newRow("SERVFAIL, a second") << true << 1 << int(kMoment);
        QTest::newRow("SERVFAIL, an hour") << true << 3600 << 3600;
        QTest::newRow("unreachable") << false << int(kRecheck) << int(kMoment);
        QTest::newRow("unreachable, an hour") << false << 3600 << int(kMoment);
        QTest::newRow("unreachable, the least time") << false << 0 << int(kMoment);
    }
    void aFailureLeavesTheUpstreamsAlone() {
        QFETCH(bool, isReachable);
        QFETCH(int, recheck);
        QFETCH(int, alone);
        CacheConfig config = staleConfig(Mode::Immediate);
        config.stale.recheck = seconds(recheck);
        config.stale.keep = seconds(10'000);
        const auto end = kLifetime + static_cast<std::uint32_t>(alone);
        const auto fails = [&](CacheWith& with, std::uint32_t age) {
            if (isReachable)
                QVERIFY(with.comes(failureOf("a.test."), age));
            else
                with.findsNobody(age);
        };
        CacheWith atOnce(config, sample("a.test."));
        QVERIFY(atOnce.after(kLifetime).found.refresh);
        fails(atOnce, kLifetime);
        for (const std::uint32_t age : {kLifetime, kLifetime + 1, end - 1}) {
            const Look look = atOnce.after(age);
            QVERIFY(look.found.stale && !look.found.refresh);
        }
        QVERIFY(atOnce.after(end).found.refresh);
        QVERIFY(!atOnce.after(end).found.refresh);

        config.stale.mode = Mode::Verify;
        CacheWith verifying(config, sample("a.test."));
        QVERIFY(!verifying.after(kLifetime).found);
        fails(verifying, kLifetime);
        for (const std::uint32_t age : {kLifetime, kLifetime + 1, end - 1}) {
            const Look look = verifying.after(age);
            QVERIFY(look.found.stale && !look.found.refresh);
        }
        QVERIFY(!verifying.after(end).found);
        QVERIFY(verifying.isStaleAfter(end, Use::LastResort));
        fails(verifying, end); // the next failure counts anew
        QVERIFY(verifying.isStaleAfter(end + 1));
        QVERIFY(!verifying.after(end + static_cast<std::uint32_t>(alone)).found);
    }

    void aRefreshUnderWayIsNotOneThatFailed() {
        CacheConfig config = staleConfig(Mode::Immediate);
        CacheWith with(config, sample("a.test."));
        QVERIFY(with.after(kLifetime).found.refresh);
        with.findsNobody(kLifetime);
        QVERIFY(with.after(kLifetime + kMoment).found.refresh);
        config.stale.mode = Mode::Verify; // from now on only failures speak for what is kept
        with.cache.configure(config, kNow + kLifetime + kMoment);
        QVERIFY(!with.after(kLifetime + kMoment + 1).found);
    }

    void theWindowEndsAlsoAfterAFailure() {
        CacheWith with(staleConfig(), sample("a.test."));
        with.findsNobody(kLifetime + kKeep - 1);
        QVERIFY(with.isStaleAfter(kLifetime + kKeep - 1));
        QVERIFY(!with.after(kLifetime + kKeep).found);
        QVERIFY(!with.after(kLifetime + kKeep, Use::LastResort).found);
    }

    void aFailureToRefreshWhatIsNotThereIsNothing() {
        CacheWith with(staleConfig(), sample("a.test."));
        with.cache.noteFailedRefresh(sample("b.test.").question, kNow);
        QCOMPARE(with.cache.usage().entries, std::uint64_t{1});
        QVERIFY(!with.isStaleAfter(kLifetime));
    }

    /// Which of two answers to one question stays.
    void whatTakesThePlace_data() {
        QTest::addColumn<int>("kept");
        QTest::addColumn<int>("comes");
        QTest::addColumn<int>("age"); // of what is kept
        QTest::addColumn<bool>("stale");
        QTest::addColumn<bool>("preferPositive");
        QTest::addColumn<bool>("stays");
        const auto positive = int(AnswerKind::Positive);
        const auto denial = int(AnswerKind::Denial);
        const auto failure = int(AnswerKind::Failure);
        constexpr int kFresh = 5;
        constexpr int kExpired = 20;
        constexpr int kGone = 200;
        const auto row = [](const char* what, int kept, int comes, int age, bool stale,
                            bool preferPositive, bool stays) {
            QTest::newRow(what) << kept << comes << age << stale << preferPositive << stays;
        };
        row("positive by positive", positive, positive, kFresh, true, true, false);
        row("positive by denial", positive, denial, kFresh, true, false, false);
        row("positive by denial, preferred", positive, denial, kFresh, true, true, true);
        row("positive by denial, preferred but stale off", positive, denial, kFresh, false, true,
            false);
        row("expired by denial", positive, denial, kExpired, true, false, false);
        row("expired by denial, preferred", positive, denial, kExpired, true, true, true);
        row("expired by denial, preferred but stale off", positive, denial, kExpired, false, true,
            false);
        row("gone by denial, preferred", positive, denial, kGone, true, true, false);
        row("positive by failure", positive, failure, kFresh, true, false, true);
        row("positive by failure, stale off", positive, failure, kFresh, false, false, true);
        row("expired by failure", positive, failure, kExpired, true, false, true);
        row("expired by failure, stale off", positive, failure, kExpired, false, false, false);
        row("gone by failure", positive, failure, kGone, true, true, false);
        row("denial by positive", denial, positive, kFresh, true, true, false);
        row("denial by denial", denial, denial, kFresh, true, true, false);
        row("denial by failure", denial, failure, kFresh, false, false, true);
        row("expired denial by failure", denial, failure, kExpired, true, false, true);
        row("failure by failure", failure, failure, kFresh, true, true, false);
        row("failure by denial", failure, denial, kFresh, true, true, false);
        row("failure by positive", failure, positive, kFresh, true, true, false);
    }
    void whatTakesThePlace() {
        QFETCH(int, kept);
        QFETCH(int, comes);
        QFETCH(int, age);
        QFETCH(bool, stale);
        QFETCH(bool, preferPositive);
        QFETCH(bool, stays);
        CacheConfig config = staleConfig();
        config.stale.enabled = stale;
        config.stale.preferPositive = preferPositive;
        const auto sampleOfKind = [](int kind, std::string_view address) {
            return kind == int(AnswerKind::Positive) ? sample("a.test.", address)
                   : kind == int(AnswerKind::Denial) ? denialOf("a.test.")
                                                     : failureOf("a.test.");
        };
        const Sample old = sampleOfKind(kept, "192.0.2.1");
        const Sample fresh = sampleOfKind(comes, "192.0.2.2");
        CacheWith with(config, old);
        const auto when = static_cast<std::uint32_t>(age);
        QCOMPARE(with.comes(fresh, when, 1000), stays);
        QCOMPARE(with.cache.usage().entries, std::uint64_t{1});
        const Look found = with.after(when, Use::LastResort);
        QVERIFY(found.message);
        QCOMPARE(found.message->rcode, std::uint16_t{(stays ? old : fresh).response.rcode});
        if (comes == int(AnswerKind::Positive) || (stays && kept == int(AnswerKind::Positive)))
            QVERIFY(hasAddress(found, stays ? 1 : 2));
        QCOMPARE(found.found.stale, stays && when >= kLifetime);
    }

    void anUnusableCodeChangesNothing() {
        Message other = responseTo("a.test.", rr::kA);
        other.rcode = 9; // NOTAUTH
        CacheWith with(staleConfig(), sample("a.test."));
        QVERIFY(with.comes(sampleOf(other), kLifetime, 0));
        QVERIFY(hasAddress(with.after(kLifetime, Use::LastResort), 1));
    }

    void aDenialThatIsNotPreferredCountsForItsLifetime() {
        CacheConfig config = staleConfig();
        config.stale.preferPositive = true;
        CacheWith with(config, sample("a.test."));
        QVERIFY(with.comes(denialOf("a.test."), kLifetime, 33));
        QVERIFY(hasAddress(with.after(kLifetime + 32), 1));
        QVERIFY(!with.after(kLifetime + 33).found);
        QVERIFY(with.comes(denialOf("a.test."), kLifetime + 33, 0)); // not to be kept at all
        QVERIFY(!with.after(kLifetime + 33).found);
        QVERIFY(hasAddress(with.after(kLifetime + 33, Use::LastResort), 1));
    }

    void whatIsNewIsNotMarkedByWhatFailedBefore() {
        CacheWith with(staleConfig(), sample("a.test."));
        with.findsNobody(kLifetime);
        QVERIFY(!with.comes(sample("a.test.", "192.0.2.2"), kLifetime));
        const Look fresh = with.after(kLifetime);
        QVERIFY(hasAddress(fresh, 2) && !fresh.found.stale && !fresh.found.refresh);
        QVERIFY(!with.after(2 * kLifetime).found); // expired, but nothing failed since
    }

    void switchedAtRunTime() {
        CacheWith with({}, sample("a.test."));
        with.cache.configure(staleConfig(Mode::Immediate), kNow + kLifetime);
        QVERIFY(with.isStaleAfter(kLifetime));
        with.cache.configure(staleConfig(Mode::Verify), kNow + kLifetime);
        QVERIFY(!with.after(kLifetime).found);
        QVERIFY(with.isStaleAfter(kLifetime, Use::LastResort));
        CacheConfig shorter = staleConfig();
        shorter.stale.keep = seconds(3);
        shorter.stale.answerTtl = seconds(1);
        with.cache.configure(shorter, kNow + kLifetime);
        QCOMPARE(with.after(kLifetime + 2, Use::LastResort).message->answers[0].ttl, 1U);
        QVERIFY(!with.after(kLifetime + 3, Use::LastResort).found);
        with.cache.configure({}, kNow + kLifetime);
        QVERIFY(!with.after(kLifetime, Use::LastResort).found);
    }

    void eachQuestionHasItsOwn() {
        CacheWith with(staleConfig(), sample("a.test."));
        QVERIFY(!with.cache.hasLastResort(engineQuestion("a.test.", rr::kAaaa), kNow));
        QVERIFY(!with.cache.hasLastResort(engineQuestion("a.test.", rr::kA, true), kNow));
        QVERIFY(!with.cache.hasLastResort(engineQuestion("a.test.", rr::kA, false, true), kNow));
        QVERIFY(with.cache.hasLastResort(engineQuestion("A.Test.", rr::kA), kNow));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestCacheStale)
#include "test_cache_stale.moc"
