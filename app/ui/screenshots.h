// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/preferences.h"

#include <QElapsedTimer>
#include <QObject>
#include <QSize>
#include <QStringList>
#include <QTimer>

namespace sotto::app {

class MainWindow;
class ServiceConnection;

/// Takes a picture of every page, light and dark, large and small, with what the connected
/// service has to show, and prints each path. Ends with finished(): false where the service did
/// not come in time or a picture could not be written.
class Screenshots : public QObject {
    Q_OBJECT

public:
    Screenshots(MainWindow& window, ServiceConnection& connection, const QString& folder,
                QObject* parent = nullptr);

    void start();

signals:
    void finished(bool ok);

private:
    struct Shot {
        QString page;
        ThemeChoice theme;
        QSize size;
        QString file;
    };

    void step();
    void begin(const Shot& shot);
    bool selectNewestQuery();
    bool take(const Shot& shot);
    void fail(const QString& reason);

    MainWindow& m_window;
    ServiceConnection& m_connection;
    QString m_folder;
    QList<Shot> m_shots;
    qsizetype m_next = 0;
    bool m_begun = false;
    QElapsedTimer m_since;
    QTimer m_tick;
};

} // namespace sotto::app
