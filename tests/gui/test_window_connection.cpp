// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/window_test.h"

#include "ui/tray.h"

#include <QLineEdit>
#include <QSignalSpy>

namespace sotto::test {

/// The window while the service comes, goes, refuses, and is turned on and off.
class TestWindowConnection : public WindowTest {
    Q_OBJECT

private:
private:
    void arrange() override { makeOrdinary(*m_service); }

private slots:
    void saysThatTheServiceIsMissing() {
        m_app->open();
        QTRY_COMPARE(m_app->text("disconnectedHeadline"),
                     QString("The Sotto service is not running"));
        QVERIFY(m_app->sees("disconnectedPanel"));
        QVERIFY(!m_app->sees("forwardingSwitch"));
        QVERIFY(m_app->find<QLineEdit>("startCommand")->text().contains(m_app->socketPath()));
        QVERIFY(m_app->text("disconnectedSocket").contains(m_app->socketPath()));
        for (const char* page : {"navProviders", "navLog", "navStatistics"}) {
            m_app->click(page);
            QVERIFY(m_app->sees("disconnectedPanel"));
        }
    }

    void comesBackByItselfAndShowsNothingStale() {
        openConnected();
        QTRY_VERIFY(m_app->text("stateSentence").contains("Quad9"));
        m_service->statistics.queries = 4711;
        m_service->statistics.cacheHits = 3;
        m_service->statistics.cacheMisses = 1;
        QTRY_COMPARE(m_app->text("queriesValue"), QString("4,711").remove(','));
        QCOMPARE(m_app->text("hitRateValue"), QString("75 %"));

        m_service->stop();
        QTRY_VERIFY(m_app->sees("disconnectedPanel"));
        QCOMPARE(m_app->text("queriesValue"), QString("—"));
        QVERIFY(!m_app->text("stateSentence").contains("Quad9"));
        QVERIFY(!m_app->window().findChild<QLabel*>("upstreamName0"));

        m_service->status.enabled = false;
        m_service->status.protection = protocol::Protection::Off;
        QVERIFY(m_service->start());
        QTRY_VERIFY(!m_app->sees("disconnectedPanel"));
        QCOMPARE(m_app->text("stateHeadline"), QString("Off"));
        QVERIFY(!m_app->find<QAbstractButton>("forwardingSwitch")->isChecked());
    }

    void saysThatVersionsDiffer() {
        m_service->hello.protocol = protocol::kProtocolVersion + 1;
        QVERIFY(m_service->start());
        m_app->open();
        QTRY_COMPARE(m_app->text("disconnectedHeadline"),
                     QString("The Sotto service does not fit this program"));
        QVERIFY(!m_app->sees("startCommand"));
        QVERIFY(m_app->text("disconnectedReason").contains("version"));
    }

    void switchTurnsOffAndOn() {
        openConnected();
        auto* toggle = m_app->find<QAbstractButton>("forwardingSwitch");
        QVERIFY(toggle->isChecked());
        m_app->click("forwardingSwitch");
        QTRY_VERIFY(!m_service->status.enabled);
        QTRY_COMPARE(m_app->text("stateHeadline"), QString("Off"));
        QVERIFY(m_app->text("stateSentence").contains("refused"));
        QTRY_VERIFY(toggle->isEnabled());
        toggle->setFocus();
        QTest::keyClick(toggle, Qt::Key_Space);
        QTRY_VERIFY(m_service->status.enabled);
        QTRY_COMPARE(m_app->text("stateHeadline"), QString("Encrypted"));
    }

    void followsWhatOthersSwitch() {
        openConnected();
        m_service->status.enabled = false;
        m_service->status.protection = protocol::Protection::Off;
        m_service->announce();
        QTRY_VERIFY(!m_app->find<QAbstractButton>("forwardingSwitch")->isChecked());
        QCOMPARE(m_service->calls.count("forwarding.set"), 0);
    }

    void refusalIsShownInTheWindow() {
        openConnected();
        m_service->refuseNextChange =
            StandInService::Refusal{protocol::NotAuthorized, "not allowed for <b>joe</b>"};
        m_app->click("forwardingSwitch");
        QTRY_VERIFY(m_app->sees("problemStrip"));
        const auto* text = m_app->find<QLabel>("problemStripText");
        QVERIFY(text->text().contains("not allowed for <b>joe</b>."));
        QVERIFY(text->text().contains("administrator"));
        QCOMPARE(text->textFormat(), Qt::PlainText);
        QVERIFY(m_app->find<QAbstractButton>("forwardingSwitch")->isChecked());
        m_app->click("problemStripClose");
        QTRY_VERIFY(!m_app->sees("problemStrip"));
    }

    void withoutPermissionTheSwitchSaysWhy() {
        m_service->hello.mayToggle = protocol::Permission::No;
        openConnected();
        QVERIFY(!m_app->find("forwardingSwitch")->isEnabled());
        QVERIFY(m_app->sees("switchReason"));
        QVERIFY(m_app->text("switchReason").contains("administrator"));
    }

    void troubleNamesTheCause() {
        m_service->status.protection = protocol::Protection::Trouble;
        m_service->status.upstreams[0].state = protocol::UpstreamState::Failing;
        m_service->status.upstreams[0].lastError = QStringLiteral("certificate expired");
        openConnected();
        QCOMPARE(m_app->text("stateHeadline"), QString("Trouble"));
        QVERIFY(m_app->text("stateDetail").contains("Quad9: certificate expired."));
        QCOMPARE(m_app->text("upstreamState0"), QString("Not usable"));
        QCOMPARE(m_app->text("upstreamNote0"), QString("Certificate expired."));
    }

    void wrongClockAndForeignKeyAreToldApart() {
        protocol::Upstream& quad9 = m_service->status.upstreams[0];
        protocol::Upstream home = quad9;
        home.id = QStringLiteral("2");
        home.provider.clear();
        home.label = QStringLiteral("dns.home.example");
        quad9.state = home.state = protocol::UpstreamState::Failing;
        quad9.lastOutcome = QStringLiteral("certificate_not_yet_valid");
        quad9.lastError = QStringLiteral("this computer's clock is 412 days behind the build date");
        home.lastOutcome = QStringLiteral("pin_mismatch");
        home.lastError = QStringLiteral("none of the pinned keys was shown; it is sha256/AAAA=");
        m_service->status.upstreams.append(home);
        m_service->status.protection = protocol::Protection::Trouble;
        openConnected();
        QTRY_VERIFY(m_app->sees("noticeStrip1"));
        QVERIFY2(m_app->text("noticeStrip0Text").contains("clock is at least 412 day"),
                 qPrintable(m_app->text("noticeStrip0Text")));
        QVERIFY(m_app->text("noticeStrip0Text").contains("Quad9"));
        QVERIFY2(m_app->text("noticeStrip1Text").contains("dns.home.example shows another key"),
                 qPrintable(m_app->text("noticeStrip1Text")));
        QVERIFY(m_app->text("noticeStrip1Text").contains("sha256/AAAA="));
        m_service->status.upstreams.removeLast();
        m_service->status.upstreams[0].lastError.clear();
        m_service->status.upstreams[0].lastOutcome.clear();
        m_service->announce();
        QTRY_VERIFY(!m_app->sees("noticeStrip0"));
    }

    void warnsOfACertificateNearItsEnd() {
        m_service->status.upstreams[0].warning = QStringLiteral("the certificate ends soon");
        m_service->status.upstreams[0].certificateExpiresAt =
            QDateTime::currentDateTime().addDays(3).toMSecsSinceEpoch();
        openConnected();
        QTRY_VERIFY(m_app->sees("noticeStrip0"));
        QVERIFY2(m_app->text("noticeStrip0Text").startsWith("Quad9: its certificate ends in 3 day"),
                 qPrintable(m_app->text("noticeStrip0Text")));
        QVERIFY(m_app->text("upstreamNote0").startsWith("Its certificate ends in 3 day"));
    }

    void marksWhatIsNotEncrypted() {
        openConnected();
        QVERIFY(!m_app->sees("upstreamBadge0"));
        QVERIFY(!m_app->text("stateSentence").contains("unencrypted"));
        m_service->status.upstreams[0].resolvedUnencrypted = true;
        protocol::Upstream route;
        route.id = QStringLiteral("7");
        route.label = QStringLiteral("10.0.0.1");
        route.protocol = QStringLiteral("udp");
        route.encrypted = false;
        route.route = QStringLiteral("corp.example");
        m_service->status.upstreams.prepend(route);
        m_service->announce();
        QTRY_VERIFY(m_app->sees("upstreamBadge1")); // those of routes come last
        QVERIFY(!m_app->sees("upstreamBadge0"));
        QVERIFY(m_app->text("upstreamNote0").contains("looked up unencrypted"));
        QVERIFY(m_app->text("upstreamNote1").contains("names below corp.example"));
        QVERIFY(m_app->text("stateSentence").contains("corp.example go unencrypted to 10.0.0.1"));
    }

    void noteAboutSystemDns() {
        openConnected();
        QVERIFY(m_app->text("systemDnsNote").contains("127.0.0.1:5300"));
        m_service->status.systemDns.state = protocol::SystemDnsState::On;
        m_service->announce();
        QTRY_VERIFY(!m_app->sees("systemDnsNote"));
    }

    void noticesStayPutAway() {
        m_service->status.notices = {QStringLiteral("first"), QStringLiteral("second")};
        openConnected();
        QTRY_COMPARE(m_app->text("noticeStrip0Text"), QString("first"));
        m_app->click("noticeStrip0Close");
        QTRY_COMPARE(m_app->text("noticeStrip0Text"), QString("second"));
        m_service->status.notices = {QStringLiteral("first"), QStringLiteral("second"),
                                     QStringLiteral("third")};
        m_service->announce();
        QTRY_VERIFY(m_app->sees("noticeStrip1"));
        QCOMPARE(m_app->text("noticeStrip0Text"), QString("second"));
        QCOMPARE(m_app->text("noticeStrip1Text"), QString("third"));
    }

    void trayMenuDoesTheDailyThings() {
        openConnected();
        app::Tray tray(m_app->connection(), m_app->forwarding());
        QTRY_VERIFY(m_app->connection().providers().has_value());
        const auto action = [&](const char* name) {
            return tray.menu()->findChild<QAction*>(name);
        };
        QVERIFY(action("trayStatus")->text().startsWith("Encrypted."));
        QVERIFY(action("trayEnabled")->isChecked());
        action("trayEnabled")->trigger();
        QTRY_VERIFY(!m_service->status.enabled);
        QTRY_VERIFY(action("trayStatus")->text().startsWith("Off."));

        auto* providers = tray.menu()->findChild<QMenu*>("trayProviders");
        QVERIFY(providers->actions()[0]->isChecked());
        QCOMPARE(providers->actions()[0]->text(), QString("Quad9"));
        QCOMPARE(providers->actions()[1]->text(), QString("Cloudflare"));
        providers->actions()[1]->trigger();
        QTRY_COMPARE(m_service->status.providers, QStringList{"cloudflare"});
        QTRY_COMPARE(providers->actions()[0]->text(), QString("Cloudflare"));

        QSignalSpy more(&tray, &app::Tray::providersRequested);
        tray.menu()->findChild<QAction*>("trayMore")->trigger();
        QCOMPARE(more.size(), 1);
        m_service->stop();
        QTRY_VERIFY(!action("trayEnabled")->isEnabled());
        QVERIFY(action("trayStatus")->text().contains("not running"));
        QVERIFY(!providers->isEnabled());
    }
};

} // namespace sotto::test

QTEST_MAIN(sotto::test::TestWindowConnection)
#include "test_window_connection.moc"
