// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"

#include <QSortFilterProxyModel>
#include <QString>

namespace sotto::app {

/// What a person wants to see of the provider list. Pure.
struct ProviderWish {
    QString words;       ///< each word must occur somewhere
    QString filter;      ///< "none", "malware", "ads", "family"; empty: any
    bool dnssec = false; ///< only those that claim to validate
    bool noLog = false;  ///< only those that claim to keep no logs

    bool operator==(const ProviderWish&) const = default;
};

/// Searches name, id, description, country (code and name), TLS name and addresses.
bool matches(const protocol::Provider& provider, const ProviderWish& wish);

/// Shows the rows of a ProviderModel that match, in the model's order.
class ProviderFilter : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit ProviderFilter(QObject* parent = nullptr);

    const ProviderWish& wish() const { return m_wish; }
    void setWish(const ProviderWish& wish);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    ProviderWish m_wish;
};

} // namespace sotto::app
