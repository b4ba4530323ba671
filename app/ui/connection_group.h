// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/service_connection.h"

#include <QFrame>

class QCheckBox;
class QLabel;
class QToolButton;

namespace sotto::app {

class FittedScroll;

/// Two experimental ways to save a round trip, with what each costs, behind a heading that opens
/// and closes. A box shows what is in force; where the administrator's file decides it says so.
class ConnectionGroup : public QFrame {
    Q_OBJECT

public:
    ConnectionGroup(ServiceConnection& connection, QWidget* parent);

    /// Takes over what is in force.
    void refresh();
    /// Of what opens, in device-independent pixels; beyond, it scrolls.
    void setTallest(int height);

private:
    struct Choice {
        QString key; ///< of the setting
        QCheckBox* box = nullptr;
        QLabel* fixed = nullptr; ///< why it cannot be changed
    };

    QWidget* makeChoice(const QString& name, const QString& key, const QString& title,
                        const QString& trade, const QString& failure);
    void setOpen(bool open);

    ServiceConnection& m_connection;
    QToolButton* m_head;
    FittedScroll* m_body;
    QList<Choice> m_choices;
};

} // namespace sotto::app
