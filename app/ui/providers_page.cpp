// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/providers_page.h"

#include "core/texts.h"
#include "models/choice_policy.h"
#include "ui/connection_group.h"
#include "ui/flow_layout.h"
#include "ui/labels.h"
#include "ui/provider_delegate.h"
#include "ui/provider_detail.h"
#include "ui/search_field.h"
#include "ui/system_group.h"
#include "ui/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QListView>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QVBoxLayout>

namespace sotto::app {

ProvidersPage::ProvidersPage(ServiceConnection& connection, QWidget* parent)
    : Page(parent)
    , m_connection(connection)
    , m_tests(connection) {
    setObjectName(QStringLiteral("providersPage"));
    m_filter.setSourceModel(&m_model);

    m_banner = card(QStringLiteral("providersBanner"), this);
    auto* banner = new QHBoxLayout(m_banner);
    banner->setContentsMargins(kSpace * 2, kSpace, kSpace * 2, kSpace);
    banner->setSpacing(kSpace);
    banner->addWidget(new IconLabel(QStringLiteral("lock"), IconLabel::Tint::Muted, 20, m_banner));
    m_bannerText = plainLabel(QStringLiteral("providersBannerText"), TextRole::Body, m_banner);
    banner->addWidget(m_bannerText, 1);
    m_banner->hide();
    m_ownServers = plainLabel(QStringLiteral("ownServers"), TextRole::Muted, this);
    m_ownServers->hide();

    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setObjectName(QStringLiteral("providersSplitter"));
    splitter->setHandleWidth(kSpace * 2);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(makeList());
    m_detail = new ProviderDetail(splitter);
    m_detail->setMinimumWidth(268);
    splitter->addWidget(m_detail);
    splitter->setStretchFactor(0, 5);
    splitter->setStretchFactor(1, 4);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kSpace * 3, kSpace * 2, kSpace * 3, kSpace * 2);
    layout->setSpacing(kSpace * 1.5);
    layout->addWidget(
        plainLabel(QStringLiteral("providersTitle"), TextRole::Title, this, tr("Providers")));
    layout->addWidget(m_banner);
    layout->addWidget(m_ownServers);
    m_passwordHint = plainLabel(QStringLiteral("providersPassword"), TextRole::Muted, this,
                                tr("To change or test providers, the system will ask for a "
                                   "password."));
    layout->addWidget(m_passwordHint);
    layout->addWidget(makeFilters());
    layout->addWidget(splitter, 1);
    layout->addWidget(makePolicy());
    m_connectionGroup = new ConnectionGroup(connection, this);
    m_systemGroup = new SystemGroup(connection, this);
    auto* folds = new QVBoxLayout;
    folds->setSpacing(0);
    folds->addWidget(m_connectionGroup);
    folds->addWidget(m_systemGroup);
    connect(m_connectionGroup, &SettingFold::opened, m_systemGroup, &SettingFold::close);
    connect(m_systemGroup, &SettingFold::opened, m_connectionGroup, &SettingFold::close);
    layout->addLayout(folds);
    layout->addWidget(makeApplyBar());

    connect(&connection, &ServiceConnection::linkChanged, this, &ProvidersPage::take);
    connect(&connection, &ServiceConnection::choicesChanged, this, &ProvidersPage::take);
    connect(&connection, &ServiceConnection::statusChanged, this, [this] {
        if (isVisible()) // else showEvent() catches up
            takeUpstreams();
    });
    connect(&connection, &ServiceConnection::pendingChanged, this, &ProvidersPage::showApplyBar);
    connect(&m_model, &ProviderModel::choiceChanged, this, &ProvidersPage::showApplyBar);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &ProvidersPage::detailChanged);
    connect(m_detail, &ProviderDetail::testRequested, this, &ProvidersPage::beginTest);
    connect(&m_tests, &ProviderTests::changed, this, &ProvidersPage::showTest);
    auto* test = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_T), this);
    test->setContext(Qt::WidgetWithChildrenShortcut);
    connect(test, &QShortcut::activated, this, &ProvidersPage::beginTest);
    take();
}

QWidget* ProvidersPage::makeFilters() {
    auto* box = new QWidget(this);
    m_search = new SearchField(QStringLiteral("providerSearch"), tr("Search providers"), box);
    m_search->setAccessibleDescription(tr("Searches names, countries, TLS names and addresses"));
    connect(m_search, &QLineEdit::textChanged, this, &ProvidersPage::refilter);
    auto* chips = new QWidget(box);
    auto* flow = new FlowLayout(chips, kSpace);
    const auto chip = [&](const QString& name, const QString& text) {
        auto* button = new QPushButton(text, chips);
        button->setObjectName(name);
        button->setProperty("chip", true);
        button->setCheckable(true);
        flow->addWidget(button);
        return button;
    };
    const struct {
        const char* name;
        const char* filter;
    } kinds[] = {{"chipNone", "none"},
                 {"chipMalware", "malware"},
                 {"chipAds", "ads"},
                 {"chipFamily", "family"}};
    for (const auto& kind : kinds) {
        QPushButton* button =
            chip(QLatin1String(kind.name), filterText(QLatin1String(kind.filter)));
        button->setProperty("filter", QLatin1String(kind.filter));
        m_filterChips.append(button);
        connect(button, &QPushButton::toggled, this, [this, button](bool on) {
            if (on) { // one kind of filtering at a time
                for (QPushButton* other : std::as_const(m_filterChips)) {
                    if (other != button)
                        other->setChecked(false);
                }
            }
            refilter();
        });
    }
    m_dnssec = chip(QStringLiteral("chipDnssec"), tr("DNSSEC"));
    m_dnssec->setAccessibleDescription(tr("Only providers that claim to check signatures"));
    m_noLog = chip(QStringLiteral("chipNoLog"), tr("No logs"));
    m_noLog->setAccessibleDescription(tr("Only providers that claim to keep no logs"));
    connect(m_dnssec, &QPushButton::toggled, this, &ProvidersPage::refilter);
    connect(m_noLog, &QPushButton::toggled, this, &ProvidersPage::refilter);

    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kSpace);
    layout->addWidget(m_search);
    layout->addWidget(chips);
    return box;
}

QWidget* ProvidersPage::makeList() {
    auto* box = new QWidget(this);
    box->setMinimumWidth(220);
    m_list = new QListView(box);
    m_list->setObjectName(QStringLiteral("providerList"));
    m_list->setAccessibleName(tr("Providers"));
    m_list->setAccessibleDescription(tr("Space chooses the provider or takes it back"));
    m_list->setModel(&m_filter);
    m_list->setItemDelegate(new ProviderDelegate(m_list));
    m_list->setMouseTracking(true);
    m_list->setUniformItemSizes(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ProvidersPage::showDetail);
    m_empty =
        plainLabel(QStringLiteral("noProviderMatches"), TextRole::Muted, box,
                   tr("No provider matches. Take a filter back or search for something else."));
    m_empty->setAlignment(Qt::AlignCenter);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_empty, 1);
    m_empty->hide();
    return box;
}

QWidget* ProvidersPage::makePolicy() {
    auto* box = new QWidget(this);
    QLabel* title =
        plainLabel(QStringLiteral("policyTitle"), TextRole::Body, box, tr("With several:"));
    title->setWordWrap(false);
    m_policy = new QComboBox(box);
    m_policy->setObjectName(QStringLiteral("policyChooser"));
    m_policy->setAccessibleName(tr("How Sotto chooses between several providers"));
    for (const ChoicePolicy& policy : choicePolicies())
        m_policy->addItem(policy.name, policy.key);
    connect(m_policy, &QComboBox::activated, this, [this](int index) {
        m_connection.changeSetting(QStringLiteral("policy"), m_policy->itemData(index).toString(),
                                   tr("The choice between providers was not changed."));
    });
    m_policyText = plainLabel(QStringLiteral("policyText"), TextRole::Muted, box);
    auto* layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kSpace * 2);
    layout->addWidget(title);
    layout->addWidget(m_policy);
    layout->addWidget(m_policyText, 1);
    return box;
}

QWidget* ProvidersPage::makeApplyBar() {
    m_applyBar = card(QStringLiteral("applyBar"), this);
    m_change = plainLabel(QStringLiteral("applyText"), TextRole::Body, m_applyBar);
    m_discard = new QPushButton(tr("Discard"), m_applyBar);
    m_discard->setObjectName(QStringLiteral("discardButton"));
    m_discard->setAccessibleDescription(tr("Goes back to the providers in use"));
    m_apply = new QPushButton(m_applyBar);
    m_apply->setObjectName(QStringLiteral("applyButton"));
    m_apply->setProperty("primary", true);
    connect(m_discard, &QPushButton::clicked, &m_model, &ProviderModel::discard);
    connect(m_apply, &QPushButton::clicked, this,
            [this] { m_connection.useProviders(m_model.chosen()); });
    auto* layout = new QHBoxLayout(m_applyBar);
    layout->setContentsMargins(kSpace * 2, kSpace, kSpace, kSpace);
    layout->setSpacing(kSpace);
    layout->addWidget(m_change, 1);
    layout->addWidget(m_discard);
    layout->addWidget(m_apply);
    m_applyBar->hide();
    return m_applyBar;
}

QString ProvidersPage::blockedReason() const {
    if (!m_connection.isReady() || !m_connection.providers())
        return {};
    if (!m_connection.providers()->changeable) {
        const auto upstreams = m_connection.setting(QStringLiteral("upstreams"));
        QString file = upstreams && !upstreams->changeable ? upstreams->origin : QString();
        if (file.isEmpty() && m_connection.settings())
            file = m_connection.settings()->file;
        return file.isEmpty() ? tr("Set by the administrator in the service's settings file.")
                              : tr("Set in %1 by the administrator.").arg(file);
    }
    if (!m_connection.mayToggle())
        return tr("This account may not change the providers. Ask an administrator.");
    return {};
}

void ProvidersPage::take() {
    if (!m_connection.isReady()) {
        m_model.clear();
    } else if (m_connection.providers()) {
        m_model.setProviders(m_connection.providers()->providers);
        m_model.setChangeable(m_connection.providers()->changeable && m_connection.mayToggle());
    }
    const QString blocked = blockedReason();
    m_bannerText->setText(blocked);
    m_banner->setVisible(!blocked.isEmpty());
    m_connectionGroup->refresh();
    m_systemGroup->refresh();
    m_passwordHint->setVisible(blocked.isEmpty() &&
                               m_connection.toggling() == protocol::Permission::Ask);
    m_detail->setTestBlocked(m_connection.isReady() && !m_connection.mayToggle()
                                 ? tr("This account may not test providers.")
                                 : QString());
    takeUpstreams();
    refilter();
}

void ProvidersPage::takeUpstreams() {
    if (const auto& status = m_connection.status()) {
        m_model.setUpstreams(status->upstreams);
        m_model.setApplied(status->providers);
    }
    showOwnServers();
    showPolicy();
}

void ProvidersPage::showOwnServers() {
    QStringList labels;
    const auto& status = m_connection.status();
    if (status && status->providers.isEmpty()) {
        for (const protocol::Upstream& upstream : status->upstreams) {
            if (!labels.contains(upstream.label))
                labels.append(upstream.label);
        }
    }
    QString text;
    if (!labels.isEmpty()) {
        text = tr("Servers of your own are in use: %1.").arg(joinedText(labels));
        if (m_connection.providers() && blockedReason().isEmpty())
            text += QLatin1Char(' ') + tr("Choosing providers replaces them.");
    }
    m_ownServers->setText(text);
    m_ownServers->setVisible(!text.isEmpty());
}

void ProvidersPage::refilter() {
    ProviderWish wish;
    wish.words = m_search->text();
    for (const QPushButton* chip : std::as_const(m_filterChips)) {
        if (chip->isChecked())
            wish.filter = chip->property("filter").toString();
    }
    wish.dnssec = m_dnssec->isChecked();
    wish.noLog = m_noLog->isChecked();
    m_filter.setWish(wish);
    const bool none = m_filter.rowCount() == 0 && m_model.rowCount() > 0;
    m_empty->setVisible(none);
    m_list->setVisible(!none);
    selectSomething();
}

void ProvidersPage::selectSomething() {
    if (m_list->currentIndex().isValid() || m_filter.rowCount() == 0) {
        showDetail();
        return;
    }
    QModelIndex best = m_filter.index(0, 0);
    for (int row = 0; row < m_filter.rowCount(); ++row) {
        const QModelIndex index = m_filter.index(row, 0);
        if (index.data(ProviderModel::PlaceRole).toInt() == 1)
            best = index;
    }
    m_list->setCurrentIndex(best);
    m_list->scrollTo(best);
}

void ProvidersPage::showDetail() {
    const QModelIndex index = m_list->currentIndex();
    if (!index.isValid()) {
        m_detail->showNothing(tr("Choose a provider to read about it."));
        return;
    }
    m_detail->show(index.data(ProviderModel::ProviderRole).value<protocol::Provider>(),
                   index.data(ProviderModel::LiveRole).value<ProviderLive>(),
                   index.data(ProviderModel::OwnRole).toBool());
    showTest();
}

void ProvidersPage::detailChanged(const QModelIndex& first, const QModelIndex& last) {
    const int row = m_filter.mapToSource(m_list->currentIndex()).row();
    if (row >= first.row() && row <= last.row())
        showDetail();
}

void ProvidersPage::showTest() {
    const QModelIndex index = m_list->currentIndex();
    if (index.isValid())
        m_detail->showTest(m_tests.run(index.data(ProviderModel::TargetRole).toString()));
}

void ProvidersPage::beginTest() {
    const QModelIndex index = m_list->currentIndex();
    if (index.isValid() && m_connection.mayToggle())
        m_tests.begin(index.data(ProviderModel::TargetRole).toString());
}

void ProvidersPage::showApplyBar() {
    m_applyBar->setVisible(m_model.isChanged());
    const auto names = [this](const QStringList& ids) {
        QStringList list;
        for (const QString& id : ids)
            list.append(m_model.nameOf(id));
        return joinedText(list);
    };
    const QStringList& chosen = m_model.chosen();
    const QStringList& applied = m_model.applied();
    if (chosen.isEmpty())
        m_change->setText(tr("Choose at least one provider."));
    else if (applied.isEmpty())
        m_change->setText(tr("Will use %1 instead of the servers in use.").arg(names(chosen)));
    else
        m_change->setText(tr("Will use %1 instead of %2.").arg(names(chosen), names(applied)));
    m_apply->setText(m_connection.providersPending()
                         ? tr("Changing …")
                         : tr("Use %n provider(s)", nullptr, static_cast<int>(chosen.size())));
    m_apply->setEnabled(!chosen.isEmpty() && !m_connection.providersPending());
    m_discard->setEnabled(!m_connection.providersPending());
}

void ProvidersPage::showPolicy() {
    const auto setting = m_connection.setting(QStringLiteral("policy"));
    const QString current = setting                 ? setting->value.toString()
                            : m_connection.status() ? m_connection.status()->policy
                                                    : QString();
    const int index = m_policy->findData(current);
    m_policy->setCurrentIndex(index);
    QString text;
    if (setting && !setting->changeable)
        text = tr("Set in %1 by the administrator.").arg(setting->origin);
    else if (m_connection.isReady() && !m_connection.mayConfigure())
        text = tr("This account may not change it.");
    else if (index >= 0)
        text = choicePolicies().at(index).description;
    else if (!current.isEmpty())
        text = tr("“%1” is in force; this program does not know it.").arg(current);
    m_policyText->setText(text);
    m_policy->setEnabled(setting && setting->changeable && m_connection.mayConfigure());
    m_policy->setAccessibleDescription(text);
}

void ProvidersPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    takeUpstreams();
    if (m_connection.isReady())
        m_connection.refreshChoices();
}

void ProvidersPage::resizeEvent(QResizeEvent* event) {
    constexpr int kGroupShare = 25; // per cent
    Page::resizeEvent(event);
    for (SettingFold* fold :
         {static_cast<SettingFold*>(m_connectionGroup), static_cast<SettingFold*>(m_systemGroup)})
        fold->setTallest(height() * kGroupShare / 100);
}

bool ProvidersPage::focusSearch() {
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
    return true;
}

bool ProvidersPage::isSettled() const {
    return m_model.rowCount() > 0 && m_connection.settings().has_value();
}

} // namespace sotto::app
