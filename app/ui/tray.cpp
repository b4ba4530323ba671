// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tray.h"

#include "core/overview_state.h"
#include "core/pause.h"
#include "core/texts.h"
#include "ui/icons.h"
#include "ui/pause_menu.h"

#include <QActionGroup>
#include <QApplication>

#include <algorithm>

namespace sotto::app {

namespace {

constexpr int kSoonMillis = 1000;
constexpr int kLaterMillis = 10'000;
constexpr qint64 kPatienceMillis = 30'000;
constexpr qsizetype kMostChoices = 6;
constexpr int kMinuteMillis = 60'000;

/// By the name that their certificate shows, which does not depend on how a list names them.
const QStringList kWellKnown{
    QStringLiteral("dns.quad9.net"),   QStringLiteral("cloudflare-dns.com"),
    QStringLiteral("one.one.one.one"), QStringLiteral("dns.adguard-dns.com"),
    QStringLiteral("dns.mullvad.net"), QStringLiteral("protective.joindns4.eu"),
    QStringLiteral("dns.google"),
};

/// & would become a mnemonic in a menu.
QString menuText(QString text) {
    return text.replace(QLatin1Char('&'), QLatin1String("&&"));
}

} // namespace

QList<TrayChoice> trayChoices(const QList<protocol::Provider>& providers,
                              const QStringList& inUse) {
    const auto find = [&](auto matches) {
        return std::find_if(providers.begin(), providers.end(), matches);
    };
    QList<TrayChoice> choices;
    if (!inUse.isEmpty()) {
        QStringList names;
        for (const QString& id : inUse) {
            const auto found = find([&](const protocol::Provider& p) { return p.id == id; });
            names.append(found == providers.end() ? id : found->name);
        }
        choices.append({joinedText(names), inUse, true});
    }
    for (const QString& tlsName : kWellKnown) {
        const auto found = find([&](const protocol::Provider& p) { return p.tlsName == tlsName; });
        if (found == providers.end() || inUse == QStringList{found->id})
            continue;
        if (choices.size() < kMostChoices)
            choices.append({found->name, {found->id}, false});
    }
    for (const protocol::Provider& provider : providers) { // lists without any of them
        const bool offered =
            std::any_of(choices.begin(), choices.end(), [&](const TrayChoice& choice) {
                return choice.ids == QStringList{provider.id};
            });
        if (!offered && choices.size() < kMostChoices)
            choices.append({provider.name, {provider.id}, false});
    }
    return choices;
}

Tray::Tray(ServiceConnection& connection, ForwardingSwitch& forwarding, QObject* parent)
    : QObject(parent)
    , m_connection(connection)
    , m_forwarding(forwarding)
    , m_pause(new QMenu(&m_menu))
    , m_providers(new QMenu(&m_menu))
    , m_minute(this) {
    m_menu.setObjectName(QStringLiteral("trayMenu"));
    m_status = m_menu.addAction(QString());
    m_status->setObjectName(QStringLiteral("trayStatus"));
    m_status->setEnabled(false);
    m_menu.addSeparator();
    m_remedyAction = m_menu.addAction(QString());
    m_remedyAction->setObjectName(QStringLiteral("trayRemedy"));
    connect(m_remedyAction, &QAction::triggered, this, &Tray::remedy);
    m_enabled = m_menu.addAction(tr("Encrypted look-ups"));
    m_enabled->setObjectName(QStringLiteral("trayEnabled"));
    m_enabled->setCheckable(true);
    connect(m_enabled, &QAction::triggered, &forwarding, &ForwardingSwitch::turn);
    m_pause->setTitle(tr("Pause"));
    m_pause->setObjectName(QStringLiteral("trayPause"));
    addPauseActions(*m_pause, QStringLiteral("trayPause"), connection);
    m_menu.addMenu(m_pause);
    m_resume = m_menu.addAction(tr("Resume now"));
    m_resume->setObjectName(QStringLiteral("trayResume"));
    connect(m_resume, &QAction::triggered, this, [this] { m_forwarding.turn(true); });
    m_providers->setTitle(tr("Provider"));
    m_providers->setObjectName(QStringLiteral("trayProviders"));
    m_menu.addMenu(m_providers);
    m_menu.addSeparator();
    QAction* open = m_menu.addAction(tr("Open Sotto"));
    open->setObjectName(QStringLiteral("trayOpen"));
    connect(open, &QAction::triggered, this, &Tray::openRequested);
    QAction* quit = m_menu.addAction(tr("Quit"));
    quit->setObjectName(QStringLiteral("trayQuit"));
    connect(quit, &QAction::triggered, this, &Tray::quitRequested);

    m_icon.setContextMenu(&m_menu);
    connect(&m_icon, &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
                    emit openRequested();
            });
    connect(&connection, &ServiceConnection::linkChanged, this, &Tray::refresh);
    connect(&connection, &ServiceConnection::statusChanged, this, &Tray::refresh);
    connect(&connection, &ServiceConnection::pendingChanged, this, &Tray::refresh);
    connect(&connection, &ServiceConnection::choicesChanged, this, &Tray::refreshProviders);
    connect(&forwarding, &ForwardingSwitch::changed, this, &Tray::refresh);
    connect(&m_menu, &QMenu::aboutToShow, this, &Tray::refresh);
    m_minute.setObjectName(QStringLiteral("trayMinute"));
    m_minute.setTimerType(Qt::VeryCoarseTimer);
    m_minute.setInterval(kMinuteMillis);
    connect(&m_minute, &QTimer::timeout, this, &Tray::refresh);
    connect(&m_look, &QTimer::timeout, this, &Tray::look);
    refresh();
}

Tray::~Tray() = default;

void Tray::start() {
    m_waiting.start();
    m_look.start(kSoonMillis);
    look();
}

void Tray::look() {
    if (!QSystemTrayIcon::isSystemTrayAvailable()) {
        if (m_waiting.elapsed() > kPatienceMillis)
            m_look.setInterval(kLaterMillis);
        return;
    }
    m_look.stop();
    m_available = true;
    m_icon.show();
    emit availableChanged(true);
}

void Tray::refresh() {
    const OverviewState state =
        OverviewState::of(OverviewState::viewOf(m_connection, m_forwarding));
    m_icon.setIcon(trayIcon(state.state));
    QString line = state.sentence;
    if (state.state == AppState::Trouble && !state.detail.isEmpty())
        line += QLatin1Char(' ') + state.detail;
    if (!state.pauseLeft.isEmpty())
        line +=
            QLatin1Char(' ') + tr("%1 left.", "of a pause")
                                   .arg(pauseMinutesLeftText(*m_connection.status()->pausedUntil,
                                                             QDateTime::currentDateTime()));
    m_icon.setToolTip(QStringLiteral("Sotto: %1. %2").arg(state.headline, line));
    m_status->setText(menuText(
        QStringLiteral("%1. %2").arg(state.headline, state.isPaused ? line : state.sentence)));
    m_remedy = state.remedy;
    m_remedyAction->setText(menuText(state.remedyText));
    m_remedyAction->setVisible(m_remedy != Remedy::None);
    m_enabled->setChecked(state.switchOn);
    m_enabled->setEnabled(state.switchEnabled);
    m_pause->menuAction()->setVisible(!state.isPaused);
    m_pause->setEnabled(state.canPause);
    m_resume->setVisible(state.isPaused);
    m_resume->setEnabled(state.switchEnabled);
    if (state.pauseLeft.isEmpty())
        m_minute.stop();
    else if (!m_minute.isActive())
        m_minute.start();
    refreshProviders();
}

void Tray::remedy() {
    if (m_remedy == Remedy::TakeAgain)
        m_connection.takeSystemDns();
    else if (m_remedy == Remedy::GiveBack)
        m_connection.setForwarding(false);
}

void Tray::refreshProviders() {
    const bool known = m_connection.isReady() && m_connection.providers() && m_connection.status();
    const QList<TrayChoice> choices =
        known ? trayChoices(m_connection.providers()->providers, m_connection.status()->providers)
              : QList<TrayChoice>();
    const bool choosable =
        known && m_connection.providers()->changeable && m_connection.mayToggle();
    if (choices == m_choices && choosable == m_choosable && !m_providers->isEmpty())
        return;
    m_choices = choices;
    m_choosable = choosable;
    m_providers->clear();
    m_providers->setEnabled(known);
    auto* group = new QActionGroup(m_providers);
    for (const TrayChoice& choice : choices) {
        QAction* action = m_providers->addAction(menuText(choice.text));
        action->setCheckable(true);
        action->setChecked(choice.current);
        action->setEnabled(choosable);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, ids = choice.ids] {
            if (m_connection.status() && m_connection.status()->providers != ids)
                m_connection.useProviders(ids);
        });
    }
    m_providers->addSeparator();
    QAction* more = m_providers->addAction(tr("More …"));
    more->setObjectName(QStringLiteral("trayMore"));
    connect(more, &QAction::triggered, this, &Tray::providersRequested);
}

void Tray::say(const QString& title, const QString& text) {
    if (m_available)
        m_icon.showMessage(title, text, appIcon());
}

/// Where Qt draws the message itself it has no public call that takes it back. A desktop's own
/// notifications go away by themselves.
void Tray::hush() {
    const QWidgetList windows = QApplication::topLevelWidgets();
    for (QWidget* window : windows) {
        if (window->inherits("QBalloonTip"))
            window->close();
    }
}

} // namespace sotto::app
