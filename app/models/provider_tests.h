// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/service_connection.h"

#include <QDateTime>
#include <QHash>
#include <QObject>

namespace sotto::app {

/// One test of a provider, under way or over.
struct ProviderTestRun {
    bool running = false;
    protocol::ProviderTest test;
    protocol::ProviderTestReport report;
    QString refusal; ///< why it did not begin, with what to do; empty else
    QDateTime at;    ///< when it was begun
};

/// The last test of each provider, by what it was asked for with (ServiceConnection::testProvider).
/// All are forgotten when the connection to the service ends.
///
/// Thread: GUI.
class ProviderTests : public QObject {
    Q_OBJECT

public:
    explicit ProviderTests(ServiceConnection& connection, QObject* parent = nullptr);

    /// Does nothing while a test of the same one is running.
    void begin(const QString& target);
    /// Null where it was never tested.
    const ProviderTestRun* run(const QString& target) const;

signals:
    void changed(const QString& target);

private:
    ServiceConnection& m_connection;
    QHash<QString, ProviderTestRun> m_runs;
};

} // namespace sotto::app
