// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hero_card.h"

#include "ui/flow_layout.h"
#include "ui/labels.h"
#include "ui/pause_menu.h"
#include "ui/theme.h"
#include "ui/toggle_switch.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

namespace sotto::app {

namespace {

constexpr int kTickMillis = 1000;

void showIn(QLabel* label, const QString& text) {
    label->setText(text);
    label->setVisible(!text.isEmpty());
}

} // namespace

HeroCard::HeroCard(ServiceConnection& connection, ForwardingSwitch& forwarding, QWidget* parent)
    : QFrame(parent)
    , m_connection(connection)
    , m_forwarding(forwarding)
    , m_switch(new ToggleSwitch(this))
    , m_headline(plainLabel(QStringLiteral("stateHeadline"), TextRole::Headline, this))
    , m_sentence(plainLabel(QStringLiteral("stateSentence"), TextRole::Body, this))
    , m_detail(plainLabel(QStringLiteral("stateDetail"), TextRole::Body, this))
    , m_switchReason(plainLabel(QStringLiteral("switchReason"), TextRole::Muted, this))
    , m_passwordHint(plainLabel(QStringLiteral("passwordHint"), TextRole::Muted, this)) {
    setObjectName(QStringLiteral("heroCard"));
    setProperty("card", true);
    m_switch->setObjectName(QStringLiteral("forwardingSwitch"));
    m_switch->setAccessibleName(tr("Encrypted look-ups"));
    connect(m_switch, &ToggleSwitch::clicked, &forwarding, &ForwardingSwitch::turn);
    makeSelectable(m_detail);

    auto* words = new QVBoxLayout;
    words->setSpacing(kSpace / 2);
    for (QLabel* label : {m_headline, m_sentence, m_detail, m_switchReason, m_passwordHint})
        words->addWidget(label);
    words->addSpacing(kSpace / 2);
    words->addWidget(makeActions());
    auto* top = new QHBoxLayout;
    top->setSpacing(kSpace * 3);
    top->addWidget(m_switch, 0, Qt::AlignVCenter);
    top->addLayout(words, 1);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kSpace * 3, kSpace * 3, kSpace * 3, kSpace * 2);
    layout->setSpacing(kSpace * 2);
    layout->addLayout(top);
    layout->addWidget(makeNote());

    m_countdown.setObjectName(QStringLiteral("pauseCountdown"));
    m_countdown.setInterval(kTickMillis);
    connect(&m_countdown, &QTimer::timeout, this, [this] {
        if (!window()->isMinimized())
            refresh();
    });
}

QPushButton* HeroCard::makeButton(const char* name, const QString& text, const QString& hint) {
    auto* button = new QPushButton(text, m_actions);
    button->setObjectName(QLatin1String(name));
    button->setAccessibleDescription(hint);
    m_actions->layout()->addWidget(button);
    return button;
}

QWidget* HeroCard::makeActions() {
    m_actions = new QWidget(this);
    m_actions->setObjectName(QStringLiteral("heroActions"));
    m_actions->setLayout(new FlowLayout(nullptr, kSpace));
    m_remedyButton =
        makeButton("remedyButton", tr("Try again"), tr("Does what did not succeed once more"));
    m_nevertheless = makeButton("neverthelessButton", tr("Switch nevertheless"),
                                tr("Turns Sotto on although no provider answers"));
    m_leaveOff = makeButton("leaveOffButton", tr("Leave it off"), tr("Changes nothing"));
    m_resume = makeButton("resumeButton", tr("Resume now"), tr("Ends the pause"));
    m_stayOff = makeButton("stayOffButton", tr("Turn off for good"),
                           tr("Sotto does not go on by itself then"));
    m_left = plainLabel(QStringLiteral("pauseLeft"), TextRole::Heading, m_actions);
    m_left->setAccessibleDescription(tr("How long the pause lasts"));
    m_left->setContentsMargins(kSpace, kSpace, kSpace, 0);
    m_actions->layout()->addWidget(m_left);
    m_pause = makeButton("pauseMenuButton", tr("Pause"),
                         tr("Turns Sotto off for a while; it goes on by itself"));
    auto* menu = new QMenu(m_pause);
    menu->setObjectName(QStringLiteral("pauseMenu"));
    addPauseActions(*menu, QStringLiteral("pause"), m_connection);
    m_pause->setMenu(menu);
    m_pause->setProperty("opensMenu", true);
    for (QPushButton* button : {m_remedyButton, m_leaveOff, m_resume})
        button->setProperty("primary", true);
    connect(m_remedyButton, &QPushButton::clicked, this, &HeroCard::remedy);
    connect(m_nevertheless, &QPushButton::clicked, &m_forwarding,
            &ForwardingSwitch::turnOnNevertheless);
    connect(m_leaveOff, &QPushButton::clicked, &m_forwarding, &ForwardingSwitch::leaveOff);
    connect(m_resume, &QPushButton::clicked, this, [this] { m_forwarding.turn(true); });
    connect(m_stayOff, &QPushButton::clicked, this, [this] { m_forwarding.turn(false); });
    return m_actions;
}

QWidget* HeroCard::makeNote() {
    m_noteRow = new QWidget(this);
    auto* note = new QHBoxLayout(m_noteRow);
    note->setContentsMargins(0, 0, 0, 0);
    note->setSpacing(kSpace);
    note->addWidget(new IconLabel(QStringLiteral("info"), IconLabel::Tint::Muted, 20, m_noteRow), 0,
                    Qt::AlignTop);
    m_note = plainLabel(QStringLiteral("systemDnsNote"), TextRole::Muted, m_noteRow);
    makeSelectable(m_note);
    note->addWidget(m_note, 1);
    return m_noteRow;
}

void HeroCard::remedy() {
    if (m_remedy == Remedy::TakeAgain)
        m_connection.takeSystemDns();
    else if (m_remedy == Remedy::GiveBack)
        m_connection.setForwarding(false);
}

void HeroCard::refresh() {
    show(OverviewState::of(OverviewState::viewOf(m_connection, m_forwarding)));
}

void HeroCard::show(const OverviewState& state) {
    m_switch->showState(state.switchOn);
    m_switch->setEnabled(state.switchEnabled);
    QString description = state.switchReason;
    if (description.isEmpty())
        description = tr("On: questions go to your providers, encrypted. "
                         "Off: programs get “refused”.");
    if (state.systemDnsNote.isEmpty() && state.switchReason.isEmpty())
        description = tr("On: this computer's questions go to your providers, encrypted. "
                         "Off: they go where they went before Sotto.");
    m_switch->setAccessibleDescription(description);
    m_switch->setToolTip(state.switchReason);
    m_headline->setText(state.headline);
    QPalette palette = m_headline->palette();
    palette.setColor(QPalette::WindowText,
                     state.state == AppState::Trouble ? Theme::colors().bad : Theme::colors().text);
    m_headline->setPalette(palette);
    m_sentence->setText(state.sentence);
    showIn(m_detail, state.detail);
    showIn(m_switchReason, state.switchReason);
    showIn(m_passwordHint, state.passwordHint);
    m_note->setText(state.systemDnsNote);
    m_noteRow->setVisible(!state.systemDnsNote.isEmpty());
    showActions(state);
    m_counts = !state.pauseLeft.isEmpty();
    tick();
}

void HeroCard::showActions(const OverviewState& state) {
    m_remedy = state.asks ? Remedy::None : state.remedy;
    if (m_remedy != Remedy::None)
        m_remedyButton->setText(state.remedyText);
    m_remedyButton->setVisible(m_remedy != Remedy::None);
    m_nevertheless->setVisible(state.asks);
    m_leaveOff->setVisible(state.asks);
    m_resume->setVisible(state.isPaused);
    m_stayOff->setVisible(state.isPaused);
    for (QPushButton* button : {m_resume, m_stayOff})
        button->setEnabled(state.switchEnabled);
    showIn(m_left, state.pauseLeft.isEmpty() ? QString()
                                             : tr("%1 left", "of a pause").arg(state.pauseLeft));
    m_pause->setVisible(state.canPause);
    m_actions->setVisible(m_remedy != Remedy::None || state.asks || state.isPaused ||
                          state.canPause);
}

/// Starts and stops the countdown, as it can be seen or not.
void HeroCard::tick() {
    const bool wanted = m_counts && isVisible();
    if (wanted && !m_countdown.isActive())
        m_countdown.start();
    else if (!wanted)
        m_countdown.stop();
}

void HeroCard::showEvent(QShowEvent* event) {
    QFrame::showEvent(event);
    refresh();
}

void HeroCard::hideEvent(QHideEvent* event) {
    QFrame::hideEvent(event);
    tick();
}

} // namespace sotto::app
