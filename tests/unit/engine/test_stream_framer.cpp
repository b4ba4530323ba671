// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden_packets.h"

#include "listen/stream_framer.h"

#include <QTest>

using sotto::engine::StreamFramer;

namespace sotto::test {

namespace {

Bytes framed(const std::vector<Bytes>& messages) {
    Bytes stream;
    for (const Bytes& message : messages) {
        stream.push_back(static_cast<std::uint8_t>(message.size() >> 8));
        stream.push_back(static_cast<std::uint8_t>(message.size()));
        stream.insert(stream.end(), message.begin(), message.end());
    }
    return stream;
}

void takeAll(StreamFramer& framer, std::vector<Bytes>& messages) {
    while (const auto message = framer.next())
        messages.emplace_back(message->begin(), message->end());
}

} // namespace

/// Messages cut out of a stream (RFC 7766 §8).
class TestStreamFramer : public QObject {
    Q_OBJECT

private slots:
    void cutAnywhere() {
        const std::vector<Bytes> sent = {Bytes(1, 7),  {}, Bytes(300, 1),
                                         Bytes(12, 2), {}, Bytes(2, 0)};
        const Bytes stream = framed(sent);
        for (std::size_t chunk = 1; chunk <= stream.size(); ++chunk) {
            StreamFramer framer;
            std::vector<Bytes> messages;
            for (std::size_t at = 0; at < stream.size(); at += chunk) {
                framer.append(std::span(stream).subspan(at, std::min(chunk, stream.size() - at)));
                takeAll(framer, messages);
            }
            QVERIFY2(messages == sent, qPrintable(QString::number(chunk)));
            QCOMPARE(framer.waiting(), std::size_t{0});
        }
    }

    void whatWaitsIsCounted() {
        StreamFramer framer;
        QVERIFY(!framer.next());
        QCOMPARE(framer.waiting(), std::size_t{0});
        framer.append(Bytes{0});
        QVERIFY(!framer.next());
        QCOMPARE(framer.waiting(), std::size_t{1});
        framer.append(Bytes{3, 'a', 'b'});
        QVERIFY(!framer.next());
        QCOMPARE(framer.waiting(), std::size_t{4});
        framer.append({});
        QVERIFY(!framer.next());
        framer.append(Bytes{'c', 0, 1});
        QCOMPARE(framer.waiting(), std::size_t{7});
        const auto message = framer.next();
        QVERIFY(message);
        QVERIFY(Bytes(message->begin(), message->end()) == Bytes({'a', 'b', 'c'}));
        QCOMPARE(framer.waiting(), std::size_t{2});
        QVERIFY(!framer.next());
    }

    void theLongestMessage() {
        const Bytes message(65535, 0x5a);
        const Bytes stream = framed({message, Bytes(1, 1)});
        StreamFramer framer;
        framer.append(std::span(stream).first(65536));
        QVERIFY(!framer.next());
        framer.append(std::span(stream).subspan(65536));
        std::vector<Bytes> messages;
        takeAll(framer, messages);
        QVERIFY(messages == std::vector<Bytes>({message, Bytes(1, 1)}));
    }

    void messagesLeftWaitingAreNotLost() {
        StreamFramer framer;
        framer.append(framed({Bytes(1, 1), Bytes(1, 2), Bytes(1, 3)}));
        QCOMPARE(int{framer.next()->front()}, 1);
        framer.append(
            framed(std::vector<Bytes>{Bytes(1, 4)})); // a caller at its limit goes on later
        for (const int number : {2, 3, 4})
            QCOMPARE(int{framer.next()->front()}, number);
        QVERIFY(!framer.next());
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestStreamFramer)
#include "test_stream_framer.moc"
