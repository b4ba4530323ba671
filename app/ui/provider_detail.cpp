// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/provider_detail.h"

#include "core/texts.h"
#include "models/provider_tests.h"
#include "ui/labels.h"
#include "ui/test_report_view.h"
#include "ui/theme.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QPushButton>
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
    m_column->addWidget(makeHead(content));
    m_description = plainLabel(QStringLiteral("detailDescription"), TextRole::Body, content);
    m_facts = new QWidget(content);
    m_form = new QGridLayout(m_facts);
    m_form->setContentsMargins(0, kSpace, 0, 0);
    m_form->setHorizontalSpacing(kSpace * 2);
    m_form->setVerticalSpacing(kSpace);
    m_form->setColumnStretch(1, 1);
    m_now = addRow(QStringLiteral("detailNow"), tr("Now"));
    m_lastError = addRow(QStringLiteral("detailLastError"), tr("Last error"));
    m_serviceError = addRow(QStringLiteral("detailServiceError"), tr("In full"));
    m_warning = addRow(QStringLiteral("detailWarning"), tr("Warning"));
    m_connections = addRow(QStringLiteral("detailConnections"), tr("Connections"));
    m_resumption = addRow(QStringLiteral("detailResumption"), tr("Last connection"));
    m_median = addRow(QStringLiteral("detailMedian"), tr("Median"));
    m_route = addRow(QStringLiteral("detailRoute"), tr("Only for"));
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
    m_report = new TestReportView(content);
    m_column->addWidget(m_description);
    m_column->addWidget(makeWarning(content));
    m_column->addWidget(m_report);
    m_column->addWidget(m_facts);
    m_column->addWidget(m_claimsNote);
    m_column->addStretch(1);
}

QWidget* ProviderDetail::makeHead(QWidget* content) {
    auto* head = new QWidget(content);
    m_name = plainLabel(QStringLiteral("detailName"), TextRole::Heading, head);
    m_name->setWordWrap(true);
    m_test = new QPushButton(tr("Test"), head);
    m_test->setObjectName(QStringLiteral("testProviderButton"));
    connect(m_test, &QPushButton::clicked, this, &ProviderDetail::testRequested);
    auto* layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kSpace);
    layout->addWidget(m_name, 1, Qt::AlignVCenter);
    layout->addWidget(m_test, 0, Qt::AlignTop);
    return head;
}

QWidget* ProviderDetail::makeWarning(QWidget* content) {
    m_unencryptedRow = new QWidget(content);
    m_unencrypted =
        plainLabel(QStringLiteral("detailUnencrypted"), TextRole::Body, m_unencryptedRow);
    auto* layout = new QHBoxLayout(m_unencryptedRow);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kSpace);
    layout->addWidget(
        new IconLabel(QStringLiteral("warning"), IconLabel::Tint::Warning, 20, m_unencryptedRow), 0,
        Qt::AlignTop);
    layout->addWidget(m_unencrypted, 1);
    m_unencryptedRow->hide();
    return m_unencryptedRow;
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

void ProviderDetail::showLive(const ProviderLive& live) {
    QString now;
    QString connections;
    QString resumption;
    if (live.inUse) {
        now = upstreamStateText(live.state);
        const bool failing = live.state == protocol::UpstreamState::Failing;
        if (live.rttMillis > 0 && !failing)
            now += QStringLiteral(", ") + durationText(live.rttMillis);
        if (!live.tlsVersion.isEmpty() && !failing)
            now += QStringLiteral(", ") + tlsVersionText(live.tlsVersion);
        if (live.openConnections > 0 || live.inFlight > 0)
            connections = tr("%1 open, %2 waiting", "connections; questions on their way")
                              .arg(countText(live.openConnections), countText(live.inFlight));
        if (live.encrypted && !live.tlsVersion.isEmpty())
            resumption = live.earlyData ? tr("Resumed, with early data")
                         : live.resumed ? tr("Resumed with a ticket")
                                        : tr("Full handshake");
        if (live.idleLimitSeconds > 0 && !connections.isEmpty())
            connections += QStringLiteral(", ") +
                           tr("kept %1 when idle").arg(durationText(live.idleLimitSeconds * 1000));
    }
    setRow(m_now, now);
    setRow(m_lastError, live.error);
    setRow(m_serviceError, live.serviceError == live.error ? QString() : live.serviceError);
    setRow(m_warning, live.warning);
    setRow(m_connections, connections);
    setRow(m_resumption, resumption);
    setRow(m_median, live.medianMillis > 0 ? durationText(live.medianMillis) : QString());
    setRow(m_route, live.route);
    QString unencrypted;
    if (live.inUse && !live.encrypted)
        unencrypted = tr("Unencrypted: everybody on the way can read and change what it is asked.");
    else if (live.lookedUpUnencrypted)
        unencrypted = tr("Its own name was looked up unencrypted (bootstrap). What it is asked is "
                         "encrypted, and it is verified.");
    m_unencrypted->setText(unencrypted);
    m_unencryptedRow->setVisible(!unencrypted.isEmpty());
}

void ProviderDetail::showClaims(const protocol::Provider& provider, bool own) {
    const auto claim = [own](const std::optional<bool>& value, const QString& yes,
                             const QString& no) {
        return own ? QString() : claimText(value, yes, no);
    };
    setRow(m_filter, own ? QString() : filterText(provider.filter));
    setRow(m_country, countryText(provider.country));
    setRow(m_dnssec,
           claim(provider.dnssec, tr("Checks signatures"), tr("Does not check signatures")));
    setRow(m_noLog, claim(provider.noLog, tr("Keeps none"), tr("Keeps some")));
    setRow(m_ecs, claim(provider.ecs, tr("Passes a part of your address on"), tr("Not passed on")));
    setRow(m_source, own ? QString()
                     : provider.confirmed
                         ? tr("Name and address stand together in a published source")
                         : tr("Name and address come from different sources; a wrong pair would "
                              "fail, not leak"));
    m_claimsNote->setVisible(!own);
}

void ProviderDetail::show(const protocol::Provider& provider, const ProviderLive& live, bool own) {
    m_facts->show();
    m_name->setText(provider.name);
    m_test->show();
    m_test->setAccessibleName(tr("Test %1", "a provider").arg(provider.name));
    m_description->setText(own ? tr("A server of your own.") : provider.description);
    m_description->setVisible(!m_description->text().isEmpty());
    showLive(live);
    showClaims(provider, own);
    setRow(m_tlsName, provider.tlsName);
    QStringList addresses = provider.ipv4 + provider.ipv6;
    if (addresses.isEmpty())
        addresses = live.lookedUp;
    if (provider.port != 853)
        addresses.append(tr("Port %1").arg(provider.port));
    setRow(m_addresses, addresses.join(QLatin1Char('\n')));
    setRow(m_website, provider.website);
}

void ProviderDetail::setTestBlocked(const QString& reason) {
    m_test->setEnabled(reason.isEmpty());
    const QString hint =
        reason.isEmpty()
            ? tr("Measures what this provider can do, on connections of its own (Ctrl+T)")
            : reason;
    m_test->setToolTip(hint);
    m_test->setAccessibleDescription(hint);
}

/// The button stays usable while a test runs, so that the keyboard's place is not lost; another
/// click does nothing then.
void ProviderDetail::showTest(const ProviderTestRun* run) {
    m_test->setText(run && run->running ? tr("Testing …") : tr("Test"));
    m_report->show(run);
}

void ProviderDetail::showNothing(const QString& text) {
    m_facts->hide();
    m_claimsNote->hide();
    m_unencryptedRow->hide();
    m_test->hide();
    m_report->show(nullptr);
    m_name->setText(text);
    m_description->hide();
}

} // namespace sotto::app
