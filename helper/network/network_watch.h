// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>
#include <QTimer>

namespace sotto::network {

/// Tells what becomes of this computer's interfaces and addresses. Sleeps until the system has
/// news; where a system gives none, it never tells anything.
///
/// Thread: the one that made it, with an event loop.
class NetworkWatch : public QObject {
    Q_OBJECT

public:
    /// News come in bursts, which may be long: so much later than the first of them it is looked
    /// what has changed, and once more after those that came meanwhile.
    static constexpr int kSettleMillis = 150;

    explicit NetworkWatch(QObject* parent = nullptr);
    ~NetworkWatch() override;

    /// The computer woke up; for whoever hears of it by other ways.
    void noteWaking();

signals:
    /// Something is new of some interface or address, however little.
    void told();
    /// The computer came into another network, or woke up: old connections lead nowhere, and
    /// look-ups may be answered elsewhere. Comes after told().
    void changed();

private:
    void watchSystem();
    void noteNews();
    void compare();

    QTimer m_settle;
    QByteArray m_seen; ///< the addresses of what is up and running, as they were last
    bool m_woke = false;
    int m_news = -1; ///< descriptors of the system's, where it has them
    int m_clock = -1;
};

/// From where something could be sent: the addresses of what is up and running, without loopback
/// and link-local ones. Much of what a system tells is no change of these: lifetimes that are
/// prolonged, interfaces of containers without an address.
QByteArray sendingAddresses();

} // namespace sotto::network
