// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window.h"

#include "core/command_line.h"
#include "core/overview_state.h"
#include "core/upstream_text.h"
#include "ui/disconnected_panel.h"
#include "ui/icons.h"
#include "ui/log_page.h"
#include "ui/message_strip.h"
#include "ui/overview_page.h"
#include "ui/providers_page.h"
#include "ui/sidebar.h"
#include "ui/statistics_page.h"
#include "ui/theme.h"

#include <QActionGroup>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace sotto::app {

namespace {

constexpr QSize kSmallest{640, 480};
constexpr QSize kFirstSize{1040, 720};
constexpr int kCompactBelow = 900;

} // namespace

MainWindow::MainWindow(ServiceConnection& connection, Preferences& preferences,
                       ForwardingSwitch& forwarding, QWidget* parent)
    : QWidget(parent)
    , m_connection(connection)
    , m_preferences(preferences)
    , m_forwarding(forwarding)
    , m_sidebar(new Sidebar(this))
    , m_messages(new MessageArea(this))
    , m_stack(new QStackedWidget(this))
    , m_pages(new QStackedWidget(this))
    , m_panel(new DisconnectedPanel(this)) {
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(QStringLiteral("Sotto"));
    setWindowIcon(appIcon());
    setFocusPolicy(Qt::ClickFocus); // no control looks chosen before a person comes to it
    setFocus(Qt::OtherFocusReason);
    setMinimumSize(kSmallest);
    resize(kFirstSize);

    m_stack->setObjectName(QStringLiteral("contentStack"));
    m_pages->setObjectName(QStringLiteral("pageStack"));
    m_stack->addWidget(m_pages);
    m_stack->addWidget(m_panel);
    // before the pages, so that the Tab key comes to them first
    m_sidebar->addPage(QStringLiteral("navOverview"), QStringLiteral("overview"), tr("Overview"));
    m_sidebar->addPage(QStringLiteral("navProviders"), QStringLiteral("providers"),
                       tr("Providers"));
    m_sidebar->addPage(QStringLiteral("navLog"), QStringLiteral("log"), tr("Query log"));
    m_sidebar->addPage(QStringLiteral("navStatistics"), QStringLiteral("statistics"),
                       tr("Statistics"));
    m_overview = new OverviewPage(connection, forwarding, m_pages);
    auto* statistics = new StatisticsPage(connection, m_pages);
    m_pages->addWidget(m_overview);
    m_pages->addWidget(new ProvidersPage(connection, m_pages));
    m_pages->addWidget(new LogPage(connection, preferences, m_pages));
    m_pages->addWidget(statistics);

    auto* right = new QVBoxLayout;
    right->setContentsMargins(0, 0, 0, 0);
    right->setSpacing(0);
    right->addWidget(m_messages);
    right->addWidget(m_stack, 1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_sidebar);
    layout->addLayout(right, 1);

    connect(m_sidebar, &Sidebar::pageRequested, this, qOverload<int>(&MainWindow::showPage));
    connect(&connection, &ServiceConnection::linkChanged, this, [this] {
        m_messages->clear();
        refresh();
    });
    connect(&connection, &ServiceConnection::statusChanged, this, &MainWindow::refresh);
    connect(&connection, &ServiceConnection::pendingChanged, this,
            [this] { m_messages->setWaiting(m_connection.isWaitingForPassword()); });
    connect(m_messages, &MessageArea::stopWaiting, &connection, &ServiceConnection::stopWaiting);
    connect(&forwarding, &ForwardingSwitch::changed, this, &MainWindow::refresh);
    connect(&forwarding, &ForwardingSwitch::asks, this, [this] {
        showPage(QStringLiteral("overview"));
        bringUp();
    });
    connect(&connection, &ServiceConnection::problem, m_messages, &MessageArea::showProblem);
    connect(statistics, &StatisticsPage::done, m_messages, &MessageArea::showDone);
    makeOptions();
    makeShortcuts();
    showPage(0);
    refresh();
    restoreGeometry(preferences.windowGeometry());
}

void MainWindow::makeOptions() {
    QMenu* menu = m_sidebar->optionsMenu();
    menu->addAction(tr("Appearance"))->setEnabled(false);
    auto* group = new QActionGroup(this);
    const struct {
        ThemeChoice choice;
        QString text;
    } themes[] = {{ThemeChoice::System, tr("As the desktop")},
                  {ThemeChoice::Light, tr("Light")},
                  {ThemeChoice::Dark, tr("Dark")}};
    for (const auto& theme : themes) {
        QAction* action = menu->addAction(theme.text);
        action->setObjectName(QStringLiteral("theme-") + themeChoiceText(theme.choice));
        action->setCheckable(true);
        action->setChecked(Theme::instance().choice() == theme.choice);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, choice = theme.choice] {
            m_preferences.setTheme(choice);
            Theme::instance().setChoice(choice);
        });
    }
    menu->addSeparator();
    m_startHidden = menu->addAction(tr("Start hidden in the tray"));
    m_startHidden->setObjectName(QStringLiteral("startHidden"));
    m_startHidden->setCheckable(true);
    m_startHidden->setChecked(m_preferences.startHidden());
    connect(m_startHidden, &QAction::toggled, this,
            [this](bool on) { m_preferences.setStartHidden(on); });
    QAction* quit = menu->addAction(tr("Quit Sotto"));
    quit->setObjectName(QStringLiteral("quitAction"));
    quit->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Q));
    connect(quit, &QAction::triggered, this, &MainWindow::quitRequested);
    addAction(quit);
    menu->addSeparator();
    m_versions = menu->addAction(QString());
    m_versions->setEnabled(false);
    setTrayAvailable(false);
}

void MainWindow::makeShortcuts() {
    for (int page = 0; page < pageCount(); ++page) {
        auto* shortcut =
            new QShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + page)), this);
        connect(shortcut, &QShortcut::activated, this, [this, page] { showPage(page); });
    }
    auto* find = new QShortcut(QKeySequence::Find, this);
    connect(find, &QShortcut::activated, this, &MainWindow::search);
}

int MainWindow::pageCount() const {
    return m_pages->count();
}

void MainWindow::showPage(int page) {
    if (page < 0 || page >= pageCount())
        return;
    m_pages->setCurrentIndex(page);
    m_sidebar->setCurrent(page);
}

void MainWindow::showPage(const QString& name) {
    showPage(static_cast<int>(CommandLine::pageNames().indexOf(name)));
}

Page* MainWindow::currentPage() const {
    return static_cast<Page*>(m_pages->currentWidget());
}

/// Pages without a search field lead to the log, where most searches start.
void MainWindow::search() {
    if (!m_connection.isReady() || currentPage()->focusSearch())
        return;
    showPage(QStringLiteral("log"));
    currentPage()->focusSearch();
}

void MainWindow::refresh() {
    const OverviewState state =
        OverviewState::of(OverviewState::viewOf(m_connection, m_forwarding));
    m_sidebar->showState(state);
    setWindowTitle(tr("%1 – Sotto", "window title: state").arg(state.headline));
    m_panel->show(m_connection);
    m_stack->setCurrentWidget(m_connection.isReady() ? static_cast<QWidget*>(m_pages) : m_panel);
    QStringList notices;
    if (const auto& status = m_connection.status())
        notices =
            status->notices + upstreamNotices(status->upstreams, QDateTime::currentDateTime());
    m_messages->setNotices(notices);
    const QString own = QStringLiteral(SOTTO_VERSION);
    m_versions->setText(m_connection.isReady()
                            ? tr("Sotto %1, service %2").arg(own, m_connection.service().version)
                            : tr("Sotto %1").arg(own));
}

void MainWindow::setTrayAvailable(bool available) {
    m_trayAvailable = available;
    m_startHidden->setEnabled(available);
    m_startHidden->setToolTip(available ? QString() : tr("This desktop has no tray."));
    m_overview->setFootnote(available ? QString()
                                      : tr("This desktop has no tray: closing the window ends this "
                                           "program. The service goes on answering."));
}

void MainWindow::bringUp() {
    if (isMinimized())
        setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
}

void MainWindow::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    emit shown();
}

void MainWindow::closeEvent(QCloseEvent* event) {
    m_preferences.setWindowGeometry(saveGeometry());
    if (m_trayAvailable) {
        event->ignore();
        hide();
        emit wentToTray();
        return;
    }
    event->accept();
    emit quitRequested();
}

void MainWindow::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    m_sidebar->setCompact(width() < kCompactBelow);
}

} // namespace sotto::app
