// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden_packets.h"

#include "cache/cache_policy.h"

#include <QTest>

using sotto::engine::AnswerKind;
using sotto::engine::CacheConfig;
using sotto::engine::CachePolicy;
using sotto::engine::CacheVerdict;
using sotto::engine::UpstreamResponse;
using std::chrono::seconds;

namespace sotto::test {

namespace {

constexpr std::int64_t kNone = -1;
constexpr std::string_view kName = "www.example.com.";
constexpr std::int64_t kWallSeconds = 1'800'000'000;

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

UpstreamResponse positive(std::int64_t ttl) {
    return responseWith(0, true, ttl, kNone);
}
UpstreamResponse denial(std::int64_t ttl) {
    return responseWith(3, false, ttl, ttl);
}

CacheVerdict judged(const UpstreamResponse& response, const CacheConfig& config,
                    std::string_view name = kName, std::int64_t wallSeconds = kWallSeconds) {
    const auto policy = CachePolicy::make(config);
    if (!policy)
        qFatal("the configuration is refused: %s", policy.error().message().c_str());
    return policy.value().judge(response, engineQuestion(name, rr::kA).name.bytes(), wallSeconds);
}

std::int64_t lifetime(const UpstreamResponse& response, const CacheConfig& config,
                      std::string_view name = kName, std::int64_t wallSeconds = kWallSeconds) {
    return judged(response, config, name, wallSeconds).lifetime.count();
}

/// The TTL that the one record of the response has when the verdict was applied.
std::int64_t shapedTtl(UpstreamResponse response, const CacheConfig& config,
                       std::int64_t wallSeconds = kWallSeconds) {
    shapeTtls(response, judged(response, config, kName, wallSeconds));
    return engine::load32(&response.wire[40]);
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
        row("NOTAUTH", 9, true, 300, kNone, 0);
        row("code 15", 15, false, kNone, kNone, 0);
    }
    void lifetimes() {
        QFETCH(int, code);
        QFETCH(bool, positive);
        QFETCH(qint64, smallest);
        QFETCH(qint64, soa);
        QFETCH(qint64, lifetime);
        CacheConfig config;
        config.failureTtl = seconds(7);
        QCOMPARE(
            qint64{judged(responseWith(code, positive, smallest, soa), config).lifetime.count()},
            lifetime);
    }

    void kinds_data() {
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("withRecords");
        QTest::addColumn<int>("without");
        const auto row = [](int code, AnswerKind withRecords, AnswerKind without) {
            QTest::addRow("%d", code) << code << int(withRecords) << int(without);
        };
        row(0, AnswerKind::Positive, AnswerKind::Denial);
        row(3, AnswerKind::Denial, AnswerKind::Denial);
        for (const int code : {1, 2, 4, 5})
            row(code, AnswerKind::Failure, AnswerKind::Failure);
        for (const int code : {6, 7, 8, 9, 10, 11, 15})
            row(code, AnswerKind::Other, AnswerKind::Other);
    }
    void kinds() {
        QFETCH(int, code);
        QFETCH(int, withRecords);
        QFETCH(int, without);
        QCOMPARE(int(kindOf(responseWith(code, true, 60, kNone))), withRecords);
        QCOMPARE(int(kindOf(responseWith(code, false, kNone, kNone))), without);
        QCOMPARE(int(judged(responseWith(code, true, 60, kNone), {}).kind), withRecords);
    }

    void capsNeverExceedAWeek() {
        CacheConfig config;
        config.positiveTtlCap = config.negativeTtlCap = std::chrono::hours(24 * 365);
        QCOMPARE(lifetime(positive(0x7fffffff), config), std::int64_t{604800});
        QCOMPARE(lifetime(denial(0x7fffffff), config), std::int64_t{604800});
        QCOMPARE(shapedTtl(positive(0x7fffffff), config), std::int64_t{604800});
        QCOMPARE(shapedTtl(positive(604801), config), std::int64_t{604800});
        QCOMPARE(shapedTtl(positive(604799), config), std::int64_t{604799});
    }

    void capsAreChosenByTheKindOfAnswer() {
        CacheConfig config;
        config.positiveTtlCap = seconds(100);
        config.negativeTtlCap = seconds(10);
        QCOMPARE(shapedTtl(responseWith(0, true, 1000, kNone), config), std::int64_t{100});
        QCOMPARE(shapedTtl(responseWith(0, false, 1000, 1000), config), std::int64_t{10});
        QCOMPARE(shapedTtl(responseWith(3, true, 1000, 1000), config), std::int64_t{10});
        config.positiveTtlCap = seconds(0);
        QCOMPARE(lifetime(positive(60), config), std::int64_t{0});
        config.failureTtl = seconds(0);
        QCOMPARE(lifetime(responseWith(2, false, kNone, kNone), config), std::int64_t{0});
    }

    void floors_data() {
        QTest::addColumn<qint64>("floor");
        QTest::addColumn<qint64>("cap");
        QTest::addColumn<qint64>("ttl");
        QTest::addColumn<qint64>("shaped");
        const auto row = [](const char* what, int floor, int cap, int ttl, int shaped) {
            QTest::newRow(what) << qint64{floor} << qint64{cap} << qint64{ttl} << qint64{shaped};
        };
        row("raised", 30, 3600, 5, 30);
        row("just below", 30, 3600, 29, 30);
        row("at the floor", 30, 3600, 30, 30);
        row("above", 30, 3600, 31, 31);
        row("0 stays 0", 30, 3600, 0, 0);
        row("1 is not 0", 30, 3600, 1, 30);
        row("a floor above the cap ends there", 500, 100, 5, 100);
        row("a floor above the cap, TTL between", 500, 100, 300, 100);
        row("a floor above the cap, 0 stays 0", 500, 100, 0, 0);
        row("a cap of 0", 30, 0, 5, 0);
        row("a floor above a week", 2'000'000, 4'000'000, 5, 604800);
    }
    void floors() {
        QFETCH(qint64, floor);
        QFETCH(qint64, cap);
        QFETCH(qint64, ttl);
        QFETCH(qint64, shaped);
        CacheConfig config;
        config.positiveTtlFloor = config.negativeTtlFloor = seconds(floor);
        config.positiveTtlCap = config.negativeTtlCap = seconds(cap);
        for (const UpstreamResponse& response : {positive(ttl), denial(ttl)}) {
            QCOMPARE(qint64{lifetime(response, config)}, shaped);
            QCOMPARE(qint64{shapedTtl(response, config)}, shaped);
        }
    }

    void floorsAreChosenByTheKindOfAnswer() {
        CacheConfig config;
        config.positiveTtlFloor = seconds(100);
        config.negativeTtlFloor = seconds(20);
        QCOMPARE(lifetime(positive(1), config), std::int64_t{100});
        QCOMPARE(lifetime(denial(1), config), std::int64_t{20});
        QCOMPARE(lifetime(responseWith(0, false, 1, 1), config), std::int64_t{20});
        // Nothing says how long: five seconds at the most, whatever the floor (RFC 2308 §5).
        QCOMPARE(lifetime(responseWith(3, false, kNone, kNone), config), std::int64_t{5});
        QCOMPARE(lifetime(responseWith(2, false, kNone, kNone), config), std::int64_t{5});
    }

    void everyTtlIsShaped() {
        CacheConfig config;
        config.positiveTtlFloor = seconds(10);
        config.positiveTtlCap = seconds(100);
        Message message = responseTo("www.example.com.", rr::kA);
        for (const std::uint32_t ttl : {0U, 5U, 50U, 500U})
            message.answers.push_back(recordOf("www.example.com.", rr::kA, ttl, "192.0.2.1"));
        message.authorities.push_back(recordOf("example.com.", rr::kNs, 700, "ns.example.com."));
        message.additionals.push_back(recordOf("ns.example.com.", rr::kA, 7, "192.0.2.2"));
        UpstreamResponse response;
        std::string reason;
        QVERIFY(engine::readUpstreamResponse(message.toWire(), engineQuestion(message), response,
                                             reason));
        shapeTtls(response, judged(response, config));
        const auto shaped = Message::parse(response.wire).value();
        std::vector<std::uint32_t> ttls;
        for (const auto* section : {&shaped.answers, &shaped.authorities, &shaped.additionals}) {
            for (const Record& record : *section)
                ttls.push_back(record.ttl);
        }
        QVERIFY(ttls == std::vector<std::uint32_t>({0, 10, 50, 100, 100, 10}));
    }

    void theSoaOfADenialLivesNoLongerThanItDenies_data() {
        QTest::addColumn<int>("code");
        QTest::addColumn<bool>("positive");
        QTest::addColumn<int>("soaTtl");
        QTest::addColumn<int>("minimum");
        QTest::addColumn<int>("floor");
        QTest::addColumn<int>("shaped");
        QTest::newRow("NXDOMAIN") << 3 << false << 3600 << 60 << 0 << 60;
        QTest::newRow("NODATA") << 0 << false << 3600 << 60 << 0 << 60;
        QTest::newRow("the TTL is shorter") << 3 << false << 30 << 60 << 0 << 30;
        QTest::newRow("MINIMUM 0") << 3 << false << 3600 << 0 << 0 << 0;
        QTest::newRow("MINIMUM 0 with a floor") << 3 << false << 3600 << 0 << 100 << 0;
        QTest::newRow("raised") << 3 << false << 3600 << 60 << 100 << 100;
        QTest::newRow("over the cap") << 3 << false << 86400 << 86400 << 0 << 1800;
        QTest::newRow("beside an answer") << 0 << true << 3000 << 60 << 0 << 3000;
    }
    void theSoaOfADenialLivesNoLongerThanItDenies() {
        QFETCH(int, code);
        QFETCH(bool, positive);
        QFETCH(int, soaTtl);
        QFETCH(int, minimum);
        QFETCH(int, floor);
        QFETCH(int, shaped);
        Message message = responseTo(kName, rr::kA);
        message.rcode = static_cast<std::uint16_t>(code);
        if (positive)
            message.answers.push_back(recordOf(kName, rr::kA, 3000, "192.0.2.1"));
        message.authorities = {
            recordOf("example.com.", rr::kNs, 1500, "ns.example.com."),
            recordOf("example.com.", rr::kSoa, static_cast<std::uint32_t>(soaTtl),
                     "ns.example.com. h.example.com. 1 2 3 4 " + std::to_string(minimum))};
        UpstreamResponse response;
        std::string reason;
        QVERIFY(engine::readUpstreamResponse(message.toWire(), engineQuestion(message), response,
                                             reason));
        CacheConfig config;
        config.negativeTtlFloor = seconds(floor);
        const CacheVerdict verdict = judged(response, config);
        shapeTtls(response, verdict);
        const auto after = Message::parse(response.wire).value();
        QCOMPARE(after.authorities.at(0).ttl, 1500U);
        QCOMPARE(int(after.authorities.at(1).ttl), shaped);
        if (!positive)
            QVERIFY(verdict.lifetime.count() <= shaped);
    }

    void zones_data() {
        QTest::addColumn<QStringList>("zones");
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("kept");
        const auto row = [](const char* what, const QStringList& zones, const char* name,
                            bool kept) { QTest::newRow(what) << zones << name << kept; };
        row("none means all", {}, "www.example.com.", true);
        row("the apex", {"example.com"}, "example.com.", true);
        row("below", {"example.com"}, "a.b.example.com.", true);
        row("beside", {"example.com"}, "example.net.", false);
        row("above", {"example.com"}, "com.", false);
        row("no label boundary", {"example.com"}, "anexample.com.", false);
        row("another case", {"EXAMPLE.Com."}, "www.example.com.", true);
        row("the root", {"."}, "www.example.com.", true);
        row("the root itself", {"."}, ".", true);
        row("the second of two", {"example.net", "example.com"}, "www.example.com.", true);
        row("an escaped dot", {"a\\.example.com"}, "a.example.com.", false);
    }
    void zones() {
        QFETCH(QStringList, zones);
        QFETCH(QString, name);
        QFETCH(bool, kept);
        std::vector<std::string> texts;
        for (const QString& zone : zones)
            texts.push_back(zone.toStdString());
        CacheConfig config;
        config.zones = texts;
        const std::string asked = name.toStdString();
        for (const UpstreamResponse& response :
             {positive(60), denial(60), responseWith(2, false, kNone, kNone)})
            QCOMPARE(lifetime(response, config, asked) > 0, kept);
        if (zones.isEmpty())
            return;
        CacheConfig without;
        without.positiveDisabled = texts;
        QCOMPARE(lifetime(positive(60), without, asked) > 0, !kept);
        QVERIFY(lifetime(denial(60), without, asked) > 0);
        without = {};
        without.negativeDisabled = texts;
        QVERIFY(lifetime(positive(60), without, asked) > 0);
        QCOMPARE(lifetime(denial(60), without, asked) > 0, !kept);
        QCOMPARE(lifetime(responseWith(0, false, 60, 60), without, asked) > 0, !kept);
        QVERIFY(lifetime(responseWith(2, false, kNone, kNone), without, asked) > 0);
    }

    void signatures_data() {
        QTest::addColumn<qint64>("wall");
        QTest::addColumn<quint32>("expire");
        QTest::addColumn<qint64>("left");
        constexpr qint64 kWrap = qint64{1} << 32;
        const auto row = [](const char* what, qint64 wall, qint64 expire, qint64 left) {
            QTest::newRow(what) << wall << static_cast<quint32>(expire & 0xffffffff) << left;
        };
        row("far away", kWallSeconds, kWallSeconds + 86400, 86400);
        row("just long enough", kWallSeconds, kWallSeconds + 300, 300);
        row("sooner than the TTL", kWallSeconds, kWallSeconds + 299, 299);
        row("in a second", kWallSeconds, kWallSeconds + 1, 1);
        row("now", kWallSeconds, kWallSeconds, 0);
        row("a second ago", kWallSeconds, kWallSeconds - 1, 0);
        row("a year ago", kWallSeconds, kWallSeconds - 31'536'000, 0);
        row("68 years ahead", kWallSeconds, kWallSeconds + 0x7fffffff, 0x7fffffff);
        row("68 years ago", kWallSeconds, kWallSeconds - 0x7fffffff, 0);
        row("beyond the wrap of 2106", kWrap - 10, kWrap + 90, 100);
        row("at the wrap", kWrap - 10, kWrap, 10);
        row("the wrap lies behind", kWrap + 10, kWrap - 10, 0);
        row("both behind the wrap", kWrap + 10, kWrap + 60, 50);
        row("a clock before 1970", -10, 90, 100);
        row("a clock at 1970", 0, 0, 0);
    }
    void signatures() {
        QFETCH(qint64, wall);
        QFETCH(quint32, expire);
        QFETCH(qint64, left);
        CacheConfig raising; // but no floor prolongs a signature
        raising.positiveTtlFloor = raising.negativeTtlFloor = seconds(1000);
        for (UpstreamResponse response : {positive(300), denial(300)}) {
            response.signaturesExpire = expire;
            QCOMPARE(qint64{lifetime(response, {}, kName, wall)}, std::min<qint64>(left, 300));
            QCOMPARE(qint64{shapedTtl(response, {}, wall)}, std::min<qint64>(left, 300));
            QCOMPARE(qint64{lifetime(response, raising, kName, wall)},
                     std::min<qint64>(left, 1000));
            QCOMPARE(qint64{shapedTtl(response, raising, wall)}, std::min<qint64>(left, 1000));
        }
    }

    void wrongConfigurationsAreRefused_data() {
        QTest::addColumn<int>("percentage");
        QTest::addColumn<int>("staleTtl");
        QTest::addColumn<QString>("zone");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("defaults") << 10 << 30 << "." << true;
        QTest::newRow("percentage 1") << 1 << 30 << "." << true;
        QTest::newRow("percentage 90") << 90 << 30 << "." << true;
        QTest::newRow("percentage 0") << 0 << 30 << "." << false;
        QTest::newRow("percentage 91") << 91 << 30 << "." << false;
        QTest::newRow("stale TTL 1") << 10 << 1 << "." << true;
        QTest::newRow("stale TTL 0") << 10 << 0 << "." << false;
        QTest::newRow("stale TTL 31") << 10 << 31 << "." << false;
        QTest::newRow("no name") << 10 << 30 << "a..b" << false;
        QTest::newRow("an empty name") << 10 << 30 << "" << false;
        QTest::newRow("a long label") << 10 << 30 << QString(64, 'x') << false;
    }
    void wrongConfigurationsAreRefused() {
        QFETCH(int, percentage);
        QFETCH(int, staleTtl);
        QFETCH(QString, zone);
        QFETCH(bool, accepted);
        for (auto list : {&CacheConfig::zones, &CacheConfig::positiveDisabled,
                          &CacheConfig::negativeDisabled}) {
            CacheConfig config;
            config.prefetch.percentage = static_cast<unsigned>(percentage);
            config.stale.answerTtl = seconds(staleTtl);
            (config.*list) = {"example.com", zone.toStdString()};
            const auto policy = CachePolicy::make(config);
            QCOMPARE(policy.ok(), accepted);
            if (accepted)
                QVERIFY(policy.value().config() == config);
        }
    }

    void timesOutOfRangeAreRefused() {
        constexpr int kYear = 366 * 86400;
        seconds CacheConfig::*const members[] = {
            &CacheConfig::positiveTtlCap, &CacheConfig::negativeTtlCap,
            &CacheConfig::positiveTtlFloor, &CacheConfig::negativeTtlFloor,
            &CacheConfig::failureTtl};
        const auto accepts = [](auto&& change, int time) {
            CacheConfig config;
            change(config) = seconds(time);
            return CachePolicy::make(config).ok();
        };
        const auto inRange = [&](auto&& change) {
            return accepts(change, 0) && accepts(change, kYear) && !accepts(change, -1) &&
                   !accepts(change, kYear + 1);
        };
        for (const auto member : members)
            QVERIFY(inRange([&](CacheConfig& config) -> seconds& { return config.*member; }));
        QVERIFY(inRange([](CacheConfig& config) -> seconds& { return config.prefetch.gap; }));
        QVERIFY(inRange([](CacheConfig& config) -> seconds& { return config.stale.keep; }));
        QVERIFY(inRange([](CacheConfig& config) -> seconds& { return config.stale.recheck; }));
    }

    void ownFailuresFollowTheSameRules() {
        CacheConfig config;
        config.failureTtl = seconds(7);
        config.zones = {"example.com"};
        const auto policy = CachePolicy::make(config);
        QVERIFY(policy);
        const auto of = [&](std::string_view name) {
            return policy.value()
                .failureLifetime(engineQuestion(name, rr::kA).name.bytes())
                .count();
        };
        QCOMPARE(of(kName), 7);
        QCOMPARE(of("example.net."), 0);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestCachePolicy)
#include "test_cache_policy.moc"
