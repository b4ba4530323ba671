// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/dns_client.h"
#include "support/master_file.h"
#include "support/rdata_text.h"
#include "support/zone_set.h"

#include <QTest>

using namespace sotto::test;

namespace {

constexpr char kZone[] = R"($TTL 300
$ORIGIN example.com.
@       IN SOA ns1 hostmaster ( 1 ; serial
                3600 600 86400 60 )
        NS ns1
        A 192.0.2.1
)"
                         "\tTXT \"one string\" two \"semi;colon \\\"quoted\\\" \\065\"\n"
                         R"(        CAA 0 issue "ca.example"
ns1 60  A 192.0.2.53
www     CNAME alias
alias   CNAME Final.example.NET.
loop    CNAME loop
out     CNAME elsewhere.test.
*.wild  A 192.0.2.7
a.own.wild A 192.0.2.9
a.b.deep A 192.0.2.8
svc     HTTPS 1 . alpn="h2,h3" port=8443 ipv4hint=192.0.2.1,192.0.2.2 ech=AEX+DQ==
_s._tcp SRV 1 2 5060 www
odd     TYPE4711 \# 3 c0 0c ff
$ORIGIN example.net.
@       SOA ns1.example.com. hostmaster 1 1 1 1 30
Final   AAAA 2001:db8::1
)";

QString text(const Message& message) {
    QStringList lines;
    for (const Record& record : message.answers)
        lines.append(QString::fromStdString(record.owner.toText()) + ' ' +
                     QString::number(record.type));
    return lines.join(", ");
}

} // namespace

class TestZoneSet : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        std::string error;
        m_zones = ZoneSet::fromText(kZone, error);
        QVERIFY2(m_zones, error.c_str());
        QCOMPARE(m_zones->apexes().size(), std::size_t{2});
    }

    void answers_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("rcode");
        QTest::addColumn<QString>("answers");
        QTest::addColumn<int>("authorities");
        const auto none = QString();
        QTest::newRow("plain") << "example.com" << 1 << 0 << "example.com. 1" << 0;
        QTest::newRow("as spelt") << "EXAMPLE.com" << 1 << 0 << "EXAMPLE.com. 1" << 0;
        QTest::newRow("no data") << "example.com" << 28 << 0 << none << 1;
        QTest::newRow("no such name") << "no.example.com" << 1 << 3 << none << 1;
        QTest::newRow("chain through zones")
            << "www.example.com" << 28 << 0
            << "www.example.com. 5, alias.example.com. 5, Final.example.NET. 28" << 0;
        QTest::newRow("chain without data")
            << "www.example.com" << 1 << 0 << "www.example.com. 5, alias.example.com. 5" << 1;
        QTest::newRow("the alias itself")
            << "www.example.com" << 5 << 0 << "www.example.com. 5" << 0;
        QTest::newRow("chain that leaves")
            << "out.example.com" << 1 << 0 << "out.example.com. 5" << 0;
        QTest::newRow("wildcard") << "x.y.wild.example.com" << 1 << 0 << "x.y.wild.example.com. 1"
                                  << 0;
        QTest::newRow("wildcard's own top") << "wild.example.com" << 1 << 0 << none << 1;
        QTest::newRow("wildcard above another node")
            << "b.own.wild.example.com" << 1 << 3 << none << 1;
        QTest::newRow("empty non-terminal") << "b.deep.example.com" << 1 << 0 << none << 1;
        QTest::newRow("outside") << "example.org" << 1 << 5 << none << 0;
        QTest::newRow("unknown type")
            << "odd.example.com" << 4711 << 0 << "odd.example.com. 4711" << 0;
    }
    void answers() {
        QFETCH(QString, name);
        QFETCH(int, type);
        QFETCH(int, rcode);
        QFETCH(QString, answers);
        QFETCH(int, authorities);
        const Message query = makeQuery(name.toStdString(), static_cast<std::uint16_t>(type));
        const Message answer = m_zones->answer(query);
        QCOMPARE(text(answer), answers);
        QCOMPARE(int(answer.rcode), rcode);
        QCOMPARE(int(answer.authorities.size()), authorities);
        QVERIFY(answer.response && answer.recursionAvailable && answer.recursionDesired);
        QVERIFY(answer.questions == query.questions);
        QCOMPARE(answer.id, query.id);
        QVERIFY(!answer.edns);
    }

    void aLoopEnds() {
        const Message answer = m_zones->answer(makeQuery("loop.example.com"));
        QCOMPARE(answer.answers.size(), std::size_t{16});
    }

    void negativeTtlIsTheSmallerOne() {
        const Message answer = m_zones->answer(makeQuery("no.example.com"));
        QCOMPARE(answer.authorities.at(0).ttl, 60u);
    }

    void recordDataIsExact() {
        const auto data = [&](const char* name, std::uint16_t type) {
            const Message answer = m_zones->answer(makeQuery(name, type));
            const Bytes* found = answer.answer(type);
            return found ? QByteArray(reinterpret_cast<const char*>(found->data()),
                                      static_cast<qsizetype>(found->size()))
                         : QByteArray("none");
        };
        QCOMPARE(data("example.com", rr::kTxt),
                 QByteArray("\012one string\003two\025semi;colon \"quoted\" A"));
        QCOMPARE(data("example.com", rr::kCaa), QByteArray("\0\5issueca.example", 17));
        QCOMPARE(data("odd.example.com", 4711), QByteArray::fromHex("c00cff"));
        QCOMPARE(data("_s._tcp.example.com", rr::kSrv),
                 QByteArray::fromHex("0001000213c4") + QByteArray("\3www\7example\3com\0", 17));
        QCOMPARE(data("svc.example.com", rr::kHttps), QByteArray::fromHex("000100"
                                                                          "00010006026832026833"
                                                                          "0003000220fb"
                                                                          "00040008c0000201c0000202"
                                                                          "000500040045fe0d"));
    }

    void ednsIsAnswered() {
        QueryOptions options;
        options.edns = Edns{1232, 0, true, {{edns::kPadding, Bytes(40)}}};
        const Message padded = m_zones->answer(makeQuery("example.com", rr::kA, options));
        QVERIFY(padded.edns && padded.edns->dnssecOk);
        QCOMPARE(padded.toWire().size() % 468, std::size_t{0});
        options.edns->version = 1;
        QCOMPARE(m_zones->answer(makeQuery("example.com", rr::kA, options)).rcode, rcode::kBadVers);
    }

    void namesOutsideCanBeMissing() {
        std::string error;
        const auto zones = ZoneSet::fromText(kZone, error, OutsideNames::DoNotExist);
        QVERIFY(zones);
        const Message answer = zones->answer(makeQuery("example.org"));
        QCOMPARE(answer.rcode, rcode::kNxDomain);
        QCOMPARE(answer.authorities.size(), std::size_t{1});
        QVERIFY(answer.authorities[0].owner.isRoot());
    }

    void wrongTextIsRefused_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("error");
        const QString soa = "$TTL 1\na. SOA a. a. 1 1 1 1 1\n";
        QTest::newRow("no TTL") << "a. A 192.0.2.1"
                                << "line 1";
        QTest::newRow("wrong address") << soa + "a. A 192.0.2"
                                       << "line 3";
        QTest::newRow("missing field") << soa + "a. MX 10"
                                       << "line 3";
        QTest::newRow("number too large") << soa + "a. MX 65536 a."
                                          << "line 3";
        QTest::newRow("open quote") << soa + "a. TXT \"x"
                                    << "line";
        QTest::newRow("open parenthesis") << soa + "a. TXT ( x"
                                          << "line";
        QTest::newRow("wrong length") << soa + "a. TYPE99 \\# 2 00"
                                      << "line 3";
        QTest::newRow("unknown parameter") << soa + "a. HTTPS 1 . nokey=1"
                                           << "line 3";
        QTest::newRow("parameter twice") << soa + "a. HTTPS 1 . port=1 port=2"
                                         << "line 3";
        QTest::newRow("directive") << soa + "$INCLUDE x"
                                   << "line 3";
        QTest::newRow("no zone") << soa + "b. A 192.0.2.1"
                                 << "b. lies in no zone";
    }
    void wrongTextIsRefused() {
        QFETCH(QString, file);
        QFETCH(QString, error);
        std::string reason;
        QVERIFY(!ZoneSet::fromText(file.toStdString(), reason));
        QVERIFY2(QString::fromStdString(reason).startsWith(error), reason.c_str());
    }

private:
    std::optional<ZoneSet> m_zones;
};

QTEST_GUILESS_MAIN(TestZoneSet)
#include "test_zone_set.moc"
