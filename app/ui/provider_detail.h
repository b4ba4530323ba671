// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/provider_live.h"
#include "protocol/messages.h"

#include <QScrollArea>

class QGridLayout;
class QLabel;
class QVBoxLayout;

namespace sotto::app {

/// All that is known of one provider: what it does, what it claims (marked as claims), where its
/// servers are, and how it does now where it is in use.
class ProviderDetail : public QScrollArea {
    Q_OBJECT

public:
    explicit ProviderDetail(QWidget* parent);

    void show(const protocol::Provider& provider, const ProviderLive& live);
    void showNothing(const QString& text);

private:
    QLabel* addRow(const QString& objectName, const QString& title);
    void setRow(QLabel* value, const QString& text);

    QVBoxLayout* m_column;
    QLabel* m_name;
    QLabel* m_description;
    QWidget* m_facts;
    QGridLayout* m_form;
    QLabel* m_now;
    QLabel* m_lastError;
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
