// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/system_dns_text.h"

#include <QTest>

namespace sotto::app {

namespace {

using protocol::Status;
using protocol::SystemDnsState;

Status statusOf(SystemDnsState state, bool enabled) {
    Status status;
    status.enabled = enabled;
    status.systemDns.state = state;
    return status;
}

} // namespace

class TestSystemDnsText : public QObject {
    Q_OBJECT

private slots:
    void saysNothingWhereAllIsAsItShouldBe() {
        QVERIFY(!systemDnsWords(statusOf(SystemDnsState::ByHand, true)));
        QVERIFY(!systemDnsWords(statusOf(SystemDnsState::ByHand, false)));
        QVERIFY(!systemDnsWords(statusOf(SystemDnsState::On, true)));
        QVERIFY(!systemDnsWords(statusOf(SystemDnsState::Off, false)));
        QVERIFY(!systemDnsWords(statusOf(SystemDnsState::Yielded, false)));
        Status paused = statusOf(SystemDnsState::Off, true);
        paused.pausedUntil = 0;
        QVERIFY(!systemDnsWords(paused));
    }

    void everyOtherStateHasWords_data() {
        QTest::addColumn<SystemDnsState>("state");
        QTest::addColumn<bool>("enabled");
        QTest::addColumn<AppState>("shown");
        QTest::addColumn<Remedy>("remedy");
        const auto row = [](const char* name, SystemDnsState state, bool enabled, AppState shown,
                            Remedy remedy = Remedy::None) {
            QTest::newRow(name) << state << enabled << shown << remedy;
        };
        row("not asked yet", SystemDnsState::Off, true, AppState::Starting, Remedy::TakeAgain);
        row("taking", SystemDnsState::Taking, true, AppState::Starting);
        row("on, but off", SystemDnsState::On, false, AppState::Starting);
        row("giving back", SystemDnsState::GivingBack, false, AppState::Starting);
        row("unanswered", SystemDnsState::Unanswered, true, AppState::Trouble);
        row("yielded", SystemDnsState::Yielded, true, AppState::Trouble, Remedy::TakeAgain);
        row("failed", SystemDnsState::Failed, true, AppState::Trouble, Remedy::TakeAgain);
        row("stuck", SystemDnsState::Failed, false, AppState::Trouble, Remedy::GiveBack);
        row("unavailable", SystemDnsState::Unavailable, true, AppState::Trouble, Remedy::TakeAgain);
        row("unavailable while off", SystemDnsState::Unavailable, false, AppState::Off);
    }

    void everyOtherStateHasWords() {
        QFETCH(SystemDnsState, state);
        QFETCH(bool, enabled);
        const auto words = systemDnsWords(statusOf(state, enabled));
        QVERIFY(words);
        QTEST(words->state, "shown");
        QTEST(words->remedy, "remedy");
        QVERIFY(!words->headline.isEmpty());
        QVERIFY(words->sentence.endsWith('.'));
        QCOMPARE(words->remedyText.isEmpty(), words->remedy == Remedy::None);
        if (state == SystemDnsState::Unavailable)
            QVERIFY(!words->detail.isEmpty()); // what to do, also where the service says nothing
    }

    void namesTheWinner() {
        Status status = statusOf(SystemDnsState::Yielded, true);
        QVERIFY(systemDnsWords(status)->sentence.startsWith("Somebody took over"));
        status.systemDns.winnerKind = QStringLiteral("vpn");
        QVERIFY(systemDnsWords(status)->sentence.startsWith("A VPN took over"));
        QVERIFY(systemDnsWords(status)->detail.contains("VPN"));
        status.systemDns.winner = QStringLiteral("tailscale");
        QVERIFY(systemDnsWords(status)->sentence.startsWith("tailscale took over"));
        status.systemDns.winnerKind = QStringLiteral("person");
        QVERIFY(systemDnsWords(status)->detail.isEmpty());
    }

    void tellsOpenFromClosed() {
        Status status = statusOf(SystemDnsState::Unanswered, true);
        QVERIFY(systemDnsWords(status)->sentence.contains("come back within seconds"));
        status.systemDns.keepsClosed = true;
        QVERIFY(systemDnsWords(status)->sentence.contains("cannot be looked up"));
    }

    void factsLeaveOutWhatIsNotKnown() {
        protocol::SystemDns system;
        QVERIFY(coverageFacts(system).isEmpty());
        system.mechanisms = {QStringLiteral("networkmanager"), QStringLiteral("file")};
        system.ipv6 = true;
        const QList<CoverageFact> facts = coverageFacts(system);
        QCOMPARE(facts.size(), 2);
        QCOMPARE(facts[0].text, QString("NetworkManager and /etc/resolv.conf"));
        QVERIFY(facts[1].text.startsWith("IPv6;"));
    }

    void linesForContainers_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("detail");
        QTest::addColumn<QString>("line");
        const QString made = QStringLiteral("listen = [\"127.0.0.1:53\", \"172.17.0.1:53\"]");
        QTest::newRow("a line is told")
            << "containers"
            << "set listen=[\"127.0.0.1:53\", \"10.1.0.1:53\"] in the file"
            << "listen=[\"127.0.0.1:53\", \"10.1.0.1:53\"]";
        QTest::newRow("an address is told")
            << "containers"
            << "containers at docker0 (172.17.0.1) ask 127.0.0.53 in vain" << made;
        QTest::newRow("an address with its port")
            << "containers"
            << "add \"172.17.0.1:53\" to listen, and \"dns\": [\"172.17.0.1\"] to a file" << made;
        QTest::newRow("an address at the end") << "containers"
                                               << "listen at 172.17.0.1." << made;
        QTest::newRow("a network is no address")
            << "containers"
            << "containers of 172.17.0.0/16 ask others" << QString();
        QTest::newRow("nothing is told") << "containers"
                                         << "they ask others" << QString();
        QTest::newRow("no containers") << "link_domains"
                                       << "names go to 10.8.0.1" << QString();
    }

    void linesForContainers() {
        QFETCH(QString, kind);
        QFETCH(QString, detail);
        protocol::SystemDns system;
        system.exceptions = {{kind, QStringLiteral("docker0"), detail}};
        const QList<CoverageGap> gaps = coverageGaps(system, {QStringLiteral("127.0.0.1:53")});
        QCOMPARE(gaps.size(), 1);
        QTEST(gaps[0].setting, "line");
        QVERIFY(gaps[0].title.startsWith("docker0: "));
    }

    void noLineForAnAddressThatIsListenedAt() {
        protocol::SystemDns system;
        system.exceptions = {
            {"containers", "Docker",
             "Sotto listens at 172.17.0.1 already: add \"dns\": [\"172.17.0.1\"]"}};
        const auto gaps = coverageGaps(system, {"127.0.0.1:53", "172.17.0.1:53"});
        QCOMPARE(gaps.size(), 1);
        QCOMPARE(gaps[0].setting, QString());
    }

    void gapsOfUnknownKindsAreShownAsTheyAre() {
        protocol::SystemDns system;
        system.exceptions = {{QStringLiteral("teleport"), QString(), QString()},
                             {QStringLiteral("teleport"), QStringLiteral("x0"), QString("a.")}};
        const QList<CoverageGap> gaps = coverageGaps(system, {});
        QCOMPARE(gaps[0].title, QString("teleport"));
        QCOMPARE(gaps[1].title, QString("x0"));
        QCOMPARE(gaps[1].text, QString("A."));
    }
};

} // namespace sotto::app

QTEST_GUILESS_MAIN(sotto::app::TestSystemDnsText)
#include "test_system_dns_text.moc"
