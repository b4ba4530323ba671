// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/provider_live.h"
#include "protocol/messages.h"

#include <QScrollArea>

class QGridLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace sotto::app {

class TestReportView;
struct ProviderTestRun;

/// All that is known of one provider: what it does, what it claims (marked as claims), where its
/// servers are, how it does now where it is in use, and what its last test measured. Likewise of a
/// server of one's own, which claims nothing.
class ProviderDetail : public QScrollArea {
    Q_OBJECT

public:
    explicit ProviderDetail(QWidget* parent);

    void show(const protocol::Provider& provider, const ProviderLive& live, bool own);
    /// Null: it was not tested.
    void showTest(const ProviderTestRun* run);
    /// Why no test can be asked for; empty: it can.
    void setTestBlocked(const QString& reason);
    void showNothing(const QString& text);

signals:
    void testRequested();

private:
    QWidget* makeHead(QWidget* content);
    QWidget* makeWarning(QWidget* content);
    void showLive(const ProviderLive& live);
    void showClaims(const protocol::Provider& provider, bool own);
    QLabel* addRow(const QString& objectName, const QString& title);
    void setRow(QLabel* value, const QString& text);

    QVBoxLayout* m_column;
    QLabel* m_name = nullptr;
    QPushButton* m_test = nullptr;
    QLabel* m_description;
    QWidget* m_unencryptedRow = nullptr;
    QLabel* m_unencrypted = nullptr;
    TestReportView* m_report;
    QWidget* m_facts;
    QGridLayout* m_form;
    QLabel* m_now;
    QLabel* m_lastError;
    QLabel* m_serviceError;
    QLabel* m_warning;
    QLabel* m_connections;
    QLabel* m_resumption;
    QLabel* m_median;
    QLabel* m_route;
    QLabel* m_filter;
    QLabel* m_country;
    QLabel* m_dnssec;
    QLabel* m_noLog;
    QLabel* m_ecs;
    QLabel* m_tlsName;
    QLabel* m_addresses;
    QLabel* m_website;
    QLabel* m_source;
    QLabel* m_claimsNote;
};

} // namespace sotto::app
