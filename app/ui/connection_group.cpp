// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connection_group.h"

#include "ui/fitted_scroll.h"
#include "ui/labels.h"
#include "ui/theme.h"

#include <QCheckBox>
#include <QToolButton>
#include <QVBoxLayout>

namespace sotto::app {

ConnectionGroup::ConnectionGroup(ServiceConnection& connection, QWidget* parent)
    : QFrame(parent)
    , m_connection(connection)
    , m_head(new QToolButton(this))
    , m_body(new FittedScroll(this)) {
    setObjectName(QStringLiteral("connectionGroup"));
    m_head->setObjectName(QStringLiteral("connectionToggle"));
    m_head->setText(tr("Connection (experimental)"));
    m_head->setAccessibleDescription(tr("Shows or hides two ways to save a round trip"));
    m_head->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_head->setCheckable(true);
    m_head->setFocusPolicy(Qt::StrongFocus);
    connect(m_head, &QToolButton::toggled, this, &ConnectionGroup::setOpen);

    m_body->setObjectName(QStringLiteral("connectionBody"));
    auto* content = new QWidget(m_body);
    auto* body = new QVBoxLayout(content);
    body->setContentsMargins(kSpace, 0, 0, 0);
    body->setSpacing(kSpace);
    body->addWidget(makeChoice(
        QStringLiteral("earlyData"), QStringLiteral("forward.early_data"), tr("TLS early data"),
        tr("When a connection is taken up again, the first questions go along with its handshake: "
           "a round trip less. But whoever controls the network could send such a question to the "
           "provider a second time, or tell that it belongs to your connection before."),
        tr("Early data was not changed.")));
    body->addWidget(makeChoice(
        QStringLiteral("tcpFastOpen"), QStringLiteral("forward.tcp_fast_open"), tr("TCP Fast Open"),
        tr("The very first packet carries data already: a round trip less. But it carries a mark "
           "that this computer got from the provider before, by which the network can tell that "
           "two connections are yours."),
        tr("TCP Fast Open was not changed.")));
    m_body->setWidget(content);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kSpace / 2);
    layout->addWidget(m_head, 0, Qt::AlignLeading);
    layout->addWidget(m_body);
    setOpen(false);
    refresh();
}

QWidget* ConnectionGroup::makeChoice(const QString& name, const QString& key, const QString& title,
                                     const QString& trade, const QString& failure) {
    auto* made = new QWidget(m_body);
    auto* box = new QCheckBox(title, made);
    box->setObjectName(name + QStringLiteral("Box"));
    box->setAccessibleDescription(trade);
    QLabel* words = plainLabel(name + QStringLiteral("Text"), TextRole::Muted, made, trade);
    QLabel* fixed = plainLabel(name + QStringLiteral("Fixed"), TextRole::Body, made);
    connect(box, &QCheckBox::clicked, this,
            [this, key, failure](bool on) { m_connection.changeSetting(key, on, failure); });
    auto* layout = new QVBoxLayout(made);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(box);
    for (QLabel* label : {words, fixed}) {
        label->setContentsMargins(kSpace * 3 + 2, 0, 0, 0);
        layout->addWidget(label);
    }
    m_choices.append({key, box, fixed});
    return made;
}

void ConnectionGroup::setOpen(bool open) {
    m_body->setVisible(open);
    m_head->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
}

void ConnectionGroup::setTallest(int height) {
    m_body->setTallest(height);
}

void ConnectionGroup::refresh() {
    for (const Choice& choice : std::as_const(m_choices)) {
        const std::optional<protocol::Setting> setting = m_connection.setting(choice.key);
        QString fixed;
        if (m_connection.settings() && !setting)
            fixed = tr("The service does not know this setting.");
        else if (setting && !setting->changeable)
            fixed = tr("Set in %1 by the administrator.").arg(setting->origin);
        else if (m_connection.isReady() && !m_connection.mayToggle())
            fixed = tr("This account may not change it.");
        choice.box->setChecked(setting && setting->value.toBool());
        choice.box->setEnabled(setting && fixed.isEmpty());
        choice.fixed->setText(fixed);
        choice.fixed->setVisible(!fixed.isEmpty());
    }
    m_body->fit();
}

} // namespace sotto::app
