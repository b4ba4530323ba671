// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/forwarding_switch.h"
#include "core/preferences.h"
#include "core/service_connection.h"

#include <QWidget>

class QAction;
class QStackedWidget;

namespace sotto::app {

class DisconnectedPanel;
class MessageArea;
class OverviewPage;
class Page;
class Sidebar;

/// The window: sidebar, messages, pages; one panel in place of every page while there is no
/// connection.
///
/// Closing it hides it where there is a tray and asks to quit where there is none; which of the
/// two holds is told by setTrayAvailable().
class MainWindow : public QWidget {
    Q_OBJECT

public:
    MainWindow(ServiceConnection& connection, Preferences& preferences,
               ForwardingSwitch& forwarding, QWidget* parent = nullptr);

    int pageCount() const;
    void showPage(int page);
    /// By a name of CommandLine::pageNames().
    void showPage(const QString& name);
    Page* currentPage() const;
    void setTrayAvailable(bool available);
    /// To the front, from wherever it was.
    void bringUp();

signals:
    void quitRequested();
    /// The window was hidden and goes on in the tray.
    void wentToTray();
    /// The window is on the screen, for the first time or again.
    void shown();

protected:
    void showEvent(QShowEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void makeOptions();
    void makeShortcuts();
    void refresh();
    void search();

    ServiceConnection& m_connection;
    Preferences& m_preferences;
    ForwardingSwitch& m_forwarding;
    bool m_trayAvailable = false;
    Sidebar* m_sidebar;
    MessageArea* m_messages;
    QStackedWidget* m_stack; ///< the pages, or the panel
    QStackedWidget* m_pages;
    DisconnectedPanel* m_panel;
    OverviewPage* m_overview = nullptr;
    QAction* m_startHidden = nullptr;
    QAction* m_versions = nullptr;
};

} // namespace sotto::app
