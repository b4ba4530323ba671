// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/provider_model.h"

#include "core/texts.h"

#include <algorithm>

namespace sotto::app {

ProviderModel::ProviderModel(QObject* parent)
    : QAbstractListModel(parent) {}

int ProviderModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_providers.size());
}

QVariant ProviderModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const protocol::Provider& provider = m_providers.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return provider.name;
    case Qt::AccessibleDescriptionRole: {
        QStringList parts{filterText(provider.filter), countryText(provider.country)};
        const ProviderLive& live = m_live.at(index.row());
        if (live.inUse) {
            parts.append(upstreamStateText(live.state));
            if (live.rttMillis > 0)
                parts.append(durationText(live.rttMillis));
        }
        parts.removeAll(QString());
        return parts.join(QStringLiteral(", "));
    }
    case Qt::CheckStateRole:
        return m_chosen.contains(provider.id) ? Qt::Checked : Qt::Unchecked;
    case ProviderRole:
        return QVariant::fromValue(provider);
    case LiveRole:
        return QVariant::fromValue(m_live.at(index.row()));
    case PlaceRole:
        return static_cast<int>(m_chosen.indexOf(provider.id)) + 1;
    case IdRole:
        return provider.id;
    default:
        return {};
    }
}

bool ProviderModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::CheckStateRole || !m_changeable ||
        !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    const QString id = m_providers.at(index.row()).id;
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
    if (m_changeable)
        flags |= Qt::ItemIsUserCheckable;
    return flags;
}

void ProviderModel::setChosen(const QStringList& ids) {
    if (m_chosen == ids)
        return;
    m_chosen = ids;
    if (!m_providers.isEmpty())
        emit dataChanged(index(0), index(rowCount() - 1), {Qt::CheckStateRole, PlaceRole});
    emit choiceChanged();
}

void ProviderModel::setProviders(const QList<protocol::Provider>& providers) {
    const auto ids = [](const QList<protocol::Provider>& list) {
        QStringList result;
        for (const protocol::Provider& provider : list)
            result.append(provider.id);
        return result;
    };
    if (ids(providers) == ids(m_providers)) { // keeps a view's selection and place
        m_providers = providers;
        if (!m_providers.isEmpty())
            emit dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    m_providers = providers;
    m_live.clear();
    for (const protocol::Provider& provider : m_providers)
        m_live.append(providerLive(m_upstreams, provider.id));
    endResetModel();
    emit choiceChanged();
}

void ProviderModel::setUpstreams(const QList<protocol::Upstream>& upstreams) {
    m_upstreams = upstreams;
    for (int row = 0; row < rowCount(); ++row) {
        const ProviderLive live = providerLive(upstreams, m_providers.at(row).id);
        if (live == m_live.at(row))
            continue;
        m_live[row] = live;
        emit dataChanged(index(row), index(row), {LiveRole, Qt::AccessibleDescriptionRole});
    }
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
    if (!m_providers.isEmpty())
        emit dataChanged(index(0), index(rowCount() - 1));
}

void ProviderModel::clear() {
    beginResetModel();
    m_providers.clear();
    m_live.clear();
    m_upstreams.clear();
    m_applied.clear();
    m_chosen.clear();
    m_changeable = false;
    endResetModel();
    emit choiceChanged();
}

const protocol::Provider* ProviderModel::provider(const QString& id) const {
    const auto found = std::find_if(m_providers.begin(), m_providers.end(),
                                    [&](const protocol::Provider& p) { return p.id == id; });
    return found == m_providers.end() ? nullptr : &*found;
}

QString ProviderModel::nameOf(const QString& id) const {
    const protocol::Provider* found = provider(id);
    return found ? found->name : id;
}

void ProviderModel::discard() {
    setChosen(m_applied);
}

} // namespace sotto::app
