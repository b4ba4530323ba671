// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_model.h"

#include "core/texts.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace sotto::app {

using protocol::LogEntry;

namespace {

QString answeredBy(const LogEntry& entry) {
    switch (entry.source) {
    case protocol::AnswerSource::Upstream:
    case protocol::AnswerSource::Coalesced:
        return entry.upstream.isEmpty() ? answerSourceText(entry.source) : entry.answerer();
    default:
        return answerSourceText(entry.source);
    }
}

QString cellText(const LogEntry& entry, int column) {
    switch (column) {
    case LogModel::Time:
        return QDateTime::fromMSecsSinceEpoch(entry.time).toString(QStringLiteral("HH:mm:ss.zzz"));
    case LogModel::Name:
        return entry.name;
    case LogModel::Type:
        return entry.type;
    case LogModel::Result:
        return entry.rcode;
    case LogModel::Source:
        return answeredBy(entry);
    case LogModel::Duration:
        return durationText(entry.durationMillis);
    case LogModel::Client:
        return entry.client.isEmpty() ? LogModel::tr("Sotto") : entry.client;
    default:
        return {};
    }
}

} // namespace

LogModel::LogModel(int capacity, QObject* parent)
    : QAbstractTableModel(parent)
    , m_store(capacity) {}

int LogModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : m_store.shown();
}

int LogModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LogModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return cellText(m_store.at(index.row()), index.column());
    case Qt::TextAlignmentRole:
        return index.column() == Duration ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                          : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Duration ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                   : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Name:
        return tr("Name");
    case Type:
        return tr("Type");
    case Result:
        return tr("Result");
    case Source:
        return tr("Answered by");
    case Duration:
        return tr("Took");
    case Client:
        return tr("Client");
    default:
        return {};
    }
}

void LogModel::append(const protocol::LogBatch& batch) {
    m_dropped += batch.dropped;
    if (m_paused) {
        m_waiting += batch.entries;
        if (m_waiting.size() > m_store.capacity())
            m_waiting.remove(0, m_waiting.size() - m_store.capacity());
    } else {
        insert(batch.entries);
    }
    emit countsChanged();
}

void LogModel::insert(const QList<LogEntry>& batch) {
    const QList<LogEntry> fresh = m_store.fresh(batch);
    if (fresh.isEmpty())
        return;
    const int count = static_cast<int>(fresh.size());
    const int lost = m_store.shownLostBy(count);
    if (lost > 0)
        beginRemoveRows({}, 0, lost - 1);
    m_store.dropFor(count);
    if (lost > 0)
        endRemoveRows();
    const int gained = m_store.shownAmong(fresh);
    if (gained > 0)
        beginInsertRows({}, m_store.shown(), m_store.shown() + gained - 1);
    m_store.append(fresh);
    if (gained > 0)
        endInsertRows();
}

void LogModel::setPaused(bool paused) {
    if (m_paused == paused)
        return;
    m_paused = paused;
    if (!paused)
        insert(std::exchange(m_waiting, {}));
    emit countsChanged();
}

void LogModel::setWish(const LogWish& wish) {
    if (m_store.wish() == wish)
        return;
    beginResetModel();
    m_store.setWish(wish);
    endResetModel();
    emit countsChanged();
}

void LogModel::clear() {
    beginResetModel();
    m_store.clear();
    endResetModel();
    m_dropped = 0;
    emit countsChanged();
}

void LogModel::reset() {
    beginResetModel();
    m_store.reset();
    endResetModel();
    m_waiting.clear();
    m_dropped = 0;
    emit countsChanged();
}

QString LogModel::rowsAsText(QList<int> rows) const {
    std::sort(rows.begin(), rows.end());
    QStringList lines;
    for (const int row : rows) {
        if (row < 0 || row >= m_store.shown())
            continue;
        QStringList cells;
        for (int column = 0; column < ColumnCount; ++column)
            cells.append(cellText(m_store.at(row), column));
        lines.append(cells.join(QLatin1Char('\t')));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace sotto::app
