// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/overview_state.h"

#include <QTest>

namespace sotto::app {

namespace {

using protocol::Protection;
using protocol::Upstream;
using protocol::UpstreamState;

Upstream upstream(const QString& label, UpstreamState state, const QString& error = {}) {
    Upstream made;
    made.label = label;
    made.provider = label.toLower();
    made.state = state;
    made.tlsVersion = QStringLiteral("TLSv1.3");
    made.lastError = error;
    made.answers = state == UpstreamState::Failing ? 0 : 1;
    return made;
}

OverviewState::View ready(bool enabled, Protection protection, const QList<Upstream>& upstreams) {
    protocol::Status status;
    status.enabled = enabled;
    status.protection = protection;
    status.upstreams = upstreams;
    status.listen = {QStringLiteral("127.0.0.1:5300")};
    OverviewState::View view;
    view.link = ServiceConnection::Link::Ready;
    view.status = status;
    view.mayToggle = protocol::Permission::Yes;
    return view;
}

} // namespace

class TestOverviewState : public QObject {
    Q_OBJECT

private slots:
    void saysThatTheServiceIsMissing_data() {
        QTest::addColumn<ServiceConnection::Link>("link");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("searching")
            << ServiceConnection::Link::Searching << "Looking for the Sotto service.";
        QTest::newRow("down") << ServiceConnection::Link::Down
                              << "The Sotto service is not running.";
        QTest::newRow("incompatible") << ServiceConnection::Link::Incompatible
                                      << "The Sotto service does not fit this program.";
    }

    void saysThatTheServiceIsMissing() {
        QFETCH(ServiceConnection::Link, link);
        OverviewState::View view = ready(true, Protection::Protected, {});
        view.link = link; // a status that is still there must not count
        const OverviewState state = OverviewState::of(view);
        QCOMPARE(state.state, AppState::Disconnected);
        QTEST(state.sentence, "sentence");
        QVERIFY(!state.switchOn);
        QVERIFY(!state.switchEnabled);
        QVERIFY(!state.switchReason.isEmpty());
        QVERIFY(state.systemDnsNote.isEmpty());
    }

    void namesWhoAnswers() {
        const OverviewState state = OverviewState::of(
            ready(true, Protection::Protected,
                  {upstream("Quad9", UpstreamState::Ready), upstream("Quad9", UpstreamState::Ready),
                   upstream("Mullvad", UpstreamState::Ready),
                   upstream("Google", UpstreamState::Failing, "connection refused")}));
        QCOMPARE(state.state, AppState::Protected);
        QCOMPARE(state.sentence, QString("Answers come from Quad9 and Mullvad over TLS 1.3."));
        QCOMPARE(state.detail, QString("Google: connection refused."));
        QVERIFY(state.switchOn);
        QVERIFY(state.switchEnabled);
    }

    void namesIdleOnesWhenAllConnectionsAreClosed() {
        const OverviewState state = OverviewState::of(
            ready(true, Protection::Protected, {upstream("Quad9", UpstreamState::Idle)}));
        QCOMPARE(state.sentence, QString("Answers come from Quad9 over TLS 1.3."));
    }

    void tellsTheTruthAboutOff() {
        // whatever is known of upstreams: off is off
        const OverviewState state = OverviewState::of(
            ready(false, Protection::Protected, {upstream("Quad9", UpstreamState::Ready)}));
        QCOMPARE(state.state, AppState::Off);
        QVERIFY(state.sentence.contains("refused"));
        QVERIFY(!state.switchOn);
    }

    void saysWhoFailsAndWhy() {
        const OverviewState state = OverviewState::of(
            ready(true, Protection::Trouble,
                  {upstream("Quad9", UpstreamState::Failing, "certificate does not match")}));
        QCOMPARE(state.state, AppState::Trouble);
        QCOMPARE(state.detail, QString("Quad9: certificate does not match."));
    }

    void tellsUntrustedFromUnreachable_data() {
        QTest::addColumn<QStringList>("outcomes");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("all unreachable")
            << QStringList{"refused", "connect_timeout"} << "be reached,";
        QTest::newRow("one certificate") << QStringList{"certificate_untrusted"} << "be trusted:";
        QTest::newRow("all refused")
            << QStringList{"certificate_name", "pin_mismatch", "tls_failed"} << "be trusted:";
        QTest::newRow("mixed") << QStringList{"certificate_name", "refused"} << "be used,";
        QTest::newRow("slow handshake") << QStringList{"tls_timeout"} << "be used,";
        QTest::newRow("not known here") << QStringList{"abducted"} << "be used,";
        QTest::newRow("no reason") << QStringList{QString()} << "be reached,";
    }

    void tellsUntrustedFromUnreachable() {
        QFETCH(QStringList, outcomes);
        QFETCH(QString, sentence);
        QList<Upstream> upstreams;
        for (const QString& outcome : outcomes) {
            Upstream failing = upstream("Quad9", UpstreamState::Failing,
                                        outcome.isEmpty() ? QString() : "in the service's words");
            failing.lastOutcome = outcome;
            upstreams.append(failing);
        }
        const OverviewState state = OverviewState::of(ready(true, Protection::Trouble, upstreams));
        QVERIFY2(state.sentence.startsWith("No provider can " + sentence),
                 qPrintable(state.sentence));
        QVERIFY(!state.detail.isEmpty());
        QCOMPARE(state.detail.contains("in the service's words"), outcomes.contains("abducted"));
    }

    void leavesRoutesOut() {
        Upstream route = upstream("10.0.0.1", UpstreamState::Ready);
        route.route = QStringLiteral("corp.example");
        route.encrypted = false;
        OverviewState state = OverviewState::of(
            ready(true, Protection::Protected, {route, upstream("Quad9", UpstreamState::Ready)}));
        QCOMPARE(state.sentence, QString("Answers come from Quad9 over TLS 1.3. Names below "
                                         "corp.example go unencrypted to 10.0.0.1."));
        state = OverviewState::of(ready(true, Protection::Trouble, {route}));
        QCOMPARE(state.sentence, QString("No provider is chosen."));
    }

    /// A route that works makes nothing else work, and the other way round.
    void routesThatWorkAreTold() {
        Upstream route = upstream("10.0.0.1", UpstreamState::Ready);
        route.route = QStringLiteral("corp.example");
        route.routeMore = 2;
        route.answers = 3;
        const OverviewState state = OverviewState::of(
            ready(true, Protection::Trouble, {route, upstream("Quad9", UpstreamState::Failing)}));
        QCOMPARE(state.state, AppState::Trouble);
        QVERIFY(state.sentence.endsWith(
            QLatin1String("Names below corp.example and 2 more are still looked up, by servers of "
                          "their own.")));
    }

    void saysThatNoneIsChosen() {
        const OverviewState state = OverviewState::of(ready(true, Protection::Trouble, {}));
        QCOMPARE(state.sentence, QString("No provider is chosen."));
    }

    void doesNotPromiseBeforeTheFirstAnswer() {
        const OverviewState state = OverviewState::of(
            ready(true, Protection::Starting, {upstream("Quad9", UpstreamState::Connecting)}));
        QCOMPARE(state.state, AppState::Starting);
        QVERIFY(!state.sentence.contains("Quad9"));
    }

    void pointsAtTheListeningAddress() {
        OverviewState::View view = ready(true, Protection::Starting, {});
        QVERIFY(OverviewState::of(view).systemDnsNote.contains("127.0.0.1:5300"));
        view.status->systemDns.state = protocol::SystemDnsState::On;
        QVERIFY(OverviewState::of(view).systemDnsNote.isEmpty());
    }

    void explainsASwitchThatCannotBeUsed() {
        OverviewState::View view = ready(true, Protection::Starting, {});
        view.mayToggle = protocol::Permission::No;
        const OverviewState state = OverviewState::of(view);
        QVERIFY(state.switchOn);
        QVERIFY(!state.switchEnabled);
        QVERIFY(state.switchReason.contains("administrator"));
        QVERIFY(!state.canPause);
        QVERIFY(state.passwordHint.isEmpty());
    }

    void saysThatAPasswordIsAskedFor() {
        OverviewState::View view = ready(true, Protection::Starting, {});
        QVERIFY(OverviewState::of(view).passwordHint.isEmpty());
        view.mayToggle = protocol::Permission::Ask;
        const OverviewState state = OverviewState::of(view);
        QVERIFY(state.switchEnabled && state.canPause);
        QVERIFY(state.switchReason.isEmpty());
        QVERIFY(state.passwordHint.contains("password"));
    }

    void saysWhoAsks() {
        OverviewState::View view =
            ready(true, Protection::Protected, {upstream("Quad9", UpstreamState::Ready)});
        view.status->systemDns.state = protocol::SystemDnsState::On;
        QCOMPARE(OverviewState::of(view).sentence,
                 QString("This computer asks Sotto. Answers come from Quad9 over TLS 1.3."));
        view.status->systemDns.exceptions = {{}};
        QVERIFY(OverviewState::of(view).sentence.startsWith(
            "This computer asks Sotto, with the exceptions below."));
        view.status->enabled = false;
        view.status->systemDns.state = protocol::SystemDnsState::Off;
        QVERIFY(OverviewState::of(view).sentence.contains("had before Sotto"));
        QVERIFY(!OverviewState::of(view).sentence.contains("refused"));
    }

    void isNotProtectedWhereTheSystemAsksOthers() {
        OverviewState::View view =
            ready(true, Protection::Protected, {upstream("Quad9", UpstreamState::Ready)});
        for (const auto state :
             {protocol::SystemDnsState::Yielded, protocol::SystemDnsState::Failed,
              protocol::SystemDnsState::Unavailable, protocol::SystemDnsState::Unanswered}) {
            view.status->systemDns.state = state;
            QCOMPARE(OverviewState::of(view).state, AppState::Trouble);
        }
    }

    void tellsOfAPause() {
        OverviewState::View view = ready(true, Protection::Off, {});
        view.status->pausedUntil = view.now.toMSecsSinceEpoch() + 90'000;
        OverviewState state = OverviewState::of(view);
        QCOMPARE(state.state, AppState::Paused);
        QVERIFY(state.isPaused && !state.canPause && !state.switchOn);
        QVERIFY(state.switchEnabled);
        QCOMPARE(state.pauseLeft, QString("1:30"));
        QVERIFY(state.sentence.contains("refused"));
        view.status->systemDns.state = protocol::SystemDnsState::GivingBack;
        state = OverviewState::of(view);
        QCOMPARE(state.state, AppState::Paused);
        QVERIFY2(state.sentence.endsWith(
                     ". Sotto answers until this computer's earlier DNS settings are back."),
                 qPrintable(state.sentence));
        view.status->systemDns.state = protocol::SystemDnsState::Off;
        QVERIFY(OverviewState::of(view).sentence.contains("had before Sotto"));
        view.status->systemDns.state = protocol::SystemDnsState::Unavailable;
        view.status->stillAnswers = true;
        QCOMPARE(OverviewState::of(view).headline, QString("Not given back"));
        view.status->stillAnswers = false;
        view.status->systemDns.state = protocol::SystemDnsState::Failed;
        view.status->systemDns.reason = QStringLiteral("the file is read-only");
        state = OverviewState::of(view);
        QCOMPARE(state.state, AppState::Trouble);
        QVERIFY(state.isPaused);
        QCOMPARE(state.remedy, Remedy::None); // turning off would end the pause
        QCOMPARE(state.detail, QString("The file is read-only."));
    }

    void tellsOfTheFirstLookUp() {
        OverviewState::View view = ready(false, Protection::Off, {});
        view.status->systemDns.state = protocol::SystemDnsState::Off;
        view.stage = ForwardingSwitch::Stage::Trying;
        OverviewState state = OverviewState::of(view);
        QVERIFY(state.switchOn && state.switchEnabled && !state.asks);
        view.stage = ForwardingSwitch::Stage::Asking;
        view.whyNobodyAnswers = QStringLiteral("Quad9: refused.");
        state = OverviewState::of(view);
        QVERIFY(state.asks && !state.switchOn);
        QCOMPARE(state.detail, QString("Quad9: refused."));
    }

    void showsWhatWasAskedFor() {
        OverviewState::View view = ready(true, Protection::Starting, {});
        view.pending = ServiceConnection::Change::TurnOff;
        const OverviewState state = OverviewState::of(view);
        QVERIFY(!state.switchOn);
        QVERIFY(!state.switchEnabled);
        view.pending = ServiceConnection::Change::TakeSystemDns;
        QVERIFY(OverviewState::of(view).switchOn);
    }
};

} // namespace sotto::app

QTEST_GUILESS_MAIN(sotto::app::TestOverviewState)
#include "test_overview_state.moc"
