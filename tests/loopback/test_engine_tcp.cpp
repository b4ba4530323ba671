// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include "support/answer_plan.h"

#include <QElapsedTimer>
#include <QTest>

#include <set>

#include <sys/resource.h>

using namespace sotto::test;
using namespace std::chrono_literals;
using State = StreamClient::State;

namespace {

Bytes framed(const Bytes& message) {
    Bytes frame{static_cast<std::uint8_t>(message.size() >> 8),
                static_cast<std::uint8_t>(message.size() & 0xff)};
    frame.insert(frame.end(), message.begin(), message.end());
    return frame;
}

} // namespace

/// Clients over TCP (RFC 7766), the patient and the rude.
class TestEngineTcp : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_test = std::make_unique<EngineUnderTest>();
        QVERIFY(m_test->start());
    }
    void cleanup() { m_test.reset(); }

    void pipelinedQueriesAreAllAnswered_data() {
        QTest::addColumn<int>("count");
        QTest::addColumn<bool>("halfCloses");
        QTest::newRow("100") << 100 << false;
        QTest::newRow("100, then half-closed") << 100 << true;
        QTest::newRow("600, more than may wait at once") << 600 << true;
    }
    void pipelinedQueriesAreAllAnswered() {
        QFETCH(int, count);
        QFETCH(bool, halfCloses);
        StreamClient client(m_test->port());
        Bytes all;
        for (int i = 0; i < count; ++i) {
            QueryOptions options;
            options.id = static_cast<std::uint16_t>(i);
            const Bytes frame = framed(
                makeQuery(numberedName(i % 256), i < 256 ? rr::kA : rr::kTxt, options).toWire());
            all.insert(all.end(), frame.begin(), frame.end());
        }
        QVERIFY(client.sendRaw(all));
        if (halfCloses)
            client.halfClose();
        std::set<int> answered;
        for (int i = 0; i < count; ++i) {
            const auto reply = client.receive();
            QVERIFY2(reply && reply->message, qPrintable(QString::number(i)));
            const int id = reply->message->id;
            QCOMPARE(reply->message->rcode, rcode::kNoError);
            if (id < 256)
                QCOMPARE(*reply->message->answer(rr::kA), numberedAddress(id));
            answered.insert(id);
        }
        QCOMPARE(int(answered.size()), count);
        if (halfCloses)
            QVERIFY(client.waitForEnd() && client.state() == State::Closed);
    }

    void aSlowQueryDelaysNoOther() {
        m_test->setScript([](ServerScript& s) { s.byName["slow.example.com"].delay = 700ms; });
        StreamClient client(m_test->port());
        QVERIFY(client.send(makeQuery("slow.example.com")));
        QVERIFY(client.send(makeQuery("www.example.com")));
        const auto first = client.receive();
        const auto second = client.receive();
        QVERIFY(first && hasAddress(first->message, "192.0.2.80"));
        QVERIFY(second && hasAddress(second->message, "192.0.2.9"));
    }

    void octetByOctetWorks() {
        StreamClient client(m_test->port());
        QVERIFY(client.sendBytewise(makeQuery("www.example.com").toWire(), 20ms));
        const auto reply = client.receive();
        QVERIFY(reply && hasAddress(reply->message, "192.0.2.80"));
    }

    void framesMayBeCutAnywhere() {
        Bytes two = framed(makeQuery("www.example.com").toWire());
        const Bytes other = framed(makeQuery("other.example.com").toWire());
        two.insert(two.end(), other.begin(), other.end());
        for (std::size_t cut = 1; cut < two.size(); cut += 5) {
            StreamClient client(m_test->port());
            QVERIFY(client.sendRaw(std::span(two).first(cut)));
            QVERIFY(client.sendRaw(std::span(two).subspan(cut)));
            QVERIFY(client.receive() && client.receive());
        }
    }

    void lengthLiesHurtOnlyTheirOwnConnection_data() {
        QTest::addColumn<QByteArray>("octets");
        const Bytes query = makeQuery("www.example.com").toWire();
        const QByteArray wire(reinterpret_cast<const char*>(query.data()), qsizetype(query.size()));
        QTest::newRow("zero") << QByteArray("\0\0", 2);
        QTest::newRow("one octet") << QByteArray("\0\1\0", 3);
        QTest::newRow("too long") << QByteArray("\xff\xff", 2) + wire;
        QTest::newRow("too short") << QByteArray("\0\x0c", 2) + wire;
        QTest::newRow("half a length") << QByteArray("\0", 1);
        QTest::newRow("a response") << QByteArray("\0\x0c\x12\x34\x81\x80\0\0\0\0\0\0\0\0", 14);
        QTest::newRow("rubbish") << QByteArray(3000, '\xc0');
    }
    void lengthLiesHurtOnlyTheirOwnConnection() {
        QFETCH(QByteArray, octets);
        StreamClient honest(m_test->port());
        QVERIFY(honest.ask(makeQuery("www.example.com")));
        {
            StreamClient liar(m_test->port());
            QVERIFY(liar.sendRaw(std::span(reinterpret_cast<const std::uint8_t*>(octets.data()),
                                           std::size_t(octets.size()))));
            QVERIFY(honest.ask(makeQuery("other.example.com")));
        }
        QVERIFY(honest.ask(makeQuery("many.example.com")));
        QVERIFY(m_test->ask("mail.example.com"));
    }

    void manyIdleClientsLockNobodyOut() {
        constexpr int kIdle = 600;
        rlimit limit{};
        QVERIFY(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
        if (limit.rlim_cur < 4 * kIdle) {
            limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 4 * kIdle);
            if (limit.rlim_cur < 4 * kIdle || ::setrlimit(RLIMIT_NOFILE, &limit) != 0)
                QSKIP("too few descriptors are allowed here");
        }
        StreamClient active(m_test->port());
        std::vector<std::unique_ptr<StreamClient>> idle;
        for (int i = 0; i < kIdle; ++i) {
            idle.push_back(std::make_unique<StreamClient>(m_test->port()));
            QVERIFY(idle.back()->state() == State::Open);
            if (i % 100 == 0)
                QVERIFY(active.ask(makeQuery("www.example.com")));
        }
        QVERIFY(m_test->askTcp(makeQuery("www.example.com")));
        QVERIFY(m_test->ask("www.example.com"));
        QVERIFY(active.ask(makeQuery("www.example.com"))); // in use: others go first
        QVERIFY(idle.front()->waitForEnd());
        QVERIFY(idle.back()->ask(makeQuery("www.example.com")));
    }

    void whoNeverReadsCostsLittle() {
        m_test->server().setResponder([](const SeenQuery& query) -> std::optional<Bytes> {
            Message reply;
            reply.id = query.message->id;
            reply.response = true;
            reply.questions = query.message->questions;
            growTo(reply, 60000);
            return reply.toWire();
        });
        QVERIFY(m_test->askTcp(makeQuery("www.example.com", rr::kTxt)));
        constexpr int kQueries = 3000;
        const Bytes query = framed(makeQuery("www.example.com", rr::kTxt).toWire());
        Bytes all;
        for (int i = 0; i < kQueries; ++i)
            all.insert(all.end(), query.begin(), query.end());
        StreamClient rude(m_test->port());
        rude.sendRaw(all);
        const auto made = [&] { return m_test->engine().statistics().cacheHits; };
        QTRY_VERIFY(made() > 0);
        for (int i = 0; i < 20; ++i)
            QVERIFY(m_test->askTcp(makeQuery("www.example.com", rr::kTxt)));
        // Besides what the system's own buffers take, only so many answers are made ahead.
        QVERIFY2(made() < kQueries / 4, qPrintable(QString::number(made())));
        QVERIFY(rude.receive()); // reading at last, it is served on
        QVERIFY(rude.receive());
    }

    void clientsLeaveBeforeTheirAnswers() {
        m_test->setBehaviour([](Behaviour& b) { b.delay = 100ms; });
        for (int i = 0; i < 50; ++i) {
            StreamClient client(m_test->port());
            QVERIFY(client.send(makeQuery(numberedName(i))));
        }
        StreamClient last(m_test->port());
        QVERIFY(last.ask(makeQuery("www.example.com")));
    }

private:
    std::unique_ptr<EngineUnderTest> m_test;
};

QTEST_GUILESS_MAIN(TestEngineTcp)
#include "test_engine_tcp.moc"
