// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/statistics_page.h"

#include "core/texts.h"
#include "models/type_shares.h"
#include "ui/ask_first.h"
#include "ui/cache_card.h"
#include "ui/labels.h"
#include "ui/meters.h"
#include "ui/share_bars.h"
#include "ui/theme.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

namespace sotto::app {

namespace {

constexpr int kPollMillis = 1000;
constexpr int kTypesShown = 5;
constexpr int kMetersBesideFrom = 900;
constexpr int kMargins = 6 * kSpace; ///< left and right together
const QString kUnknown = QStringLiteral("—");

} // namespace

StatisticsPage::StatisticsPage(ServiceConnection& connection, QWidget* parent)
    : Page(parent)
    , m_connection(connection) {
    setObjectName(QStringLiteral("statisticsPage"));
    m_scroll = new QScrollArea(this);
    m_scroll->setObjectName(QStringLiteral("statisticsScroll"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    auto* content = new QWidget(m_scroll);
    m_scroll->setWidget(content);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_scroll);

    m_grid = new QGridLayout;
    m_grid->setSpacing(kSpace * 2);
    m_groups.append(makeGroup(
        QStringLiteral("questionsGroup"), tr("Questions"),
        {{"queries", tr("All"), {}},
         {"queriesUdp", tr("Over UDP"), {}},
         {"queriesTcp", tr("Over TCP"), {}},
         {"malformed", tr("Malformed"), tr("Dropped, or answered that they make no sense")},
         {"logDropped", tr("Missing in the log"),
          tr("The log lets entries go before it slows an answer down")},
         {"uptime", tr("Running for"), {}}}));
    m_groups.append(makeGroup(QStringLiteral("answersGroup"), tr("Answers"),
                              {{"cacheHits", tr("From memory"), {}},
                               {"staleAnswers", tr("Of these, expired ones"),
                                tr("Answers past their time, given as the settings allow")},
                               {"cacheMisses", tr("Had to be asked for"), {}},
                               {"coalesced", tr("Joined one under way"),
                                tr("The same question was already on its way to a provider")},
                               {"localAnswers", tr("By Sotto itself"),
                                tr("Special names such as localhost, which no provider knows")},
                               {"refused", tr("Refused while off"), {}},
                               {"failed", tr("Failed"), tr("No provider gave a usable answer")},
                               {"truncated", tr("Cut, to be asked over TCP"), {}}}));
    m_groups.append(makeGroup(
        QStringLiteral("upstreamGroup"), tr("Providers"),
        {{"upstreamQueries", tr("Questions sent"), tr("Repeated ones are counted each time")},
         {"prefetches", tr("Asked anew"),
          tr("For the memory, while nobody waited: before an answer expired, or "
             "behind an expired one that was given")},
         {"upstreamFailures", tr("Attempts that failed"), {}}}));

    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(kMargins / 2, kSpace * 2, kMargins / 2, kSpace * 3);
    layout->setSpacing(kSpace * 2);
    layout->addWidget(
        plainLabel(QStringLiteral("statisticsTitle"), TextRole::Title, content, tr("Statistics")));
    m_askFirst =
        new AskFirst(QStringLiteral("askForStatistics"),
                     {tr("The statistics are shown once the system has asked you for a password."),
                      tr("The statistics are not shown to this account. Ask an administrator."),
                      tr("Show them")},
                     content);
    connect(m_askFirst, &AskFirst::wanted, this, [this] { m_connection.fetchStatistics(true); });
    connect(&connection, &ServiceConnection::logAccessChanged, this, &StatisticsPage::showAccess);
    layout->addWidget(m_askFirst);
    m_cache = new CacheCard(connection, content);
    layout->addWidget(m_cache);
    layout->addLayout(m_grid);
    m_meters = new QHBoxLayout;
    m_meters->setSpacing(kSpace * 2);
    m_meters->addWidget(makeTimes(), 2);
    m_meters->addWidget(makeTypes(), 1);
    layout->addLayout(m_meters);
    layout->addStretch(1);

    m_poll.setObjectName(QStringLiteral("statisticsPoll"));
    m_poll.setInterval(kPollMillis);
    connect(&m_poll, &QTimer::timeout, this, [this] {
        if (!window()->isMinimized())
            m_connection.fetchStatistics();
    });
    connect(&connection, &ServiceConnection::linkChanged, this, &StatisticsPage::linkChanged);
    connect(&connection, &ServiceConnection::statisticsReceived, this, &StatisticsPage::take);
    connect(m_cache, &CacheCard::done, this, &StatisticsPage::done);
    linkChanged();
}

QWidget* StatisticsPage::makeGroup(const QString& objectName, const QString& title,
                                   const QList<Row>& rows) {
    QFrame* group = card(objectName, this);
    auto* grid = new QGridLayout(group);
    grid->setContentsMargins(kSpace * 2, kSpace * 2, kSpace * 2, kSpace * 2);
    grid->setHorizontalSpacing(kSpace);
    grid->setVerticalSpacing(kSpace);
    grid->addWidget(
        plainLabel(objectName + QStringLiteral("Title"), TextRole::Heading, group, title), 0, 0, 1,
        2);
    int line = 1;
    for (const Row& row : rows) {
        const QString name = QLatin1String(row.name);
        QLabel* caption =
            plainLabel(name + QStringLiteral("Title"), TextRole::Muted, group, row.title);
        QLabel* value = plainLabel(name + QStringLiteral("Count"), TextRole::Body, group, kUnknown);
        value->setWordWrap(false);
        value->setAlignment(Qt::AlignTrailing | Qt::AlignVCenter);
        value->setAccessibleDescription(
            row.hint.isEmpty() ? row.title : row.title + QStringLiteral(": ") + row.hint);
        caption->setWordWrap(false); // so that the lines of neighbours are level
        caption->setToolTip(row.hint);
        grid->addWidget(caption, line, 0);
        grid->addWidget(value, line, 1);
        m_values.insert(row.name, value);
        ++line;
    }
    grid->setColumnStretch(0, 1);
    grid->setRowStretch(line, 1);
    return group;
}

QWidget* StatisticsPage::makeTimes() {
    QFrame* box = card(QStringLiteral("timesCard"), this);
    auto* layout = new QGridLayout(box);
    layout->setContentsMargins(kSpace * 2, kSpace * 2, kSpace * 2, kSpace);
    layout->setHorizontalSpacing(kSpace * 3);
    layout->setVerticalSpacing(kSpace / 2);
    const auto side = [&](int column, const char* name, const QString& title, Histogram*& histogram,
                          QLabel*& text) {
        const QString objectName = QLatin1String(name);
        layout->addWidget(
            plainLabel(objectName + QStringLiteral("Title"), TextRole::Heading, box, title), 0,
            column);
        text = plainLabel(objectName + QStringLiteral("Text"), TextRole::Muted, box, kUnknown);
        text->setAccessibleDescription(title);
        layout->addWidget(text, 1, column);
        histogram = new Histogram(box);
        histogram->setObjectName(objectName);
        histogram->setAccessibleName(title);
        layout->addWidget(histogram, 2, column);
        layout->setColumnStretch(column, 1);
    };
    side(0, "hitTimes", tr("Answer times from memory"), m_hits, m_hitText);
    side(1, "missTimes", tr("Answer times of providers"), m_misses, m_missText);
    return box;
}

QWidget* StatisticsPage::makeTypes() {
    QFrame* box = card(QStringLiteral("typesCard"), this);
    const QString title = tr("Questions by type");
    m_types = new ShareBars(kTypesShown + 1, box);
    m_types->setObjectName(QStringLiteral("typeShares"));
    m_types->setAccessibleName(title);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(kSpace * 2, kSpace * 2, kSpace * 2, kSpace * 2);
    layout->setSpacing(kSpace);
    layout->addWidget(plainLabel(QStringLiteral("typesTitle"), TextRole::Heading, box, title));
    layout->addWidget(m_types);
    layout->addStretch(1);
    return box;
}

void StatisticsPage::set(const char* name, const QString& text) {
    m_values.value(name)->setText(text);
}

void StatisticsPage::take(const protocol::Statistics& s) {
    m_shown = true;
    set("queries", countText(s.queries));
    set("queriesUdp", countText(s.queriesUdp));
    set("queriesTcp", countText(s.queriesTcp));
    set("malformed", countText(s.malformed));
    set("uptime", uptimeText(s.uptimeSeconds));
    set("cacheHits", countText(s.cacheHits));
    set("cacheMisses", countText(s.cacheMisses));
    set("coalesced", countText(s.coalesced));
    set("refused", countText(s.refused));
    set("failed", countText(s.failed));
    set("truncated", countText(s.truncated));
    set("upstreamQueries", countText(s.upstreamQueries));
    set("upstreamFailures", countText(s.upstreamFailures));
    set("staleAnswers", countText(s.staleAnswers));
    set("localAnswers", countText(s.localAnswers));
    set("prefetches", countText(s.prefetches));
    set("logDropped", countText(s.logDropped));
    m_hits->setCounts(s.hitTimes);
    m_misses->setCounts(s.missTimes);
    const auto times = [](double median, double p99) {
        return tr("Half within %1, 99 of 100 within %2")
            .arg(durationText(median), durationText(p99));
    };
    m_hitText->setText(s.hitMedianMillis > 0 ? times(s.hitMedianMillis, s.hitP99Millis) : kUnknown);
    m_missText->setText(s.missMedianMillis > 0 ? times(s.missMedianMillis, s.missP99Millis)
                                               : kUnknown);
    m_types->setShares(topTypes(s.queriesByType, kTypesShown));
    m_cache->take(s);
    arrangeGroups();
}

void StatisticsPage::linkChanged() {
    m_shown = false;
    for (QLabel* value : std::as_const(m_values))
        value->setText(kUnknown);
    m_hits->setCounts({});
    m_misses->setCounts({});
    m_hitText->setText(kUnknown);
    m_missText->setText(kUnknown);
    m_types->setShares({});
    m_cache->reset();
    showAccess();
    if (isVisible())
        m_connection.fetchStatistics();
}

void StatisticsPage::showAccess() {
    m_askFirst->show(m_connection.readingLog(), m_connection.isReady());
}

void StatisticsPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    m_connection.fetchStatistics();
    m_poll.start();
}

void StatisticsPage::arrangeGroups() {
    int widest = 0;
    for (const QWidget* group : std::as_const(m_groups))
        widest = std::max(widest, group->sizeHint().width());
    const int gap = m_grid->horizontalSpacing();
    const int room = width() - kMargins - m_scroll->verticalScrollBar()->sizeHint().width();
    const int all = static_cast<int>(m_groups.size());
    const int columns = std::clamp((room + gap) / (widest + gap), 1, all);
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (int i = 0; i < all; ++i) {
        // The last one fills its line.
        const int spanned = i + 1 == all ? columns - i % columns : 1;
        m_grid->addWidget(m_groups.at(i), i / columns, i % columns, 1, spanned);
        m_grid->setColumnStretch(i, i < columns ? 1 : 0);
    }
}

void StatisticsPage::resizeEvent(QResizeEvent* event) {
    Page::resizeEvent(event);
    arrangeGroups();
    m_meters->setDirection(width() < kMetersBesideFrom ? QBoxLayout::TopToBottom
                                                       : QBoxLayout::LeftToRight);
}

void StatisticsPage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    m_poll.stop();
}

} // namespace sotto::app
