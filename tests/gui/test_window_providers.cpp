// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/window_test.h"

#include "ui/provider_delegate.h"

#include <QComboBox>
#include <QLineEdit>
#include <QListView>

namespace sotto::test {

/// Looking for providers, choosing them, and being kept from it.
class TestWindowProviders : public WindowTest {
    Q_OBJECT

private:
    QListView* m_list = nullptr;

    void openPage(int rows = 4) {
        QVERIFY(m_service->start());
        m_app->open();
        m_app->click("navProviders");
        m_list = m_app->find<QListView>("providerList");
        QTRY_COMPARE(m_list->model()->rowCount(), rows);
        QTRY_VERIFY(m_app->connection().settings().has_value());
    }

    void tick(int row) {
        const QRect rect = m_list->visualRect(m_list->model()->index(row, 0));
        QTest::mouseClick(m_list->viewport(), Qt::LeftButton, {},
                          app::ProviderDelegate::boxRect(rect, Qt::LeftToRight).center());
    }

    Qt::CheckState checkState(int row) const {
        return static_cast<Qt::CheckState>(
            m_list->model()->index(row, 0).data(Qt::CheckStateRole).toInt());
    }

    void arrange() override { makeOrdinary(*m_service); }

private slots:
    void choosesSeveralInOrder() {
        openPage();
        QVERIFY(!m_app->sees("applyBar"));
        tick(1);
        QVERIFY(m_app->sees("applyBar"));
        tick(0);
        tick(0);
        QCOMPARE(m_app->find<QAbstractButton>("applyButton")->text().remove("(s)"),
                 QString("Use 2 provider"));
        QCOMPARE(m_app->text("applyText"),
                 QString("Will use Cloudflare and Quad9 instead of Quad9."));
        QVERIFY(!m_service->calls.contains("providers.use"));
        m_app->click("applyButton");
        QTRY_COMPARE(m_service->status.providers, QStringList({"cloudflare", "quad9"}));
        QTRY_VERIFY(!m_app->sees("applyBar"));
    }

    void discardGoesBack() {
        openPage();
        tick(1);
        m_app->click("discardButton");
        QVERIFY(!m_app->sees("applyBar"));
        QCOMPARE(checkState(1), Qt::Unchecked);
        QCOMPARE(checkState(0), Qt::Checked);
    }

    void needsAtLeastOne() {
        openPage();
        tick(0);
        QVERIFY(m_app->sees("applyBar"));
        QVERIFY(!m_app->find("applyButton")->isEnabled());
        QCOMPARE(m_app->text("applyText"), QString("Choose at least one provider."));
    }

    void spaceChooses() {
        openPage();
        m_list->setFocus();
        m_list->setCurrentIndex(m_list->model()->index(2, 0));
        QTest::keyClick(m_list, Qt::Key_Space);
        QCOMPARE(checkState(2), Qt::Checked);
    }

    void refusalKeepsTheChoice() {
        openPage();
        m_service->refuseNextChange = StandInService::Refusal{protocol::Rejected, "no"};
        tick(1);
        m_app->click("applyButton");
        QTRY_VERIFY(m_app->sees("problemStrip"));
        QVERIFY(m_app->sees("applyBar"));
        QTRY_VERIFY(m_app->find("applyButton")->isEnabled());
        QCOMPARE(m_service->status.providers, QStringList{"quad9"});
    }

    void searchAndChips() {
        openPage();
        QTest::keyClicks(m_app->find("providerSearch"), "cloudflare-dns");
        QTRY_COMPARE(m_list->model()->rowCount(), 1);
        m_app->find<QLineEdit>("providerSearch")->clear();
        m_app->click("chipAds");
        QTRY_COMPARE(m_list->model()->rowCount(), 1);
        m_app->click("chipFamily"); // one kind at a time
        QTRY_COMPARE(m_list->model()->index(0, 0).data().toString(), QString("Family filter"));
        QVERIFY(!m_app->find<QAbstractButton>("chipAds")->isChecked());
        m_app->click("chipNoLog");
        QTRY_VERIFY(m_app->sees("noProviderMatches"));
        QVERIFY(!m_app->sees("providerList"));
        m_app->click("chipFamily");
        QTRY_COMPARE(m_list->model()->rowCount(), 1);
        m_app->click("chipNoLog");
        QTRY_COMPARE(m_list->model()->rowCount(), 4);
    }

    void detailShowsClaimsAndStateAsPlainText() {
        openPage();
        QTRY_COMPARE(m_app->text("detailName"), QString("Quad9"));
        QVERIFY(m_app->text("detailNow").contains("Connected"));
        QVERIFY(m_app->text("detailNow").contains("TLS 1.3"));
        QCOMPARE(m_app->text("detailDnssec"), QString("Checks signatures"));
        QCOMPARE(m_app->text("detailNoLog"), QString("Says nothing about it"));
        m_service->status.upstreams[0].state = protocol::UpstreamState::Failing;
        m_service->status.upstreams[0].lastError = QStringLiteral("connection refused");
        m_service->announce();
        QTRY_COMPARE(m_app->text("detailLastError"), QString("connection refused"));
        QVERIFY(!m_app->sees("detailServiceError"));
        m_service->status.upstreams[0].lastOutcome = QStringLiteral("refused");
        m_service->announce();
        QTRY_COMPARE(m_app->text("detailLastError"), QString("nothing listens on its port"));
        QCOMPARE(m_app->text("detailServiceError"), QString("connection refused"));
        m_list->setCurrentIndex(m_list->model()->index(2, 0));
        QCOMPARE(m_app->text("detailName"), QString("Mullvad <b>ads</b> & co"));
        QCOMPARE(m_app->find<QLabel>("detailName")->textFormat(), Qt::PlainText);
        QVERIFY(!m_app->sees("detailLastError"));
    }

    void fixedByTheAdministrator() {
        m_service->providers.changeable = false;
        m_service->settings.file = QStringLiteral("/etc/sotto/sotto.toml");
        m_service->settings.settings[0].changeable = false;
        m_service->settings.settings[0].origin = QStringLiteral("/etc/sotto/sotto.toml");
        openPage();
        QTRY_VERIFY(m_app->sees("providersBanner"));
        QTRY_VERIFY(m_app->text("providersBannerText").contains("/etc/sotto/sotto.toml"));
        tick(1);
        QCOMPARE(checkState(1), Qt::Unchecked);
        QVERIFY(!m_app->sees("applyBar"));
        QVERIFY(!m_app->find("policyChooser")->isEnabled());
        QVERIFY(m_app->text("policyText").contains("/etc/sotto/sotto.toml"));
    }

    void namesServersOfOnesOwn() {
        m_service->status.providers.clear();
        m_service->status.upstreams[0].provider.clear();
        m_service->status.upstreams[0].label = QStringLiteral("dns.home.example");
        openPage(5);
        QTRY_COMPARE(m_app->text("ownServers"),
                     QString("Servers of your own are in use: dns.home.example. "
                             "Choosing providers replaces them."));
        QCOMPARE(m_app->text("detailName"), QString("dns.home.example"));
        QVERIFY(!m_app->sees("detailDnssec")); // it claims nothing
        tick(0);
        QVERIFY(!m_app->sees("applyBar"));
        tick(2);
        m_app->click("applyButton");
        QTRY_VERIFY(!m_app->sees("ownServers"));
        QTRY_COMPARE(m_list->model()->rowCount(), 4);
    }

    void promisesNoChoiceOverFixedServers() {
        m_service->status.providers.clear();
        m_service->providers.changeable = false;
        openPage();
        QTRY_COMPARE(m_app->text("ownServers"), QString("Servers of your own are in use: Quad9."));
    }

    void withoutPermission() {
        m_service->hello.mayToggle = protocol::Permission::No;
        m_service->hello.mayConfigure = protocol::Permission::No;
        openPage();
        QTRY_VERIFY(m_app->text("providersBannerText").contains("administrator"));
        QVERIFY(!m_app->find("policyChooser")->isEnabled());
    }

    void changesThePolicy() {
        openPage();
        auto* chooser = m_app->find<QComboBox>("policyChooser");
        QCOMPARE(chooser->currentData().toString(), QString("fastest"));
        chooser->setFocus();
        QTest::keyClick(chooser, Qt::Key_Down);
        QTRY_COMPARE(m_service->status.policy, QString("race"));
        QTRY_VERIFY(m_app->text("policyText").contains("a second provider is asked, too"));
        QTest::keyClick(chooser, Qt::Key_Down);
        QTRY_COMPARE(m_service->status.policy, QString("hashed"));
        QTRY_VERIFY(m_app->text("policyText").contains("none of them sees all"));
    }

    void showsHowConnectionsAre() {
        protocol::Upstream& quad9 = m_service->status.upstreams[0];
        quad9.openConnections = 2;
        quad9.inFlight = 3;
        quad9.resumed = true;
        quad9.medianRttMillis = 11;
        openPage();
        QTRY_COMPARE(m_app->text("detailConnections"), QString("2 open, 3 waiting"));
        QCOMPARE(m_app->text("detailResumption"), QString("Resumed with a ticket"));
        QCOMPARE(m_app->text("detailMedian"), QString("11 ms"));
        QVERIFY(!m_app->sees("detailUnencrypted"));
        m_service->status.upstreams[0].earlyData = true;
        m_service->status.upstreams[0].resolvedUnencrypted = true;
        m_service->announce();
        QTRY_COMPARE(m_app->text("detailResumption"), QString("Resumed, with early data"));
        QVERIFY(m_app->text("detailUnencrypted").contains("looked up unencrypted"));
    }

    void hiddenItWaitsForItsReturn() {
        openPage();
        QTRY_VERIFY(m_app->text("detailNow").contains("Connected"));
        m_app->click("navOverview");
        m_service->status.upstreams[0].state = protocol::UpstreamState::Idle;
        m_service->announce();
        QTRY_COMPARE(m_app->connection().status()->upstreams[0].state,
                     protocol::UpstreamState::Idle);
        QVERIFY(m_app->text("detailNow").contains("Connected"));
        m_app->click("navProviders");
        QVERIFY(m_app->text("detailNow").contains("No connection open"));
    }

    void experimentsAreOffUntilChosen() {
        openPage();
        QVERIFY(!m_app->sees("earlyDataBox"));
        m_app->find("connectionToggle")->setFocus();
        QTest::keyClick(m_app->find("connectionToggle"), Qt::Key_Space);
        QVERIFY(m_app->sees("earlyDataBox"));
        auto* early = m_app->find<QAbstractButton>("earlyDataBox");
        auto* open = m_app->find<QAbstractButton>("tcpFastOpenBox");
        QTRY_VERIFY(early->isEnabled());
        QVERIFY(!early->isChecked() && !open->isChecked());
        QVERIFY(m_app->text("earlyDataText").contains("a round trip less"));
        early->setFocus();
        QTest::keyClick(early, Qt::Key_Space);
        QTRY_COMPARE(m_service->settings.settings[1].value, QJsonValue(true));
        QTRY_VERIFY(early->isChecked());
        m_service->refuseNextChange = StandInService::Refusal{protocol::Rejected, "no"};
        open->setFocus();
        QTest::keyClick(open, Qt::Key_Space);
        QTRY_VERIFY(m_app->sees("problemStrip"));
        QTRY_VERIFY(!open->isChecked());
    }

    void experimentsCanBeFixedByTheAdministrator() {
        m_service->settings.settings[2].changeable = false;
        m_service->settings.settings[2].value = true;
        m_service->settings.settings[2].origin = QStringLiteral("/etc/sotto/sotto.toml");
        openPage();
        m_app->click("connectionToggle");
        QTRY_COMPARE(m_app->text("tcpFastOpenFixed"),
                     QString("Set in /etc/sotto/sotto.toml by the administrator."));
        QVERIFY(m_app->find<QAbstractButton>("tcpFastOpenBox")->isChecked());
        QVERIFY(!m_app->find("tcpFastOpenBox")->isEnabled());
        QVERIFY(m_app->find("earlyDataBox")->isEnabled());
    }

    void policyGoesBackWhenRefused() {
        openPage();
        auto* chooser = m_app->find<QComboBox>("policyChooser");
        m_service->refuseNextChange = StandInService::Refusal{protocol::Rejected, "no"};
        chooser->setFocus();
        QTest::keyClick(chooser, Qt::Key_Down);
        QTRY_VERIFY(m_app->sees("problemStrip"));
        QTRY_COMPARE(chooser->currentData().toString(), QString("fastest"));
    }
};

} // namespace sotto::test

QTEST_MAIN(sotto::test::TestWindowProviders)
#include "test_window_providers.moc"
