// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/forwarding_switch.h"
#include "core/service_connection.h"
#include "core/system_dns_text.h"

#include <QElapsedTimer>
#include <QMenu>
#include <QObject>
#include <QStringList>
#include <QSystemTrayIcon>
#include <QTimer>

namespace sotto::app {

/// What the provider menu offers: what is in use first, then a few that many people know.
struct TrayChoice {
    QString text;
    QStringList ids;
    bool current = false;

    bool operator==(const TrayChoice&) const = default;
};
QList<TrayChoice> trayChoices(const QList<protocol::Provider>& providers, const QStringList& inUse);

/// The icon in the tray: the state at a glance and the daily things in its menu. Where the tray
/// comes late it is waited for.
///
/// Thread: GUI. Does nothing between changes of state once there is a tray, except once a minute
/// while a pause runs out, which its tool tip tells.
class Tray : public QObject {
    Q_OBJECT

public:
    Tray(ServiceConnection& connection, ForwardingSwitch& forwarding, QObject* parent = nullptr);
    ~Tray() override;

    /// Starts looking for a tray; availableChanged() comes at once where there is one.
    void start();
    bool isAvailable() const { return m_available; }
    QMenu* menu() { return &m_menu; }
    QString toolTip() const { return m_icon.toolTip(); }
    /// A message beside the icon, for a while.
    void say(const QString& title, const QString& text);
    /// Takes the message back where the desktop leaves it to the program.
    void hush();

signals:
    void availableChanged(bool available);
    void openRequested();
    void providersRequested();
    void quitRequested();

private:
    void look();
    void refresh();
    void refreshProviders();
    void remedy();

    ServiceConnection& m_connection;
    ForwardingSwitch& m_forwarding;
    QSystemTrayIcon m_icon;
    QMenu m_menu;
    QMenu* m_pause;
    QMenu* m_providers;
    QAction* m_status;
    QAction* m_remedyAction;
    QAction* m_enabled;
    QAction* m_resume;
    Remedy m_remedy = Remedy::None;
    QTimer m_minute; ///< only while a time ends the pause
    QTimer m_look;
    QElapsedTimer m_waiting;
    bool m_available = false;
    QList<TrayChoice> m_choices;
    bool m_choosable = false;
};

} // namespace sotto::app
