// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>
#include <QTimer>

#include <functional>

namespace sotto::service {

/// Tells a service manager how the service is, by the protocol of sd_notify(3), and, where it
/// watches, that it is alive: in time from the event loop, as long as isAlive says so too. Where
/// NOTIFY_SOCKET is not set, nothing.
///
/// Thread: main.
class ServiceNotify : public QObject {
    Q_OBJECT

public:
    explicit ServiceNotify(QObject* parent = nullptr);

    /// Whether what the event loop does not see is alive as well; asked before it is told.
    void setPulse(std::function<bool()> isAlive) { m_isAlive = std::move(isAlive); }

    bool isListening() const { return !m_socket.isEmpty(); }
    void ready();
    void reloading();
    void stopping();
    /// One line for people; sent where it is another one than before.
    void status(const QString& text);

private:
    void send(const QByteArray& message) const;

    QByteArray m_socket;
    QString m_status;
    QTimer m_watchdog;
    std::function<bool()> m_isAlive;
};

} // namespace sotto::service
