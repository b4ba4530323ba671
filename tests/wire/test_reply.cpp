// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden_packets.h"

#include "wire/reply.h"
#include "wire/upstream_response.h"

#include <QTest>

#include <algorithm>

namespace sotto::test {

namespace {

/// A client's query as both sides need it.
struct Client {
    Bytes wire;
    engine::ClientRequest request;

    explicit Client(const Message& query)
        : wire(query.toWire()) {
        static_cast<void>(engine::parseRequest(wire, request));
    }
    engine::Bytes name() const { return request.name(wire); }
};

Message queryFor(std::string_view name) {
    Message query;
    query.id = 0xabcd;
    query.questions.push_back({nameOf(name), rr::kA, kClassIn});
    return query;
}

Message stored(int records = 1) {
    Message message = responseTo("www.example.com.", rr::kA);
    message.authoritative = message.authenticData = true;
    for (int i = 0; i < records; ++i)
        message.answers.push_back(
            recordOf("www.example.com.", rr::kA, 60, "192.0.2." + std::to_string(i % 250)));
    return message;
}

std::optional<Message> finish(const Message& kept, const Client& client, std::size_t limit = 65535,
                              Bytes* raw = nullptr, const engine::ReplyOptions& options = {}) {
    Bytes buffer = kept.toWire();
    const std::size_t octets = buffer.size();
    buffer.resize(octets + engine::kMaxOptOctets);
    buffer.resize(
        engine::finishReply(buffer, octets, client.request, client.name(), limit, options));
    if (raw)
        *raw = buffer;
    return Message::parse(buffer);
}

} // namespace

class TestReply : public QObject {
    Q_OBJECT

private slots:
    void theClientsOwnPartsComeBack() {
        for (const bool desired : {false, true}) {
            for (const bool disabled : {false, true}) {
                Message query = queryFor("wWw.Example.COM.");
                query.recursionDesired = desired;
                query.checkingDisabled = disabled;
                const auto reply = finish(stored(), Client(query));
                QVERIFY(reply);
                QCOMPARE(reply->id, quint16{0xabcd});
                QVERIFY(reply->response && reply->recursionAvailable);
                QVERIFY(!reply->authoritative && !reply->truncated);
                QCOMPARE(reply->recursionDesired, desired);
                QCOMPARE(reply->checkingDisabled, disabled);
                QVERIFY(reply->questions == query.questions);
                QVERIFY(reply->answers[0].owner.sameAs(query.questions[0].name));
                QVERIFY(!reply->edns);
                QCOMPARE(reply->rcode, quint16{0});
            }
        }
    }

    void adOnlyForThoseWhoAsk() {
        for (const bool keptAd : {false, true}) {
            Message kept = stored();
            kept.authenticData = keptAd;
            Message query = queryFor("www.example.com.");
            QVERIFY(!finish(kept, Client(query))->authenticData);
            query.edns = Edns{1232, 0, false, {}};
            QVERIFY(!finish(kept, Client(query))->authenticData);
            query.edns->dnssecOk = true;
            QCOMPARE(finish(kept, Client(query))->authenticData, keptAd);
            query.edns.reset();
            query.authenticData = true;
            QCOMPARE(finish(kept, Client(query))->authenticData, keptAd);
        }
    }

    void optOnlyForThoseWhoSentOne() {
        Message query = queryFor("www.example.com.");
        query.edns = Edns{4096, 0, true, {{edns::kCookie, Bytes(8)}, {edns::kPadding, Bytes(9)}}};
        const auto reply = finish(stored(), Client(query));
        QVERIFY(reply && reply->edns);
        QCOMPARE(reply->edns->udpSize, quint16{1232});
        QVERIFY(reply->edns->dnssecOk);
        QVERIFY(reply->edns->options.empty());
        QCOMPARE(reply->answers.size(), std::size_t{1});
    }

    void cutAtTheClientsSize_data() {
        QTest::addColumn<bool>("hasEdns");
        QTest::addColumn<int>("spare"); // octets between the finished answer and the limit
        QTest::addColumn<bool>("truncated");
        for (const bool hasEdns : {false, true}) {
            QTest::addRow("fits, edns %d", hasEdns) << hasEdns << 0 << false;
            QTest::addRow("does not fit, edns %d", hasEdns) << hasEdns << -1 << true;
        }
    }
    void cutAtTheClientsSize() {
        QFETCH(bool, hasEdns);
        QFETCH(int, spare);
        QFETCH(bool, truncated);
        const Message kept = stored(30);
        Message query = queryFor("www.example.com.");
        if (hasEdns)
            query.edns = Edns{512, 0, false, {}};
        const std::size_t limit = kept.toWire().size() + (hasEdns ? 11 : 0) +
                                  static_cast<std::size_t>(static_cast<std::ptrdiff_t>(spare));
        Bytes raw;
        const auto reply = finish(kept, Client(query), limit, &raw);
        QVERIFY(reply);
        QVERIFY(raw.size() <= limit);
        QCOMPARE(reply->truncated, truncated);
        QCOMPARE(reply->answers.size(), std::size_t{truncated ? 0U : 30U});
        QCOMPARE(reply->edns.has_value(), hasEdns);
        QVERIFY(reply->questions == query.questions);
    }

    void options_data() {
        QTest::addColumn<int>("extendedError");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("keepalive");
        QTest::newRow("none") << 0xffff << QByteArray() << 0;
        QTest::newRow("an extended error") << 6 << QByteArray() << 0;
        QTest::newRow("extended error 0") << 0 << QByteArray() << 0;
        QTest::newRow("with a text") << 3 << QByteArray("why it is so") << 0;
        QTest::newRow("the longest text")
            << 3 << QByteArray(engine::extended_error::kMaxTextOctets, 'x') << 0;
        QTest::newRow("keepalive") << 0xffff << QByteArray() << 300;
        QTest::newRow("keepalive alone, a text is ignored") << 0xffff << QByteArray("text") << 1;
        QTest::newRow("all") << 22 << QByteArray(engine::extended_error::kMaxTextOctets, 'x')
                             << 0xffff;
    }
    void options() {
        QFETCH(int, extendedError);
        QFETCH(QByteArray, text);
        QFETCH(int, keepalive);
        const std::string kept = text.toStdString();
        const engine::ReplyOptions options{static_cast<std::uint16_t>(extendedError), kept,
                                           static_cast<std::uint16_t>(keepalive)};
        std::vector<EdnsOption> expected;
        if (extendedError != 0xffff) {
            Bytes data(2 + kept.size());
            engine::store16(data.data(), options.extendedError);
            std::copy(kept.begin(), kept.end(), data.begin() + 2);
            expected.push_back({edns::kExtendedError, data});
        }
        if (keepalive != 0)
            expected.push_back({edns::kKeepalive,
                                {static_cast<std::uint8_t>(keepalive >> 8),
                                 static_cast<std::uint8_t>(keepalive)}});
        std::size_t octets = 11;
        for (const EdnsOption& option : expected)
            octets += 4 + option.data.size();
        QVERIFY(octets <= engine::kMaxOptOctets);

        Message query = queryFor("www.example.com.");
        QVERIFY(!finish(stored(), Client(query), 65535, nullptr, options)->edns);
        query.edns = Edns{1232, 0, false, {}};
        const std::size_t whole = stored(30).toWire().size() + octets;
        Bytes raw;
        const auto fits = finish(stored(30), Client(query), whole, &raw, options);
        QVERIFY(fits && fits->edns && !fits->truncated);
        QVERIFY(fits->edns->options == expected);
        QCOMPARE(raw.size(), whole);
        QCOMPARE(fits->answers.size(), std::size_t{30});
        // Where there is no room the answer matters more than what is said about it.
        const auto tight = finish(stored(30), Client(query), whole - 1, nullptr, options);
        QVERIFY(tight && tight->truncated == expected.empty());
        if (!tight->truncated)
            QVERIFY(tight->edns && tight->edns->options.empty() && tight->answers.size() == 30);
        // What is cut says why all the same.
        const auto cut = finish(stored(30), Client(query), 512, nullptr, options);
        QVERIFY(cut && cut->truncated && cut->edns && cut->edns->options == expected);

        Bytes buffer(Client(query).request.questionEnd() + engine::kMaxOptOctets, 0xee);
        const Client client(query);
        buffer.resize(engine::writeErrorReply(buffer, client.request, client.name(),
                                              engine::rcode::kServFail, options));
        const auto error = Message::parse(buffer);
        QVERIFY(error && error->edns && error->edns->options == expected);
    }

    void subnetsGoBackWithTheirScope_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("IPv4") << QByteArray("0001 18 16 c00002");
        QTest::newRow("the longest") << QByteArray("0002 80 16 20010db8000000000000000000000001");
    }
    void subnetsGoBackWithTheirScope() {
        QFETCH(QByteArray, content);
        const Bytes octets = bytesFromHex(content.toStdString());
        const std::string text(engine::extended_error::kMaxTextOctets, 'x');
        engine::ReplyOptions options{3, text, 300};
        options.subnet = engine::readSubnet(octets, options.subnetScope);
        QVERIFY(options.subnet);
        Message query = queryFor("www.example.com.");
        QVERIFY(!finish(stored(), Client(query), 65535, nullptr, options)->edns);
        query.edns = Edns{1232, 0, false, {}};
        const auto reply = finish(stored(), Client(query), 65535, nullptr, options);
        QVERIFY(reply && reply->edns && reply->edns->options.size() == 3);
        const EdnsOption* told = reply->edns->find(edns::kClientSubnet);
        QVERIFY(told && told->data == octets);

        const Client client(query);
        Bytes buffer(client.request.questionEnd() + engine::kMaxOptOctets, 0xee);
        buffer.resize(engine::writeErrorReply(buffer, client.request, client.name(),
                                              engine::rcode::kServFail, options));
        const auto error = Message::parse(buffer);
        QVERIFY(error && error->edns && error->edns->find(edns::kClientSubnet));
    }

    void theLargestMessageLeavesNoRoomForOpt() {
        Message query = queryFor("www.example.com.");
        query.edns = Edns{1232, 0, false, {}};
        const engine::ReplyOptions options = engine::ownError(3);
        const Client client(query);
        for (const std::size_t octets : {65535 - 11 - 40, 65535 - 11, 65535 - 10, 65535}) {
            Bytes buffer = stored().toWire();
            buffer.resize(octets + engine::kMaxOptOctets); // what follows is never read
            const std::size_t size =
                engine::finishReply(buffer, octets, client.request, client.name(), 65535, options);
            QVERIFY(size >= octets && size <= 65535);
            QCOMPARE(int{buffer[11]}, octets + 11 <= 65535 ? 1 : 0);
            QVERIFY(!(buffer[2] & 0x02)); // TC
        }
    }

    void ownErrorsHaveAShortText() {
        for (std::uint16_t code = 0; code < 64; ++code) {
            const auto text = engine::extended_error::textOf(code);
            const bool isOwn =
                code == 0 || code == 3 || code == 18 || code == 19 || code == 22 || code == 23;
            QCOMPARE(!text.empty(), isOwn);
            QVERIFY(text.size() <= engine::extended_error::kMaxTextOctets);
            QVERIFY(
                std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; }));
            QCOMPARE(engine::ownError(code).extendedError, code);
            QVERIFY(engine::ownError(code).extendedErrorText == text);
        }
        QVERIFY(engine::extended_error::textOf(engine::extended_error::kNone).empty());
    }

    void theRcodeComesFromWhatIsKept() {
        Message kept = responseTo("www.example.com.", rr::kA);
        kept.rcode = rcode::kNxDomain;
        QCOMPARE(finish(kept, Client(queryFor("www.example.com.")))->rcode, rcode::kNxDomain);
    }

    void errorReplies_data() {
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("extendedError");
        for (const int code : {1, 2, 4, 5, 16}) {
            QTest::addRow("%d", code) << code << 0xffff;
            QTest::addRow("%d explained", code) << code << 22;
        }
    }
    void errorReplies() {
        QFETCH(int, code);
        QFETCH(int, extendedError);
        const engine::ReplyOptions options{static_cast<std::uint16_t>(extendedError)};
        for (const bool hasEdns : {false, true}) {
            if (!hasEdns && code == 16)
                continue; // BADVERS needs an OPT on both sides
            Message query = queryFor("wWw.example.com.");
            query.recursionDesired = true;
            if (hasEdns)
                query.edns = Edns{1232, 0, true, {}};
            const Client client(query);
            Bytes buffer(client.request.questionEnd() + engine::kMaxOptOctets, 0xee);
            buffer.resize(engine::writeErrorReply(buffer, client.request, client.name(),
                                                  static_cast<std::uint8_t>(code), options));
            const auto reply = Message::parse(buffer);
            QVERIFY(reply);
            QCOMPARE(int{reply->rcode}, code);
            QCOMPARE(reply->id, query.id);
            QVERIFY(reply->response && reply->recursionDesired && reply->recursionAvailable);
            QVERIFY(reply->questions == query.questions);
            QVERIFY(reply->answers.empty() && reply->authorities.empty());
            QCOMPARE(reply->edns.has_value(), hasEdns);
            if (!hasEdns)
                continue;
            const EdnsOption* option = reply->edns->find(edns::kExtendedError);
            QCOMPARE(option != nullptr, extendedError != 0xffff);
            if (option)
                QCOMPARE(option->data, Bytes({0, 22}));
        }
    }

    void anUnreadQuestionIsNotRepeated() {
        Bytes wire = queryFor("www.example.com.").toWire();
        wire[5] = 2;
        engine::ClientRequest request;
        QVERIFY(engine::parseRequest(wire, request) == engine::RequestVerdict::FormErr);
        Bytes buffer(64, 0xee);
        buffer.resize(
            engine::writeErrorReply(buffer, request, request.name(wire), engine::rcode::kFormErr));
        QCOMPARE(buffer, bytesFromHex("abcd 8081 0000 0000 0000 0000"));
    }

    void theOpcodeIsRepeated() {
        Bytes wire = queryFor("www.example.com.").toWire();
        wire[2] = 4 << 3; // NOTIFY
        engine::ClientRequest request;
        QVERIFY(engine::parseRequest(wire, request) == engine::RequestVerdict::NotImp);
        Bytes buffer(64);
        buffer.resize(
            engine::writeErrorReply(buffer, request, request.name(wire), engine::rcode::kNotImp));
        QCOMPARE(int{Message::parse(buffer)->opcode}, 4);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestReply)
#include "test_reply.moc"
