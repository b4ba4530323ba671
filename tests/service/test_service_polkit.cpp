// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_peer.h"
#include "service_process.h"
#include "stand_in_polkit.h"

#include <QFile>
#include <QTest>

#include <csignal>
#include <memory>

#include <unistd.h>

namespace sotto::test {

namespace {

constexpr uint kNobody = 65534;
constexpr int kRefused = 4;
const QString kToggle = QStringLiteral("org.sottodns.toggle");
const QString kConfigure = QStringLiteral("org.sottodns.configure");

} // namespace

/// What polkit is asked about peers, and what follows from its answers: a real sottod, a real
/// sottoctl of another user, a bus of their own.
class TestServicePolkit : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServiceProcess> m_service;
    std::unique_ptr<StandInPolkit> m_polkit;

    /// sottoctl as another user.
    std::unique_ptr<QProcess> stranger(const QStringList& arguments) {
        auto process = std::make_unique<QProcess>();
        process->start("setpriv", QStringList{"--reuid=65534", "--regid=65534", "--clear-groups",
                                              SOTTO_SOTTOCTL, "--socket", m_service->socketPath()} +
                                      arguments);
        return process;
    }
    bool isEnabled() {
        JsonPeer peer(m_service->socketPath());
        return peer.hello() && JsonPeer::result(peer.request("status")).value("enabled").toBool();
    }

private slots:
    void initTestCase() {
        if (::geteuid() != 0)
            QSKIP("needs root to become somebody else");
    }

    void init() {
        m_service = std::make_unique<ServiceProcess>();
        const QString folder = m_service->path("");
        QVERIFY(QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner |
                                                  QFile::ExeOwner | QFile::ExeOther));
        m_polkit = std::make_unique<StandInPolkit>(folder);
        if (m_polkit->busAddress().isEmpty())
            QSKIP("dbus-daemon is not installed");
        m_service->setVariable("DBUS_SYSTEM_BUS_ADDRESS", m_polkit->busAddress());
        QVERIFY2(m_service->start(), m_service->errors().constData());
    }
    void cleanup() {
        if (m_service && m_service->isRunning())
            QCOMPARE(m_service->stop(), 0);
        m_polkit.reset();
        m_service.reset();
    }

    void whomPolkitAllowsMay() {
        m_polkit->verdict = [](const QString& action) {
            return StandInPolkit::Verdict{action == kToggle, false};
        };
        const auto client = stranger({"disable"});
        QTRY_COMPARE(client->state(), QProcess::NotRunning);
        QCOMPARE(client->exitCode(), 0);
        QVERIFY(!isEnabled());
        const QVariantMap subject = m_polkit->asked.last().subject;
        QCOMPARE(m_polkit->asked.last().action, kToggle);
        QCOMPARE(subject.value("kind"), "unix-process");
        QCOMPARE(subject.value("uid").toUInt(), kNobody);
        QCOMPARE(subject.value("uid").typeId(), int(QMetaType::Int));
        QVERIFY(subject.value("pid").toUInt() > 0);
        QVERIFY(subject.value("start-time").toULongLong() > 0);
        const auto refused = stranger({"settings", "set", "policy", "random"});
        QTRY_COMPARE(refused->state(), QProcess::NotRunning);
        QCOMPARE(refused->exitCode(), kRefused);
        QCOMPARE(m_polkit->asked.last().action, kConfigure);
    }

    void aPersonIsWaitedFor() {
        m_polkit->verdict = [](const QString&) { return StandInPolkit::Verdict{false, true}; };
        const auto client = stranger({"disable"});
        QTRY_COMPARE(m_polkit->open.size(), 1);
        QVERIFY(!m_polkit->open.first().cancellationId.isEmpty());
        QVERIFY(isEnabled()); // which others can still ask for
        m_polkit->answer({true, false});
        QTRY_COMPARE(client->state(), QProcess::NotRunning);
        QCOMPARE(client->exitCode(), 0);
        QVERIFY(!isEnabled());
    }

    void aPersonMayRefuse() {
        m_polkit->verdict = [](const QString&) { return StandInPolkit::Verdict{false, true}; };
        const auto client = stranger({"disable"});
        QTRY_COMPARE(m_polkit->open.size(), 1);
        m_polkit->answer({false, true});
        QTRY_COMPARE(client->state(), QProcess::NotRunning);
        QCOMPARE(client->exitCode(), kRefused);
        QVERIFY(isEnabled());
    }

    void whoLeavesIsNotAskedFor() {
        m_polkit->verdict = [](const QString&) { return StandInPolkit::Verdict{false, true}; };
        const auto client = stranger({"disable"});
        QTRY_COMPARE(m_polkit->open.size(), 1);
        const QString id = m_polkit->open.first().cancellationId;
        client->kill();
        QTRY_COMPARE(client->state(), QProcess::NotRunning);
        QTRY_VERIFY(m_polkit->cancelled.contains(id));
        QVERIFY(isEnabled());
    }

    void whereItIsSilentNobodyMay() {
        const auto client = stranger({"disable"});
        QTRY_COMPARE_WITH_TIMEOUT(client->state(), QProcess::NotRunning, 10000);
        QCOMPARE(client->exitCode(), kRefused);
        QVERIFY(isEnabled());
    }

    void withoutABusNobodyMay() {
        QCOMPARE(m_service->stop(), 0);
        m_polkit.reset();
        QVERIFY2(m_service->start(), m_service->errors().constData());
        const auto client = stranger({"disable"});
        QTRY_COMPARE_WITH_TIMEOUT(client->state(), QProcess::NotRunning, 10000);
        QCOMPARE(client->exitCode(), kRefused);
        const auto status = stranger({"status"});
        QTRY_COMPARE(status->state(), QProcess::NotRunning);
        QVERIFY(status->exitCode() == 0 || status->exitCode() == 1); // as protected as it may be
        QVERIFY(isEnabled());
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestServicePolkit)
#include "test_service_polkit.moc"
