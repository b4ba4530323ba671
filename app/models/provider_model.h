// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/provider_live.h"
#include "protocol/messages.h"

#include <QAbstractListModel>
#include <QStringList>

namespace sotto::app {

/// The servers of one's own that are in use, then the shipped providers; which of these are in use,
/// and which a person has chosen but not applied. Own servers cannot be chosen here.
///
/// Choosing keeps its order: the first one chosen is asked first. While nothing was chosen here,
/// the choice follows what is in use, also when another program changes it.
/// Thread: GUI.
class ProviderModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        ProviderRole = Qt::UserRole + 1, ///< protocol::Provider
        LiveRole,                        ///< ProviderLive
        PlaceRole,                       ///< 1 for the first one chosen, 0 when not chosen
        IdRole,
        OwnRole,    ///< true: a server of one's own
        TargetRole, ///< what a test of it is asked for with
    };

    explicit ProviderModel(QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

    void setProviders(const QList<protocol::Provider>& providers);
    void setUpstreams(const QList<protocol::Upstream>& upstreams);
    /// What is in use, in order.
    void setApplied(const QStringList& ids);
    /// Whether boxes can be ticked.
    void setChangeable(bool changeable);
    void clear();

    const protocol::Provider* provider(const QString& id) const;
    QString nameOf(const QString& id) const;
    const QStringList& chosen() const { return m_chosen; }
    const QStringList& applied() const { return m_applied; }
    bool isChanged() const { return m_chosen != m_applied; }
    void discard();

signals:
    void choiceChanged();

private:
    struct Row {
        protocol::Provider provider;
        ProviderLive live;
        bool own = false;
        QString target; ///< of a test
    };

    const Row& rowAt(int row) const;
    void setOwn(const QList<protocol::Upstream>& upstreams);
    void setLive(int row, const ProviderLive& live);
    void setChosen(const QStringList& ids);

    QList<Row> m_own;
    QList<Row> m_shipped;
    QList<protocol::Upstream> m_upstreams;
    QStringList m_applied;
    QStringList m_chosen;
    bool m_changeable = false;
};

} // namespace sotto::app

Q_DECLARE_METATYPE(sotto::protocol::Provider)
Q_DECLARE_METATYPE(sotto::app::ProviderLive)
