// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache_samples.h"

#include "cache/cache_snapshot.h"

#include <QTest>

#include <openssl/sha.h>

using sotto::engine::CacheConfig;
using sotto::engine::readSnapshot;
using sotto::engine::ResponseCache;
using sotto::engine::SnapshotOrigin;
using sotto::engine::SnapshotTime;
using sotto::engine::writeSnapshot;
using Use = sotto::engine::ResponseCache::Use;

namespace sotto::test {

namespace {

constexpr std::size_t kRoom = std::size_t{1} << 20;
constexpr SnapshotOrigin kOrigin{1, 2, 3};
constexpr std::int64_t kWall = 1'800'000'000;
constexpr SnapshotTime kSaved{kWall, kNow};

/// A later moment, perhaps of another boot.
SnapshotTime later(std::int64_t seconds, std::uint32_t bootSeconds = 1'000'000) {
    return {kWall + seconds, bootSeconds};
}

/// Makes the digest at the end right again.
Bytes withDigest(Bytes octets) {
    const std::size_t body = octets.size() - SHA256_DIGEST_LENGTH;
    SHA256(octets.data(), body, octets.data() + body);
    return octets;
}

std::size_t taken(const Bytes& octets, ResponseCache& cache, SnapshotTime now,
                  const SnapshotOrigin& origin = kOrigin) {
    const auto read = readSnapshot(octets, origin, now, {}, cache);
    if (!read)
        qFatal("the snapshot is refused: %s", read.error().message().c_str());
    return read.value();
}

CacheConfig staleFor(int seconds) {
    CacheConfig config;
    config.stale.enabled = true;
    config.stale.keep = std::chrono::seconds(seconds);
    return config;
}

} // namespace

/// The cache as octets that outlast the process.
class TestCacheSnapshot : public QObject {
    Q_OBJECT

private slots:
    void nothingIsAFileToo() {
        ResponseCache cache(kRoom);
        const Bytes octets = writeSnapshot(cache, kOrigin, kSaved);
        QVERIFY(octets == writeSnapshot(cache, kOrigin, kSaved));
        QCOMPARE(taken(octets, cache, later(0)), std::size_t{0});
    }

    void answersComeBackAsOldAsTheyAre() {
        ResponseCache before(kRoom);
        Message answer = addressMessage("a.test.", "192.0.2.1", 100);
        answer.authenticData = true;
        answer.additionals.push_back(recordOf("b.test.", rr::kA, 80, "192.0.2.2"));
        answer.edns = Edns{1232, 0, false, {{edns::kExtendedError, {0, 4}}}};
        insert(before, sampleOf(answer), kNow - 30, 80);
        insert(before, denialOf("c.test.", 50), kNow - 10, 50);
        for (const bool dnssecOk : {false, true}) {
            for (const bool disabled : {false, true})
                insert(before,
                       sampleOf(addressMessage("d.test.", dnssecOk   ? "192.0.2.4"
                                                          : disabled ? "192.0.2.5"
                                                                     : "192.0.2.6"),
                                dnssecOk, disabled),
                       kNow, 60);
        }
        insert(before, failureOf("e.test."), kNow, 300); // is none to outlast us
        const Bytes octets = writeSnapshot(before, kOrigin, kSaved);

        ResponseCache after(kRoom);
        const SnapshotTime now = later(15, 2'000'000);
        QCOMPARE(taken(octets, after, now), std::size_t{6});
        QCOMPARE(after.usage().entries, std::uint64_t{6});
        const Look a = lookAt(after, sampleOf(answer).question, now.bootSeconds);
        QVERIFY(a.message && a.message->authenticData);
        QCOMPARE(a.found.extendedError, std::uint16_t{4});
        QCOMPARE(a.message->answers.at(0).ttl, 55U); // 100 - 30 - 15
        QCOMPARE(a.message->additionals.at(0).ttl, 35U);
        QVERIFY(look(after, sampleOf(answer).question, now.bootSeconds + 34));
        QVERIFY(!look(after, sampleOf(answer).question, now.bootSeconds + 35));
        const auto c = look(after, denialOf("c.test.").question, now.bootSeconds);
        QVERIFY(c && c->rcode == rcode::kNxDomain);
        QCOMPARE(c->authorities.at(0).ttl, 25U);
        for (const bool dnssecOk : {false, true}) {
            for (const bool disabled : {false, true}) {
                const auto d = look(after, engineQuestion("d.test.", rr::kA, dnssecOk, disabled),
                                    now.bootSeconds);
                QVERIFY(d && d->answers.size() == 1);
                QCOMPARE(int{d->answers[0].rdata[3]}, dnssecOk ? 4 : disabled ? 5 : 6);
            }
        }
        QVERIFY(!look(after, failureOf("e.test.").question, now.bootSeconds));
    }

    void andOnceMore() {
        ResponseCache first(kRoom);
        insert(first, sample("a.test.", "192.0.2.1", 100), kNow, 100);
        ResponseCache second(kRoom);
        taken(writeSnapshot(first, kOrigin, kSaved), second, later(10, 5'000'000));
        const SnapshotTime again{kWall + 20, 5'000'010};
        ResponseCache third(kRoom);
        QCOMPARE(taken(writeSnapshot(second, kOrigin, again), third, later(30, 1'000'005)),
                 std::size_t{1});
        const auto found = look(third, sample("a.test.").question, 1'000'005);
        QVERIFY(found);
        QCOMPARE(found->answers.at(0).ttl, 70U);
    }

    void whatIsLeftAtTheEdges_data() {
        QTest::addColumn<int>("passed");
        QTest::addColumn<int>("staleFor"); // -1: off
        QTest::addColumn<bool>("isUsable");
        QTest::addColumn<bool>("isFresh");
        QTest::newRow("at once") << 0 << -1 << true << true;
        QTest::newRow("its last second") << 59 << -1 << true << true;
        QTest::newRow("expired") << 60 << -1 << false << false;
        QTest::newRow("expired, stale on") << 60 << 100 << true << false;
        QTest::newRow("last stale second") << 159 << 100 << true << false;
        QTest::newRow("too stale") << 160 << 100 << false << false;
        QTest::newRow("a year") << 31'536'000 << 100 << false << false;
    }
    void whatIsLeftAtTheEdges() {
        QFETCH(int, passed);
        QFETCH(int, staleFor);
        QFETCH(bool, isUsable);
        QFETCH(bool, isFresh);
        ResponseCache before(kRoom);
        insert(before, sample("a.test.", "192.0.2.1", 60), kNow, 60);
        ResponseCache after(kRoom);
        if (staleFor >= 0)
            after.configure(test::staleFor(staleFor), kNow);
        const SnapshotTime now = later(passed);
        QCOMPARE(taken(writeSnapshot(before, kOrigin, kSaved), after, now),
                 std::size_t(isUsable ? 1 : 0));
        const auto question = sample("a.test.").question;
        QCOMPARE(bool(lookAt(after, question, now.bootSeconds, Use::LastResort).found), isUsable);
        QCOMPARE(bool(lookAt(after, question, now.bootSeconds).found), isFresh);
    }

    void expiredAnswersAreWrittenWhereTheyMayBeUsed() {
        ResponseCache before(kRoom);
        insert(before, sample("a.test."), kNow - 100, 60);
        const std::size_t empty = writeSnapshot(ResponseCache(kRoom), kOrigin, kSaved).size();
        QCOMPARE(writeSnapshot(before, kOrigin, kSaved).size(), empty);
        before.configure(staleFor(100), kNow);
        QVERIFY(writeSnapshot(before, kOrigin, kSaved).size() > empty);
    }

    void whatIsNewerStays() {
        ResponseCache before(kRoom);
        insert(before, sample("a.test.", "192.0.2.1", 100), kNow, 100);
        insert(before, sample("b.test.", "192.0.2.1", 10), kNow, 10);
        const Bytes octets = writeSnapshot(before, kOrigin, kSaved);
        ResponseCache after(kRoom);
        const SnapshotTime now = later(50);
        insert(after, sample("a.test.", "192.0.2.2", 100), now.bootSeconds - 1, 100);
        insert(after, sample("b.test.", "192.0.2.2", 100), now.bootSeconds - 1, 100);
        taken(octets, after, now);
        for (const char* name : {"a.test.", "b.test."}) {
            const auto found = look(after, sample(name).question, now.bootSeconds);
            QVERIFY2(found, name);
            QCOMPARE(int{found->answers.at(0).rdata[3]}, 2);
        }
    }

    void answersAreJudgedAnew_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("lifetime"); // as the octets say
        QTest::addColumn<int>("judged");   // 0: not taken
        QTest::newRow("as it was") << "a.test." << 60 << 60;
        QTest::newRow("shorter than the TTL") << "a.test." << 7 << 7;
        QTest::newRow("longer than the TTL") << "a.test." << 3600 << 60;
        QTest::newRow("nothing") << "a.test." << 0 << 0;
        QTest::newRow("a special name") << "a.localhost." << 60 << 0;
        QTest::newRow("the canary, which may be off") << "use-application-dns.net." << 60 << 60;
        QTest::newRow("another zone") << "a.example." << 60 << 0;
    }
    void answersAreJudgedAnew() {
        QFETCH(QString, name);
        QFETCH(int, lifetime);
        QFETCH(int, judged);
        CacheConfig config;
        config.zones = {"test", "localhost", "net"};
        const auto policy = engine::CachePolicy::make(config);
        QVERIFY(policy);
        const Sample kept = sample(name.toStdString());
        ResponseCache before(kRoom);
        insert(before, kept, kNow, static_cast<std::uint32_t>(std::max(lifetime, 1)));
        Bytes octets = writeSnapshot(before, kOrigin, kSaved);
        if (lifetime == 0)
            octets.at(52 + 10) = 0; // flags, error and age stand before it
        ResponseCache after(kRoom);
        const auto read =
            readSnapshot(withDigest(octets), kOrigin, later(0), policy.value(), after);
        QVERIFY(read);
        QCOMPARE(read.value(), std::size_t(judged > 0 ? 1 : 0));
        const std::uint32_t now = later(0).bootSeconds;
        QCOMPARE(after.usage().entries, std::uint64_t(judged > 0 ? 1 : 0));
        if (judged > 0) {
            const auto last = now + static_cast<std::uint32_t>(judged);
            QVERIFY(look(after, kept.question, last - 1));
            QVERIFY(!look(after, kept.question, last));
        }
    }

    void whatCannotBeUsedTakesNoRoom() {
        ResponseCache before(kRoom);
        insert(before, sample("a.test."), kNow, 60);
        ResponseCache after(kRoom);
        taken(writeSnapshot(before, kOrigin, kSaved), after, later(60));
        QCOMPARE(after.usage().entries, std::uint64_t{0});
    }

    void theBoundHolds() {
        ResponseCache before(std::size_t{16} << 20);
        for (int i = 0; i < 5000; ++i)
            insert(before, sample("n" + std::to_string(i) + ".test."), kNow, 60);
        const Bytes octets = writeSnapshot(before, kOrigin, kSaved);
        ResponseCache small(100'000);
        const std::size_t kept = taken(octets, small, later(0));
        QVERIFY(small.usage().bytes <= 100'000);
        QVERIFY(kept >= small.usage().entries);
        ResponseCache large(std::size_t{16} << 20);
        QCOMPARE(taken(octets, large, later(0)), std::size_t{5000});
    }

    void refused_data() {
        QTest::addColumn<QByteArray>("octets");
        QTest::addColumn<qint64>("passed");
        QTest::addColumn<bool>("sameOrigin");
        const Bytes whole = snapshot();
        const auto row = [](const char* what, const Bytes& octets, qint64 passed = 0,
                            bool sameOrigin = true) {
            QTest::newRow(what) << QByteArray(reinterpret_cast<const char*>(octets.data()),
                                              static_cast<qsizetype>(octets.size()))
                                << passed << sameOrigin;
        };
        row("nothing", {});
        row("the head alone", Bytes(whole.begin(), whole.begin() + 52));
        row("cut by an octet", Bytes(whole.begin(), whole.end() - 1));
        Bytes changed = whole;
        changed.push_back(0);
        row("an octet more", changed);
        for (const std::size_t at : {std::size_t{0}, std::size_t{11}, std::size_t{15},
                                     std::size_t{25}, whole.size() / 2, whole.size() - 1}) {
            changed = whole;
            changed[at] ^= 1;
            row(qPrintable(QString("octet %1 is another").arg(at)), changed);
        }
        changed = whole;
        changed[0] = 'X';
        row("another kind of file", withDigest(changed));
        changed = whole;
        ++changed[11];
        row("another version", withDigest(changed));
        row("other upstreams", whole, 0, false);
        row("from a second ahead", whole, -1);
        row("from far ahead", whole, -31'536'000);
    }
    void refused() {
        QFETCH(QByteArray, octets);
        QFETCH(qint64, passed);
        QFETCH(bool, sameOrigin);
        ResponseCache cache(kRoom);
        const engine::Bytes given(reinterpret_cast<const std::uint8_t*>(octets.data()),
                                  static_cast<std::size_t>(octets.size()));
        SnapshotOrigin origin = kOrigin;
        origin[31] = sameOrigin ? 0 : 1;
        const auto read = readSnapshot(given, origin, later(passed), {}, cache);
        QVERIFY(!read);
        QVERIFY(!read.error().message().empty());
        QCOMPARE(cache.usage().entries, std::uint64_t{0});
    }

    /// The digest guards against damage, not against who can compute it.
    void whateverTheBodyHoldsNothingUnsoundComesIn() {
        const Bytes whole = snapshot();
        for (std::size_t at = 52; at + SHA256_DIGEST_LENGTH < whole.size(); ++at) {
            for (const std::uint8_t change : {0x01, 0x40, 0x80, 0xff}) {
                Bytes changed = whole;
                changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
                ResponseCache cache(kRoom);
                const auto read = readSnapshot(withDigest(changed), kOrigin, later(5), {}, cache);
                QVERIFY(read);
                cache.visit(later(5).bootSeconds, [](const ResponseCache::Kept& kept) {
                    if (!Message::parse(Bytes(kept.wire.begin(), kept.wire.end())))
                        qFatal("an unreadable answer came in");
                });
            }
        }
        for (std::size_t size = 52; size < whole.size() - SHA256_DIGEST_LENGTH; ++size) {
            Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            cut.resize(size + SHA256_DIGEST_LENGTH);
            ResponseCache cache(kRoom);
            QVERIFY(readSnapshot(withDigest(cut), kOrigin, later(5), {}, cache));
        }
    }

private:
    static Bytes snapshot() {
        ResponseCache cache(kRoom);
        insert(cache, sample("a.test."));
        insert(cache, denialOf("b.test."));
        return writeSnapshot(cache, kOrigin, kSaved);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestCacheSnapshot)
#include "test_cache_snapshot.moc"
