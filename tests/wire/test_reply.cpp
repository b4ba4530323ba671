// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden_packets.h"

#include "wire/reply.h"
#include "wire/upstream_response.h"

#include <QTest>

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
                              Bytes* raw = nullptr) {
    Bytes buffer = kept.toWire();
    const std::size_t octets = buffer.size();
    buffer.resize(octets + engine::kMaxOptOctets);
    buffer.resize(engine::finishReply(buffer, octets, client.request, client.name(), limit));
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
