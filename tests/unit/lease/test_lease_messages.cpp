// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/program/command_line.h"
#include "lease/server/request_rate.h"
#include "lease/server/request_reader.h"

#include <QTest>

namespace sotto::test {

using lease::CommandLine;
using lease::Request;
using lease::RequestFault;

/// What is let in: requests over the socket, and arguments.
class TestLeaseMessages : public QObject {
    Q_OBJECT

private slots:
    void requestsComeBack() {
        Request request;
        request.verb = lease::Verb::Apply;
        request.addresses = {QStringLiteral("127.0.0.1"), QStringLiteral("::1")};
        request.port = 5353;
        request.whenLost = lease::WhenLost::Closed;
        request.takeOver = true;
        request.checkKey = QString(32, u'a');
        const auto read = lease::readRequest(lease::packetOf(request));
        QVERIFY(std::holds_alternative<Request>(read));
        QCOMPARE(json::toJson(std::get<Request>(read)), json::toJson(request));
    }

    void otherPacketsAreRefused_data() {
        QTest::addColumn<QByteArray>("packet");
        QTest::newRow("nothing") << QByteArray("");
        QTest::newRow("noise") << QByteArray("\xff\xfe\x00\x01", 4);
        QTest::newRow("an array") << QByteArray("[{\"version\":1}]");
        QTest::newRow("two objects") << QByteArray("{\"version\":1}{\"version\":1}");
        QTest::newRow("no version") << QByteArray("{\"verb\":\"restore\"}");
        QTest::newRow("another version") << QByteArray("{\"version\":2}");
        QTest::newRow("a version as text") << QByteArray("{\"version\":\"1\"}");
        QTest::newRow("an unknown member")
            << QByteArray("{\"version\":1,\"path\":\"/etc/shadow\"}");
        QTest::newRow("an unknown verb") << QByteArray("{\"version\":1,\"verb\":\"exec\"}");
        QTest::newRow("a number as address") << QByteArray("{\"version\":1,\"addresses\":[1]}");
        QTest::newRow("an object inside") << QByteArray("{\"version\":1,\"addresses\":{}}");
        QTest::newRow("deep") << "{\"version\":1,\"addresses\":" + QByteArray(5000, '[') +
                                     QByteArray(5000, ']') + '}';
        QTest::newRow("half a port") << QByteArray("{\"version\":1,\"port\":53.5}");
        QTest::newRow("a huge port") << QByteArray("{\"version\":1,\"port\":4294967349}");
        QTest::newRow("a long address")
            << "{\"version\":1,\"addresses\":[\"" + QByteArray(200, '1') + "\"]}";
        QTest::newRow("many addresses")
            << "{\"version\":1,\"addresses\":[" + QByteArray("\"::1\",").repeated(20) + "\"::1\"]}";
        QTest::newRow("too large")
            << "{\"version\":1,\"mechanism\":\"" + QByteArray(lease::kMaxPacket, 'x') + "\"}";
    }
    void otherPacketsAreRefused() {
        QFETCH(QByteArray, packet);
        const auto read = lease::readRequest(packet);
        QVERIFY(std::holds_alternative<RequestFault>(read));
        QVERIFY(!std::get<RequestFault>(read).reason.isEmpty());
    }

    void requestsHaveARate() {
        lease::RequestRate rate(10, 3);
        QVERIFY(rate.take(1'000'000) && rate.take(1'000'000) && rate.take(1'000'000));
        QVERIFY(!rate.take(1'000'000));
        QVERIFY(!rate.take(1'000'050));
        QVERIFY(rate.take(1'000'100));
        QVERIFY(!rate.take(1'000'100));
        QVERIFY(rate.take(9'000'000) && rate.take(9'000'000) && rate.take(9'000'000));
        QVERIFY(!rate.take(9'000'000));
    }

    void arguments_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("action");
        const auto row = [](const QStringList& arguments, CommandLine::Action action) {
            QTest::newRow(qPrintable(arguments.join(u' ')))
                << arguments << static_cast<int>(action);
        };
        using Action = CommandLine::Action;
        row({}, Action::Refuse);
        row({"serve"}, Action::Serve);
        row({"serve", "--user", "dns", "--socket", "/run/x", "--state-dir", "/var/x"},
            Action::Serve);
        row({"serve", "--json"}, Action::Refuse);
        row({"serve", "--user"}, Action::Refuse);
        row({"serve", "extra"}, Action::Refuse);
        row({"restore"}, Action::Restore);
        row({"restore", "--forget"}, Action::Restore);
        row({"restore", "--port", "5"}, Action::Refuse);
        row({"describe", "--json", "--port", "5300"}, Action::Describe);
        row({"describe", "--port", "0"}, Action::Refuse);
        row({"describe", "--port", "65536"}, Action::Refuse);
        row({"describe", "--root", "relative"}, Action::Refuse);
        row({"describe", "--help"}, Action::Help);
        row({"--help"}, Action::Help);
        row({"--version"}, Action::Version);
        row({"--version", "--json"}, Action::Refuse);
        row({"look-up", "a.example"}, Action::LookUp);
        row({"look-up"}, Action::Refuse);
        row({"apply"}, Action::Refuse);
    }
    void arguments() {
        QFETCH(QStringList, arguments);
        QFETCH(int, action);
        const CommandLine line = lease::readCommandLine(arguments);
        QCOMPARE(static_cast<int>(line.action), action);
        QCOMPARE(line.text.isEmpty(), line.action == CommandLine::Action::Serve ||
                                          line.action == CommandLine::Action::Restore ||
                                          line.action == CommandLine::Action::Describe ||
                                          line.action == CommandLine::Action::Version);
    }

    void argumentsArriveWhereTheyBelong() {
        CommandLine line =
            lease::readCommandLine({"serve", "--user", "dns", "--socket", "/run/x", "--state-dir",
                                    "/var/x", "--root", "/r", "--bus", "unix:path=/b"});
        QCOMPARE(line.user, QStringLiteral("dns"));
        QCOMPARE(line.socketPath, QStringLiteral("/run/x"));
        QCOMPARE(line.stateDirectory, QStringLiteral("/var/x"));
        QCOMPARE(line.surroundings.root, QStringLiteral("/r"));
        QCOMPARE(line.surroundings.busAddress, QStringLiteral("unix:path=/b"));
        line = lease::readCommandLine({"describe", "--json", "--port", "5300"});
        QVERIFY(line.json);
        QCOMPARE(line.port, quint16(5300));
        QCOMPARE(line.socketPath, QStringLiteral("/run/sotto-lease/socket"));
        QCOMPARE(line.stateDirectory, QStringLiteral("/var/lib/sotto-lease"));
        QVERIFY(!line.forget);
        QVERIFY(lease::readCommandLine({"restore", "--forget"}).forget);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestLeaseMessages)
#include "test_lease_messages.moc"
