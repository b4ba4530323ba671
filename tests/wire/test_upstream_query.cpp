// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden_packets.h"

#include "wire/upstream_query.h"

#include <QTest>

namespace sotto::test {

class TestUpstreamQuery : public QObject {
    Q_OBJECT

private slots:
    void everyQueryLooksAlike() {
        for (const bool dnssecOk : {false, true}) {
            for (const bool disabled : {false, true}) {
                Bytes out{0xaa};
                engine::appendUpstreamQuery(
                    out, 0x1234, engineQuestion("WwW.Example.com.", rr::kHttps, dnssecOk, disabled),
                    {});
                QCOMPARE(out[0], quint8{0xaa});
                QCOMPARE(std::size_t{engine::load16(&out[1])}, out.size() - 3);
                const auto query = Message::parse(std::span(out).subspan(3));
                QVERIFY(query);
                QCOMPARE(query->id, quint16{0x1234});
                QVERIFY(!query->response && !query->truncated && !query->authoritative);
                QVERIFY(query->recursionDesired && query->authenticData);
                QCOMPARE(query->checkingDisabled, disabled);
                QCOMPARE(query->questions.size(), std::size_t{1});
                QVERIFY(query->questions[0].name == nameOf("www.example.com."));
                QCOMPARE(query->questions[0].type, rr::kHttps);
                QVERIFY(query->edns);
                QCOMPARE(query->edns->dnssecOk, dnssecOk);
                QCOMPARE(query->edns->udpSize, quint16{1232});
                QCOMPARE(query->edns->options.size(), std::size_t{2});
                QVERIFY((query->edns->options[0] == EdnsOption{edns::kKeepalive, {}}));
                const Bytes& padding = query->edns->options[1].data;
                QCOMPARE(query->edns->options[1].code, edns::kPadding);
                QVERIFY(std::all_of(padding.begin(), padding.end(), [](auto x) { return x == 0; }));
            }
        }
    }

    void everyNameLengthIsPadded() {
        std::size_t lengths = 0;
        for (std::size_t octets = 1; octets <= 255; ++octets) {
            Bytes name;
            while (octets - name.size() > 1) {
                std::size_t label = std::min<std::size_t>(63, octets - name.size() - 2);
                if (octets - name.size() - 2 - label == 1)
                    --label; // leaves room for no label at all
                name.push_back(static_cast<std::uint8_t>(label));
                name.insert(name.end(), label, 'X');
            }
            if (octets == 2)
                continue; // no name has two octets
            name.push_back(0);
            QCOMPARE(name.size(), octets);
            Bytes out;
            engine::appendUpstreamQuery(
                out, 1, engine::makeQuestion(name, rr::kA, kClassIn, true, false), {});
            QCOMPARE((out.size() - 2) % 128, std::size_t{0});
            QVERIFY(out.size() - 2 < 12 + octets + 4 + 11 + 4 + 4 + 128);
            QVERIFY(Message::parse(std::span(out).subspan(2)));
            ++lengths;
        }
        QCOMPARE(lengths, std::size_t{254});
    }

    void whatIsNotWanted() {
        Bytes out;
        engine::UpstreamQueryOptions options;
        options.recursionDesired = false;
        options.keepalive = false;
        engine::appendUpstreamQuery(out, 1, engineQuestion(".", rr::kNs), options);
        const auto query = Message::parse(std::span(out).subspan(2));
        QVERIFY(query && query->edns);
        QVERIFY(!query->recursionDesired);
        QCOMPARE(query->edns->options.size(), std::size_t{1});
        QCOMPARE(query->edns->options[0].code, edns::kPadding);
        QCOMPARE((out.size() - 2) % 128, std::size_t{0});
    }

    void inClearTextNothingIsPadded() {
        for (const std::string_view name : {"a.example.", "a-longer-name.example."}) {
            Bytes out;
            engine::UpstreamQueryOptions options;
            options.keepalive = false;
            options.padding = false;
            engine::appendUpstreamQuery(out, 1, engineQuestion(name, rr::kA), options);
            const auto query = Message::parse(std::span(out).subspan(2));
            QVERIFY(query && query->edns && query->edns->options.empty());
            QCOMPARE(out.size(), std::size_t{2} + 12 + name.size() + 1 + 4 + 11);
        }
    }

    void subnets_data() {
        QTest::addColumn<bool>("ofTheClient");
        QTest::addColumn<bool>("fixed");
        QTest::addColumn<QByteArray>("content");
        const QByteArray client("0002 38 00 20010db8000000");
        QTest::newRow("none") << false << false << QByteArray();
        QTest::newRow("fixed") << false << true << QByteArray("0001 18 00 c00002");
        QTest::newRow("the client's") << true << false << client;
        QTest::newRow("the client's first") << true << true << client;
    }
    void subnets() {
        QFETCH(bool, ofTheClient);
        QFETCH(bool, fixed);
        QFETCH(QByteArray, content);
        auto question = engineQuestion("www.example.com.", rr::kA);
        if (ofTheClient)
            question.subnet = engine::readClientSubnet(bytesFromHex(content.toStdString()));
        engine::UpstreamQueryOptions options;
        if (fixed)
            options.subnet = {engine::ClientSubnet::Mode::Fixed,
                              engine::IpAddress::parse("192.0.2.0").value(), 24};
        Bytes out;
        engine::appendUpstreamQuery(out, 1, question, options);
        QCOMPARE((out.size() - 2) % 128, std::size_t{0});
        const auto query = Message::parse(std::span(out).subspan(2));
        QVERIFY(query && query->edns);
        const EdnsOption* told = query->edns->find(edns::kClientSubnet);
        QCOMPARE(told != nullptr, !content.isEmpty());
        if (told)
            QVERIFY(told->data == bytesFromHex(content.toStdString()));
        QVERIFY(query->edns->find(edns::kKeepalive));
        QCOMPARE(query->edns->options.back().code, edns::kPadding);
    }

    void questionsDifferInEachPartOfTheKey() {
        const auto question = engineQuestion("a.test.", rr::kA);
        QVERIFY(question == engineQuestion("A.TEST.", rr::kA));
        QVERIFY(!(question == engineQuestion("b.test.", rr::kA)));
        QVERIFY(!(question == engineQuestion("a.test.", rr::kAaaa)));
        QVERIFY(!(question == engineQuestion("a.test.", rr::kA, true)));
        QVERIFY(!(question == engineQuestion("a.test.", rr::kA, false, true)));
        QVERIFY(!(engineQuestion("a.test.", rr::kA, true) ==
                  engineQuestion("a.test.", rr::kA, false, true)));
        Message chaos = responseTo("a.test.", rr::kA);
        chaos.questions[0].klass = 3;
        QVERIFY(!(question == engineQuestion(chaos)));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestUpstreamQuery)
#include "test_upstream_query.moc"
