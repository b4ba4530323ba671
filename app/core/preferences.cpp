// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/preferences.h"

namespace sotto::app {

namespace {

const QString kTheme = QStringLiteral("theme");
const QString kStartHidden = QStringLiteral("start_hidden");
const QString kFollowLog = QStringLiteral("log/follow");
const QString kToldAboutTray = QStringLiteral("told_about_tray");
const QString kSwitchedBefore = QStringLiteral("switched_before");
const QString kGeometry = QStringLiteral("window/geometry");

} // namespace

QString themeChoiceText(ThemeChoice choice) {
    switch (choice) {
    case ThemeChoice::Light:
        return QStringLiteral("light");
    case ThemeChoice::Dark:
        return QStringLiteral("dark");
    case ThemeChoice::System:
        break;
    }
    return QStringLiteral("system");
}

bool themeChoiceFromText(const QString& text, ThemeChoice& choice) {
    for (const ThemeChoice candidate :
         {ThemeChoice::System, ThemeChoice::Light, ThemeChoice::Dark}) {
        if (text == themeChoiceText(candidate)) {
            choice = candidate;
            return true;
        }
    }
    return false;
}

Preferences::Preferences()
    : m_settings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("sotto"),
                 QStringLiteral("app")) {}

Preferences::Preferences(const QString& path)
    : m_settings(path, QSettings::IniFormat) {}

ThemeChoice Preferences::theme() const {
    ThemeChoice choice = ThemeChoice::System;
    themeChoiceFromText(m_settings.value(kTheme).toString(), choice);
    return choice;
}

void Preferences::setTheme(ThemeChoice choice) {
    m_settings.setValue(kTheme, themeChoiceText(choice));
}

bool Preferences::startHidden() const {
    return m_settings.value(kStartHidden, false).toBool();
}

void Preferences::setStartHidden(bool hidden) {
    m_settings.setValue(kStartHidden, hidden);
}

bool Preferences::followLog() const {
    return m_settings.value(kFollowLog, true).toBool();
}

void Preferences::setFollowLog(bool follow) {
    m_settings.setValue(kFollowLog, follow);
}

bool Preferences::toldAboutTray() const {
    return m_settings.value(kToldAboutTray, false).toBool();
}

void Preferences::setToldAboutTray() {
    m_settings.setValue(kToldAboutTray, true);
}

bool Preferences::switchedBefore() const {
    return m_settings.value(kSwitchedBefore, false).toBool();
}

void Preferences::setSwitchedBefore() {
    m_settings.setValue(kSwitchedBefore, true);
}

QByteArray Preferences::windowGeometry() const {
    return m_settings.value(kGeometry).toByteArray();
}

void Preferences::setWindowGeometry(const QByteArray& geometry) {
    m_settings.setValue(kGeometry, geometry);
}

} // namespace sotto::app
