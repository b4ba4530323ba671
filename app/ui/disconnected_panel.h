// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/service_connection.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;

namespace sotto::app {

/// Stands in the place of every page while there is no connection to the service: says so, and
/// how to start it.
class DisconnectedPanel : public QWidget {
    Q_OBJECT

public:
    explicit DisconnectedPanel(QWidget* parent);

    void show(const ServiceConnection& connection);

private:
    QLabel* m_headline;
    QLabel* m_sentence;
    QWidget* m_commandRow;
    QLineEdit* m_command;
    QPushButton* m_copy;
    QLabel* m_socket;
    QLabel* m_reason;
};

} // namespace sotto::app
