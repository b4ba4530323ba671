// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/log_page.h"

#include "core/texts.h"
#include "ui/ask_first.h"
#include "ui/icons.h"
#include "ui/labels.h"
#include "ui/log_delegate.h"
#include "ui/query_detail.h"
#include "ui/search_field.h"
#include "ui/theme.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace sotto::app {

namespace {

constexpr int kSearchDelayMillis = 150;
constexpr int kClientShownFrom = 800;
constexpr int kLeastTable = 96;
constexpr int kDetailShare = 35; ///< per cent of the page's height, at most
constexpr std::array kSources{protocol::AnswerSource::Cache,    protocol::AnswerSource::Stale,
                              protocol::AnswerSource::Upstream, protocol::AnswerSource::Coalesced,
                              protocol::AnswerSource::Local,    protocol::AnswerSource::Failed};

} // namespace

LogPage::LogPage(ServiceConnection& connection, Preferences& preferences, QWidget* parent)
    : Page(parent)
    , m_connection(connection)
    , m_preferences(preferences)
    , m_follow(preferences.followLog()) {
    setObjectName(QStringLiteral("logPage"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kSpace * 3, kSpace * 2, kSpace * 3, kSpace * 2);
    layout->setSpacing(kSpace * 1.5);
    layout->addWidget(makeHead());
    layout->addWidget(makeFilters());
    m_askFirst = new AskFirst(
        QStringLiteral("askForLog"),
        {tr("The query log is shown once the system has asked you for a password."),
         tr("The query log is not shown to this account. Ask an administrator."), tr("Show it")},
        this);
    layout->addWidget(m_askFirst);
    layout->addWidget(makeTable(), 1);
    m_detail = new QueryDetail(this);
    layout->addWidget(m_detail);

    m_searchDelay.setSingleShot(true);
    m_searchDelay.setInterval(kSearchDelayMillis);
    connect(&m_searchDelay, &QTimer::timeout, this, &LogPage::refilter);
    connect(&connection, &ServiceConnection::linkChanged, this, &LogPage::linkChanged);
    connect(&connection, &ServiceConnection::statusChanged, this, &LogPage::showCounts);
    connect(&connection, &ServiceConnection::logReceived, this,
            [this](const protocol::LogBatch& batch) {
                if (!m_subscribed) { // granted after the page was left
                    m_connection.unsubscribeLog();
                    return;
                }
                m_received = true;
                m_unavailable.clear();
                m_model.append(batch);
                showCounts();
            });
    connect(m_askFirst, &AskFirst::wanted, this, [this] { subscribe(true, true); });
    connect(&connection, &ServiceConnection::logAccessChanged, this, [this] {
        showAccess();
        subscribe(isVisible());
    });
    connect(&connection, &ServiceConnection::logUnavailable, this, [this](const QString& reason) {
        m_subscribed = false;
        m_unavailable = reason;
        showCounts();
    });
    connect(&m_model, &LogModel::countsChanged, this, &LogPage::showCounts);
    setFollow(m_follow);
    linkChanged();
    tint();
}

QWidget* LogPage::makeHead() {
    auto* head = new QWidget(this);
    const auto button = [&](const char* name, const QString& text, const QString& hint) {
        auto* made = new QPushButton(text, head);
        made->setObjectName(QLatin1String(name));
        made->setToolTip(hint);
        made->setAccessibleDescription(hint);
        made->setIconSize({16, 16});
        return made;
    };
    m_pause = button("pauseButton", tr("Pause"), tr("Holds new entries back"));
    m_pause->setCheckable(true);
    m_followButton =
        button("followButton", tr("Newest"), tr("Jumps to the newest entry and follows"));
    m_copy = button("copyButton", tr("Copy"), tr("Copies the selected rows"));
    m_clear =
        button("clearButton", tr("Clear"), tr("Empties this view; the service keeps its own log"));
    connect(m_pause, &QPushButton::toggled, &m_model, &LogModel::setPaused);
    connect(m_followButton, &QPushButton::clicked, this, [this] {
        setFollow(true);
        keepPlace();
    });
    connect(m_copy, &QPushButton::clicked, this, &LogPage::copyRows);
    connect(m_clear, &QPushButton::clicked, &m_model, &LogModel::clear);

    auto* layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kSpace);
    layout->addWidget(
        plainLabel(QStringLiteral("logTitle"), TextRole::Title, head, tr("Query log")), 1);
    layout->addWidget(m_followButton);
    layout->addWidget(m_pause);
    layout->addWidget(m_copy);
    layout->addWidget(m_clear);
    return head;
}

QWidget* LogPage::makeFilters() {
    auto* box = new QWidget(this);
    m_search = new SearchField(QStringLiteral("logSearch"), tr("Search the log"), box);
    m_search->setAccessibleDescription(tr("Searches names, types, results, clients and providers"));
    connect(m_search, &QLineEdit::textChanged, this, [this] { m_searchDelay.start(); });
    m_source = new QComboBox(box);
    m_source->setObjectName(QStringLiteral("sourceFilter"));
    m_source->setAccessibleName(tr("Answered by"));
    m_source->addItem(tr("Answered by anybody"), -1);
    for (const protocol::AnswerSource source : kSources)
        m_source->addItem(answerSourceText(source), static_cast<int>(source));
    m_result = new QComboBox(box);
    m_result->setObjectName(QStringLiteral("resultFilter"));
    m_result->setAccessibleName(tr("Result"));
    m_result->addItem(tr("Any result"), QString());
    for (const char* rcode : {"NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED", "FORMERR", "NOTIMP"})
        m_result->addItem(QLatin1String(rcode), QLatin1String(rcode));
    connect(m_source, &QComboBox::currentIndexChanged, this, &LogPage::refilter);
    connect(m_result, &QComboBox::currentIndexChanged, this, &LogPage::refilter);

    auto* layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kSpace);
    layout->addWidget(m_search, 1);
    layout->addWidget(m_source);
    layout->addWidget(m_result);
    return box;
}

QWidget* LogPage::makeTable() {
    auto* box = new QWidget(this);
    m_table = new QTableView(box);
    m_table->setObjectName(QStringLiteral("logTable"));
    m_table->setAccessibleName(tr("Query log"));
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new LogDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    // Beside texts that wrap, a layout takes a preferred height for the least one.
    m_table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    m_table->setMinimumHeight(kLeastTable);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setTextElideMode(Qt::ElideMiddle);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + kSpace + 2);
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setMinimumSectionSize(48);
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setSectionResizeMode(LogModel::Name, QHeaderView::Stretch);
    fitColumns();
    m_table->installEventFilter(this);
    m_table->viewport()->installEventFilter(this);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &LogPage::showDetail);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &LogPage::showDetail);

    QScrollBar* bar = m_table->verticalScrollBar();
    connect(bar, &QScrollBar::valueChanged, this, [this, bar](int value) {
        if (!m_ownScroll) // the person scrolled, by whatever means
            setFollow(value >= bar->maximum());
    });
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &LogPage::keepPlace);
    connect(&m_model, &QAbstractItemModel::modelAboutToBeReset, this,
            [this] { m_ownScroll = true; });
    connect(&m_model, &QAbstractItemModel::modelReset, this, &LogPage::keepPlace,
            Qt::QueuedConnection); // after the table has taken its new rows in
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this,
            [this, bar](const QModelIndex&, int first, int last) {
                if (m_follow)
                    return;
                m_ownScroll = true; // what the person looks at stays where it is
                bar->setValue(bar->value() - (last - first + 1));
                m_ownScroll = false;
            });

    m_empty = plainLabel(QStringLiteral("logEmpty"), TextRole::Muted, box);
    m_empty->setAlignment(Qt::AlignCenter);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kSpace / 2);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_empty, 1);
    m_counts = plainLabel(QStringLiteral("logCounts"), TextRole::Muted, box);
    layout->addWidget(m_counts);
    return box;
}

void LogPage::fitColumns() {
    QStringList sources{QStringLiteral("Cloudflare mm")};
    for (const protocol::AnswerSource source : kSources)
        sources.append(answerSourceText(source));
    QHeaderView* header = m_table->horizontalHeader();
    header->ensurePolished();
    const QFontMetrics usual(m_table->font());
    const QFontMetrics heavy(LogDelegate::heaviest(m_table->font()));
    const auto fit = [&](int column, const QStringList& samples) {
        const QFontMetrics& metrics = column == LogModel::Result ? heavy : usual;
        int width = header->sectionSizeHint(column);
        for (const QString& sample : samples)
            width = std::max(width, metrics.horizontalAdvance(sample) + 5 * kSpace / 2);
        m_table->setColumnWidth(column, width);
    };
    fit(LogModel::Time, {QStringLiteral("00:00:00.000")});
    fit(LogModel::Type, {QStringLiteral("HTTPS")});
    fit(LogModel::Result, {QStringLiteral("NXDOMAIN"), QStringLiteral("SERVFAIL")});
    fit(LogModel::Source, sources);
    fit(LogModel::Duration, {durationText(0.888), durationText(888)});
    fit(LogModel::Client, {QStringLiteral("127.0.0.1:00000")});
}

void LogPage::showAccess() {
    m_askFirst->show(m_connection.readingLog(), m_connection.mayReadLog());
    showCounts();
}

void LogPage::subscribe(bool wanted, bool byPerson) {
    wanted = wanted && m_connection.mayReadLog() &&
             (byPerson || m_subscribed || m_connection.readingLog() == protocol::Permission::Yes);
    if (wanted == m_subscribed)
        return;
    m_subscribed = wanted;
    m_received = false;
    if (wanted)
        m_connection.subscribeLog(LogModel::kCapacity, byPerson);
    else
        m_connection.unsubscribeLog();
}

void LogPage::linkChanged() {
    m_subscribed = false;
    m_received = false;
    m_unavailable.clear();
    m_model.reset();
    if (m_connection.isReady() && !m_connection.mayReadLog())
        m_unavailable = tr("This account may not read the query log. Ask an administrator.");
    const bool usable = m_connection.mayReadLog();
    for (QWidget* control :
         QList<QWidget*>{m_pause, m_followButton, m_clear, m_search, m_source, m_result})
        control->setEnabled(usable);
    if (!usable)
        m_pause->setChecked(false);
    subscribe(isVisible());
    showAccess();
    showDetail();
}

void LogPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    subscribe(true);
}

void LogPage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    subscribe(false);
}

void LogPage::changeEvent(QEvent* event) {
    Page::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_clear)
        tint();
}

void LogPage::tint() {
    const QColor color = Theme::colors().text;
    m_pause->setIcon(
        lineIcon(m_pause->isChecked() ? QStringLiteral("play") : QStringLiteral("pause"), color));
    m_copy->setIcon(lineIcon(QStringLiteral("copy"), color));
    m_clear->setIcon(lineIcon(QStringLiteral("clear"), color));
}

bool LogPage::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_table && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->matches(QKeySequence::Copy)) {
        copyRows();
        return true;
    }
    if (watched == m_table->viewport() && event->type() == QEvent::Resize)
        QMetaObject::invokeMethod(this, &LogPage::keepPlace, Qt::QueuedConnection);
    return Page::eventFilter(watched, event);
}

void LogPage::resizeEvent(QResizeEvent* event) {
    Page::resizeEvent(event);
    m_detail->setTallest(height() * kDetailShare / 100);
    m_table->setColumnHidden(LogModel::Client, width() < kClientShownFrom); // the detail has it
}

void LogPage::keepPlace() {
    m_ownScroll = true;
    if (m_follow)
        m_table->scrollToBottom();
    m_ownScroll = false;
}

void LogPage::setFollow(bool follow) {
    if (m_follow != follow)
        m_preferences.setFollowLog(follow);
    m_follow = follow;
    m_followButton->setVisible(!follow);
}

void LogPage::refilter() {
    m_searchDelay.stop();
    LogWish wish;
    wish.words = m_search->text();
    if (const int source = m_source->currentData().toInt(); source >= 0)
        wish.source = static_cast<protocol::AnswerSource>(source);
    wish.rcode = m_result->currentData().toString();
    m_model.setWish(wish);
}

void LogPage::showCounts() {
    tint();
    m_pause->setText(m_model.isPaused() ? tr("Resume") : tr("Pause"));
    const bool empty = m_model.rowCount() == 0;
    m_table->setVisible(!empty);
    m_empty->setVisible(empty);
    const bool off = m_connection.status() && !m_connection.status()->queryLog;
    if (!m_unavailable.isEmpty())
        m_empty->setText(m_unavailable);
    else if (m_connection.readingLog() == protocol::Permission::Ask)
        m_empty->setText(tr("The query log was not read yet."));
    else if (off && m_model.kept() == 0)
        m_empty->setText(tr("The query log is switched off in the settings (log.entries is 0)."));
    else if (m_model.kept() > 0)
        m_empty->setText(tr("No entry matches."));
    else
        m_empty->setText(tr("No query yet. Each one shows here as it is answered."));
    QStringList parts;
    if (m_unavailable.isEmpty()) {
        if (m_model.rowCount() == m_model.kept())
            parts.append(tr("%n entries", nullptr, m_model.kept()));
        else
            parts.append(
                tr("%1 of %n entries", nullptr, m_model.kept()).arg(countText(m_model.rowCount())));
        if (off)
            parts.append(tr("switched off in the settings"));
        if (m_model.isPaused())
            parts.append(tr("paused, %n waiting", nullptr, m_model.waiting()));
        if (m_model.dropped() > 0)
            parts.append(tr("%n lost because they came too fast", nullptr,
                            static_cast<int>(m_model.dropped())));
    }
    m_counts->setText(parts.join(QStringLiteral(" · ")));
}

void LogPage::showDetail() {
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    m_copy->setEnabled(!rows.isEmpty());
    if (rows.size() == 1)
        m_detail->show(m_model.entry(rows.first().row()));
    else
        m_detail->showNothing(
            rows.isEmpty() ? tr("Select a query to see why it was answered so.")
                           : tr("%n queries selected", nullptr, static_cast<int>(rows.size())));
}

void LogPage::copyRows() {
    QList<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        rows.append(index.row());
    if (!rows.isEmpty())
        QGuiApplication::clipboard()->setText(m_model.rowsAsText(rows));
}

bool LogPage::focusSearch() {
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
    return true;
}

bool LogPage::isSettled() const {
    return m_received || !m_unavailable.isEmpty() ||
           m_connection.readingLog() == protocol::Permission::Ask;
}

} // namespace sotto::app
