// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/probe.h"

#include <QTest>

#include <arpa/inet.h>
#include <functional>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace sotto::systemdns;
using namespace std::chrono_literals;

namespace {

/// A socket on a free port of 127.0.0.1; closed with the object.
class ServerSocket {
public:
    explicit ServerSocket(Transport transport)
        : m_descriptor(
              ::socket(AF_INET, transport == Transport::Udp ? SOCK_DGRAM : SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        auto* general = reinterpret_cast<sockaddr*>(&address);
        ::bind(m_descriptor, general, size);
        ::getsockname(m_descriptor, general, &size);
        m_port = ntohs(address.sin_port);
        if (transport == Transport::Tcp)
            ::listen(m_descriptor, 1);
    }
    ~ServerSocket() { ::close(m_descriptor); }
    ServerSocket(const ServerSocket&) = delete;
    ServerSocket& operator=(const ServerSocket&) = delete;

    int descriptor() const { return m_descriptor; }
    quint16 port() const { return m_port; }

private:
    int m_descriptor;
    quint16 m_port = 0;
};

/// What the server sends for a query, message by message.
using Script = std::function<QByteArrayList(const QByteArray& query)>;

QByteArray answerTo(const QByteArray& query) {
    QByteArray answer = query;
    answer[2] = static_cast<char>(0x81);
    answer[3] = static_cast<char>(0x80);
    answer[7] = 1;
    return answer + QByteArray::fromHex("c00c 0001 0001 00000000 0004 7f530102");
}

QByteArray otherId(QByteArray message) {
    message[0] = static_cast<char>(message.at(0) ^ 0x55);
    return message;
}

void serveUdp(int descriptor, const Script& script) {
    QByteArray query(512, '\0');
    sockaddr_in client{};
    socklen_t size = sizeof(client);
    auto* general = reinterpret_cast<sockaddr*>(&client);
    query.resize(::recvfrom(descriptor, query.data(), 512, 0, general, &size));
    for (const QByteArray& message : script(query))
        ::sendto(descriptor, message.constData(), static_cast<size_t>(message.size()), 0, general,
                 size);
}

void serveTcp(int descriptor, const Script& script) {
    const int client = ::accept(descriptor, nullptr, nullptr);
    QByteArray query(512, '\0');
    query.resize(::recv(client, query.data(), 512, 0));
    for (const QByteArray& message : script(query.mid(2))) {
        QByteArray framed;
        framed += static_cast<char>(message.size() >> 8);
        framed += static_cast<char>(message.size() & 0xff);
        framed += message;
        // Octet by octet: a stream has no borders.
        for (const char octet : framed)
            ::send(client, &octet, 1, MSG_NOSIGNAL);
    }
    ::close(client);
}

QString ask(Transport transport, const Script& script) {
    const ServerSocket server(transport);
    std::thread thread(transport == Transport::Udp ? serveUdp : serveTcp, server.descriptor(),
                       script);
    const auto found = probe(QStringLiteral("a.example"), QStringLiteral("127.0.0.1"),
                             server.port(), transport, 20s);
    thread.join();
    const auto* fault = std::get_if<Fault>(&found);
    return fault ? fault->reason : std::get<QStringList>(found).join(QLatin1Char(' '));
}

} // namespace

Q_DECLARE_METATYPE(sotto::systemdns::Transport)

/// The lease's own question to a listener, over real sockets.
class TestLeaseProbe : public QObject {
    Q_OBJECT

private slots:
    void asks_data();
    void asks();
    void passesOverWhatIsNoAnswer_data() { asks_data(); }
    void passesOverWhatIsNoAnswer();
    void saysWhyThereIsNone_data() { asks_data(); }
    void saysWhyThereIsNone();
    void seesThatNobodyListens_data() { asks_data(); }
    void seesThatNobodyListens();
    void endsInTime_data() { asks_data(); }
    void endsInTime();
    void seesAClosedConnection();
    void refusesWhatIsNoAddress();
};

void TestLeaseProbe::asks_data() {
    QTest::addColumn<Transport>("transport");
    QTest::newRow("UDP") << Transport::Udp;
    QTest::newRow("TCP") << Transport::Tcp;
}

void TestLeaseProbe::asks() {
    QFETCH(Transport, transport);
    QCOMPARE(
        ask(transport, [](const QByteArray& query) { return QByteArrayList{answerTo(query)}; }),
        QStringLiteral("127.83.1.2"));
}

void TestLeaseProbe::passesOverWhatIsNoAnswer() {
    QFETCH(Transport, transport);
    const auto script = [](const QByteArray& query) {
        return QByteArrayList{otherId(answerTo(query)), query, QByteArray("x"), answerTo(query)};
    };
    QCOMPARE(ask(transport, script), QStringLiteral("127.83.1.2"));
}

void TestLeaseProbe::saysWhyThereIsNone() {
    QFETCH(Transport, transport);
    const auto script = [](const QByteArray& query) {
        QByteArray refused = query;
        refused[2] = static_cast<char>(0x81);
        refused[3] = 5;
        return QByteArrayList{refused};
    };
    QVERIFY(ask(transport, script).endsWith(QLatin1String("the answer is REFUSED")));
}

void TestLeaseProbe::seesThatNobodyListens() {
    QFETCH(Transport, transport);
    quint16 port = 0;
    {
        const ServerSocket gone(transport);
        port = gone.port();
    }
    const auto found =
        probe(QStringLiteral("a.example"), QStringLiteral("127.0.0.1"), port, transport, 20s);
    QVERIFY(std::holds_alternative<Fault>(found));
    QVERIFY2(std::get<Fault>(found).reason.contains(QLatin1String("refused")),
             qPrintable(std::get<Fault>(found).reason));
}

void TestLeaseProbe::endsInTime() {
    QFETCH(Transport, transport);
    const ServerSocket silent(transport);
    const auto found = probe(QStringLiteral("a.example"), QStringLiteral("127.0.0.1"),
                             silent.port(), transport, 50ms);
    QVERIFY(std::holds_alternative<Fault>(found));
    QVERIFY2(std::get<Fault>(found).reason.contains(QLatin1String("timed out")),
             qPrintable(std::get<Fault>(found).reason));
}

void TestLeaseProbe::seesAClosedConnection() {
    const QString reason = ask(Transport::Tcp, [](const QByteArray&) { return QByteArrayList{}; });
    QVERIFY2(reason.contains(QLatin1String("reset")), qPrintable(reason));
}

void TestLeaseProbe::refusesWhatIsNoAddress() {
    QVERIFY(std::holds_alternative<Fault>(
        probe(QStringLiteral("a.example"), QStringLiteral("localhost"), 53, Transport::Udp, 20s)));
    QVERIFY(std::holds_alternative<Fault>(
        probe(QStringLiteral(".."), QStringLiteral("127.0.0.1"), 53, Transport::Udp, 20s)));
}

QTEST_GUILESS_MAIN(TestLeaseProbe)
#include "test_lease_probe.moc"
