// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include <QElapsedTimer>
#include <QTest>

#include <functional>
#include <random>

using namespace sotto::test;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(sotto::test::Behaviour)
Q_DECLARE_METATYPE(std::function<void(sotto::test::Bytes&)>)

/// An upstream that is authenticated and all the same sends what it must not.
class TestEngineHostile : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_test = std::make_unique<EngineUnderTest>();
        QVERIFY(m_test->start());
    }
    void cleanup() { m_test.reset(); }

    void oneBrokenNameHarmsNoOther_data() {
        QTest::addColumn<Behaviour>("behaviour");
        QTest::addColumn<bool>("mayAnswer");
        const auto row = [](const char* name, bool mayAnswer, auto change) {
            Behaviour behaviour;
            change(behaviour);
            QTest::newRow(name) << behaviour << mayAnswer;
        };
        using Q = Behaviour::Question;
        using Ending = Behaviour::Ending;
        row("wrong ID", false, [](Behaviour& b) { b.wrongId = true; });
        row("wrong name", false, [](Behaviour& b) { b.question = Q::OtherName; });
        row("wrong type", false, [](Behaviour& b) { b.question = Q::OtherType; });
        row("wrong class", false, [](Behaviour& b) { b.question = Q::OtherClass; });
        row("no question", false, [](Behaviour& b) { b.question = Q::LeftOut; });
        row("QR unset", false, [](Behaviour& b) { b.asQuery = true; });
        row("TC", false, [](Behaviour& b) { b.truncated = true; });
        row("SERVFAIL", false, [](Behaviour& b) { b.rcode = rcode::kServFail; });
        row("three octets", false, [](Behaviour& b) { b.raw = Bytes{1, 2, 3}; });
        row("nothing but a length", false, [](Behaviour& b) { b.raw = Bytes{}; });
        row("rubbish", false, [](Behaviour& b) { b.raw = Bytes(500, 0xff); });
        row("dropped", false, [](Behaviour& b) { b.drop = true; });
        row("duplicates", true, [](Behaviour& b) { b.copies = 5; });
        row("a flood of duplicates", true, [](Behaviour& b) { b.copies = 2000; });
        row("unsolicited first", true, [](Behaviour& b) { b.unsolicitedFirst = true; });
        row("half a frame", false, [](Behaviour& b) { b.halfFrame = true; });
        row("half a frame, RST", false, [](Behaviour& b) {
            b.halfFrame = true;
            b.ending = Ending::Reset;
        });
        row("RST", false, [](Behaviour& b) {
            b.drop = true;
            b.ending = Ending::Reset;
        });
        row("close", false, [](Behaviour& b) {
            b.drop = true;
            b.ending = Ending::Close;
        });
        row("close without notify", false, [](Behaviour& b) {
            b.drop = true;
            b.ending = Ending::CloseWithoutNotify;
        });
        row("answer, then close", true, [](Behaviour& b) { b.ending = Ending::Close; });
        row("answer, then RST", true, [](Behaviour& b) { b.ending = Ending::Reset; });
        row("too large", true, [](Behaviour& b) { b.size = 65535; });
    }
    void oneBrokenNameHarmsNoOther() {
        QFETCH(Behaviour, behaviour);
        QFETCH(bool, mayAnswer);
        m_test->setScript([&](ServerScript& s) { s.byName["bad.example.com"] = behaviour; });
        QVERIFY(m_test->ask("www.example.com"));
        QElapsedTimer timer;
        timer.start();
        UdpClient bad(m_test->port());
        const Message query = makeQuery("bad.example.com", rr::kA, withEdns());
        QVERIFY(bad.send(query));
        for (int i = 0; i < 10; ++i) {
            const auto reply = m_test->ask(numberedName(i));
            QVERIFY2(reply && reply->answer(rr::kA), qPrintable(QString::number(i)));
            QCOMPARE(*reply->answer(rr::kA), numberedAddress(i));
        }
        const auto reply = bad.receive(6s);
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(reply);
        QVERIFY2(reply->message, reply->parseError.c_str());
        QCOMPARE(reply->message->id, query.id);
        QVERIFY(reply->message->questions == query.questions);
        if (!mayAnswer)
            QCOMPARE(reply->message->rcode, rcode::kServFail);
        else if (!reply->message->truncated)
            QVERIFY(reply->message->rcode == rcode::kServFail ||
                    hasAddress(reply->message, "192.0.2.66"));
        // It cannot be known whose fault it is when a connection ends that served others.
        const bool endsConnection =
            behaviour.ending != Behaviour::Ending::KeepOpen || behaviour.halfFrame ||
            behaviour.copies > 1 || behaviour.wrongId || behaviour.asQuery || behaviour.raw ||
            behaviour.unsolicitedFirst || behaviour.question != Behaviour::Question::Kept;
        QVERIFY2(m_test->queriesFor("bad.example.com") <= (endsConnection ? 10 : 4),
                 qPrintable(QString::number(m_test->queriesFor("bad.example.com"))));
        QVERIFY(!m_test->ask("unsolicited.test")->answer(rr::kA));

        m_test->setScript([](ServerScript&) {});
        if (mayAnswer)
            QVERIFY(m_test->engine().flushCache("bad.example.com"));
        QTRY_VERIFY_WITH_TIMEOUT(hasAddress(m_test->ask("bad.example.com"), "192.0.2.66"), 8000);
    }

    void everythingBroken_data() { oneBrokenNameHarmsNoOther_data(); }
    void everythingBroken() {
        QFETCH(Behaviour, behaviour);
        QFETCH(bool, mayAnswer);
        m_test->setBehaviour([&](Behaviour& b) { b = behaviour; });
        std::vector<std::unique_ptr<UdpClient>> clients;
        for (int i = 0; i < 5; ++i) {
            clients.push_back(std::make_unique<UdpClient>(m_test->port()));
            QVERIFY(clients.back()->send(makeQuery(numberedName(i))));
        }
        for (int i = 0; i < 5; ++i) {
            const auto reply = clients[std::size_t(i)]->receive();
            QVERIFY2(reply && reply->message, "silence or unreadable");
            const Bytes* address = reply->message->answer(rr::kA);
            if (address)
                QCOMPARE(*address, numberedAddress(i));
            if (!mayAnswer)
                QCOMPARE(reply->message->rcode, rcode::kServFail);
            QVERIFY(m_test->queriesFor(numberedName(i)) <= 10);
        }
        m_test->setBehaviour([](Behaviour&) {});
        QTRY_VERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80"));
    }

    void malformedRecordsReachNobody_data() {
        using Change = std::function<void(Bytes&)>;
        QTest::addColumn<Change>("change");
        const auto row = [](const char* name, Change change) { QTest::newRow(name) << change; };
        // header 12, question 21 ("www.example.com" A), then owner 2, type, class, TTL, length
        row("a pointer to itself", [](Bytes& b) { b[34] = 33; });
        row("a pointer forward", [](Bytes& b) { b[34] = 40; });
        row("a pointer past the end", [](Bytes& b) { b[33] = 0xff; });
        row("RDLENGTH past the end", [](Bytes& b) { b[44] = 200; });
        row("RDLENGTH of an A too short", [](Bytes& b) {
            b[44] = 3;
            b.pop_back();
        });
        row("more records than there are", [](Bytes& b) { b[7] = 9; });
        row("65535 records", [](Bytes& b) { b[6] = b[7] = 0xff; });
        row("cut in a record", [](Bytes& b) { b.resize(40); });
        row("cut in the question", [](Bytes& b) { b.resize(20); });
        row("another opcode", [](Bytes& b) { b[2] |= 0x28; });
        row("two questions", [](Bytes& b) {
            b[5] = 2;
            b.insert(b.begin() + 33, b.begin() + 12, b.begin() + 33);
        });
        row("no question counted", [](Bytes& b) { b[5] = 0; });
        row("a label type of old", [](Bytes& b) { b[33] = 0x80; });
    }
    void malformedRecordsReachNobody() {
        QFETCH(std::function<void(Bytes&)>, change);
        m_test->server().setResponder([&](const SeenQuery& query) -> std::optional<Bytes> {
            if (!query.name().sameAs(*Name::fromText("www.example.com")))
                return std::nullopt;
            Message reply = replyTo(query);
            reply.answers.push_back({query.name(), rr::kA, kClassIn, 300, {192, 0, 2, 80}});
            Bytes wire = reply.toWire();
            change(wire);
            return wire;
        });
        const auto reply = m_test->ask("www.example.com");
        QVERIFY(reply);
        QCOMPARE(reply->rcode, rcode::kServFail);
        QVERIFY(reply->answers.empty());
        QVERIFY(hasAddress(m_test->ask("other.example.com"), "192.0.2.10"));
        m_test->server().setResponder({});
    }

    void swappedAnswersReachNobody() {
        // Each of two questions gets the other's answer under its own ID.
        m_test->server().setResponder([&](const SeenQuery& query) -> std::optional<Bytes> {
            const bool isFirst = query.name().labels[0] == "n1";
            Message reply = replyTo(query);
            reply.questions[0].name =
                *Name::fromText(isFirst ? "n2.example.com" : "n1.example.com");
            reply.answers.push_back(
                {reply.questions[0].name, rr::kA, kClassIn, 300, {203, 0, 113, 9}});
            return reply.toWire();
        });
        UdpClient first(m_test->port());
        UdpClient second(m_test->port());
        QVERIFY(first.send(makeQuery("n1.example.com")) &&
                second.send(makeQuery("n2.example.com")));
        for (UdpClient* client : {&first, &second}) {
            const auto reply = client->receive();
            QVERIFY(reply && reply->message && reply->message->rcode == rcode::kServFail);
        }
        m_test->server().setResponder({});
        QTRY_VERIFY(hasAddress(m_test->ask("n1.example.com"), "198.51.100.1"));
        QTRY_VERIFY(hasAddress(m_test->ask("n2.example.com"), "198.51.100.2"));
    }

    /// What shows that a connection is wrong is not asked again on it.
    void aWrongConnectionIsLeftAtOnce() {
        m_test->setScript([](ServerScript& s) {
            s.byName["n1.example.com"].question = Behaviour::Question::OtherName;
            s.byName["n1.example.com"].times = 1;
        });
        QVERIFY(m_test->answers(1));
        const Observations seen = m_test->server().observations();
        QCOMPARE(seen.queriesFor("n1.example.com"), std::size_t{2});
        QVERIFY(seen.queries[0].connection != seen.queries[1].connection);
    }

    void aliasLoopsEnd_data() {
        QTest::addColumn<int>("length"); // 0: a loop
        QTest::newRow("loop") << 0;
        QTest::newRow("200 aliases") << 200;
    }
    void aliasLoopsEnd() {
        QFETCH(int, length);
        m_test->server().setResponder([&](const SeenQuery& query) -> std::optional<Bytes> {
            if (query.name().labels[0] == "www")
                return std::nullopt;
            Message reply = replyTo(query);
            const auto alias = [&](const Name& from, const Name& to) {
                const std::string wire = to.toWire();
                reply.answers.push_back(
                    {from, rr::kCname, kClassIn, 300, Bytes(wire.begin(), wire.end())});
            };
            const Name loop = *Name::fromText("loop.example.com");
            if (length == 0) {
                alias(query.name(), loop);
                alias(loop, query.name());
            }
            Name at = query.name();
            for (int i = 0; i < length; ++i) {
                const Name next = *Name::fromText("a" + std::to_string(i) + ".example.com");
                alias(at, next);
                at = next;
            }
            return reply.toWire();
        });
        const auto reply = m_test->askTcp(makeQuery("c1.example.com"));
        QVERIFY(reply);
        QVERIFY(m_test->allQueries() <= 20);
        QVERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80"));
    }

    void changedOctetsEndAsReadableAnswers() {
        std::mt19937 random(815);
        m_test->server().setResponder([&](const SeenQuery& query) -> std::optional<Bytes> {
            if (query.name().labels[0] == "www")
                return std::nullopt;
            Message reply = replyTo(query);
            const std::string target = Name::fromText("x.example.com")->toWire();
            reply.answers.push_back(
                {query.name(), rr::kCname, kClassIn, 300, Bytes(target.begin(), target.end())});
            reply.answers.push_back(
                {*Name::fromText("x.example.com"), rr::kMx, kClassIn, 300, {0, 1, 1, 'm', 0}});
            reply.edns.emplace();
            Bytes wire = reply.toWire();
            const unsigned changes = 1 + random() % 4;
            for (unsigned i = 0; i < changes;
                 ++i) // not the ID: its answer would be awaited for long
                wire[2 + random() % (wire.size() - 2)] = static_cast<std::uint8_t>(random());
            if (random() % 5 == 0)
                wire.resize(12 + random() % (wire.size() - 12));
            return wire;
        });
        StreamClient client(m_test->port());
        constexpr int kQuestions = 2000;
        int answered = 0;
        for (int i = 0; i < kQuestions; i += 20) {
            for (int k = i; k < i + 20; ++k)
                QVERIFY(client.send(makeQuery("f" + std::to_string(k) + ".example.com", rr::kMx)));
            for (int k = i; k < i + 20; ++k) {
                const auto reply = client.receive(6s);
                QVERIFY(reply);
                QVERIFY2(reply->message, reply->parseError.c_str());
                answered += reply->message->rcode != rcode::kServFail;
            }
        }
        QVERIFY(answered > 0 && answered < kQuestions);
        QVERIFY(hasAddress(m_test->ask("www.example.com"), "192.0.2.80"));
    }

private:
    static Message replyTo(const SeenQuery& query) {
        Message reply;
        reply.id = query.message->id;
        reply.response = reply.recursionAvailable = true;
        reply.questions = query.message->questions;
        return reply;
    }

    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineHostile)
#include "test_engine_hostile.moc"
