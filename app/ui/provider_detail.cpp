// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provider_detail.h"

#include "core/texts.h"
#include "ui/labels.h"
#include "ui/theme.h"

#include <QGridLayout>
#include <QVBoxLayout>

namespace sotto::app {

namespace {

QString claimText(const std::optional<bool>& claim, const QString& yes, const QString& no) {
    return !claim ? ProviderDetail::tr("Says nothing about it") : *claim ? yes : no;
}

} // namespace

ProviderDetail::ProviderDetail(QWidget* parent)
    : QScrollArea(parent) {
    setObjectName(QStringLiteral("providerDetail"));
    setAccessibleName(tr("About this provider"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    QFrame* content = card(QStringLiteral("providerDetailCard"), this);
    setWidget(content);
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(kSpace * 2, kSpace * 2, kSpace * 2, kSpace * 2);
    m_column->setSpacing(kSpace);
    m_name = plainLabel(QStringLiteral("detailName"), TextRole::Heading, content);
    m_name->setWordWrap(true);
    m_description = plainLabel(QStringLiteral("detailDescription"), TextRole::Body, content);
    m_facts = new QWidget(content);
    m_form = new QGridLayout(m_facts);
    m_form->setContentsMargins(0, kSpace, 0, 0);
    m_form->setHorizontalSpacing(kSpace * 2);
    m_form->setVerticalSpacing(kSpace);
    m_form->setColumnStretch(1, 1);
    m_now = addRow(QStringLiteral("detailNow"), tr("Now"));
    m_lastError = addRow(QStringLiteral("detailLastError"), tr("Last error"));
    m_filter = addRow(QStringLiteral("detailFilter"), tr("Filtering"));
    m_country = addRow(QStringLiteral("detailCountry"), tr("Operator in"));
    m_dnssec = addRow(QStringLiteral("detailDnssec"), tr("Claim: DNSSEC"));
    m_noLog = addRow(QStringLiteral("detailNoLog"), tr("Claim: logs"));
    m_ecs = addRow(QStringLiteral("detailEcs"), tr("Claim: your subnet"));
    m_tlsName = addRow(QStringLiteral("detailTlsName"), tr("Verified name"));
    m_addresses = addRow(QStringLiteral("detailAddresses"), tr("Addresses"));
    m_website = addRow(QStringLiteral("detailWebsite"), tr("Website"));
    m_source = addRow(QStringLiteral("detailSource"), tr("Listing"));
    m_claimsNote =
        plainLabel(QStringLiteral("detailClaimsNote"), TextRole::Muted, content,
                   tr("Claims are the operator's own words. Sotto has not checked them."));
    m_column->addWidget(m_name);
    m_column->addWidget(m_description);
    m_column->addWidget(m_facts);
    m_column->addWidget(m_claimsNote);
    m_column->addStretch(1);
}

QLabel* ProviderDetail::addRow(const QString& objectName, const QString& title) {
    QLabel* caption =
        plainLabel(objectName + QStringLiteral("Title"), TextRole::Muted, m_facts, title);
    caption->setWordWrap(false);
    QLabel* value = plainLabel(objectName, TextRole::Body, m_facts);
    value->setAccessibleDescription(title);
    makeSelectable(value);
    const int row = m_form->rowCount();
    m_form->addWidget(caption, row, 0, Qt::AlignTop);
    m_form->addWidget(value, row, 1);
    return value;
}

void ProviderDetail::setRow(QLabel* value, const QString& text) {
    value->setText(text);
    value->setVisible(!text.isEmpty());
    int row = 0;
    int column = 0;
    int span = 0;
    m_form->getItemPosition(m_form->indexOf(value), &row, &column, &span, &span);
    m_form->itemAtPosition(row, 0)->widget()->setVisible(!text.isEmpty());
}

void ProviderDetail::show(const protocol::Provider& provider, const ProviderLive& live) {
    m_facts->show();
    m_claimsNote->show();
    m_name->setText(provider.name);
    m_description->setText(provider.description);
    m_description->setVisible(!provider.description.isEmpty());
    QString now;
    if (live.inUse) {
        now = upstreamStateText(live.state);
        const bool failing = live.state == protocol::UpstreamState::Failing;
        if (live.rttMillis > 0 && !failing)
            now += QStringLiteral(", ") + durationText(live.rttMillis);
        if (!live.tlsVersion.isEmpty() && !failing)
            now += QStringLiteral(", ") + tlsVersionText(live.tlsVersion);
        if (live.failing > 0 && live.failing < live.servers)
            now += QStringLiteral(" · ") +
                   tr("%1 of %2 servers fail").arg(live.failing).arg(live.servers);
    }
    setRow(m_now, now);
    setRow(m_lastError, live.lastError);
    setRow(m_filter, filterText(provider.filter));
    setRow(m_country, countryText(provider.country));
    setRow(m_dnssec,
           claimText(provider.dnssec, tr("Checks signatures"), tr("Does not check signatures")));
    setRow(m_noLog, claimText(provider.noLog, tr("Keeps none"), tr("Keeps some")));
    setRow(m_ecs,
           claimText(provider.ecs, tr("Passes a part of your address on"), tr("Not passed on")));
    setRow(m_tlsName, provider.tlsName);
    QStringList addresses = provider.ipv4 + provider.ipv6;
    if (provider.port != 853)
        addresses.append(tr("Port %1").arg(provider.port));
    setRow(m_addresses, addresses.join(QLatin1Char('\n')));
    setRow(m_website, provider.website);
    setRow(m_source, provider.confirmed
                         ? tr("Name and address stand together in a published source")
                         : tr("Name and address come from different sources; a wrong pair would "
                              "fail, not leak"));
}

void ProviderDetail::showNothing(const QString& text) {
    m_facts->hide();
    m_claimsNote->hide();
    m_name->setText(text);
    m_description->hide();
}

} // namespace sotto::app
