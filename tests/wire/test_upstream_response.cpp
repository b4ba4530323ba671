// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden_packets.h"

#include "wire/upstream_response.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using sotto::engine::readUpstreamResponse;
using sotto::engine::UpstreamResponse;

namespace sotto::test {

namespace {

struct Outcome {
    bool accepted = false;
    UpstreamResponse response;
    std::string reason;
    std::optional<Message> message; ///< response.wire as the tests' own reader sees it
};

Outcome read(const Bytes& wire, const engine::Question& question) {
    Outcome outcome;
    outcome.accepted = readUpstreamResponse(wire, question, outcome.response, outcome.reason);
    if (outcome.accepted)
        outcome.message = Message::parse(outcome.response.wire);
    return outcome;
}

Outcome read(const Message& message, bool dnssecOk = false) {
    return read(message.toWire(), engineQuestion(message, dnssecOk));
}

Message chainOf(int length) {
    Message message = responseTo("n0.test.", rr::kA);
    for (int i = 0; i < length; ++i)
        message.answers.push_back(recordOf("n" + std::to_string(i) + ".test.", rr::kCname, 60,
                                           "n" + std::to_string(i + 1) + ".test."));
    message.answers.push_back(
        recordOf("n" + std::to_string(length) + ".test.", rr::kA, 60, "192.0.2.1"));
    return message;
}

/// An RRSIG record that covers A, of a signer at the root.
Record signatureOf(std::string_view owner, std::uint32_t expiration) {
    Bytes rdata = bytesFromHex("0001 05 02 0000003c");
    for (int shift = 24; shift >= 0; shift -= 8)
        rdata.push_back(static_cast<std::uint8_t>(expiration >> shift));
    const Bytes rest = bytesFromHex("00000001 0007 00 abcd");
    rdata.insert(rdata.end(), rest.begin(), rest.end());
    return {nameOf(owner), rr::kRrsig, kClassIn, 60, rdata};
}

/// The message with an OPT record that has these options, in hex.
Bytes withOptions(const Message& message, const QByteArray& options) {
    const Bytes content = bytesFromHex(options.toStdString());
    Bytes wire = message.toWire();
    wire[11] = 1;
    const Bytes opt = bytesFromHex("00 0029 04d0 00000000 00");
    wire.insert(wire.end(), opt.begin(), opt.end());
    wire.push_back(static_cast<std::uint8_t>(content.size()));
    wire.insert(wire.end(), content.begin(), content.end());
    return wire;
}

std::uint32_t ttlAt(const Bytes& wire, std::size_t offset) {
    return engine::load32(&wire[offset]);
}

} // namespace

class TestUpstreamResponse : public QObject {
    Q_OBJECT

private slots:
    void goldenResponsesAreKept() {
        for (const NamedPacket& packet : goldenResponses()) {
            auto expected = Message::parse(packet.wire).value();
            const Outcome outcome = read(packet.wire, engineQuestion(expected));
            QVERIFY2(outcome.accepted, (packet.name + ": " + outcome.reason).c_str());
            QVERIFY2(outcome.message, packet.name.c_str());
            expected.edns.reset();
            std::erase_if(expected.answers, [](const Record& record) {
                return record.owner == nameOf("evil.example.");
            });
            QVERIFY2(*outcome.message == expected, packet.name.c_str());
            QCOMPARE(outcome.response.ttlOffsets.size(), expected.answers.size() +
                                                             expected.authorities.size() +
                                                             expected.additionals.size());
            QVERIFY(std::is_sorted(outcome.response.ttlOffsets.begin(),
                                   outcome.response.ttlOffsets.end()));
        }
    }

    void nothingToCutMeansByteForByte() {
        for (const NamedPacket& packet : goldenResponses()) {
            const auto message = Message::parse(packet.wire).value();
            if (message.edns || packet.name == "chain-stranger")
                continue;
            const Outcome outcome = read(packet.wire, engineQuestion(message));
            QVERIFY(outcome.accepted);
            QCOMPARE(outcome.response.wire, packet.wire);
        }
    }

    void optIsCutFromTheEnd() {
        Message message = chainOf(2);
        const Bytes bare = message.toWire();
        message.edns = Edns{4096, 0, true, {{edns::kCookie, Bytes(16, 7)}, {65001, Bytes(300)}}};
        const Outcome outcome = read(message);
        QVERIFY(outcome.accepted);
        QCOMPARE(outcome.response.wire, bare);
    }

    void optIsCutFromTheMiddle() {
        // OPT, then an additional record compressed against the question.
        Message message = chainOf(1);
        message.additionals.push_back(recordOf("x.n0.test.", rr::kA, 60, "192.0.2.9"));
        Bytes wire = message.toWire();
        const std::size_t last = wire.size() - 18; // "x", a pointer, and an A record
        const Bytes opt = bytesFromHex("00 0029 04d0 00008000 0004 0003 0000");
        wire.insert(wire.begin() + static_cast<std::ptrdiff_t>(last), opt.begin(), opt.end());
        wire[11] = 2;
        QVERIFY(Message::parse(wire));
        const Outcome outcome = read(wire, engineQuestion(message));
        QVERIFY2(outcome.accepted, outcome.reason.c_str());
        QVERIFY(outcome.message);
        QVERIFY(*outcome.message == message);
    }

    void chainsAreFollowedInAnyOrder() {
        for (const int length : {0, 1, 8, 15}) {
            Message message = chainOf(length);
            for (int order = 0; order < 3; ++order) {
                const Outcome outcome = read(message);
                QVERIFY(outcome.accepted && outcome.message);
                QVERIFY(*outcome.message == message);
                QVERIFY2(outcome.response.positive, qPrintable(QString::number(length)));
                if (order == 0)
                    std::reverse(message.answers.begin(), message.answers.end());
                else
                    std::rotate(message.answers.begin(),
                                message.answers.begin() +
                                    static_cast<std::ptrdiff_t>(message.answers.size() / 2),
                                message.answers.end());
            }
        }
    }

    void loopsEnd() {
        Message message = responseTo("a.test.", rr::kA);
        message.answers.push_back(recordOf("a.test.", rr::kCname, 60, "b.test."));
        message.answers.push_back(recordOf("b.test.", rr::kCname, 60, "A.test."));
        Outcome outcome = read(message);
        QVERIFY(outcome.accepted && outcome.message && !outcome.response.positive);
        message.answers = {recordOf("a.test.", rr::kCname, 60, "a.test.")};
        outcome = read(message);
        QVERIFY(outcome.accepted && outcome.message && !outcome.response.positive);
        QVERIFY(!read(chainOf(300)).accepted); // cut short it would say that there is no address
    }

    void aliasesOfAnotherClassLeadNowhere() {
        Message message = chainOf(2);
        message.answers[1].klass = 3;
        Message expected = message;
        expected.answers.resize(1);
        const Outcome outcome = read(message);
        QVERIFY(outcome.accepted && outcome.message);
        QVERIFY(*outcome.message == expected);
        QVERIFY(!outcome.response.positive);
        message.questions[0].klass = 255; // ANY
        QCOMPARE(read(message).message->answers.size(), std::size_t{3});
    }

    void strangersAreDroppedAndTheRestStaysReadable() {
        Message message = responseTo("www.example.com.", rr::kMx);
        message.answers = {
            recordOf("stranger.test.", rr::kMx, 60, "1 mail.stranger.test."),
            recordOf("WWW.example.com.", rr::kCname, 60, "mx.stranger.test."),
            recordOf("bank.example.", rr::kA, 60, "192.0.2.66"),
            recordOf("mx.stranger.test.", rr::kMx, 60, "1 mail.stranger.test."),
            recordOf("www.example.com.test.", rr::kMx, 60, "2 mail.stranger.test."),
            recordOf("mx.stranger.test.", rr::kMx, 60, "2 a.mail.stranger.test."),
        };
        message.authorities = {recordOf("stranger.test.", rr::kNs, 60, "ns.stranger.test."),
                               recordOf("stranger.test.", rr::kSoa, 60,
                                        "ns.stranger.test. m.stranger.test. 1 2 3 4 5")};
        message.additionals = {recordOf("mail.stranger.test.", rr::kA, 60, "192.0.2.1")};
        message.edns = Edns{};
        Message expected = message;
        expected.edns.reset();
        expected.answers = {message.answers[1], message.answers[3], message.answers[5]};
        const Outcome outcome = read(message);
        QVERIFY2(outcome.accepted, outcome.reason.c_str());
        QVERIFY(outcome.message);
        QVERIFY(*outcome.message == expected);
        QVERIFY(outcome.response.positive);
    }

    void everyTypeWithCompressedNamesIsRewrittenWhole_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("before");
        QTest::addColumn<int>("names");
        QTest::addColumn<QString>("behind");
        for (const int type : {2, 3, 4, 5, 7, 8, 9, 12, 39})
            QTest::addRow("type %d", type) << type << "" << 1 << "";
        for (const int type : {14, 17})
            QTest::addRow("type %d", type) << type << "" << 2 << "";
        for (const int type : {15, 18, 21, 36})
            QTest::addRow("type %d", type) << type << "0007" << 1 << "";
        QTest::newRow("SOA") << 6 << "" << 2 << "0000000100000002000000030000000400000005";
        QTest::newRow("PX") << 26 << "0007" << 2 << "";
        QTest::newRow("SRV") << 33 << "000100020003" << 1 << "";
        QTest::newRow("NAPTR") << 35 << "00010002 0173 00 03414243" << 1 << "";
    }
    void everyTypeWithCompressedNamesIsRewrittenWhole() {
        QFETCH(int, type);
        QFETCH(QString, before);
        QFETCH(int, names);
        QFETCH(QString, behind);
        // A stranger comes first, so that all behind it is written anew. Names point to QNAME.
        Message empty = responseTo("q.test.", static_cast<std::uint16_t>(type));
        Bytes wire = empty.toWire();
        wire[7] = 2;
        const auto put = [&](const Bytes& bytes) {
            wire.insert(wire.end(), bytes.begin(), bytes.end());
        };
        put(bytesFromHex("0178 00 0001 0001 0000003c 0004 c0000242"));
        put(bytesFromHex("c00c"));
        put({static_cast<std::uint8_t>(type >> 8), static_cast<std::uint8_t>(type)});
        put(bytesFromHex("0001 0000003c"));
        Bytes rdata = bytesFromHex(before.toStdString());
        Bytes expanded = rdata;
        for (int i = 0; i < names; ++i) {
            const Bytes name = bytesFromHex("0161 c00c");
            const Bytes whole = bytesFromHex("0161 0171 0474657374 00");
            rdata.insert(rdata.end(), name.begin(), name.end());
            expanded.insert(expanded.end(), whole.begin(), whole.end());
        }
        const Bytes end = bytesFromHex(behind.toStdString());
        rdata.insert(rdata.end(), end.begin(), end.end());
        expanded.insert(expanded.end(), end.begin(), end.end());
        put({static_cast<std::uint8_t>(rdata.size() >> 8),
             static_cast<std::uint8_t>(rdata.size())});
        put(rdata);

        const Outcome outcome = read(wire, engineQuestion(empty));
        QVERIFY2(outcome.accepted, outcome.reason.c_str());
        QVERIFY(outcome.message);
        QCOMPARE(outcome.message->answers.size(), std::size_t{1});
        QCOMPARE(outcome.message->answers[0].rdata, expanded);
        QVERIFY(outcome.message->answers[0].owner == nameOf("q.test."));
    }

    void aliasesOfAQuestionForAliasesAreNotFollowed() {
        Message message = responseTo("a.test.", rr::kCname);
        message.answers = {recordOf("a.test.", rr::kCname, 60, "b.test."),
                           recordOf("b.test.", rr::kCname, 60, "c.test.")};
        const Outcome outcome = read(message);
        QVERIFY(outcome.accepted && outcome.message && outcome.response.positive);
        QCOMPARE(outcome.message->answers.size(), std::size_t{1});
    }

    void opaqueDataIsKeptByteForByte() {
        Message message = responseTo("u.test.", 65280);
        Bytes all(256);
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = static_cast<std::uint8_t>(i);
        message.answers = {{nameOf("x.test."), rr::kA, kClassIn, 1, {1, 2, 3, 4}}, // dropped
                           {nameOf("u.test."), 65280, kClassIn, 60, all},
                           {nameOf("U.TEST."), 65280, kClassIn, 60, {0xc0, 0x0c}}};
        const Outcome outcome = read(message);
        QVERIFY(outcome.accepted && outcome.message);
        QCOMPARE(outcome.message->answers.size(), std::size_t{2});
        QCOMPARE(outcome.message->answers[0].rdata, all);
        QVERIFY(outcome.message->answers[1] == message.answers[2]);
    }

    void anotherCaseIsAccepted() {
        Message message = responseTo("WwW.eXample.com.", rr::kA);
        message.answers.push_back(recordOf("WwW.eXample.com.", rr::kA, 60, "192.0.2.1"));
        const Outcome outcome = read(message.toWire(), engineQuestion("www.example.com.", rr::kA));
        QVERIFY(outcome.accepted && outcome.response.positive);
        QVERIFY(*outcome.message == message);
    }

    void theTopBitOfATtlMeansZero() {
        Message message = chainOf(1);
        message.answers[0].ttl = 0x80000000;
        message.answers[1].ttl = 0x7fffffff;
        const Outcome outcome = read(message);
        QVERIFY(outcome.accepted);
        QCOMPARE(ttlAt(outcome.response.wire, outcome.response.ttlOffsets.at(0)), 0U);
        QCOMPARE(ttlAt(outcome.response.wire, outcome.response.ttlOffsets.at(1)), 0x7fffffffU);
        QCOMPARE(outcome.response.smallestTtl, 0U);
    }

    void theSmallestTtlIsOverAllSections() {
        Message message = chainOf(1);
        QCOMPARE(read(message).response.smallestTtl, 60U);
        message.additionals.push_back(recordOf("x.test.", rr::kA, 7, "192.0.2.1"));
        QCOMPARE(read(message).response.smallestTtl, 7U);
    }

    void negativeTtls() {
        Message message = responseTo("a.test.", rr::kA);
        QVERIFY(!read(message).response.hasSoa);
        const auto withSoa = [&](std::uint32_t ttl, const char* minimum) {
            message.authorities = {recordOf("test.", rr::kSoa, ttl,
                                            std::string("n.test. m.test. 1 2 3 4 ") + minimum)};
            const Outcome outcome = read(message);
            return outcome.accepted && outcome.response.hasSoa && !outcome.response.positive
                       ? static_cast<std::int64_t>(outcome.response.negativeTtl)
                       : -1;
        };
        QCOMPARE(withSoa(3600, "900"), 900);
        QCOMPARE(withSoa(30, "900"), 30);
        QCOMPARE(withSoa(30, "0"), 0);
        QCOMPARE(withSoa(0x80000001, "900"), 0);
        QCOMPARE(withSoa(100, "4294967295"), 100);
        message.authorities.push_back(
            recordOf("test.", rr::kSoa, 3600, "n.test. m.test. 1 2 3 4 3600"));
        QCOMPARE(read(message).response.negativeTtl, 100U);
    }

    void proofsReachOnlyThoseWhoAsk() {
        const Bytes proof = bytesFromHex("0001 05 02 0000003c 00000001 00000002 0007 00 abcd");
        Message message = chainOf(0);
        message.answers.push_back({nameOf("n0.test."), rr::kRrsig, kClassIn, 60, proof});
        message.authorities = {
            {nameOf("n0.test."), 47, kClassIn, 60, bytesFromHex("00 0001 40")},
            {nameOf("h.test."), 50, kClassIn, 60, bytesFromHex("01 00 0000 00 00")}};
        Outcome outcome = read(message, true);
        QVERIFY(outcome.accepted);
        QVERIFY(*outcome.message == message);
        outcome = read(message, false);
        QVERIFY(outcome.accepted && outcome.message);
        QCOMPARE(outcome.message->answers.size(), std::size_t{1});
        QVERIFY(outcome.message->authorities.empty());
        message.questions[0].type = rr::kRrsig;
        outcome = read(message, false);
        QCOMPARE(outcome.message->answers.size(), std::size_t{2});
    }

    void theFirstSignatureToExpireCounts_data() {
        QTest::addColumn<QList<quint32>>("answers");
        QTest::addColumn<QList<quint32>>("authorities");
        QTest::addColumn<qint64>("first"); // -1: none
        const auto row = [](const char* what, const QList<quint32>& answers,
                            const QList<quint32>& authorities, qint64 first) {
            QTest::newRow(what) << answers << authorities << first;
        };
        row("none", {}, {}, -1);
        row("one", {1'800'000'000}, {}, 1'800'000'000);
        row("in the authority section", {}, {1'800'000'000}, 1'800'000'000);
        row("the first of two", {100, 200}, {}, 100);
        row("the second of two", {200, 100}, {}, 100);
        row("the last of three", {200, 300}, {100}, 100);
        row("alike", {7, 7}, {7}, 7);
        row("0 is a time", {0}, {}, 0);
        row("the wrap lies between", {10, 0xfffffff0}, {}, 0xfffffff0);
        row("the wrap lies between, other order", {0xfffffff0}, {10}, 0xfffffff0);
        row("just short of half the circle", {0x7fffffff, 0}, {}, 0);
    }
    void theFirstSignatureToExpireCounts() {
        QFETCH(QList<quint32>, answers);
        QFETCH(QList<quint32>, authorities);
        QFETCH(qint64, first);
        Message message = chainOf(0);
        for (const quint32 expiration : answers)
            message.answers.push_back(signatureOf("n0.test.", expiration));
        for (const quint32 expiration : authorities)
            message.authorities.push_back(signatureOf("test.", expiration));
        const auto noted = read(message, true).response.signaturesExpire;
        QCOMPARE(noted ? qint64{*noted} : qint64{-1}, first);
        // What is not passed on does not count, unless it was asked for.
        QVERIFY(!read(message, false).response.signaturesExpire);
        message.questions[0].type = rr::kAny;
        QCOMPARE(read(message, false).response.signaturesExpire.has_value(), first >= 0);
    }

    void aSignatureCutShortSaysNothing() {
        Message message = chainOf(0);
        message.answers.push_back(signatureOf("n0.test.", 100));
        message.answers.back().rdata.resize(17);
        const Outcome outcome = read(message, true);
        QVERIFY(!outcome.accepted || !outcome.response.signaturesExpire);
    }

    void theUpstreamsExtendedError_data() {
        QTest::addColumn<bool>("hasOpt");
        QTest::addColumn<QByteArray>("options");
        QTest::addColumn<int>("extendedError");
        QTest::addColumn<bool>("blamesName");
        constexpr int kNothing = 0xffff;
        const auto row = [](const char* what, const char* hex, int extendedError, bool blamesName) {
            const Bytes options = bytesFromHex(hex);
            QTest::newRow(what) << true
                                << QByteArray(reinterpret_cast<const char*>(options.data()),
                                              static_cast<qsizetype>(options.size()))
                                << extendedError << blamesName;
        };
        QTest::newRow("no OPT") << false << QByteArray() << kNothing << false;
        row("no options", "", kNothing, false);
        row("other options only", "000a 0008 0102030405060708", kNothing, false);
        row("bogus", "000f 0002 0006", 6, true);
        row("with a text", "000f 0006 0006 74657874", 6, true);
        row("behind others", "000a 0008 0102030405060708 000c 0000 000f 0002 000f", 15, true);
        row("before others", "000f 0002 0016 000c 0004 00000000", 22, false);
        row("the first of two", "000f 0002 0003 000f 0002 0006", 3, false);
        row("too short for a code", "000f 0001 06", kNothing, false);
        row("too short, then a whole one", "000f 0000 000f 0002 0006", 6, true);
        row("a length that lies", "000f 0009 0006", kNothing, false);
        row("a length that lies before it", "000a 00ff 000f 0002 0006", kNothing, false);
        row("three octets", "000f00", kNothing, false);
        row("code 0", "000f 0002 0000", 0, false);
        row("the first of DNSSEC", "000f 0002 0001", 1, true);
        row("the last of DNSSEC", "000f 0002 000c", 12, true);
        row("behind DNSSEC", "000f 0002 000d", 13, false);
        row("filtered", "000f 0002 0011", 17, true);
        row("prohibited", "000f 0002 0012", 18, false);
        row("the last code", "000f 0002 fffe", 0xfffe, false);
    }
    void theUpstreamsExtendedError() {
        QFETCH(bool, hasOpt);
        QFETCH(QByteArray, options);
        QFETCH(int, extendedError);
        QFETCH(bool, blamesName);
        const Message message = chainOf(0);
        Bytes wire = message.toWire();
        if (hasOpt) {
            wire[11] = 1;
            const Bytes opt = bytesFromHex("00 0029 04d0 00000000");
            wire.insert(wire.end(), opt.begin(), opt.end());
            wire.push_back(0);
            wire.push_back(static_cast<std::uint8_t>(options.size()));
            wire.insert(wire.end(), options.begin(), options.end());
        }
        const Outcome outcome = read(wire, engineQuestion(message));
        QVERIFY2(outcome.accepted, outcome.reason.c_str());
        QCOMPARE(int{outcome.response.extendedError}, extendedError);
        QCOMPARE(outcome.response.blamesName, blamesName);
        QCOMPARE(outcome.response.wire, message.toWire());
    }

    void whatOptSaysOfTheConnection_data() {
        QTest::addColumn<QByteArray>("options");
        QTest::addColumn<int>("keepalive");
        QTest::addColumn<bool>("padded");
        QTest::newRow("nothing") << QByteArray() << -1 << false;
        QTest::newRow("keepalive") << QByteArray("000b 0002 012c") << 300 << false;
        QTest::newRow("close now") << QByteArray("000b 0002 0000") << 0 << false;
        QTest::newRow("keepalive without a time") << QByteArray("000b 0000") << -1 << false;
        QTest::newRow("keepalive of three octets") << QByteArray("000b 0003 00012c") << -1 << false;
        QTest::newRow("padding") << QByteArray("000c 0003 000000") << -1 << true;
        QTest::newRow("empty padding") << QByteArray("000c 0000") << -1 << true;
        QTest::newRow("both") << QByteArray("000b 0002 0001 000c 0001 00") << 1 << true;
        QTest::newRow("behind a lying length") << QByteArray("000a 00ff 000c 0000") << -1 << false;
    }
    void whatOptSaysOfTheConnection() {
        QFETCH(QByteArray, options);
        const Message message = chainOf(0);
        const Outcome outcome = read(withOptions(message, options), engineQuestion(message));
        QVERIFY2(outcome.accepted, outcome.reason.c_str());
        const auto& told = outcome.response.keepaliveTenths;
        QTEST(told ? int{*told} : -1, "keepalive");
        QTEST(outcome.response.padded, "padded");
    }

    void subnetsMustBeTheQuestions_data() {
        QTest::addColumn<QByteArray>("options");
        QTest::addColumn<bool>("asked");
        QTest::addColumn<bool>("accepted");
        QTest::addColumn<int>("scope");
        const auto row = [](const char* what, const char* options, bool asked, bool accepted,
                            int scope) {
            QTest::newRow(what) << QByteArray(options) << asked << accepted << scope;
        };
        row("nothing is said", "", true, true, -1);
        row("for all", "0008 0007 0001 18 00 c00002", true, true, 0);
        row("for a part", "0008 0007 0001 18 16 c00002", true, true, 22);
        row("for less than was told", "0008 0007 0001 18 20 c00002", true, true, 32);
        row("another network", "0008 0007 0001 18 18 c00003", true, false, -1);
        row("another prefix", "0008 0007 0001 17 17 c00002", true, false, -1);
        row("another family", "0008 0007 0002 18 18 c00002", true, false, -1);
        row("malformed", "0008 0006 0001 18 18 c000", true, false, -1);
        row("nothing was told", "0008 0007 0001 18 18 c00002", false, true, -1);
        row("nothing was told, malformed", "0008 0000", false, true, -1);
    }
    void subnetsMustBeTheQuestions() {
        QFETCH(QByteArray, options);
        QFETCH(bool, asked);
        QFETCH(bool, accepted);
        const Message message = chainOf(0);
        auto question = engineQuestion(message);
        if (asked)
            question.subnet = engine::readClientSubnet(bytesFromHex("0001 18 00 c00002"));
        const Outcome outcome = read(withOptions(message, options), question);
        QCOMPARE(outcome.accepted, accepted);
        const auto& scope = outcome.response.subnetScope;
        QTEST(scope ? int{*scope} : -1, "scope");
        if (!accepted)
            QCOMPARE(QString::fromStdString(outcome.reason),
                     QString("an answer for another subnet"));
    }

    void octetsBehindTheMessageAreCut() {
        Message message = chainOf(1);
        const Bytes whole = message.toWire();
        Bytes longer = whole;
        longer.insert(longer.end(), 5, 0xff);
        const Outcome outcome = read(longer, engineQuestion(message));
        QVERIFY(outcome.accepted);
        QCOMPARE(outcome.response.wire, whole);
    }

    void costlyMessagesCostLittle() {
        // Chains of pointers, kept in an opaque record, with thousands of owners at their end.
        Bytes wire = responseTo("a.test.", rr::kA).toWire();
        const auto put = [&](const Bytes& bytes) {
            wire.insert(wire.end(), bytes.begin(), bytes.end());
        };
        put(bytesFromHex("c00c 2222 0001 0000003c 3c00"));
        std::size_t before = 12;
        const std::size_t end = wire.size() + 0x3c00;
        while (wire.size() < end) {
            const std::size_t at = wire.size();
            put({static_cast<std::uint8_t>(0xc0 | (before >> 8)),
                 static_cast<std::uint8_t>(before)});
            before = at;
        }
        std::size_t count = 1;
        for (; wire.size() < 65000; ++count) {
            put({static_cast<std::uint8_t>(0xc0 | (before >> 8)),
                 static_cast<std::uint8_t>(before)});
            put(bytesFromHex("0005 0001 0000003c 0002 c00c"));
        }
        wire[6] = static_cast<std::uint8_t>(count >> 8);
        wire[7] = static_cast<std::uint8_t>(count);
        Message many = responseTo("a.test.", rr::kA);
        for (int i = 0; i < 3500; ++i)
            many.answers.push_back(recordOf("a.test.", rr::kCname, 60, "b.test."));
        many.answers.push_back(recordOf("stranger.", rr::kA, 60, "192.0.2.1"));

        QElapsedTimer timer;
        timer.start();
        QVERIFY(!read(wire, engineQuestion("a.test.", rr::kA)).accepted);
        read(many);
        QVERIFY2(timer.elapsed() < 200, qPrintable(QString::number(timer.elapsed())));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestUpstreamResponse)
#include "test_upstream_response.moc"
