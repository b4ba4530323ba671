// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/provider_model.h"

#include "core/texts.h"

#include <algorithm>

namespace sotto::app {

namespace {

/// A server of one's own in the shape of the shipped ones. It claims nothing.
protocol::Provider ownProvider(const protocol::Upstream& upstream) {
    protocol::Provider own;
    own.id = QStringLiteral("own/") + upstream.id;
    own.name = upstream.label;
    own.tlsName = upstream.name;
    own.ipv4 = upstream.addresses;
    own.port = upstream.port;
    own.filter = QStringLiteral("unknown");
    own.selected = true;
    return own;
}

} // namespace

ProviderModel::ProviderModel(QObject* parent)
    : QAbstractListModel(parent) {}

int ProviderModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_own.size() + m_shipped.size());
}

const ProviderModel::Row& ProviderModel::rowAt(int row) const {
    return row < m_own.size() ? m_own.at(row) : m_shipped.at(row - m_own.size());
}

QVariant ProviderModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = rowAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return row.provider.name;
    case Qt::AccessibleDescriptionRole: {
        QStringList parts = row.own ? QStringList{tr("A server of your own")}
                                    : QStringList{filterText(row.provider.filter),
                                                  countryText(row.provider.country)};
        if (!row.live.encrypted)
            parts.append(tr("unencrypted"));
        if (row.live.inUse) {
            parts.append(upstreamStateText(row.live.state));
            if (row.live.rttMillis > 0)
                parts.append(durationText(row.live.rttMillis));
        }
        parts.removeAll(QString());
        return parts.join(QStringLiteral(", "));
    }
    case Qt::CheckStateRole:
        if (row.own)
            return {};
        return m_chosen.contains(row.provider.id) ? Qt::Checked : Qt::Unchecked;
    case ProviderRole:
        return QVariant::fromValue(row.provider);
    case LiveRole:
        return QVariant::fromValue(row.live);
    case PlaceRole:
        return static_cast<int>(m_chosen.indexOf(row.provider.id)) + 1;
    case IdRole:
        return row.provider.id;
    case OwnRole:
        return row.own;
    case TargetRole:
        return row.target;
    default:
        return {};
    }
}

bool ProviderModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::CheckStateRole || !checkIndex(index, CheckIndexOption::IndexIsValid) ||
        !(flags(index) & Qt::ItemIsUserCheckable))
        return false;
    const QString id = rowAt(index.row()).provider.id;
    const bool wanted = value.toInt() == Qt::Checked;
    if (wanted == m_chosen.contains(id))
        return true;
    QStringList ids = m_chosen;
    if (wanted)
        ids.append(id);
    else
        ids.removeAll(id);
    setChosen(ids);
    return true;
}

Qt::ItemFlags ProviderModel::flags(const QModelIndex& index) const {
    if (!index.isValid())
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsSelectable | Qt::ItemIsEnabled | Qt::ItemNeverHasChildren;
    if (m_changeable && index.row() >= m_own.size())
        flags |= Qt::ItemIsUserCheckable;
    return flags;
}

void ProviderModel::setChosen(const QStringList& ids) {
    if (m_chosen == ids)
        return;
    m_chosen = ids;
    if (rowCount() > 0)
        emit dataChanged(index(0), index(rowCount() - 1), {Qt::CheckStateRole, PlaceRole});
    emit choiceChanged();
}

void ProviderModel::setProviders(const QList<protocol::Provider>& providers) {
    const bool same =
        std::ranges::equal(providers, m_shipped, {}, &protocol::Provider::id,
                           [](const Row& row) -> const QString& { return row.provider.id; });
    if (same) { // keeps a view's selection and place
        for (int i = 0; i < providers.size(); ++i)
            m_shipped[i].provider = providers.at(i);
        if (rowCount() > 0)
            emit dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    m_shipped.clear();
    for (const protocol::Provider& provider : providers)
        m_shipped.append({provider, providerLive(m_upstreams, provider.id), false, provider.id});
    endResetModel();
    emit choiceChanged();
}

void ProviderModel::setOwn(const QList<protocol::Upstream>& upstreams) {
    QList<Row> own;
    for (const protocol::Upstream& upstream : upstreams) {
        if (upstream.provider.isEmpty())
            own.append({ownProvider(upstream), liveOf(upstream), true, upstream.spec});
    }
    const bool same = std::ranges::equal(own, m_own, [](const Row& a, const Row& b) {
        return a.provider.id == b.provider.id && a.target == b.target;
    });
    if (same) {
        for (int i = 0; i < own.size(); ++i)
            setLive(i, own.at(i).live);
        return;
    }
    if (!m_own.isEmpty()) {
        beginRemoveRows({}, 0, static_cast<int>(m_own.size()) - 1);
        m_own.clear();
        endRemoveRows();
    }
    if (!own.isEmpty()) {
        beginInsertRows({}, 0, static_cast<int>(own.size()) - 1);
        m_own = own;
        endInsertRows();
    }
}

void ProviderModel::setLive(int row, const ProviderLive& live) {
    Row& changed = row < m_own.size() ? m_own[row] : m_shipped[row - m_own.size()];
    if (changed.live == live)
        return;
    changed.live = live;
    emit dataChanged(index(row), index(row), {LiveRole, Qt::AccessibleDescriptionRole});
}

void ProviderModel::setUpstreams(const QList<protocol::Upstream>& upstreams) {
    m_upstreams = upstreams;
    setOwn(upstreams);
    for (int i = 0; i < m_shipped.size(); ++i)
        setLive(static_cast<int>(m_own.size()) + i,
                providerLive(upstreams, m_shipped.at(i).provider.id));
}

void ProviderModel::setApplied(const QStringList& ids) {
    if (m_applied == ids)
        return;
    const bool follow = !isChanged() || m_chosen == ids;
    m_applied = ids;
    if (follow)
        setChosen(ids);
    emit choiceChanged();
}

void ProviderModel::setChangeable(bool changeable) {
    if (m_changeable == changeable)
        return;
    m_changeable = changeable;
    if (!changeable)
        discard();
    if (rowCount() > 0)
        emit dataChanged(index(0), index(rowCount() - 1));
}

void ProviderModel::clear() {
    beginResetModel();
    m_own.clear();
    m_shipped.clear();
    m_upstreams.clear();
    m_applied.clear();
    m_chosen.clear();
    m_changeable = false;
    endResetModel();
    emit choiceChanged();
}

const protocol::Provider* ProviderModel::provider(const QString& id) const {
    const auto found =
        std::ranges::find_if(m_shipped, [&](const Row& row) { return row.provider.id == id; });
    return found == m_shipped.end() ? nullptr : &found->provider;
}

QString ProviderModel::nameOf(const QString& id) const {
    const protocol::Provider* found = provider(id);
    return found ? found->name : id;
}

void ProviderModel::discard() {
    setChosen(m_applied);
}

} // namespace sotto::app
