// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace sotto::service {

/// The requests that the operating system passes on to a service, as Qt signals on the main
/// thread. At most one object of this class may exist.
class ServiceSignals : public QObject {
    Q_OBJECT

public:
    explicit ServiceSignals(QObject* parent = nullptr);
    ~ServiceSignals() override;

signals:
    void stopRequested();     ///< SIGTERM or SIGINT
    void reloadRequested();   ///< SIGHUP
    void handoverRequested(); ///< SIGUSR1: a new version is about to take over

private:
    void read();

    int m_readEnd = -1;
};

} // namespace sotto::service
