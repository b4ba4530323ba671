// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/service_connection.h"
#include "ui/page.h"

#include <QHash>
#include <QTimer>

class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace sotto::app {

class FillBar;
class Histogram;

/// The service's counters in words, its answer times, and the cache with ways to make it forget.
/// Asks once a second, only while it is on the screen.
class StatisticsPage : public Page {
    Q_OBJECT

public:
    StatisticsPage(ServiceConnection& connection, QWidget* parent);

    bool isSettled() const override { return m_shown; }

signals:
    /// Something was done, in a sentence.
    void done(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct Row {
        const char* name;
        QString title;
        QString hint;
    };

    QWidget* makeGroup(const QString& objectName, const QString& title, const QList<Row>& rows);
    QWidget* makeTimes();
    QWidget* makeCache();
    void take(const protocol::Statistics& statistics);
    void forget();
    void linkChanged();
    void set(const char* name, const QString& text);

    ServiceConnection& m_connection;
    QTimer m_poll{this};
    bool m_shown = false;
    QHash<QByteArray, QLabel*> m_values;
    Histogram* m_hits = nullptr;
    Histogram* m_misses = nullptr;
    QLabel* m_hitText = nullptr;
    QLabel* m_missText = nullptr;
    FillBar* m_fill = nullptr;
    QLabel* m_fillText = nullptr;
    QLineEdit* m_name = nullptr;
    QPushButton* m_flushName = nullptr;
    QPushButton* m_flushAll = nullptr;
};

} // namespace sotto::app
