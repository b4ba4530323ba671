// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message_strip.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>
#include <QToolButton>

namespace sotto::app {

namespace {

struct Look {
    const char* property;
    const char* icon;
    IconLabel::Tint tint;
};

Look lookOf(MessageStrip::Kind kind) {
    switch (kind) {
    case MessageStrip::Kind::Problem:
        return {"problem", "warning", IconLabel::Tint::Bad};
    case MessageStrip::Kind::Notice:
        return {"notice", "info", IconLabel::Tint::Warning};
    case MessageStrip::Kind::Waiting:
        return {"notice", "lock", IconLabel::Tint::Warning};
    case MessageStrip::Kind::Done:
        break;
    }
    return {"done", "check", IconLabel::Tint::Accent};
}

} // namespace

MessageStrip::MessageStrip(Kind kind, const QString& objectName, const QString& text,
                           QWidget* parent)
    : QFrame(parent)
    , m_kind(kind)
    , m_text(plainLabel(objectName + QStringLiteral("Text"), TextRole::Body, this, text)) {
    const Look look = lookOf(kind);
    setObjectName(objectName);
    setProperty("strip", QLatin1String(look.property));
    makeSelectable(m_text);
    if (kind == Kind::Waiting) {
        m_close = new QPushButton(tr("Stop waiting"), this);
        m_close->setToolTip(tr("Gives the request up; the system's dialog goes away"));
    } else {
        m_close = new QToolButton(this);
        m_close->setIconSize({16, 16});
        m_close->setToolTip(tr("Put this message away"));
        m_close->setAccessibleName(tr("Put this message away"));
    }
    m_close->setObjectName(objectName + QStringLiteral("Close"));
    connect(m_close, &QAbstractButton::clicked, this, &MessageStrip::dismissed);
    tint();

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(kSpace * 2, kSpace / 2, kSpace / 2, kSpace / 2);
    layout->setSpacing(kSpace);
    layout->addWidget(new IconLabel(QLatin1String(look.icon), look.tint, 20, this), 0,
                      Qt::AlignVCenter);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_close, 0, Qt::AlignVCenter);
}

void MessageStrip::tint() {
    if (m_kind != Kind::Waiting)
        m_close->setIcon(lineIcon(QStringLiteral("close"), Theme::colors().text));
}

void MessageStrip::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        tint();
}

MessageArea::MessageArea(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this)) {
    setObjectName(QStringLiteral("messages"));
    m_layout->setContentsMargins(kSpace * 3, kSpace * 2, kSpace * 3, 0);
    m_layout->setSpacing(kSpace);
    hide();
}

void MessageArea::replace(MessageStrip*& place, MessageStrip::Kind kind, const QString& name,
                          const QString& text) {
    if (place && place->text() == text)
        return;
    if (place) {
        place->hide();
        place->setObjectName({});
        place->deleteLater();
        place = nullptr;
    }
    if (!text.isEmpty()) {
        place = new MessageStrip(kind, name, text, this);
        m_layout->insertWidget(0, place);
        connect(place, &MessageStrip::dismissed, this,
                [this, &place, kind, name] { replace(place, kind, name, {}); });
        QAccessibleEvent alert(place, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    }
    showIfAny();
}

void MessageArea::showIfAny() {
    setVisible(m_problem || m_done || m_waiting || !m_strips.isEmpty());
}

void MessageArea::setWaiting(bool waiting) {
    if (waiting == (m_waiting != nullptr))
        return;
    replace(m_waiting, MessageStrip::Kind::Waiting, QStringLiteral("waitingStrip"),
            waiting ? tr("The system asks for a password. Sotto waits until it is given.")
                    : QString());
    if (m_waiting) {
        m_waiting->disconnect(this); // it goes when the waiting has ended
        connect(m_waiting, &MessageStrip::dismissed, this, &MessageArea::stopWaiting);
    }
}

void MessageArea::showProblem(const QString& text) {
    replace(m_done, MessageStrip::Kind::Done, QStringLiteral("doneStrip"), {});
    replace(m_problem, MessageStrip::Kind::Problem, QStringLiteral("problemStrip"), text);
}

void MessageArea::showDone(const QString& text) {
    replace(m_problem, MessageStrip::Kind::Problem, QStringLiteral("problemStrip"), {});
    replace(m_done, MessageStrip::Kind::Done, QStringLiteral("doneStrip"), text);
}

void MessageArea::setNotices(const QStringList& notices) {
    if (m_notices == notices)
        return;
    m_notices = notices;
    m_putAway.removeIf([&](const QString& text) { return !notices.contains(text); });
    showNotices();
}

void MessageArea::showNotices() {
    for (MessageStrip* strip : std::as_const(m_strips)) {
        strip->hide();
        strip->setObjectName({});
        strip->deleteLater();
    }
    m_strips.clear();
    for (const QString& text : std::as_const(m_notices)) {
        if (m_putAway.contains(text))
            continue;
        auto* strip =
            new MessageStrip(MessageStrip::Kind::Notice,
                             QStringLiteral("noticeStrip%1").arg(m_strips.size()), text, this);
        connect(strip, &MessageStrip::dismissed, this, [this, text] {
            m_putAway.append(text);
            showNotices();
        });
        m_layout->addWidget(strip);
        m_strips.append(strip);
    }
    showIfAny();
}

void MessageArea::clear() {
    showProblem({});
    setNotices({});
}

} // namespace sotto::app
