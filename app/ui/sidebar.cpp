// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sidebar.h"

#include "ui/icons.h"
#include "ui/labels.h"
#include "ui/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

namespace sotto::app {

namespace {

constexpr int kWide = 192;
constexpr int kCompact = 88;

} // namespace

NavButton::NavButton(const QString& icon, const QString& text, QWidget* parent)
    : QAbstractButton(parent)
    , m_icon(icon) {
    setText(text);
    setCheckable(true);
    setAutoExclusive(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void NavButton::setCompact(bool compact) {
    m_compact = compact;
    updateGeometry();
    update();
}

QSize NavButton::sizeHint() const {
    return m_compact ? QSize(kCompact - 2 * kSpace, 56) : QSize(kWide - 2 * kSpace, 40);
}

void NavButton::enterEvent(QEnterEvent* event) {
    QAbstractButton::enterEvent(event);
    update();
}

void NavButton::leaveEvent(QEvent* event) {
    QAbstractButton::leaveEvent(event);
    update();
}

void NavButton::paintEvent(QPaintEvent*) {
    const Colors& colors = Theme::colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(rect()).adjusted(1, 1, -1, -1);
    if (isChecked() || underMouse()) {
        QColor ground = colors.accentSoft;
        if (!isChecked())
            ground.setAlphaF(0.5F);
        painter.setPen(Qt::NoPen);
        painter.setBrush(ground);
        painter.drawRoundedRect(frame, 8, 8);
    }
    if (hasFocus()) {
        painter.setPen(QPen(colors.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(frame, 8, 8);
    }
    const QColor color = isChecked() ? colors.accent : colors.text;
    const QPixmap icon = linePixmap(m_icon, color, 20, devicePixelRatioF());
    QFont font = this->font();
    if (isChecked())
        font.setWeight(QFont::DemiBold);
    painter.setPen(isChecked() && !colors.dark ? colors.accent : colors.text);
    if (m_compact) {
        font.setPointSizeF(font.pointSizeF() * 0.85);
        painter.setFont(font);
        painter.drawPixmap(QPointF((width() - 20) / 2.0, 8), icon);
        const QRect place(2, 30, width() - 4, height() - 32);
        painter.drawText(place, Qt::AlignHCenter | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(text(), Qt::ElideRight, place.width()));
        return;
    }
    painter.setFont(font);
    const QRect iconPlace =
        QStyle::visualRect(layoutDirection(), rect(), QRect(12, (height() - 20) / 2, 20, 20));
    painter.drawPixmap(iconPlace.topLeft(), icon);
    const QRect textPlace =
        QStyle::visualRect(layoutDirection(), rect(), QRect(44, 0, width() - 52, height()));
    painter.drawText(textPlace,
                     QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft) | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text(), Qt::ElideRight, textPlace.width()));
}

Sidebar::Sidebar(QWidget* parent)
    : QFrame(parent)
    , m_logo(new QLabel(this))
    , m_name(
          plainLabel(QStringLiteral("appName"), TextRole::Heading, this, QStringLiteral("Sotto")))
    , m_stateIcon(new QLabel(this))
    , m_stateText(plainLabel(QStringLiteral("sidebarState"), TextRole::Muted, this))
    , m_options(new QToolButton(this))
    , m_menu(new QMenu(this)) {
    setObjectName(QStringLiteral("sidebar"));
    m_group.setExclusive(true);
    connect(&m_group, &QButtonGroup::idClicked, this, &Sidebar::pageRequested);

    m_logo->setFixedSize(28, 28);
    m_stateIcon->setFixedSize(20, 20);
    m_stateText->setWordWrap(false);
    m_options->setObjectName(QStringLiteral("optionsButton"));
    m_options->setText(tr("Options"));
    m_options->setToolTip(tr("Appearance and other options"));
    m_options->setPopupMode(QToolButton::InstantPopup);
    m_options->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_options->setIconSize({20, 20});
    m_options->setFocusPolicy(Qt::StrongFocus);
    m_options->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_menu->setObjectName(QStringLiteral("optionsMenu"));
    m_options->setMenu(m_menu);

    auto* head = new QHBoxLayout;
    head->setContentsMargins(kSpace, 0, kSpace, 0);
    head->setSpacing(kSpace);
    head->addWidget(m_logo);
    head->addWidget(m_name, 1);
    auto* state = new QHBoxLayout;
    state->setContentsMargins(kSpace, 0, kSpace, 0);
    state->setSpacing(kSpace);
    state->addWidget(m_stateIcon);
    state->addWidget(m_stateText, 1);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kSpace, kSpace * 2, kSpace, kSpace);
    layout->setSpacing(kSpace / 2);
    layout->addLayout(head);
    layout->addSpacing(kSpace * 2);
    layout->addStretch(1);
    layout->addLayout(state);
    layout->addSpacing(kSpace / 2);
    layout->addWidget(m_options);
    setCompact(false);
    render();
}

void Sidebar::addPage(const QString& objectName, const QString& icon, const QString& text) {
    auto* button = new NavButton(icon, text, this);
    button->setObjectName(objectName);
    const int page = static_cast<int>(m_group.buttons().size());
    button->setToolTip(tr("%1 (Ctrl+%2)", "page name, digit").arg(text).arg(page + 1));
    m_group.addButton(button, page);
    static_cast<QVBoxLayout*>(layout())->insertWidget(2 + page, button);
    setTabOrder(button, m_options);
}

void Sidebar::setCurrent(int page) {
    if (QAbstractButton* button = m_group.button(page))
        button->setChecked(true);
}

void Sidebar::setCompact(bool compact) {
    setFixedWidth(compact ? kCompact : kWide);
    m_name->setVisible(!compact);
    m_stateText->setVisible(!compact);
    m_options->setToolButtonStyle(compact ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
    m_options->setAccessibleName(tr("Options"));
    for (QAbstractButton* button : m_group.buttons())
        static_cast<NavButton*>(button)->setCompact(compact);
}

void Sidebar::showState(const OverviewState& state) {
    m_state = state.state;
    m_stateText->setText(state.headline);
    m_stateIcon->setToolTip(state.headline);
    render();
}

void Sidebar::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_options)
        render();
}

void Sidebar::render() {
    m_logo->setPixmap(appIcon().pixmap(QSize(28, 28), devicePixelRatioF()));
    m_stateIcon->setPixmap(trayIcon(m_state).pixmap(QSize(20, 20), devicePixelRatioF()));
    m_options->setIcon(lineIcon(QStringLiteral("options"), Theme::colors().text));
}

} // namespace sotto::app
