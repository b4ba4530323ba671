// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/overview_state.h"
#include "core/preferences.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QFrame>

class QLabel;
class QMenu;
class QToolButton;

namespace sotto::app {

/// One page's entry in the sidebar: icon beside text, or above it where there is little room.
class NavButton : public QAbstractButton {
    Q_OBJECT

public:
    NavButton(const QString& icon, const QString& text, QWidget* parent);

    void setCompact(bool compact);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    QString m_icon;
    bool m_compact = false;
};

/// The way between pages, the state at a glance, and the application's own options.
class Sidebar : public QFrame {
    Q_OBJECT

public:
    explicit Sidebar(QWidget* parent);

    void addPage(const QString& objectName, const QString& icon, const QString& text);
    void setCurrent(int page);
    void setCompact(bool compact);
    void showState(const OverviewState& state);
    QMenu* optionsMenu() const { return m_menu; }

signals:
    void pageRequested(int page);

protected:
    void changeEvent(QEvent* event) override;

private:
    void render();

    QButtonGroup m_group;
    QLabel* m_logo;
    QLabel* m_name;
    QLabel* m_stateIcon;
    QLabel* m_stateText;
    QToolButton* m_options;
    QMenu* m_menu;
    AppState m_state = AppState::Disconnected;
};

} // namespace sotto::app
