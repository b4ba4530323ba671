// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/overview_page.h"

#include "core/texts.h"
#include "ui/ask_first.h"
#include "ui/coverage_card.h"
#include "ui/hero_card.h"
#include "ui/labels.h"
#include "ui/meters.h"
#include "ui/theme.h"
#include "ui/upstream_line.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLocale>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace sotto::app {

namespace {

constexpr int kPollMillis = 1000;
constexpr int kFourTilesFrom = 560;
constexpr int kTallestCard = 288;
const QString kUnknown = QStringLiteral("—");

} // namespace

OverviewPage::OverviewPage(ServiceConnection& connection, ForwardingSwitch& forwarding,
                           QWidget* parent)
    : Page(parent)
    , m_connection(connection) {
    setObjectName(QStringLiteral("overviewPage"));
    m_clock.start();

    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("overviewScroll"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* content = new QWidget(scroll);
    scroll->setWidget(content);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);

    m_hero = new HeroCard(connection, forwarding, content);
    m_coverage = new CoverageCard(content);
    m_askFirst = new AskFirst(
        QStringLiteral("askForFigures"),
        {tr("The figures below are shown once the system has asked you for a password."),
         tr("The figures below are not shown to this account. Ask an administrator."),
         tr("Show them")},
        content);
    connect(m_askFirst, &AskFirst::wanted, this, [this] { m_connection.fetchStatistics(true); });

    m_upstreamCard = card(QStringLiteral("upstreamCard"), content);
    auto* upstreamLayout = new QVBoxLayout(m_upstreamCard);
    upstreamLayout->setContentsMargins(kSpace * 2, kSpace * 2, kSpace * 2, kSpace * 2);
    upstreamLayout->setSpacing(kSpace);
    m_upstreamTitle =
        plainLabel(QStringLiteral("upstreamTitle"), TextRole::Heading, m_upstreamCard);
    upstreamLayout->addWidget(m_upstreamTitle);
    m_upstreamList = new QWidget(m_upstreamCard);
    m_upstreamList->setObjectName(QStringLiteral("upstreamList"));
    m_upstreams = new QVBoxLayout(m_upstreamList);
    m_upstreams->setContentsMargins(0, 0, 0, 0);
    m_upstreams->setSpacing(kSpace);
    m_noUpstreams = plainLabel(QStringLiteral("noUpstreams"), TextRole::Muted, m_upstreamList,
                               tr("None is chosen."));
    m_upstreams->addWidget(m_noUpstreams);
    upstreamLayout->addWidget(m_upstreamList);
    upstreamLayout->addStretch(1);

    auto* rateCard = card(QStringLiteral("rateCard"), content);
    auto* rateLayout = new QVBoxLayout(rateCard);
    rateLayout->setContentsMargins(kSpace * 2, kSpace * 2, kSpace * 2, kSpace);
    rateLayout->setSpacing(kSpace);
    auto* rateHead = new QHBoxLayout;
    rateHead->addWidget(plainLabel(QStringLiteral("rateTitle"), TextRole::Heading, rateCard,
                                   tr("Queries a second")));
    rateHead->addStretch(1);
    m_rate = plainLabel(QStringLiteral("rateNow"), TextRole::Heading, rateCard, kUnknown);
    m_rate->setAccessibleDescription(tr("Queries a second now"));
    rateHead->addWidget(m_rate);
    rateLayout->addLayout(rateHead);
    m_sparkline = new Sparkline(m_history, rateCard);
    m_sparkline->setObjectName(QStringLiteral("sparkline"));
    m_sparkline->setAccessibleName(tr("Queries a second over the last two minutes"));
    rateLayout->addWidget(m_sparkline, 1);

    rateCard->setMaximumHeight(kTallestCard);
    auto* lower = new QHBoxLayout;
    lower->setSpacing(kSpace * 2);
    for (QWidget* lowerCard : {m_upstreamCard, rateCard}) {
        auto* column = new QVBoxLayout; // keeps it at the top beside a taller card
        column->addWidget(lowerCard, 1);
        column->addStretch(0);
        lower->addLayout(column, 1);
    }

    m_footnote = plainLabel(QStringLiteral("footnote"), TextRole::Muted, content);
    m_footnote->hide();

    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(kSpace * 3, kSpace * 3, kSpace * 3, kSpace * 3);
    layout->setSpacing(kSpace * 2);
    layout->addWidget(m_hero);
    layout->addWidget(m_coverage);
    layout->addWidget(m_askFirst);
    layout->addWidget(makeTiles());
    layout->addLayout(lower, 1);
    layout->addWidget(m_footnote);
    layout->addStretch(0);

    m_poll.setObjectName(QStringLiteral("overviewPoll"));
    m_poll.setInterval(kPollMillis);
    connect(&m_poll, &QTimer::timeout, this, [this] {
        if (!window()->isMinimized())
            m_connection.fetchStatistics();
    });
    connect(&connection, &ServiceConnection::statusChanged, this, [this] {
        if (isVisible()) // else showEvent() catches up
            refresh();
    });
    connect(&connection, &ServiceConnection::pendingChanged, this, &OverviewPage::refresh);
    connect(&forwarding, &ForwardingSwitch::changed, this, &OverviewPage::refresh);
    connect(&connection, &ServiceConnection::logAccessChanged, this, &OverviewPage::showAccess);
    connect(&connection, &ServiceConnection::linkChanged, this, [this] {
        forgetFigures();
        refresh();
        if (isVisible())
            m_connection.fetchStatistics();
    });
    connect(&connection, &ServiceConnection::statisticsReceived, this,
            &OverviewPage::takeStatistics);
    connect(&Theme::instance(), &Theme::changed, this, &OverviewPage::refresh);
    forgetFigures();
    refresh();
}

QWidget* OverviewPage::makeTile(const QString& name, const QString& title, const QString& hint,
                                QLabel*& value) {
    auto* tile = card(name + QStringLiteral("Tile"), this);
    auto* layout = new QVBoxLayout(tile);
    layout->setContentsMargins(kSpace * 2, kSpace * 1.5, kSpace * 2, kSpace * 1.5);
    layout->setSpacing(2);
    value = plainLabel(name, TextRole::Value, tile, kUnknown);
    value->setAccessibleDescription(title);
    layout->addWidget(value);
    QLabel* caption = plainLabel(name + QStringLiteral("Title"), TextRole::Muted, tile, title);
    layout->addWidget(caption);
    tile->setToolTip(hint);
    m_tileCards.append(tile);
    return tile;
}

QWidget* OverviewPage::makeTiles() {
    auto* box = new QWidget(this);
    m_tiles = new QGridLayout(box);
    m_tiles->setContentsMargins(0, 0, 0, 0);
    m_tiles->setSpacing(kSpace * 2);
    makeTile(QStringLiteral("queriesValue"), tr("Queries"),
             tr("Questions since the service started"), m_queries);
    makeTile(QStringLiteral("hitRateValue"), tr("From memory"),
             tr("Share of questions that were answered from the cache"), m_hitRate);
    makeTile(QStringLiteral("hitTimeValue"), tr("Cached answer"),
             tr("Half of the answers from the cache took no longer than this"), m_hitTime);
    makeTile(QStringLiteral("missTimeValue"), tr("Provider's answer"),
             tr("Half of the answers from a provider took no longer than this"), m_missTime);
    arrange();
    return box;
}

void OverviewPage::arrange() {
    const int columns = width() >= kFourTilesFrom ? 4 : 2;
    for (int i = 0; i < m_tileCards.size(); ++i)
        m_tiles->addWidget(m_tileCards.at(i), i / columns, i % columns);
    for (int column = 0; column < 4; ++column)
        m_tiles->setColumnStretch(column, column < columns ? 1 : 0);
}

void OverviewPage::resizeEvent(QResizeEvent* event) {
    Page::resizeEvent(event);
    arrange();
    QMetaObject::invokeMethod(this, &OverviewPage::fitUpstreams, Qt::QueuedConnection);
}

void OverviewPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    refresh();
    m_connection.fetchStatistics();
    m_poll.start();
}

void OverviewPage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    m_poll.stop();
}

void OverviewPage::refresh() {
    m_hero->refresh();
    const auto& status = m_connection.status();
    m_coverage->show(status.value_or(protocol::Status{}));
    m_upstreamTitle->setText(status && !status->enabled ? tr("Chosen providers")
                                                        : tr("Providers in use"));
    showAccess();
    showUpstreams();
}

void OverviewPage::showAccess() {
    m_askFirst->show(m_connection.readingLog(), m_connection.isReady());
}

void OverviewPage::showUpstreams() {
    const QList<UpstreamRow> rows = m_connection.status()
                                        ? upstreamRows(m_connection.status()->upstreams)
                                        : QList<UpstreamRow>();
    while (m_lines.size() > rows.size())
        delete m_lines.takeLast();
    while (m_lines.size() < rows.size()) {
        auto* line = new UpstreamLine(static_cast<int>(m_lines.size()), m_upstreamList);
        m_upstreams->addWidget(line);
        m_lines.append(line);
    }
    for (int i = 0; i < rows.size(); ++i)
        m_lines.at(i)->show(rows.at(i));
    m_noUpstreams->setVisible(rows.isEmpty());
    // once the layouts have taken the new texts in
    QMetaObject::invokeMethod(this, &OverviewPage::fitUpstreams, Qt::QueuedConnection);
}

/// No taller than the card beside it, unless there is more to say.
void OverviewPage::fitUpstreams() {
    if (!isVisible())
        return;
    m_upstreamCard->layout()->activate();
    const int wanted = m_upstreamCard->heightForWidth(m_upstreamCard->width());
    m_upstreamCard->setMaximumHeight(std::max(kTallestCard, wanted));
}

void OverviewPage::takeStatistics(const protocol::Statistics& statistics) {
    const bool answered = statistics.cacheHits + statistics.cacheMisses > 0;
    m_queries->setText(countText(statistics.queries));
    m_hitRate->setText(answered ? shareText(statistics.hitRate()) : kUnknown);
    m_hitTime->setText(durationText(statistics.hitMedianMillis));
    m_missTime->setText(durationText(statistics.missMedianMillis));
    m_history.add(m_clock.elapsed(), statistics.queries);
    const std::optional<double> rate = m_history.latest();
    m_rate->setText(rate ? QLocale().toString(*rate, 'f', *rate < 10 ? 1 : 0) : kUnknown);
    m_sparkline->update();
}

void OverviewPage::forgetFigures() {
    for (QLabel* value : {m_queries, m_hitRate, m_hitTime, m_missTime, m_rate})
        value->setText(kUnknown);
    m_history.clear();
    m_sparkline->update();
}

void OverviewPage::setFootnote(const QString& text) {
    m_footnote->setText(text);
    m_footnote->setVisible(!text.isEmpty());
}

bool OverviewPage::isSettled() const {
    return m_connection.isReady() && (m_history.points().size() >= 3 ||
                                      m_connection.readingLog() != protocol::Permission::Yes);
}

} // namespace sotto::app
