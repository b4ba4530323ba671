// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/log_store.h"

#include <QAbstractTableModel>

namespace sotto::app {

/// The query log as a table, oldest entry first. Filtering happens in the store. While paused,
/// new entries wait (up to the capacity) and the table stands still.
///
/// Thread: GUI. Each batch is one insertion and at most one removal.
class LogModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Time, Name, Type, Result, Source, Duration, Client, ColumnCount };

    static constexpr int kCapacity = 10'000;

    explicit LogModel(int capacity = kCapacity, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void append(const protocol::LogBatch& batch);
    void setPaused(bool paused);
    bool isPaused() const { return m_paused; }
    int waiting() const { return static_cast<int>(m_waiting.size()); }
    /// Entries that the service could not keep for us.
    qint64 dropped() const { return m_dropped; }
    int kept() const { return m_store.size(); }

    void setWish(const LogWish& wish);
    const LogWish& wish() const { return m_store.wish(); }
    /// Empties the table; entries that were in it do not come back.
    void clear();
    /// Forgets everything: the service is gone.
    void reset();

    const protocol::LogEntry& entry(int row) const { return m_store.at(row); }
    /// The rows as lines of tab-separated text, for the clipboard.
    QString rowsAsText(QList<int> rows) const;

signals:
    void countsChanged();

private:
    void insert(const QList<protocol::LogEntry>& batch);

    LogStore m_store;
    bool m_paused = false;
    QList<protocol::LogEntry> m_waiting;
    qint64 m_dropped = 0;
};

} // namespace sotto::app
