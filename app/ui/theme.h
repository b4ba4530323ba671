// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/app_state.h"
#include "core/preferences.h"
#include "protocol/messages.h"

#include <QColor>
#include <QObject>
#include <QString>

class QApplication;

namespace sotto::app {

class SystemScheme;

/// Every distance in the windows is a multiple of this, in device-independent pixels.
inline constexpr int kSpace = 8;

/// The colours of one scheme. Every text colour reaches a contrast of 4.5 : 1 (WCAG 2.1 AA) on
/// every ground that it is used on; a test checks it.
struct Colors {
    bool dark = false;
    QColor window;
    QColor surface; ///< cards, lists, fields
    QColor sidebar;
    QColor border;
    QColor control; ///< outlines of fields and boxes: 3 : 1 on surface
    QColor text;
    QColor muted;
    QColor accent;
    QColor onAccent;
    QColor accentSoft; ///< ground of what is selected
    QColor good;
    QColor warning;
    QColor bad;
    QColor warningSoft;
    QColor badSoft;

    QColor of(AppState state) const;
    QColor of(protocol::UpstreamState state) const;
};

const Colors& lightColors();
const Colors& darkColors();

/// Puts Sotto's own look on the application: Fusion style, palette, small style sheet; light or
/// dark as chosen, or as the desktop says. One for the life of the application.
///
/// Thread: GUI.
class Theme : public QObject {
    Q_OBJECT

public:
    explicit Theme(QApplication& application);
    ~Theme() override;

    /// The one that lives.
    static Theme& instance();
    /// The colours in force; light ones while there is no theme.
    static const Colors& colors();

    void setChoice(ThemeChoice choice);
    ThemeChoice choice() const { return m_choice; }

signals:
    void changed();

private:
    void apply();

    QApplication& m_application;
    SystemScheme* m_system;
    ThemeChoice m_choice = ThemeChoice::System;
    const Colors* m_colors;
};

} // namespace sotto::app
