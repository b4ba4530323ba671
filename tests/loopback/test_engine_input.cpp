// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QElapsedTimer>
#include <QTest>

#include <random>
#include <set>

using namespace sotto::test;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(sotto::test::Bytes)

namespace {

constexpr int kNoAnswer = -1;

void append16(Bytes& out, std::uint16_t value) {
    out.push_back(static_cast<std::uint8_t>(value >> 8));
    out.push_back(static_cast<std::uint8_t>(value & 0xff));
}

/// An OPT record with this version and option octets.
Bytes opt(std::uint8_t version, const Bytes& options) {
    Bytes record{0, 0, 41, 4, 208, 0, version, 0, 0};
    append16(record, static_cast<std::uint16_t>(options.size()));
    record.insert(record.end(), options.begin(), options.end());
    return record;
}

Bytes withAdditional(std::initializer_list<Bytes> records) {
    Bytes wire = makeQuery("www.example.com").toWire();
    for (const Bytes& record : records)
        wire.insert(wire.end(), record.begin(), record.end());
    wire[11] = static_cast<std::uint8_t>(records.size());
    return wire;
}

} // namespace

/// What clients may send and must not, and what of theirs stops at the engine.
class TestEngineInput : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_test = std::make_unique<EngineUnderTest>();
        QVERIFY(m_test->start());
    }
    void cleanup() { m_test.reset(); }

    void whatIsNoQuestionIsNotForwarded_data() {
        QTest::addColumn<Bytes>("octets");
        QTest::addColumn<int>("code");
        const Bytes good = makeQuery("www.example.com").toWire();
        const auto row = [&](const char* name, int code, auto change) {
            Bytes octets = good;
            change(octets);
            QTest::newRow(name) << octets << code;
        };
        row("11 octets", kNoAnswer, [](Bytes& b) { b.resize(11); });
        row("one octet", kNoAnswer, [](Bytes& b) { b.resize(1); });
        row("a response", kNoAnswer, [](Bytes& b) { b[2] |= 0x80; });
        row("header only", rcode::kFormErr, [](Bytes& b) { b.resize(12); });
        row("no question", rcode::kFormErr, [](Bytes& b) {
            b.resize(12);
            b[5] = 0;
        });
        row("two questions", rcode::kFormErr, [](Bytes& b) {
            b[5] = 2;
            b.insert(b.end(), b.begin() + 12, b.begin() + 33);
        });
        row("65535 questions", rcode::kFormErr, [](Bytes& b) { b[4] = b[5] = 0xff; });
        row("an answer in it", rcode::kFormErr, [](Bytes& b) { b[7] = 1; });
        row("octets left over", rcode::kFormErr, [](Bytes& b) { b.push_back(0); });
        row("cut in the name", rcode::kFormErr, [](Bytes& b) { b.resize(20); });
        row("cut in the type", rcode::kFormErr, [](Bytes& b) { b.resize(b.size() - 3); });
        row("a pointer to itself", rcode::kFormErr, [](Bytes& b) {
            b[12] = 0xc0;
            b[13] = 12;
        });
        row("a label of 64", rcode::kFormErr, [](Bytes& b) { b[12] = 64; });
        row("a name of 300", rcode::kFormErr, [](Bytes& b) {
            Bytes name;
            for (int i = 0; i < 30; ++i)
                name.insert(name.end(), {9, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'});
            b.insert(b.begin() + 12, name.begin(), name.end());
        });
        for (std::uint8_t opcode = 1; opcode < 16; ++opcode)
            row(qPrintable(QString("opcode %1").arg(opcode)), rcode::kNotImp,
                [opcode](Bytes& b) { b[2] = static_cast<std::uint8_t>(opcode << 3 | 1); });
        row("AXFR", rcode::kRefused, [](Bytes& b) { b[b.size() - 3] = 252; });
        row("IXFR", rcode::kRefused, [](Bytes& b) { b[b.size() - 3] = 251; });
        QTest::newRow("two OPT") << withAdditional({opt(0, {}), opt(0, {})})
                                 << int(rcode::kFormErr);
        QTest::newRow("version 1") << withAdditional({opt(1, {})}) << int(rcode::kBadVers);
        QTest::newRow("version 255") << withAdditional({opt(255, {})}) << int(rcode::kBadVers);
        QTest::newRow("a broken option")
            << withAdditional({opt(0, {0, 10, 0, 9, 1})}) << int(rcode::kFormErr);
        QTest::newRow("a cut OPT") << withAdditional({Bytes{0, 0, 41, 4}}) << int(rcode::kFormErr);
    }
    void whatIsNoQuestionIsNotForwarded() {
        QFETCH(Bytes, octets);
        QFETCH(int, code);
        for (const bool tcp : {false, true}) {
            std::optional<Reply> reply;
            if (tcp) {
                StreamClient client(m_test->port());
                QVERIFY(client.send(octets));
                reply = client.receive(code == kNoAnswer ? 100ms : kReplyTimeout);
            } else {
                UdpClient client(m_test->port());
                QVERIFY(client.send(octets));
                reply = client.receive(code == kNoAnswer ? 100ms : kReplyTimeout);
            }
            QCOMPARE(reply.has_value(), code != kNoAnswer);
            if (reply) {
                QVERIFY2(reply->message, reply->parseError.c_str());
                QCOMPARE(int(reply->message->rcode), code);
                QVERIFY(reply->message->response && reply->message->answers.empty());
                QCOMPARE(reply->raw[0], octets[0]);
                QCOMPARE(reply->raw[1], octets[1]);
            }
        }
        QCOMPARE(m_test->allQueries(), std::size_t{0});
        QVERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80"));
    }

    void anyOctetsLeaveTheServiceUp() {
        std::mt19937 random(4711);
        const Bytes good = makeQuery("www.example.com", rr::kA, withEdns()).toWire();
        UdpClient udp(m_test->port());
        std::unique_ptr<StreamClient> tcp;
        for (int i = 0; i < 4000; ++i) {
            Bytes octets = good;
            const unsigned changes = 1 + random() % 6;
            for (unsigned change = 0; change < changes; ++change)
                octets[random() % octets.size()] = static_cast<std::uint8_t>(random());
            if (random() % 4 == 0)
                octets.resize(random() % (octets.size() + 1));
            if (random() % 8 == 0)
                octets.resize(random() % 1400, static_cast<std::uint8_t>(random()));
            udp.send(octets);
            if (i % 8 == 0) {
                if (!tcp || i % 64 == 0)
                    tcp = std::make_unique<StreamClient>(m_test->port());
                tcp->sendRaw(octets);
            }
        }
        QVERIFY(hasAddress(m_test->ask("other.example.com"), "192.0.2.10"));
        QVERIFY(m_test->askTcp(makeQuery("other.example.com")));
    }

    void hugeMessagesDelayNobody_data() {
        QTest::addColumn<Bytes>("octets");
        Bytes options;
        for (int i = 0; i < 16000; ++i)
            options.insert(options.end(), {0xfd, 0xe9, 0, 0});
        QTest::newRow("16000 options") << withAdditional({opt(0, options)});
        Bytes records = makeQuery("www.example.com").toWire();
        int count = 0;
        for (; records.size() + 12 < 65536; ++count)
            records.insert(records.end(), {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0});
        records[10] = static_cast<std::uint8_t>(count >> 8);
        records[11] = static_cast<std::uint8_t>(count & 0xff);
        QTest::newRow("5000 records") << records;
    }
    void hugeMessagesDelayNobody() {
        QFETCH(Bytes, octets);
        QVERIFY(m_test->ask("other.example.com"));
        StreamClient heavy(m_test->port());
        for (int i = 0; i < 20; ++i)
            QVERIFY(heavy.send(octets));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(m_test->askTcp(makeQuery("other.example.com")));
        QVERIFY(m_test->ask("many.example.com"));
        QVERIFY2(timer.elapsed() < 2000,
                 qPrintable(QString::number(timer.elapsed()))); // 20 ms as a rule
    }

    void optionsStopHere() {
        m_test->server().setResponder([](const SeenQuery& query) -> std::optional<Bytes> {
            Message reply;
            reply.id = query.message->id;
            reply.response = true;
            reply.questions = query.message->questions;
            reply.answers.push_back({query.name(), rr::kA, kClassIn, 300, {192, 0, 2, 80}});
            reply.edns.emplace().options = {{edns::kCookie, Bytes(16, 7)},
                                            {3, Bytes{'n', 's'}},
                                            {edns::kKeepalive, Bytes{0, 9}},
                                            {edns::kPadding, Bytes(100, 0)},
                                            {65001, Bytes{1, 2, 3}}};
            return reply.toWire();
        });
        QueryOptions options = withEdns(4096);
        options.edns->options = {{edns::kClientSubnet, Bytes{0, 1, 24, 0, 192, 0, 2}},
                                 {edns::kCookie, Bytes(8, 1)},
                                 {3, {}},
                                 {edns::kKeepalive, {}},
                                 {edns::kPadding, Bytes(31, 0)},
                                 {65001, Bytes{9, 9}}};
        for (int i = 0; i < 2; ++i) {
            const auto reply = m_test->ask("www.example.com", rr::kA, options);
            QVERIFY(hasAddress(reply, "192.0.2.80"));
            QVERIFY(reply->edns && reply->edns->options.empty());
        }
        const auto sent = m_test->server().observations().queries.at(0).message;
        QVERIFY(sent && sent->edns);
        QCOMPARE(sent->edns->options.size(), std::size_t{2}); // of our own
        QCOMPARE(sent->edns->options[0].code, edns::kKeepalive);
        QVERIFY(sent->edns->options[0].data.empty());
        QCOMPARE(sent->edns->options[1].code, edns::kPadding);
        QCOMPARE(sent->edns->udpSize, std::uint16_t{1232});
    }

    void queriesOfAllClientsLookAlike() {
        QueryOptions rich = withEdns(4096);
        rich.authenticData = true;
        rich.edns->options = {{edns::kCookie, Bytes(8, 1)}};
        QueryOptions poor;
        poor.recursionDesired = false;
        const std::string longName =
            std::string(60, 'x') + "." + std::string(60, 'y') + ".example.com";
        QVERIFY(m_test->ask("n1.example.com", rr::kA, rich));
        QVERIFY(m_test->ask("N2.Example.com", rr::kA, poor));
        QVERIFY(m_test->askTcp(makeQuery("n3.example.com")));
        QVERIFY(m_test->ask(longName));
        std::optional<Message> model;
        for (const SeenQuery& query : m_test->server().observations().queries) {
            QCOMPARE(query.raw.size() % 128, std::size_t{0});
            QVERIFY2(query.message, query.parseError.c_str());
            Message shape = *query.message;
            QCOMPARE(query.name().toWire(), query.name().key()); // no client's spelling
            shape.id = 0;
            shape.questions.clear();
            for (EdnsOption& option : shape.edns->options)
                option.data.clear();
            if (!model)
                model = shape;
            QVERIFY(shape == *model);
        }
        QCOMPARE(m_test->allQueries(), std::size_t{4});
    }

    void idsCannotBeForetold() {
        for (int i = 0; i < 64; ++i)
            QVERIFY(m_test->ask(numberedName(i)));
        std::set<int> ids;
        std::set<int> steps;
        int last = 0;
        for (const SeenQuery& query : m_test->server().observations().queries) {
            ids.insert(query.message->id);
            steps.insert((query.message->id - last) & 0xffff);
            last = query.message->id;
        }
        QVERIFY(ids.size() > 60 && steps.size() > 60);
    }

private:
    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineInput)
#include "test_engine_input.moc"
