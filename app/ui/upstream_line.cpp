// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/upstream_line.h"

#include "core/texts.h"
#include "ui/labels.h"
#include "ui/theme.h"

#include <QGridLayout>

namespace sotto::app {

namespace {

constexpr int kDot = 12;

QString noteOf(const ProviderLive& live) {
    QStringList notes;
    if (!live.route.isEmpty())
        notes.append(UpstreamLine::tr("Only for names below %1").arg(live.route));
    if (live.lookedUpUnencrypted)
        notes.append(UpstreamLine::tr("Its name was looked up unencrypted"));
    for (const QString& phrase : {live.error, live.warning}) {
        if (!phrase.isEmpty())
            notes.append(phrase.at(0).toUpper() + phrase.mid(1));
    }
    for (QString& note : notes)
        note = asSentence(note);
    return notes.join(QLatin1Char(' '));
}

} // namespace

UpstreamLine::UpstreamLine(int place, QWidget* parent)
    : QWidget(parent)
    , m_dot(new QLabel(this))
    , m_name(plainLabel(QStringLiteral("upstreamName%1").arg(place), TextRole::Body, this))
    , m_badge(plainLabel(QStringLiteral("upstreamBadge%1").arg(place), TextRole::Body, this,
                         tr("unencrypted")))
    , m_state(plainLabel(QStringLiteral("upstreamState%1").arg(place), TextRole::Muted, this))
    , m_note(plainLabel(QStringLiteral("upstreamNote%1").arg(place), TextRole::Muted, this)) {
    m_dot->setFixedSize(kDot, kDot);
    m_badge->setWordWrap(false);
    m_badge->setProperty("badge", true);
    m_state->setWordWrap(false);
    m_state->setAlignment(Qt::AlignTrailing | Qt::AlignVCenter);
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setHorizontalSpacing(kSpace);
    layout->setVerticalSpacing(2);
    layout->setColumnStretch(1, 1);
    layout->addWidget(m_dot, 0, 0, Qt::AlignVCenter);
    layout->addWidget(m_name, 0, 1);
    layout->addWidget(m_badge, 0, 2);
    layout->addWidget(m_state, 0, 3);
    layout->addWidget(m_note, 1, 1, 1, 3);
}

void UpstreamLine::show(const UpstreamRow& row) {
    const ProviderLive& live = row.live;
    const bool failing = live.state == protocol::UpstreamState::Failing;
    m_dot->setPixmap(stateDot(Theme::colors().of(live.state),
                              live.state == protocol::UpstreamState::Ready, failing,
                              devicePixelRatioF()));
    m_name->setText(row.label);
    m_badge->setVisible(!live.encrypted);
    const QString state = upstreamStateText(live.state);
    m_state->setText(live.rttMillis > 0 && !failing ? durationText(live.rttMillis) : state);
    m_state->setAccessibleDescription(tr("%1: %2", "provider, its state").arg(row.label, state));
    const QString note = noteOf(live);
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
}

} // namespace sotto::app
