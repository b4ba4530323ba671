// SPDX-License-Identifier: GPL-3.0-or-later
#include "dot_world.h"

#include <QFileInfo>
#include <QTest>

#include <csignal>

namespace sotto::test {

namespace {

constexpr auto kZone = R"(
$ORIGIN example.
$TTL 300
@ SOA ns hostmaster 1 3600 600 86400 60
www A 192.0.2.80
ftp A 192.0.2.81
)";

constexpr auto kOthers = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther |
                         QFile::WriteOther | QFile::ExeOther;

} // namespace

/// TLS sessions over a restart of the real service.
class TestServiceSessions : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<DotWorld> m_world;

    QString file() const { return m_world->service().stateFile("sessions"); }
    bool start() { return m_world->start("upstreams = [" + m_world->upstream() + "]\n"); }
    /// A run that leaves sessions behind.
    void runOnce() {
        QVERIFY(start());
        QCOMPARE(m_world->ask("www.example").value("rcode"), "NOERROR");
        QVERIFY(m_world->stop());
        QVERIFY(QFileInfo::exists(file()));
    }

private slots:
    void init() { m_world = std::make_unique<DotWorld>(kZone); }
    void cleanup() { m_world.reset(); }

    void areResumedOnce() {
        runOnce();
        QVERIFY(!(QFileInfo(file()).permissions() & kOthers));
        QVERIFY(start());
        QVERIFY(!QFileInfo::exists(file()));
        const QJsonObject entry = m_world->ask("ftp.example");
        QCOMPARE(entry.value("rcode"), "NOERROR");
        QVERIFY(m_world->upstreamStatus().value("resumed").toBool());
        QCOMPARE(m_world->server().observations().resumptions(), std::size_t{1});
        for (const SeenConnection& connection : m_world->server().observations().connections)
            QVERIFY(!connection.ticketSeenBefore);
    }

    void areNotThereAfterACrash() {
        runOnce();
        QVERIFY(start());
        m_world->service().signal(SIGKILL);
        QCOMPARE(m_world->service().waitForEnd(), ProgramRun::kCrashed);
        QVERIFY(!QFileInfo::exists(file()));
        QVERIFY(start());
        QCOMPARE(m_world->ask("ftp.example").value("rcode"), "NOERROR");
        QVERIFY(!m_world->upstreamStatus().value("resumed").toBool());
    }

    void unfitOnesAreForgotten_data() {
        QTest::addColumn<QString>("kind");
        QTest::newRow("damaged") << "damaged";
        QTest::newRow("cut off") << "cut";
        QTest::newRow("others may read them") << "rights";
    }

    void unfitOnesAreForgotten() {
        QFETCH(QString, kind);
        runOnce();
        const QByteArray whole = ServiceProcess::contentOf(file());
        if (kind == "damaged")
            ServiceProcess::write(file(), QByteArray(whole.size(), 'x'));
        else if (kind == "cut")
            ServiceProcess::write(file(), whole.chopped(1));
        else
            QVERIFY(QFile::setPermissions(file(), QFile::ReadOwner | QFile::ReadOther));
        QVERIFY(start());
        QVERIFY(!QFileInfo::exists(file()));
        QVERIFY(m_world->service().waitForErrors("sessions is not used: "));
        QCOMPARE(m_world->ask("ftp.example").value("rcode"), "NOERROR");
        QCOMPARE(m_world->server().observations().resumptions(), std::size_t{0});
    }

    void holdNoNames() {
        runOnce();
        QVERIFY(!ServiceProcess::contentOf(file()).contains("www"));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServiceSessions)
#include "test_service_sessions.moc"
