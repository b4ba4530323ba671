// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/service_connection.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace sotto::app {

/// Stands in for what the service shows only after a password, with a button that asks for it; or
/// says that this person may not see it at all. Hidden where neither holds.
class AskFirst : public QFrame {
    Q_OBJECT

public:
    struct Words {
        QString asks;   ///< a sentence: it comes after a password
        QString denied; ///< a sentence: it is not for this person
        QString button;
    };

    /// The label and the button are named after objectName.
    AskFirst(const QString& objectName, Words words, QWidget* parent);

    void show(protocol::Permission permission, bool connected);

signals:
    void wanted();

private:
    Words m_words;
    QLabel* m_text;
    QPushButton* m_button;
};

} // namespace sotto::app
