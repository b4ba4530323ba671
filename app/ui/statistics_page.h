// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/service_connection.h"
#include "ui/page.h"

#include <QHash>
#include <QTimer>

class QBoxLayout;
class QGridLayout;
class QLabel;
class QScrollArea;

namespace sotto::app {

class AskFirst;
class CacheCard;
class Histogram;
class ShareBars;

/// The service's counters in words, its answer times, what was asked for, and the cache.
/// Asks once a second, only while it is on the screen.
class StatisticsPage : public Page {
    Q_OBJECT

public:
    StatisticsPage(ServiceConnection& connection, QWidget* parent);

    bool isSettled() const override {
        return m_shown || m_connection.readingLog() != protocol::Permission::Yes;
    }

signals:
    /// Something was done, in a sentence.
    void done(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Row {
        const char* name;
        QString title;
        QString hint;
    };

    QWidget* makeGroup(const QString& objectName, const QString& title, const QList<Row>& rows);
    QWidget* makeTimes();
    QWidget* makeTypes();
    void take(const protocol::Statistics& statistics);
    void linkChanged();
    void showAccess();
    /// As many groups side by side as have room for their captions in one line.
    void arrangeGroups();
    void set(const char* name, const QString& text);

    ServiceConnection& m_connection;
    QTimer m_poll{this};
    bool m_shown = false;
    QHash<QByteArray, QLabel*> m_values;
    QScrollArea* m_scroll = nullptr;
    QGridLayout* m_grid = nullptr;
    QList<QWidget*> m_groups;
    int m_columns = 0;
    QBoxLayout* m_meters = nullptr;
    Histogram* m_hits = nullptr;
    Histogram* m_misses = nullptr;
    QLabel* m_hitText = nullptr;
    QLabel* m_missText = nullptr;
    ShareBars* m_types = nullptr;
    CacheCard* m_cache = nullptr;
    AskFirst* m_askFirst = nullptr;
};

} // namespace sotto::app
