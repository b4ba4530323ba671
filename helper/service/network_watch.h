// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>
#include <QTimer>

namespace sotto::service {

/// Tells when this computer came into another network, or woke up, so that old connections lead
/// nowhere. Sleeps until the system has news; where a system gives none, it never tells anything.
/// Main thread only.
class NetworkWatch : public QObject {
    Q_OBJECT

public:
    /// News come in bursts, which may be long: so much later than the first of them it is looked
    /// what has changed, and once more after those that came meanwhile.
    static constexpr int kSettleMillis = 150;

    explicit NetworkWatch(QObject* parent = nullptr);
    ~NetworkWatch() override;

signals:
    void changed();
    /// The system has told of links or addresses, whether or not changed() comes, too: of a bridge
    /// without anybody behind it, for example, which leads nowhere but can be asked at.
    void newsCame();

private:
    void watchSystem();
    void noteNews();
    /// Some time has been skipped: the computer slept, or its clock was set.
    void noteJump();
    void compareSoon();
    void compare();

    QTimer m_settle;
    QByteArray m_seen; ///< the addresses of what is up and running, as they were last
    bool m_jumped = false;
    int m_news = -1; ///< descriptors of the system's, where it has them
    int m_clock = -1;
};

} // namespace sotto::service
