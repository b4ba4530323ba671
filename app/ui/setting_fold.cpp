// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setting_fold.h"

#include "ui/fitted_scroll.h"
#include "ui/labels.h"
#include "ui/theme.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QRadioButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace sotto::app {

namespace {

constexpr int kIndent = kSpace * 3 + 2; ///< below the text of a box, beside its mark

QLabel* indented(QLabel* label) {
    label->setContentsMargins(kIndent, 0, 0, 0);
    return label;
}

} // namespace

SettingFold::SettingFold(const QString& name, const QString& title, const QString& hint,
                         ServiceConnection& connection, QWidget* parent)
    : QFrame(parent)
    , m_connection(connection)
    , m_head(new QToolButton(this))
    , m_body(new FittedScroll(this)) {
    setObjectName(name + QStringLiteral("Group"));
    m_head->setObjectName(name + QStringLiteral("Toggle"));
    m_head->setText(title);
    m_head->setAccessibleDescription(hint);
    m_head->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_head->setCheckable(true);
    m_head->setFocusPolicy(Qt::StrongFocus);
    connect(m_head, &QToolButton::toggled, this, &SettingFold::setOpen);

    m_body->setObjectName(name + QStringLiteral("Body"));
    auto* content = new QWidget(m_body);
    m_blocks = new QVBoxLayout(content);
    m_blocks->setContentsMargins(kSpace, 0, 0, 0);
    m_blocks->setSpacing(kSpace);
    m_password = plainLabel(name + QStringLiteral("Password"), TextRole::Muted, content,
                            tr("To change these, the system will ask for a password."));
    m_blocks->addWidget(m_password);
    m_body->setWidget(content);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kSpace / 2);
    layout->addWidget(m_head, 0, Qt::AlignLeading);
    layout->addWidget(m_body);
    setOpen(false);
}

QVBoxLayout* SettingFold::addBlock(const QString& name) {
    auto* block = new QWidget(m_body->widget());
    block->setObjectName(name + QStringLiteral("Block"));
    auto* layout = new QVBoxLayout(block);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    m_blocks->addWidget(block);
    return layout;
}

void SettingFold::addBox(const QString& name, const QString& key, const QString& title,
                         const QString& trade, const QString& failure) {
    QVBoxLayout* block = addBlock(name);
    QWidget* place = block->parentWidget();
    auto* box = new QCheckBox(title, place);
    box->setObjectName(name + QStringLiteral("Box"));
    box->setAccessibleDescription(trade);
    connect(box, &QCheckBox::clicked, this,
            [this, key, failure](bool on) { m_connection.changeSetting(key, on, failure); });
    block->addWidget(box);
    block->addWidget(
        indented(plainLabel(name + QStringLiteral("Text"), TextRole::Muted, place, trade)));
    QLabel* fixed = indented(plainLabel(name + QStringLiteral("Fixed"), TextRole::Body, place));
    block->addWidget(fixed);
    m_shown.append(
        {key, [box](const QJsonValue& value) { box->setChecked(value.toBool()); }, {box}, fixed});
}

void SettingFold::addOptions(const QString& name, const QString& key, const QString& title,
                             const QList<Option>& options, const QString& failure) {
    QVBoxLayout* block = addBlock(name);
    QWidget* place = block->parentWidget();
    block->addWidget(plainLabel(name + QStringLiteral("Title"), TextRole::Body, place, title));
    auto* group = new QButtonGroup(place);
    QList<QWidget*> controls;
    for (const Option& option : options) {
        auto* button = new QRadioButton(option.text, place);
        button->setObjectName(option.name);
        button->setAccessibleDescription(QStringLiteral("%1. %2").arg(title, option.trade));
        button->setProperty("value", option.value);
        connect(button, &QRadioButton::clicked, this, [this, key, value = option.value, failure] {
            m_connection.changeSetting(key, value, failure);
        });
        group->addButton(button);
        controls.append(button);
        block->addWidget(button);
        block->addWidget(indented(plainLabel(option.name + QStringLiteral("Text"), TextRole::Muted,
                                             place, option.trade)));
    }
    QLabel* fixed = indented(plainLabel(name + QStringLiteral("Fixed"), TextRole::Body, place));
    block->addWidget(fixed);
    const auto show = [group](const QJsonValue& value) {
        group->setExclusive(false); // a value that is not offered chooses none
        for (QAbstractButton* button : group->buttons())
            button->setChecked(button->property("value").toString() == value.toString());
        group->setExclusive(true);
    };
    m_shown.append({key, show, controls, fixed});
}

void SettingFold::setOpen(bool open) {
    m_body->setVisible(open);
    m_head->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    if (!open)
        return;
    if (m_connection.isReady() && !m_connection.settings())
        m_connection.refreshChoices(true);
    emit opened();
}

void SettingFold::close() {
    m_head->setChecked(false);
}

void SettingFold::setTallest(int height) {
    m_body->setTallest(height);
}

QString SettingFold::whyFixed(const std::optional<protocol::Setting>& setting) const {
    if (m_connection.settings() && !setting)
        return tr("The service does not know this setting.");
    if (setting && !setting->changeable)
        return tr("Set in %1 by the administrator.").arg(setting->origin);
    if (m_connection.isReady() && !m_connection.mayConfigure())
        return tr("This account may not change it.");
    return {};
}

void SettingFold::refresh() {
    bool changeable = false;
    for (const Shown& shown : std::as_const(m_shown)) {
        const std::optional<protocol::Setting> setting = m_connection.setting(shown.key);
        const QString fixed = whyFixed(setting);
        shown.show(setting ? setting->value : QJsonValue());
        for (QWidget* control : shown.controls)
            control->setEnabled(setting && fixed.isEmpty());
        shown.fixed->setText(fixed);
        shown.fixed->setVisible(!fixed.isEmpty());
        changeable = changeable || (setting && fixed.isEmpty());
    }
    m_password->setVisible(changeable && m_connection.configuring() == protocol::Permission::Ask);
    m_body->fit();
}

} // namespace sotto::app
