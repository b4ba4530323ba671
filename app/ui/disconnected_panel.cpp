// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/disconnected_panel.h"

#include "core/service_hint.h"
#include "core/texts.h"
#include "ui/labels.h"
#include "ui/theme.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace sotto::app {

DisconnectedPanel::DisconnectedPanel(QWidget* parent)
    : QWidget(parent)
    , m_headline(plainLabel(QStringLiteral("disconnectedHeadline"), TextRole::Headline, this))
    , m_sentence(plainLabel(QStringLiteral("disconnectedSentence"), TextRole::Body, this))
    , m_commandRow(new QWidget(this))
    , m_command(new QLineEdit(m_commandRow))
    , m_copy(new QPushButton(tr("Copy"), m_commandRow))
    , m_socket(plainLabel(QStringLiteral("disconnectedSocket"), TextRole::Muted, this))
    , m_reason(plainLabel(QStringLiteral("disconnectedReason"), TextRole::Muted, this)) {
    setObjectName(QStringLiteral("disconnectedPanel"));
    m_command->setObjectName(QStringLiteral("startCommand"));
    m_command->setAccessibleName(tr("Command that starts the service"));
    m_command->setReadOnly(true);
    m_command->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_copy->setObjectName(QStringLiteral("copyStartCommand"));
    m_copy->setAccessibleDescription(tr("Copies the command that starts the service"));
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_command->text()); });
    m_headline->setWordWrap(true);
    m_headline->setAlignment(Qt::AlignHCenter);
    m_sentence->setAlignment(Qt::AlignHCenter);
    m_socket->setAlignment(Qt::AlignHCenter);
    m_reason->setAlignment(Qt::AlignHCenter);
    makeSelectable(m_socket);
    makeSelectable(m_reason);

    auto* command = new QHBoxLayout(m_commandRow);
    command->setContentsMargins(0, 0, 0, 0);
    command->setSpacing(kSpace);
    command->addWidget(m_command, 1);
    command->addWidget(m_copy);

    auto* column = new QVBoxLayout;
    column->setSpacing(kSpace * 2);
    column->addStretch(2);
    column->addWidget(new IconLabel(QStringLiteral("unplugged"), IconLabel::Tint::Muted, 64, this),
                      0, Qt::AlignHCenter);
    column->addWidget(m_headline);
    column->addWidget(m_sentence);
    column->addWidget(m_commandRow);
    column->addWidget(m_socket);
    column->addWidget(m_reason);
    column->addStretch(3);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kSpace * 3, kSpace * 3, kSpace * 3, kSpace * 3);
    row->addStretch(1);
    row->addLayout(column, 6);
    row->addStretch(1);
}

void DisconnectedPanel::show(const ServiceConnection& connection) {
    const bool down = connection.link() == ServiceConnection::Link::Down;
    m_commandRow->setVisible(down);
    m_command->setText(
        startCommand(connection.socketWasGiven() ? connection.socketPath() : QString()));
    m_command->setCursorPosition(0);
    switch (connection.link()) {
    case ServiceConnection::Link::Searching:
        m_headline->setText(tr("Looking for the Sotto service"));
        m_sentence->setText({});
        break;
    case ServiceConnection::Link::Incompatible:
        m_headline->setText(tr("The Sotto service does not fit this program"));
        m_sentence->setText(tr("Install the same version of both and start the service again. "
                               "This window connects by itself then."));
        break;
    default:
        m_headline->setText(tr("The Sotto service is not running"));
        m_sentence->setText(tr("It looks up names for this computer. Start it with the command "
                               "below; this window connects by itself."));
        break;
    }
    m_socket->setText(tr("Socket: %1").arg(connection.socketPath()));
    m_reason->setVisible(!connection.failure().isEmpty());
    m_reason->setText(tr("Reason: %1").arg(asSentence(connection.failure())));
}

} // namespace sotto::app
