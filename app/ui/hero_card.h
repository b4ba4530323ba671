// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/forwarding_switch.h"
#include "core/overview_state.h"

#include <QFrame>
#include <QTimer>

class QLabel;
class QPushButton;

namespace sotto::app {

class ToggleSwitch;

/// The big switch, in words what it does now, and what can be done about it: pause, resume, take
/// the system's DNS again, decide whether to switch nevertheless.
///
/// A countdown runs only while it can be seen.
class HeroCard : public QFrame {
    Q_OBJECT

public:
    HeroCard(ServiceConnection& connection, ForwardingSwitch& forwarding, QWidget* parent);

    void refresh();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* makeActions();
    QWidget* makeNote();
    QPushButton* makeButton(const char* name, const QString& text, const QString& hint);
    void show(const OverviewState& state);
    void showActions(const OverviewState& state);
    void tick();
    void remedy();

    ServiceConnection& m_connection;
    ForwardingSwitch& m_forwarding;
    QTimer m_countdown{this};
    Remedy m_remedy = Remedy::None;
    bool m_counts = false; ///< a time ends the pause

    ToggleSwitch* m_switch;
    QLabel* m_headline;
    QLabel* m_sentence;
    QLabel* m_detail;
    QLabel* m_switchReason;
    QLabel* m_passwordHint;
    QWidget* m_actions = nullptr;
    QLabel* m_left = nullptr;
    QPushButton* m_resume = nullptr;
    QPushButton* m_stayOff = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_remedyButton = nullptr;
    QPushButton* m_nevertheless = nullptr;
    QPushButton* m_leaveOff = nullptr;
    QWidget* m_noteRow = nullptr;
    QLabel* m_note = nullptr;
};

} // namespace sotto::app
