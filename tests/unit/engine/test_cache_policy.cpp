// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden_packets.h"

#include "cache/cache_policy.h"

#include <QTest>

using sotto::engine::CacheConfig;
using sotto::engine::UpstreamResponse;

namespace sotto::test {

namespace {

constexpr std::int64_t kNone = -1;

UpstreamResponse responseWith(int code, bool positive, std::int64_t smallest, std::int64_t soa) {
    UpstreamResponse response;
    response.rcode = static_cast<std::uint8_t>(code);
    response.positive = positive;
    if (smallest != kNone) {
        response.wire.assign(64, 0);
        response.ttlOffsets.push_back(40);
        response.smallestTtl = static_cast<std::uint32_t>(smallest);
        engine::store32(&response.wire[40], response.smallestTtl);
    }
    if (soa != kNone) {
        response.hasSoa = true;
        response.negativeTtl = static_cast<std::uint32_t>(soa);
    }
    return response;
}

} // namespace

class TestCachePolicy : public QObject {
    Q_OBJECT

private slots:
    void lifetimes_data() {
        QTest::addColumn<int>("code");
        QTest::addColumn<bool>("positive");
        QTest::addColumn<qint64>("smallest");
        QTest::addColumn<qint64>("soa");
        QTest::addColumn<qint64>("lifetime");
        const auto row = [](const char* what, int code, bool positive, std::int64_t smallest,
                            std::int64_t soa, std::int64_t lifetime) {
            QTest::newRow(what) << code << positive << qint64{smallest} << qint64{soa}
                                << qint64{lifetime};
        };
        row("positive", 0, true, 300, kNone, 300);
        row("positive, TTL 0", 0, true, 0, kNone, 0);
        row("positive over the cap", 0, true, 86400, kNone, 3600);
        row("positive with an SOA beside it", 0, true, 300, 60, 300);
        row("NODATA", 0, false, 3600, 60, 60);
        row("NODATA whose other records are shorter", 0, false, 30, 60, 30);
        row("NODATA over the cap", 0, false, 86400, 86400, 1800);
        row("NODATA, MINIMUM 0", 0, false, 300, 0, 0);
        row("NODATA without SOA", 0, false, 300, kNone, 5);
        row("NODATA without anything", 0, false, kNone, kNone, 5);
        row("an alias to nothing, TTL 2", 0, false, 2, kNone, 2);
        row("NXDOMAIN", 3, false, 900, 900, 900);
        row("NXDOMAIN behind an alias that answers", 3, true, 900, 60, 60);
        row("NXDOMAIN without SOA", 3, false, kNone, kNone, 5);
        row("SERVFAIL", 2, false, kNone, kNone, 7);
        row("SERVFAIL with records", 2, true, 300, 300, 7);
        row("REFUSED", 5, false, kNone, kNone, 7);
        row("REFUSED with records", 5, true, 300, 300, 7);
        row("FORMERR", 1, false, kNone, kNone, 7);
        row("NOTIMP", 4, false, kNone, kNone, 7);
        row("YXDOMAIN", 6, false, 300, 300, 0);
    }
    void lifetimes() {
        QFETCH(int, code);
        QFETCH(bool, positive);
        QFETCH(qint64, smallest);
        QFETCH(qint64, soa);
        QFETCH(qint64, lifetime);
        CacheConfig config;
        config.failureTtl = std::chrono::seconds(7);
        QCOMPARE(qint64{cacheLifetime(responseWith(code, positive, smallest, soa), config).count()},
                 lifetime);
    }

    void capsNeverExceedAWeek() {
        CacheConfig config;
        config.positiveTtlCap = config.negativeTtlCap = std::chrono::hours(24 * 365);
        const auto positive = responseWith(0, true, 0x7fffffff, kNone);
        const auto negative = responseWith(3, false, 0x7fffffff, 0x7fffffff);
        QCOMPARE(qint64{cacheLifetime(positive, config).count()}, qint64{604800});
        QCOMPARE(qint64{cacheLifetime(negative, config).count()}, qint64{604800});
        QCOMPARE(qint64{ttlCap(positive, config).count()}, qint64{604800});
    }

    void capsAreChosenByTheKindOfAnswer() {
        CacheConfig config;
        config.positiveTtlCap = std::chrono::seconds(100);
        config.negativeTtlCap = std::chrono::seconds(10);
        QCOMPARE(qint64{ttlCap(responseWith(0, true, 1, kNone), config).count()}, qint64{100});
        QCOMPARE(qint64{ttlCap(responseWith(0, false, 1, 1), config).count()}, qint64{10});
        QCOMPARE(qint64{ttlCap(responseWith(3, true, 1, 1), config).count()}, qint64{10});
        config.positiveTtlCap = std::chrono::seconds(0);
        QCOMPARE(qint64{cacheLifetime(responseWith(0, true, 60, kNone), config).count()},
                 qint64{0});
        config.failureTtl = std::chrono::seconds(0);
        QCOMPARE(qint64{cacheLifetime(responseWith(2, false, kNone, kNone), config).count()},
                 qint64{0});
    }

    void ttlsAreLoweredToTheCapOnly() {
        auto response = responseWith(0, true, 600, kNone);
        capTtls(response, std::chrono::seconds(601));
        QCOMPARE(engine::load32(&response.wire[40]), 600U);
        capTtls(response, std::chrono::seconds(599));
        QCOMPARE(engine::load32(&response.wire[40]), 599U);
        capTtls(response, std::chrono::seconds(0));
        QCOMPARE(engine::load32(&response.wire[40]), 0U);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestCachePolicy)
#include "test_cache_policy.moc"
