// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/service_connection.h"
#include "models/provider_filter.h"
#include "models/provider_model.h"
#include "models/provider_tests.h"
#include "ui/page.h"

class QComboBox;
class QFrame;
class QLabel;
class QListView;
class QPushButton;

namespace sotto::app {

class ConnectionGroup;
class ProviderDetail;
class SearchField;
class SystemGroup;

/// The shipped providers and the servers of one's own in use: search, read about one, test it,
/// choose one or several, and how Sotto picks among several and connects to them. A choice counts
/// only after it was applied.
class ProvidersPage : public Page {
    Q_OBJECT

public:
    ProvidersPage(ServiceConnection& connection, QWidget* parent);

    bool focusSearch() override;
    bool isSettled() const override;

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeFilters();
    QWidget* makeList();
    QWidget* makePolicy();
    QWidget* makeApplyBar();
    void take();
    void takeUpstreams();
    void refilter();
    void showApplyBar();
    void showPolicy();
    void showOwnServers();
    void showDetail();
    void showTest();
    void beginTest();
    void selectSomething();
    void detailChanged(const QModelIndex& first, const QModelIndex& last);
    QString blockedReason() const;

    ServiceConnection& m_connection;
    ProviderModel m_model;
    ProviderFilter m_filter;
    ProviderTests m_tests;

    QFrame* m_banner = nullptr;
    QLabel* m_bannerText = nullptr;
    QLabel* m_ownServers = nullptr; ///< which, where no shipped provider is in use
    SearchField* m_search = nullptr;
    QList<QPushButton*> m_filterChips;
    QPushButton* m_dnssec = nullptr;
    QPushButton* m_noLog = nullptr;
    QListView* m_list = nullptr;
    QLabel* m_empty = nullptr;
    ProviderDetail* m_detail = nullptr;
    QComboBox* m_policy = nullptr;
    QLabel* m_policyText = nullptr;
    ConnectionGroup* m_connectionGroup = nullptr;
    SystemGroup* m_systemGroup = nullptr;
    QLabel* m_passwordHint = nullptr;
    QFrame* m_applyBar = nullptr;
    QLabel* m_change = nullptr;
    QPushButton* m_apply = nullptr;
    QPushButton* m_discard = nullptr;
};

} // namespace sotto::app
