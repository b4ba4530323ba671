// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/provider_filter.h"

#include "core/texts.h"
#include "models/provider_model.h"

#include <algorithm>

namespace sotto::app {

bool matches(const protocol::Provider& provider, const ProviderWish& wish) {
    if (!wish.filter.isEmpty() && provider.filter != wish.filter)
        return false;
    if (wish.dnssec && !provider.dnssec.value_or(false))
        return false;
    if (wish.noLog && !provider.noLog.value_or(false))
        return false;
    const QStringList words = wish.words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (words.isEmpty())
        return true;
    QStringList places{provider.name,
                       provider.id,
                       provider.description,
                       provider.country,
                       countryText(provider.country),
                       provider.tlsName,
                       filterText(provider.filter)};
    places += provider.ipv4;
    places += provider.ipv6;
    const QString haystack = places.join(QLatin1Char('\n'));
    return std::all_of(words.begin(), words.end(), [&](const QString& word) {
        return haystack.contains(word, Qt::CaseInsensitive);
    });
}

ProviderFilter::ProviderFilter(QObject* parent)
    : QSortFilterProxyModel(parent) {}

void ProviderFilter::setWish(const ProviderWish& wish) {
    if (m_wish == wish)
        return;
    m_wish = wish;
    invalidateFilter();
}

bool ProviderFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    return matches(index.data(ProviderModel::ProviderRole).value<protocol::Provider>(), m_wish);
}

} // namespace sotto::app
