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
    }

    void aPersonHasNoNameButAPlace() {
        Status status = statusOf(SystemDnsState::Yielded, true);
        status.systemDns.winnerKind = QStringLiteral("person");
        QCOMPARE(systemDnsWords(status)->sentence,
                 QString("This computer's DNS was changed by hand. Look-ups do not go through "
                         "Sotto."));
        status.systemDns.winner = QStringLiteral("/etc/resolv.conf");
        const auto words = systemDnsWords(status);
        QCOMPARE(words->headline, QString("Changed by hand"));
        QVERIFY2(words->sentence.contains("changed by hand, in /etc/resolv.conf."),
                 qPrintable(words->sentence));
        QVERIFY(words->detail.isEmpty());
        QCOMPARE(words->remedy, Remedy::TakeAgain);
        status.systemDns.winner = QStringLiteral("resolvconf's settings");
        QVERIFY(systemDnsWords(status)->sentence.contains("in the settings of resolvconf."));
    }

    void saysWhetherSottoStillAnswers_data() {
        QTest::addColumn<SystemDnsState>("state");
        QTest::newRow("failed") << SystemDnsState::Failed;
        QTest::newRow("unavailable") << SystemDnsState::Unavailable;
    }

    void saysWhetherSottoStillAnswers() {
        QFETCH(SystemDnsState, state);
        Status status = statusOf(state, false);
        QVERIFY(!systemDnsWords(status)->sentence.contains("answering"));
        status.stillAnswers = true;
        const auto words = systemDnsWords(status);
        QCOMPARE(words->headline, QString("Not given back"));
        QCOMPARE(words->state, AppState::Trouble);
        QVERIFY2(words->sentence.contains("Sotto goes on answering"), qPrintable(words->sentence));
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

    void gapsAreToldFromWhatTheyAre_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("subject");
        QTest::addColumn<QStringList>("servers");
        QTest::addColumn<QStringList>("domains");
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("part");
        const auto row = [](const char* kind, const char* subject, const QStringList& servers,
                            const QStringList& domains, const char* title, const char* part) {
            QTest::addRow("%s %s %d", kind, subject, int(servers.size()))
                << kind << subject << servers << domains << title << part;
        };
        row("link_route_all", "wwan0", {"10.64.64.64", "10.64.64.65"}, {},
            "wwan0: asks its own servers as well",
            "Every name is asked at 10.64.64.64 and 10.64.64.65, too");
        row("link_route_all", "wwan0", {}, {}, "wwan0: asks its own servers as well",
            "Every name is asked at its own servers, too");
        row("link_domains", "tun0", {"10.8.0.1"}, {"corp.example", "lan"},
            "tun0: some names go to its own servers",
            "Names below corp.example and lan are asked at 10.8.0.1.");
        row("link_domains", "tun0", {}, {}, "tun0: some names go to its own servers",
            "Some names are asked at its own servers.");
        row("vpn", "wg0", {}, {}, "wg0: a VPN", "names that only they know are not found");
        row("containers", "Docker", {"172.17.0.1"}, {}, "Docker: containers",
            "\"dns\": [\"172.17.0.1\"] into /etc/docker/daemon.json.");
        row("containers", "Podman", {"10.88.0.1"}, {}, "Podman: containers",
            "dns_servers = [\"10.88.0.1\"] into /etc/containers/containers.conf.");
        row("containers", "lxc", {"10.0.3.1"}, {}, "lxc: containers",
            "public ones where none are known.");
        row("static_nsswitch", "/etc/nsswitch.conf", {}, {},
            "/etc/nsswitch.conf: programs that look names up elsewhere", "It must name “dns”");
        row("network_namespace", "blue", {}, {}, "blue: a network namespace",
            "the servers of /etc/netns/blue/resolv.conf.");
    }

    void gapsAreToldFromWhatTheyAre() {
        QFETCH(QString, kind);
        QFETCH(QString, subject);
        QFETCH(QStringList, servers);
        QFETCH(QStringList, domains);
        QFETCH(QString, part);
        protocol::SystemDns system;
        system.exceptions = {
            {kind, subject, QStringLiteral("as the keeper says"), servers, domains}};
        const QList<CoverageGap> gaps = coverageGaps(system, {QStringLiteral("127.0.0.1:53")});
        QTEST(gaps[0].title, "title");
        QVERIFY2(gaps[0].text.contains(part), qPrintable(gaps[0].text));
        QVERIFY2(!gaps[0].text.contains("as the keeper says"), qPrintable(gaps[0].text));
        QCOMPARE(gaps[0].setting.isEmpty(), kind != QLatin1String("containers"));
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
