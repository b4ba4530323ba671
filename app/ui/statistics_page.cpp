// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/statistics_page.h"

#include "core/texts.h"
#include "ui/labels.h"
#include "ui/meters.h"
#include "ui/theme.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace sotto::app {

namespace {

constexpr int kPollMillis = 1000;
const QString kUnknown = QStringLiteral("—");

/// An internationalised name as DNS knows it (RFC 5890 §2.3.2.1); every other one as it is, for
/// the service to judge.
QString asciiName(const QString& name) {
    const bool plain =
        std::all_of(name.begin(), name.end(), [](QChar letter) { return letter.unicode() < 0x80; });
    const QByteArray ascii = plain ? QByteArray() : QUrl::toAce(name);
    return ascii.isEmpty() ? name : QString::fromLatin1(ascii);
}

} // namespace

StatisticsPage::StatisticsPage(ServiceConnection& connection, QWidget* parent)
    : Page(parent)
    , m_connection(connection) {
    setObjectName(QStringLiteral("statisticsPage"));
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("statisticsScroll"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* content = new QWidget(scroll);
    scroll->setWidget(content);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);

    auto* groups = new QGridLayout;
    groups->setSpacing(kSpace * 2);
    groups->addWidget(makeGroup(QStringLiteral("questionsGroup"), tr("Questions"),
                                {{"queries", tr("All"), {}},
                                 {"queriesUdp", tr("Over UDP"), {}},
                                 {"queriesTcp", tr("Over TCP"), {}},
                                 {"malformed", tr("Malformed"),
                                  tr("Dropped, or answered that they make no sense")},
                                 {"logDropped", tr("Missing in the log"),
                                  tr("The log lets entries go before it slows an answer down")},
                                 {"uptime", tr("Running for"), {}}}),
                      0, 0);
    groups->addWidget(makeGroup(QStringLiteral("answersGroup"), tr("Answers"),
                                {{"cacheHits", tr("From memory"), {}},
                                 {"cacheMisses", tr("Had to be asked for"), {}},
                                 {"coalesced", tr("Joined one under way"),
                                  tr("The same question was already on its way to a provider")},
                                 {"refused", tr("Refused while off"), {}},
                                 {"failed", tr("Failed"), tr("No provider gave a usable answer")},
                                 {"truncated", tr("Cut, to be asked over TCP"), {}}}),
                      0, 1);
    groups->addWidget(makeGroup(QStringLiteral("upstreamGroup"), tr("Providers"),
                                {{"upstreamQueries", tr("Questions sent"),
                                  tr("Repeated ones are counted each time")},
                                 {"upstreamFailures", tr("Attempts that failed"), {}}}),
                      0, 2);
    for (int column = 0; column < 3; ++column)
        groups->setColumnStretch(column, 1);

    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(kSpace * 3, kSpace * 2, kSpace * 3, kSpace * 3);
    layout->setSpacing(kSpace * 2);
    layout->addWidget(
        plainLabel(QStringLiteral("statisticsTitle"), TextRole::Title, content, tr("Statistics")));
    layout->addWidget(makeCache());
    layout->addLayout(groups);
    layout->addWidget(makeTimes());
    layout->addStretch(1);

    m_poll.setObjectName(QStringLiteral("statisticsPoll"));
    m_poll.setInterval(kPollMillis);
    connect(&m_poll, &QTimer::timeout, this, [this] {
        if (!window()->isMinimized())
            m_connection.fetchStatistics();
    });
    connect(&connection, &ServiceConnection::linkChanged, this, &StatisticsPage::linkChanged);
    connect(&connection, &ServiceConnection::statisticsReceived, this, &StatisticsPage::take);
    connect(&connection, &ServiceConnection::flushed, this,
            [this](const QString& name, qint64 removed) {
                const int count = static_cast<int>(removed);
                if (name.isEmpty())
                    emit done(tr("Forgot %n cached answer(s).", nullptr, count));
                else if (removed == 0)
                    emit done(tr("No answer for %1 was kept.").arg(name));
                else
                    emit done(tr("Forgot %n cached answer(s) for %1.", nullptr, count).arg(name));
            });
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

QWidget* StatisticsPage::makeCache() {
    QFrame* box = card(QStringLiteral("cacheCard"), this);
    m_fill = new FillBar(box);
    m_fill->setObjectName(QStringLiteral("cacheFill"));
    m_fill->setAccessibleName(tr("How full the cache is"));
    m_fillText = plainLabel(QStringLiteral("cacheFillText"), TextRole::Muted, box, kUnknown);
    m_fillText->setAccessibleDescription(tr("How full the cache is"));
    m_name = new QLineEdit(box);
    m_name->setObjectName(QStringLiteral("flushName"));
    m_name->setPlaceholderText(tr("Forget one name, e.g. example.com"));
    m_name->setAccessibleName(tr("Name to forget"));
    m_name->setMaxLength(1024);
    m_name->setClearButtonEnabled(true);
    m_flushName = new QPushButton(tr("Forget"), box);
    m_flushName->setObjectName(QStringLiteral("flushNameButton"));
    m_flushName->setAccessibleDescription(tr("Forgets the cached answers for this name"));
    m_flushAll = new QPushButton(tr("Forget all cached answers"), box);
    m_flushAll->setObjectName(QStringLiteral("flushAllButton"));
    m_flushAll->setAccessibleDescription(
        tr("The next question for each name goes to a provider again"));
    connect(m_name, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_flushName->setEnabled(m_connection.mayChange() && !text.trimmed().isEmpty());
    });
    connect(m_name, &QLineEdit::returnPressed, m_flushName, &QPushButton::click);
    connect(m_flushName, &QPushButton::clicked, this, &StatisticsPage::forget);
    connect(m_flushAll, &QPushButton::clicked, this, [this] { m_connection.flush(std::nullopt); });

    auto* actions = new QHBoxLayout;
    actions->setSpacing(kSpace);
    actions->addWidget(m_name, 1);
    actions->addWidget(m_flushName);
    actions->addSpacing(kSpace * 2);
    actions->addWidget(m_flushAll);
    auto* head = new QHBoxLayout;
    head->addWidget(plainLabel(QStringLiteral("cacheTitle"), TextRole::Heading, box,
                               tr("Memory of answers (cache)")));
    head->addStretch(1);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(kSpace * 2, kSpace * 2, kSpace * 2, kSpace * 2);
    layout->setSpacing(kSpace);
    layout->addLayout(head);
    layout->addWidget(m_fill);
    auto* figures = new QHBoxLayout;
    figures->setSpacing(kSpace);
    figures->addWidget(m_fillText, 1);
    QLabel* pushedOut = plainLabel(QStringLiteral("cacheEvictionsTitle"), TextRole::Muted, box,
                                   tr("Pushed out of memory"));
    pushedOut->setWordWrap(false);
    pushedOut->setToolTip(tr("Forgotten early because the cache was full"));
    figures->addWidget(pushedOut);
    QLabel* evictions =
        plainLabel(QStringLiteral("cacheEvictionsCount"), TextRole::Body, box, kUnknown);
    evictions->setWordWrap(false);
    evictions->setAccessibleDescription(tr("Pushed out of memory"));
    m_values.insert("cacheEvictions", evictions);
    figures->addWidget(evictions);
    layout->addLayout(figures);
    layout->addSpacing(kSpace / 2);
    layout->addLayout(actions);
    return box;
}

void StatisticsPage::forget() {
    const QString name = m_name->text().trimmed();
    if (!name.isEmpty())
        m_connection.flush(asciiName(name));
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
    set("cacheEvictions", countText(s.cacheEvictions));
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
    m_fill->setShare(s.cacheCapacityBytes > 0 ? static_cast<double>(s.cacheBytes) /
                                                    static_cast<double>(s.cacheCapacityBytes)
                                              : 0);
    m_fillText->setText(tr("%n answer(s) kept, %1 of %2", nullptr, static_cast<int>(s.cacheEntries))
                            .arg(bytesText(s.cacheBytes), bytesText(s.cacheCapacityBytes)));
}

void StatisticsPage::linkChanged() {
    m_shown = false;
    for (QLabel* value : std::as_const(m_values))
        value->setText(kUnknown);
    m_hits->setCounts({});
    m_misses->setCounts({});
    m_hitText->setText(kUnknown);
    m_missText->setText(kUnknown);
    m_fill->setShare(0);
    m_fillText->setText(kUnknown);
    const bool may = m_connection.mayChange();
    const QString reason =
        m_connection.isReady() && !may ? tr("This account may not change Sotto.") : QString();
    m_name->setEnabled(may);
    m_flushAll->setEnabled(may);
    m_flushName->setEnabled(may && !m_name->text().trimmed().isEmpty());
    for (QWidget* control : QList<QWidget*>{m_name, m_flushAll, m_flushName})
        control->setToolTip(reason);
    if (isVisible())
        m_connection.fetchStatistics();
}

void StatisticsPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    m_connection.fetchStatistics();
    m_poll.start();
}

void StatisticsPage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    m_poll.stop();
}

} // namespace sotto::app
