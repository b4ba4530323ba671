// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/stand_in_service.h"
#include "support/window_harness.h"

#include "ui/page.h"
#include "ui/translations.h"

#include <QApplication>
#include <QDir>

#include <cstdio>
#include <functional>

/// Draws the window in states that no real service can be brought into at will, against the
/// stand-in: sotto-state-pictures FOLDER. Each large and light, small and dark; some also with
/// another reading direction and in German.
namespace sotto::test {

namespace {

using protocol::Permission;
using protocol::SystemDnsState;

struct Scene {
    QString name;
    std::function<void(StandInService&)> arrange;
    std::function<void(WindowHarness&, StandInService&)> act; ///< once connected; may be empty
};

protocol::SystemDnsException gap(const char* kind, const char* subject,
                                 const QStringList& servers = {}, const QStringList& domains = {}) {
    return {QLatin1String(kind), QLatin1String(subject), QStringLiteral("in English"), servers,
            domains};
}

void addGaps(StandInService& service) {
    service.status.systemDns.exceptions = {
        gap("link_domains", "tun0", {QStringLiteral("10.8.0.1")}, {QStringLiteral("corp.example")}),
        gap("link_route_all", "wwan0", {QStringLiteral("10.64.64.64")}),
        gap("containers", "Docker", {QStringLiteral("172.17.0.1")})};
}

void addOtherGaps(StandInService& service) {
    service.status.systemDns.exceptions = {
        gap("vpn", "wg0"), gap("static_nsswitch", "/etc/nsswitch.conf"),
        gap("network_namespace", "blue"),
        gap("containers", "Podman", {QStringLiteral("10.88.0.1")})};
}

std::function<void(StandInService&)> inState(SystemDnsState state, bool enabled = true) {
    return [state, enabled](StandInService& service) {
        service.status.enabled = enabled;
        if (!enabled)
            service.status.protection = protocol::Protection::Off;
        protocol::SystemDns& system = service.status.systemDns;
        system.state = state;
        if (state != SystemDnsState::On)
            system.addresses.clear();
        system.winner = QStringLiteral("openvpn");
        system.winnerKind = QStringLiteral("vpn");
        // Off although the earlier settings are not back.
        service.status.stillAnswers = !enabled && state != SystemDnsState::Off;
        if (state == SystemDnsState::Failed)
            system.reason = QStringLiteral("/etc/resolv.conf cannot be written: Operation not "
                                           "permitted. Take the attribute off with chattr -i");
        if (state == SystemDnsState::Unavailable)
            system.reason =
                QStringLiteral("the lease keeper cannot be reached at /run/sotto-lease/socket: "
                               "there is no such socket. Start it (systemctl start "
                               "sotto-lease.socket)");
    };
}

void changeByHand(StandInService& service) {
    inState(SystemDnsState::Yielded)(service);
    service.status.systemDns.winner = QStringLiteral("/etc/resolv.conf");
    service.status.systemDns.winnerKind = QStringLiteral("person");
}

std::function<void(StandInService&)> pausedFor(qint64 seconds) {
    return [seconds](StandInService& service) {
        inState(SystemDnsState::Off)(service);
        service.status.protection = protocol::Protection::Off;
        service.status.pausedUntil =
            seconds > 0 ? QDateTime::currentMSecsSinceEpoch() + seconds * 1000 : 0;
    };
}

void waitUntil(const std::function<bool()>& holds, const QString& what) {
    if (!QTest::qWaitFor(holds, 20'000))
        qFatal("%s did not come", qPrintable(what));
}

QList<Scene> scenes() {
    const auto openSystem = [](WindowHarness& app, StandInService&) {
        app.click("navProviders");
        waitUntil([&] { return app.connection().settings().has_value(); },
                  QStringLiteral("settings"));
        app.click("systemToggle");
    };
    return {
        {QStringLiteral("on"), inState(SystemDnsState::On), {}},
        {QStringLiteral("on-gaps"), addGaps, {}},
        {QStringLiteral("on-other-gaps"), addOtherGaps, {}},
        {QStringLiteral("off"), inState(SystemDnsState::Off, false), {}},
        {QStringLiteral("taking"), inState(SystemDnsState::Taking), {}},
        {QStringLiteral("giving-back"), inState(SystemDnsState::GivingBack, false), {}},
        {QStringLiteral("unanswered"), inState(SystemDnsState::Unanswered), {}},
        {QStringLiteral("yielded"), inState(SystemDnsState::Yielded), {}},
        {QStringLiteral("changed-by-hand"), changeByHand, {}},
        {QStringLiteral("failed"), inState(SystemDnsState::Failed), {}},
        {QStringLiteral("not-given-back"), inState(SystemDnsState::Failed, false), {}},
        {QStringLiteral("unavailable"), inState(SystemDnsState::Unavailable), {}},
        {QStringLiteral("by-hand"), makeOrdinary, {}},
        {QStringLiteral("paused"), pausedFor(272), {}},
        {QStringLiteral("paused-until-restart"), pausedFor(0), {}},
        {QStringLiteral("pausing"),
         [](StandInService& service) {
             pausedFor(272)(service);
             service.status.systemDns.state = SystemDnsState::GivingBack;
             service.status.stillAnswers = true;
         },
         {}},
        {QStringLiteral("asks-first"), inState(SystemDnsState::Off, false),
         [](WindowHarness& app, StandInService& service) {
             service.testBegins.label = QStringLiteral("Quad9");
             app.click("forwardingSwitch");
             waitUntil([&] { return !service.tested.isEmpty(); }, QStringLiteral("a test"));
             protocol::ProviderTestReport report;
             report.finished = true;
             report.error = QStringLiteral("no answer on port 853");
             service.reportTest(report);
             waitUntil([&] { return app.sees("neverthelessButton"); },
                       QStringLiteral("the question"));
         }},
        {QStringLiteral("password"),
         [](StandInService& service) {
             service.hello.mayToggle = service.hello.mayReadLog = Permission::Ask;
         },
         {}},
        {QStringLiteral("waits-for-password"),
         [](StandInService& service) { service.hello.mayToggle = Permission::Ask; },
         [](WindowHarness& app, StandInService& service) {
             waitUntil([&] { return app.window().currentPage()->isSettled(); },
                       QStringLiteral("the page"));
             service.holdChanges = true;
             app.click("forwardingSwitch");
             waitUntil([&] { return app.sees("waitingStrip"); }, QStringLiteral("the strip"));
         }},
        {QStringLiteral("log-password"),
         [](StandInService& service) { service.hello.mayReadLog = Permission::Ask; },
         [](WindowHarness& app, StandInService&) { app.click("navLog"); }},
        {QStringLiteral("settings"), {}, openSystem},
        {QStringLiteral("settings-fixed"),
         [](StandInService& service) {
             service.hello.mayConfigure = Permission::No;
             for (protocol::Setting& setting : service.settings.settings) {
                 if (setting.key == QLatin1String("system.manage")) {
                     setting.changeable = false;
                     setting.origin = QStringLiteral("/etc/sotto/sotto.toml");
                 }
             }
         },
         openSystem},
    };
}

/// After the events that texts and layouts still have under way.
void settle(WindowHarness& app) {
    for (int i = 0; i < 5; ++i)
        QCoreApplication::processEvents();
    app.window().repaint();
}

void draw(const Scene& scene, const QString& suffix, const QDir& folder) {
    WindowHarness app;
    app.preferences().setFollowLog(true);
    if (scene.name != QLatin1String("asks-first"))
        app.preferences().setSwitchedBefore();
    StandInService service(app.socketPath());
    makeSystemWide(service);
    service.statistics.queries = 12345;
    service.statistics.cacheHits = 930;
    service.statistics.cacheMisses = 70;
    service.statistics.hitMedianMillis = 0.02;
    service.statistics.missMedianMillis = 14;
    if (scene.arrange)
        scene.arrange(service);
    if (!service.start())
        qFatal("the stand-in does not listen");
    app.open();
    app.window().setTrayAvailable(true);
    waitUntil([&] { return app.connection().isReady(); }, QStringLiteral("a connection"));
    if (scene.act)
        scene.act(app, service);
    const struct {
        QSize size;
        app::ThemeChoice theme;
        const char* name;
    } looks[] = {{{1200, 760}, app::ThemeChoice::Light, "light"},
                 {{800, 560}, app::ThemeChoice::Dark, "dark-small"}};
    for (const auto& look : looks) {
        app::Theme::instance().setChoice(look.theme);
        app.window().resize(look.size);
        waitUntil([&] { return app.window().currentPage()->isSettled(); }, scene.name);
        settle(app);
        const QString path = folder.filePath(
            QStringLiteral("%1%2-%3.png").arg(scene.name, suffix, QLatin1String(look.name)));
        if (!app.window().grab().save(path))
            qFatal("%s cannot be written", qPrintable(path));
        std::printf("%s\n", qPrintable(path));
    }
}

} // namespace

int drawAll(const QDir& folder) {
    for (const Scene& scene : scenes())
        draw(scene, {}, folder);
    const auto again = [&](const QString& suffix) {
        for (const Scene& scene : scenes()) {
            if (QStringList{"on-gaps", "on-other-gaps", "paused", "pausing", "yielded",
                            "changed-by-hand", "not-given-back", "asks-first", "settings"}
                    .contains(scene.name))
                draw(scene, suffix, folder);
        }
    };
    QApplication::setLayoutDirection(Qt::RightToLeft);
    again(QStringLiteral("-mirrored"));
    QApplication::setLayoutDirection(Qt::LeftToRight);
    app::installTranslations(*qApp, QLocale(QLocale::German));
    again(QStringLiteral("-german"));
    return 0;
}

} // namespace sotto::test

int main(int argc, char** argv) {
    const QApplication application(argc, argv);
    if (argc != 2 || !QDir().mkpath(QString::fromLocal8Bit(argv[1]))) {
        std::fputs("Usage: sotto-state-pictures FOLDER\n", stderr);
        return 2;
    }
    return sotto::test::drawAll(QDir(QString::fromLocal8Bit(argv[1])));
}
