// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QSettings>
#include <QString>

namespace sotto::app {

enum class ThemeChoice { System, Light, Dark };

QString themeChoiceText(ThemeChoice choice);
bool themeChoiceFromText(const QString& text, ThemeChoice& choice);

/// What the application remembers of a person's taste and of what it has told or asked already:
/// nothing that decides how names are looked up.
class Preferences {
public:
    /// The user's own file, or with a path that file.
    Preferences();
    explicit Preferences(const QString& path);

    ThemeChoice theme() const;
    void setTheme(ThemeChoice choice);

    bool startHidden() const;
    void setStartHidden(bool hidden);

    /// Whether the query log jumps to new entries.
    bool followLog() const;
    void setFollowLog(bool follow);

    /// Whether the person was told once that closing the window leaves Sotto in the tray.
    bool toldAboutTray() const;
    void setToldAboutTray();

    /// Whether this computer's DNS was switched to Sotto before.
    bool switchedBefore() const;
    void setSwitchedBefore();

    QByteArray windowGeometry() const;
    void setWindowGeometry(const QByteArray& geometry);

private:
    QSettings m_settings;
};

} // namespace sotto::app
