// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden_packets.h"

#include "wire/client_request.h"

#include <QElapsedTimer>
#include <QTest>

using sotto::engine::ClientRequest;
using sotto::engine::parseRequest;
using sotto::engine::RequestVerdict;

namespace sotto::test {

namespace {

constexpr const char* kHeader = "beef 0100 0001 0000 0000 0000";
constexpr const char* kHeaderWithOne = "beef 0100 0001 0000 0000 0001";
constexpr const char* kQuestion = "03777777 00 0001 0001";

QByteArray packet(std::initializer_list<std::string_view> parts) {
    QByteArray all;
    for (const std::string_view part : parts) {
        const Bytes bytes = bytesFromHex(part);
        all.append(reinterpret_cast<const char*>(bytes.data()), static_cast<int>(bytes.size()));
    }
    return all;
}

RequestVerdict verdictOn(const QByteArray& octets, ClientRequest& request) {
    return parseRequest({reinterpret_cast<const std::uint8_t*>(octets.data()),
                         static_cast<std::size_t>(octets.size())},
                        request);
}

Message query(std::uint16_t type = rr::kA) {
    Message message;
    message.id = 7;
    message.recursionDesired = true;
    message.questions.push_back({nameOf("www.example.com."), type, kClassIn});
    return message;
}

/// A name whose uncompressed form has so many octets.
Bytes nameOfOctets(std::size_t octets) {
    Bytes name;
    while (octets - name.size() > 1) {
        const std::size_t label = std::min<std::size_t>(63, octets - name.size() - 2);
        name.push_back(static_cast<std::uint8_t>(label));
        name.insert(name.end(), label, 'x');
    }
    name.push_back(0);
    return name;
}

} // namespace

class TestClientRequest : public QObject {
    Q_OBJECT

private slots:
    void goldenRequestsAreQuestions() {
        for (const NamedPacket& packet : goldenRequests()) {
            ClientRequest request;
            QVERIFY2(parseRequest(packet.wire, request) == RequestVerdict::Ask,
                     packet.name.c_str());
            const auto independent = Message::parse(packet.wire);
            QVERIFY(independent);
            QCOMPARE(request.id, independent->id);
            QCOMPARE(request.type, independent->questions[0].type);
            QCOMPARE(request.queryClass, independent->questions[0].klass);
            QCOMPARE(request.hasEdns, independent->edns.has_value());
            QCOMPARE(request.dnssecOk, independent->edns && independent->edns->dnssecOk);
            QCOMPARE(request.checkingDisabled(), independent->checkingDisabled);
            QCOMPARE(request.recursionDesired(), independent->recursionDesired);
            const auto name = request.name(packet.wire);
            QCOMPARE(std::string(name.begin(), name.end()),
                     independent->questions[0].name.toWire());
        }
    }

    void verdicts_data() {
        QTest::addColumn<QByteArray>("octets");
        QTest::addColumn<int>("verdict");
        const auto row = [](const char* what, const QByteArray& octets, RequestVerdict verdict) {
            QTest::newRow(what) << octets << static_cast<int>(verdict);
        };
        const QByteArray whole = packet({kHeader, kQuestion});
        row("whole", whole, RequestVerdict::Ask);
        row("nothing", {}, RequestVerdict::Drop);
        row("eleven octets", whole.left(11), RequestVerdict::Drop);
        row("a header alone that announces a question", whole.left(12), RequestVerdict::FormErr);
        row("a question cut short", whole.left(whole.size() - 1), RequestVerdict::FormErr);
        row("one octet too many", whole + '\0', RequestVerdict::FormErr);
        row("a response", packet({"beef 8180 0001 0000 0000 0000", kQuestion}),
            RequestVerdict::Drop);
        row("a response of another opcode", packet({"beef a800 0001 0000 0000 0000", kQuestion}),
            RequestVerdict::Drop);
        row("no question", packet({"beef 0100 0000 0000 0000 0000"}), RequestVerdict::FormErr);
        row("two questions", packet({"beef 0100 0002 0000 0000 0000", kQuestion, kQuestion}),
            RequestVerdict::FormErr);
        row("65535 questions", packet({"beef 0100 ffff 0000 0000 0000", kQuestion}),
            RequestVerdict::FormErr);
        row("an answer in a query",
            packet({"beef 0100 0001 0001 0000 0000", kQuestion, "c00c 0001 0001 00000000 0000"}),
            RequestVerdict::FormErr);
        row("an authority in a query",
            packet({"beef 0100 0001 0000 0001 0000", kQuestion, "c00c 0001 0001 00000000 0000"}),
            RequestVerdict::FormErr);
        row("a pointer to itself as QNAME", packet({kHeader, "c00c 0001 0001"}),
            RequestVerdict::FormErr);
        row("a pointer behind a label in QNAME", packet({kHeader, "0161 c00c 0001 0001"}),
            RequestVerdict::FormErr);
        row("a label of 64",
            packet({kHeader, "40"}) + QByteArray(64, 'a') + packet({"00 0001 0001"}),
            RequestVerdict::FormErr);
        row("a label of 63",
            packet({kHeader, "3f"}) + QByteArray(63, 'a') + packet({"00 0001 0001"}),
            RequestVerdict::Ask);
        row("a record announced but missing", packet({kHeaderWithOne, kQuestion}),
            RequestVerdict::FormErr);
        row("OPT", packet({kHeaderWithOne, kQuestion, "00 0029 04d0 00000000 0000"}),
            RequestVerdict::Ask);
        row("OPT with a name",
            packet({kHeaderWithOne, kQuestion, "016100 0029 04d0 00000000 0000"}),
            RequestVerdict::FormErr);
        row("OPT whose owner is a pointer to a root",
            packet({kHeaderWithOne, kQuestion, "c010 0029 04d0 00000000 0000"}),
            RequestVerdict::FormErr);
        row("two OPTs",
            packet({"beef 0100 0001 0000 0000 0002", kQuestion, "00 0029 04d0 00000000 0000",
                    "00 0029 04d0 00000000 0000"}),
            RequestVerdict::FormErr);
        row("an option cut in its header",
            packet({kHeaderWithOne, kQuestion, "00 0029 04d0 00000000 0003 000a00"}),
            RequestVerdict::FormErr);
        row("an option over the end",
            packet({kHeaderWithOne, kQuestion, "00 0029 04d0 00000000 0005 000a000200"}),
            RequestVerdict::FormErr);
        row("RDLENGTH over the end",
            packet({kHeaderWithOne, kQuestion, "00 0029 04d0 00000000 0001"}),
            RequestVerdict::FormErr);
        row("version 1", packet({kHeaderWithOne, kQuestion, "00 0029 04d0 00010000 0000"}),
            RequestVerdict::BadVers);
        row("version 255 whose options only it understands",
            packet({kHeaderWithOne, kQuestion, "00 0029 04d0 00ff0000 0003 ffffff"}),
            RequestVerdict::BadVers);
        row("version 1 and octets behind it",
            packet({kHeaderWithOne, kQuestion, "00 0029 04d0 00010000 0000 00"}),
            RequestVerdict::FormErr);
        row("version 1, then a second OPT",
            packet({"beef 0100 0001 0000 0000 0002", kQuestion, "00 0029 04d0 00010000 0000",
                    "00 0029 04d0 00000000 0000"}),
            RequestVerdict::FormErr);
        row("a record with a forward pointer",
            packet({kHeaderWithOne, kQuestion, "c0ff 0001 0001 00000000 0000"}),
            RequestVerdict::FormErr);
        for (unsigned opcode = 1; opcode < 16; ++opcode) {
            QByteArray octets = whole;
            octets[2] = static_cast<char>(opcode << 3);
            row(qPrintable("opcode " + QString::number(opcode)), octets, RequestVerdict::NotImp);
        }
        const auto type = [](unsigned number) {
            QByteArray octets = packet({kHeader, kQuestion});
            octets[octets.size() - 4] = static_cast<char>(number >> 8);
            octets[octets.size() - 3] = static_cast<char>(number);
            return octets;
        };
        row("AXFR", type(252), RequestVerdict::Refused);
        row("IXFR", type(251), RequestVerdict::Refused);
        row("type 0", type(0), RequestVerdict::NotImp);
        row("OPT as a question", type(41), RequestVerdict::NotImp);
        row("TKEY", type(249), RequestVerdict::NotImp);
        row("TSIG", type(250), RequestVerdict::NotImp);
        row("ANY", type(255), RequestVerdict::Ask);
        row("type 65535", type(65535), RequestVerdict::Ask);
    }
    void verdicts() {
        QFETCH(QByteArray, octets);
        QFETCH(int, verdict);
        ClientRequest request;
        QCOMPARE(static_cast<int>(verdictOn(octets, request)), verdict);
        if (octets.size() >= 12) {
            QCOMPARE(request.id, quint16{0xbeef});
            QVERIFY(request.nameLength == 0 ||
                    request.questionEnd() <= static_cast<std::size_t>(octets.size()));
        }
    }

    void everyPrefixIsRefused() {
        for (const NamedPacket& golden : goldenRequests()) {
            for (std::size_t size = 0; size < golden.wire.size(); ++size) {
                ClientRequest request;
                const auto verdict = parseRequest(std::span(golden.wire).first(size), request);
                QVERIFY2(
                    verdict == (size < 12 ? RequestVerdict::Drop : RequestVerdict::FormErr),
                    qPrintable(QString::fromStdString(golden.name) + ' ' + QString::number(size)));
            }
        }
    }

    void namesEndAt255Octets() {
        for (const std::size_t octets : {254U, 255U, 256U}) {
            Bytes message = bytesFromHex(kHeader);
            const Bytes name = nameOfOctets(octets);
            QCOMPARE(name.size(), octets);
            message.insert(message.end(), name.begin(), name.end());
            const Bytes tail = bytesFromHex("0001 0001");
            message.insert(message.end(), tail.begin(), tail.end());
            ClientRequest request;
            const auto verdict = parseRequest(message, request);
            if (octets <= 255) {
                QVERIFY(verdict == RequestVerdict::Ask);
                QCOMPARE(std::size_t{request.nameLength}, octets);
            } else {
                QVERIFY(verdict == RequestVerdict::FormErr);
            }
        }
    }

    void sizesBelow512Mean512() {
        for (const std::uint16_t size : {0, 511, 512, 513, 65535}) {
            Message message = query();
            message.edns = Edns{size, 0, false, {}};
            ClientRequest request;
            QVERIFY(parseRequest(message.toWire(), request) == RequestVerdict::Ask);
            QCOMPARE(request.udpSize, std::max<quint16>(size, 512));
        }
        ClientRequest request;
        QVERIFY(parseRequest(query().toWire(), request) == RequestVerdict::Ask);
        QCOMPARE(request.udpSize, quint16{512});
        QVERIFY(!request.hasEdns);
    }

    void adIsWantedWithAdOrDo() {
        Message message = query();
        ClientRequest request;
        QVERIFY(parseRequest(message.toWire(), request) == RequestVerdict::Ask);
        QVERIFY(!request.wantsAuthenticData());
        message.edns = Edns{1232, 0, true, {}};
        request = {};
        QVERIFY(parseRequest(message.toWire(), request) == RequestVerdict::Ask);
        QVERIFY(request.dnssecOk && request.wantsAuthenticData());
        message.edns.reset();
        message.authenticData = true;
        request = {};
        QVERIFY(parseRequest(message.toWire(), request) == RequestVerdict::Ask);
        QVERIFY(!request.dnssecOk && request.wantsAuthenticData());
    }

    void optIsFoundInWhatIsRefused_data() {
        QTest::addColumn<QByteArray>("octets");
        QTest::addColumn<int>("verdict");
        QTest::addColumn<bool>("hasEdns");
        const auto row = [](const char* what, std::initializer_list<std::string_view> parts,
                            RequestVerdict verdict, bool hasEdns) {
            QTest::newRow(what) << packet(parts) << static_cast<int>(verdict) << hasEdns;
        };
        constexpr const char* kOpt = "00 0029 04d0 00008000 0000";
        constexpr const char* kRecord = "c00c 0001 0001 00000000 0004 c0000201";
        row("NOTIFY", {"beef 2100 0001 0000 0000 0001", kQuestion, kOpt}, RequestVerdict::NotImp,
            true);
        row("NOTIFY without", {"beef 2100 0001 0000 0000 0000", kQuestion}, RequestVerdict::NotImp,
            false);
        row("UPDATE with records",
            {"beef 2800 0001 0001 0001 0001", kQuestion, kRecord, kRecord, kOpt},
            RequestVerdict::NotImp, true);
        row("OPT in the answer section", {"beef 2800 0001 0001 0000 0000", kQuestion, kOpt},
            RequestVerdict::NotImp, false);
        row("no question", {"beef 0100 0000 0000 0000 0001", kOpt}, RequestVerdict::FormErr, true);
        row("two questions", {"beef 0100 0002 0000 0000 0001", kQuestion, kQuestion, kOpt},
            RequestVerdict::FormErr, true);
        row("an answer in a query", {"beef 0100 0001 0001 0000 0001", kQuestion, kRecord, kOpt},
            RequestVerdict::FormErr, true);
        row("behind another record", {"beef 2100 0001 0000 0000 0002", kQuestion, kRecord, kOpt},
            RequestVerdict::NotImp, true);
        row("cut short", {"beef 2100 0001 0000 0000 0001", kQuestion, "00 0029 04d0 00008000"},
            RequestVerdict::NotImp, false);
        row("behind what cannot be read", {"beef 2100 0001 0000 0000 0002", kQuestion, "c0", kOpt},
            RequestVerdict::NotImp, false);
        row("65535 questions", {"beef 0100 ffff 0000 0000 0001", kQuestion, kOpt},
            RequestVerdict::FormErr, false);
    }
    void optIsFoundInWhatIsRefused() {
        QFETCH(QByteArray, octets);
        QFETCH(int, verdict);
        QFETCH(bool, hasEdns);
        ClientRequest request;
        QCOMPARE(static_cast<int>(verdictOn(octets, request)), verdict);
        QCOMPARE(request.hasEdns, hasEdns);
        QCOMPARE(request.dnssecOk, hasEdns);
        QCOMPARE(int{request.udpSize}, hasEdns ? 1232 : 512);
    }

    void verdictsOnTypes() {
        for (std::uint32_t type = 0; type <= 0xffff; ++type) {
            const RequestVerdict expected = type == 251 || type == 252 ? RequestVerdict::Refused
                                            : type == 0 || type == 41 || type == 249 || type == 250
                                                ? RequestVerdict::NotImp
                                                : RequestVerdict::Ask;
            QVERIFY2(engine::verdictOfType(static_cast<std::uint16_t>(type)) == expected,
                     qPrintable(QString::number(type)));
        }
    }

    void keepaliveIsSeen_data() {
        QTest::addColumn<QList<int>>("options");
        QTest::addColumn<bool>("wanted");
        QTest::newRow("none") << QList<int>{} << false;
        QTest::newRow("alone") << QList<int>{edns::kKeepalive} << true;
        QTest::newRow("another") << QList<int>{edns::kCookie} << false;
        QTest::newRow("first") << QList<int>{edns::kKeepalive, edns::kPadding} << true;
        QTest::newRow("last") << QList<int>{edns::kCookie, edns::kKeepalive} << true;
    }
    void keepaliveIsSeen() {
        QFETCH(QList<int>, options);
        QFETCH(bool, wanted);
        Message message = query();
        message.edns.emplace();
        for (const int code : options)
            message.edns->options.push_back(
                {static_cast<std::uint16_t>(code),
                 code == edns::kKeepalive ? Bytes{} : Bytes{0, 11, 0, 0, 0, 11, 0, 0}});
        ClientRequest request;
        QVERIFY(parseRequest(message.toWire(), request) == RequestVerdict::Ask);
        QCOMPARE(request.wantsKeepalive, wanted);
    }

    void subnetsAreFound_data() {
        QTest::addColumn<QByteArray>("options");
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("none") << QByteArray("000b 0000") << QByteArray("-");
        QTest::newRow("alone") << QByteArray("0008 0007 00011800c00002")
                               << QByteArray("00011800c00002");
        QTest::newRow("behind others")
            << QByteArray("000b 0000 000c 0002 0000 0008 0004 00010000") << QByteArray("00010000");
        QTest::newRow("the first of two")
            << QByteArray("0008 0004 00010000 0008 0004 00020000") << QByteArray("00010000");
        QTest::newRow("empty") << QByteArray("0008 0000") << QByteArray();
        QTest::newRow("empty, and another behind it")
            << QByteArray("0008 0000 0008 0004 00020000") << QByteArray();
    }
    void subnetsAreFound() {
        QFETCH(QByteArray, options);
        QFETCH(QByteArray, content);
        const Bytes octets = bytesFromHex(options.toStdString());
        QByteArray message = packet({kHeaderWithOne, kQuestion, "00 0029 04d0 00000000 00"});
        message.append(static_cast<char>(octets.size()));
        message.append(reinterpret_cast<const char*>(octets.data()),
                       static_cast<int>(octets.size()));
        ClientRequest request;
        QVERIFY(verdictOn(message, request) == RequestVerdict::Ask);
        QCOMPARE(request.hasSubnet(), content != "-");
        if (!request.hasSubnet())
            return;
        const engine::Bytes found =
            request.subnet({reinterpret_cast<const std::uint8_t*>(message.data()),
                            static_cast<std::size_t>(message.size())});
        const Bytes expected = bytesFromHex(content.toStdString());
        QVERIFY(std::equal(found.begin(), found.end(), expected.begin(), expected.end()));
    }

    void aSubnetThatIsCutIsNone() {
        ClientRequest request;
        QVERIFY(verdictOn(packet({kHeaderWithOne, kQuestion,
                                  "00 0029 04d0 00000000 0006 0008 0007 0001"}),
                          request) == RequestVerdict::FormErr);
        QVERIFY(!request.hasSubnet());
    }

    void thousandsOfOptionsOrRecordsCostLittle() {
        Message options = query();
        options.edns = Edns{1232, 0, false, std::vector<EdnsOption>(16000)};
        Message records = query();
        records.additionals.assign(4000, {nameOf("x.test."), 4711, kClassIn, 0, {}});
        for (const Message* message : {&options, &records}) {
            const Bytes wire = message->toWire();
            QElapsedTimer timer;
            timer.start();
            for (int i = 0; i < 20; ++i) {
                ClientRequest request;
                QVERIFY(parseRequest(wire, request) == RequestVerdict::Ask);
            }
            QVERIFY2(timer.elapsed() < 400, qPrintable(QString::number(timer.elapsed())));
        }
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestClientRequest)
#include "test_client_request.moc"
