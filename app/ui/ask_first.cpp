// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ask_first.h"

#include "ui/labels.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace sotto::app {

AskFirst::AskFirst(const QString& objectName, Words words, QWidget* parent)
    : QFrame(parent)
    , m_words(std::move(words))
    , m_text(plainLabel(objectName + QStringLiteral("Text"), TextRole::Body, this))
    , m_button(new QPushButton(m_words.button, this)) {
    setObjectName(objectName);
    setProperty("card", true);
    m_button->setObjectName(objectName + QStringLiteral("Button"));
    connect(m_button, &QPushButton::clicked, this, &AskFirst::wanted);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(kSpace * 2, kSpace, kSpace, kSpace);
    layout->setSpacing(kSpace);
    layout->addWidget(new IconLabel(QStringLiteral("lock"), IconLabel::Tint::Muted, 20, this));
    layout->addWidget(m_text, 1);
    layout->addWidget(m_button);
    hide();
}

void AskFirst::show(protocol::Permission permission, bool connected) {
    const bool asks = permission == protocol::Permission::Ask;
    m_text->setText(asks ? m_words.asks : m_words.denied);
    m_button->setVisible(asks);
    m_button->setAccessibleDescription(m_text->text());
    setVisible(connected && permission != protocol::Permission::Yes);
}

} // namespace sotto::app
