// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/provider_live.h"

#include <QWidget>

class QLabel;

namespace sotto::app {

/// One provider in use on the overview: its state, whether it is unencrypted, and below what is
/// wrong with it or soon will be.
class UpstreamLine : public QWidget {
    Q_OBJECT

public:
    /// place is the line's number in the list; its labels are named by it.
    UpstreamLine(int place, QWidget* parent);

    void show(const UpstreamRow& row);

private:
    QLabel* m_dot;
    QLabel* m_name;
    QLabel* m_badge;
    QLabel* m_state;
    QLabel* m_note;
};

} // namespace sotto::app
