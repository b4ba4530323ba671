// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme.h"

#include "ui/system_scheme.h"

#include <QApplication>
#include <QHash>
#include <QPalette>
#include <QStyleFactory>

namespace sotto::app {

namespace {

Theme* g_theme = nullptr;

QPalette paletteOf(const Colors& c) {
    QPalette palette;
    palette.setColor(QPalette::Window, c.window);
    palette.setColor(QPalette::WindowText, c.text);
    palette.setColor(QPalette::Base, c.surface);
    palette.setColor(QPalette::AlternateBase, c.window);
    palette.setColor(QPalette::Text, c.text);
    palette.setColor(QPalette::PlaceholderText, c.muted);
    palette.setColor(QPalette::Button, c.surface);
    palette.setColor(QPalette::ButtonText, c.text);
    palette.setColor(QPalette::BrightText, c.onAccent);
    palette.setColor(QPalette::ToolTipBase, c.surface);
    palette.setColor(QPalette::ToolTipText, c.text);
    palette.setColor(QPalette::Highlight, c.accentSoft);
    palette.setColor(QPalette::HighlightedText, c.text);
    palette.setColor(QPalette::Link, c.accent);
    palette.setColor(QPalette::LinkVisited, c.accent);
    palette.setColor(QPalette::Light, c.dark ? c.border.lighter(120) : c.surface);
    palette.setColor(QPalette::Midlight, c.border);
    palette.setColor(QPalette::Mid, c.border);
    palette.setColor(QPalette::Dark, c.control);
    palette.setColor(QPalette::Shadow, c.dark ? QColor(0, 0, 0) : c.control);
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, c.muted);
    return palette;
}

/// @name@ in the sheet stands for a colour.
QString filled(QString sheet, const Colors& c) {
    const QHash<QString, QColor> names{
        {QStringLiteral("window"), c.window},
        {QStringLiteral("surface"), c.surface},
        {QStringLiteral("sidebar"), c.sidebar},
        {QStringLiteral("border"), c.border},
        {QStringLiteral("control"), c.control},
        {QStringLiteral("text"), c.text},
        {QStringLiteral("muted"), c.muted},
        {QStringLiteral("accent"), c.accent},
        {QStringLiteral("onAccent"), c.onAccent},
        {QStringLiteral("accentSoft"), c.accentSoft},
        {QStringLiteral("warningSoft"), c.warningSoft},
        {QStringLiteral("badSoft"), c.badSoft},
        {QStringLiteral("accentHover"), c.dark ? c.accent.lighter(112) : c.accent.darker(115)},
    };
    for (auto it = names.begin(); it != names.end(); ++it)
        sheet.replace(QLatin1Char('@') + it.key() + QLatin1Char('@'), it.value().name());
    return sheet.replace(QLatin1String("@scheme@"),
                         c.dark ? QLatin1String("dark") : QLatin1String("light"));
}

const QString kSheet = QStringLiteral(R"(
#sidebar { background: @sidebar@; border: none; }
[card="true"] { background: @surface@; border: 1px solid @border@; border-radius: 10px; }
[inset="true"] { background: @window@; border: 1px solid @border@; border-radius: 8px; }
[badge="true"] { background: @warningSoft@; color: @text@; border-radius: 4px; padding: 1px 6px; }
[muted="true"] { color: @muted@; }
QToolTip { background: @surface@; color: @text@; border: 1px solid @border@; padding: 4px 8px; }

QPushButton { background: @surface@; color: @text@; border: 1px solid @control@;
  border-radius: 6px; padding: 6px 16px; min-height: 20px; }
QPushButton:hover { background: @accentSoft@; border-color: @accent@; }
QPushButton:focus { border: 2px solid @accent@; padding: 5px 15px; }
QPushButton:pressed { background: @border@; }
QPushButton:disabled { color: @muted@; border-color: @border@; background: transparent; }
QPushButton[primary="true"] { background: @accent@; color: @onAccent@; border-color: @accent@; }
QPushButton[primary="true"]:hover { background: @accentHover@; }
QPushButton[primary="true"]:focus { border: 2px solid @text@; }
QPushButton[primary="true"]:disabled { background: @border@; color: @muted@; border-color: @border@; }
QPushButton[opensMenu="true"] { padding-right: 34px; }
QPushButton[opensMenu="true"]:focus { padding-right: 33px; }
QPushButton::menu-indicator { image: url(:/icons/png/chevron-@scheme@.png); width: 16px;
  height: 16px; subcontrol-origin: padding; subcontrol-position: center right; right: 10px; }
QPushButton[chip="true"] { border-radius: 14px; padding: 3px 12px; }
QPushButton[chip="true"]:focus { padding: 2px 11px; }
QPushButton[chip="true"]:checked { background: @accent@; color: @onAccent@; border-color: @accent@; }
QPushButton[chip="true"]:checked:focus { border-color: @text@; }

QToolButton { background: transparent; border: 2px solid transparent; border-radius: 6px;
  padding: 4px; color: @text@; }
QToolButton:hover { background: @accentSoft@; }
QToolButton:focus { border-color: @accent@; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QComboBox { background: @surface@; color: @text@; border: 1px solid @control@;
  border-radius: 6px; padding: 5px 8px; min-height: 22px; selection-background-color: @accent@;
  selection-color: @onAccent@; }
QLineEdit:focus, QComboBox:focus { border: 2px solid @accent@; padding: 4px 7px; }
QLineEdit:disabled, QComboBox:disabled { color: @muted@; border-color: @border@; }
QComboBox { padding-right: 24px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url(:/icons/png/chevron-@scheme@.png); width: 16px; height: 16px; }
QComboBox QRadioButton { color: @text@; spacing: 8px; }
QRadioButton:disabled { color: @muted@; }
QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid @control@;
  border-radius: 9px; background: @surface@; margin: 1px; }
QRadioButton::indicator:hover { border-color: @accent@; }
QRadioButton::indicator:focus { border: 2px solid @accent@; border-radius: 10px; margin: 0; }
QRadioButton::indicator:checked { width: 8px; height: 8px; border: 5px solid @accent@; }
QRadioButton::indicator:checked:focus { border-color: @text@; margin: 1px; border-radius: 9px; }
QRadioButton::indicator:disabled { background: transparent; border-color: @border@; }

QAbstractItemView { background: @surface@; border: 1px solid @border@;
  selection-background-color: @accentSoft@; selection-color: @text@; outline: none; }

QCheckBox { color: @text@; spacing: 8px; }
QCheckBox:disabled { color: @muted@; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid @control@; border-radius: 4px;
  background: @surface@; margin: 1px; }
QCheckBox::indicator:hover { border-color: @accent@; }
QCheckBox::indicator:focus { border: 2px solid @accent@; margin: 0; }
QCheckBox::indicator:checked { background: @accent@; border-color: @accent@;
  image: url(:/icons/png/mark-@scheme@.png); }
QCheckBox::indicator:checked:focus { border-color: @text@; }
QCheckBox::indicator:disabled { background: transparent; border-color: @border@; }

QAbstractItemView { background: @surface@; border: 1px solid @border@; border-radius: 8px;
  selection-background-color: @accentSoft@; selection-color: @text@; outline: none;
  gridline-color: @border@; }
QAbstractItemView:focus { border: 2px solid @accent@; }
QHeaderView { border: none; background: transparent; }
QHeaderView::section { background: @surface@; color: @muted@; border: none;
  border-bottom: 1px solid @border@; padding: 6px 8px; }

QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: @control@; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @muted@; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }

QBalloonTip QLabel { color: #17202a; }
QBalloonTip QPushButton { background: transparent; border: none; padding: 0; min-height: 0; }

QMenu { background: @surface@; color: @text@; border: 1px solid @border@; padding: 4px; }
QMenu::item { padding: 6px 28px 6px 28px; border-radius: 4px; }
QMenu::item:selected { background: @accentSoft@; color: @text@; }
QMenu::item:disabled { color: @muted@; }
QMenu::separator { height: 1px; background: @border@; margin: 4px 8px; }

[strip="problem"] { background: @badSoft@; border-radius: 8px; }
[strip="notice"] { background: @warningSoft@; border-radius: 8px; }
[strip="done"] { background: @accentSoft@; border-radius: 8px; }
)");

} // namespace

QColor Colors::of(AppState state) const {
    switch (state) {
    case AppState::Protected:
        return good;
    case AppState::Trouble:
        return bad;
    case AppState::Starting:
        return accent;
    default:
        return muted;
    }
}

QColor Colors::of(protocol::UpstreamState state) const {
    switch (state) {
    case protocol::UpstreamState::Ready:
        return good;
    case protocol::UpstreamState::Failing:
        return bad;
    case protocol::UpstreamState::Connecting:
        return warning;
    default:
        return muted;
    }
}

const Colors& lightColors() {
    static const Colors colors{
        .dark = false,
        .window = QRgb(0xfff5f6f8),
        .surface = QRgb(0xffffffff),
        .sidebar = QRgb(0xffe9ecf0),
        .border = QRgb(0xffd8dde3),
        .control = QRgb(0xff7f8a96),
        .text = QRgb(0xff17202a),
        .muted = QRgb(0xff53606d),
        .accent = QRgb(0xff0b6e69),
        .onAccent = QRgb(0xffffffff),
        .accentSoft = QRgb(0xffd9eeec),
        .good = QRgb(0xff14713f),
        .warning = QRgb(0xff8a4f00),
        .bad = QRgb(0xffab2019),
        .warningSoft = QRgb(0xfffdf0d8),
        .badSoft = QRgb(0xfffce4e2),
    };
    return colors;
}

const Colors& darkColors() {
    static const Colors colors{
        .dark = true,
        .window = QRgb(0xff14191f),
        .surface = QRgb(0xff1c232b),
        .sidebar = QRgb(0xff0f1419),
        .border = QRgb(0xff313b46),
        .control = QRgb(0xff74818f),
        .text = QRgb(0xffe8ecf1),
        .muted = QRgb(0xffa7b3c0),
        .accent = QRgb(0xff4fc1b7),
        .onAccent = QRgb(0xff04211e),
        .accentSoft = QRgb(0xff17393a),
        .good = QRgb(0xff5fce92),
        .warning = QRgb(0xffe9b650),
        .bad = QRgb(0xffff9088),
        .warningSoft = QRgb(0xff37290d),
        .badSoft = QRgb(0xff421a19),
    };
    return colors;
}

Theme::Theme(QApplication& application)
    : m_application(application)
    , m_system(new SystemScheme(this))
    , m_colors(&lightColors()) {
    g_theme = this;
    application.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    connect(m_system, &SystemScheme::changed, this, [this] {
        if (m_choice == ThemeChoice::System)
            apply();
    });
    apply();
}

Theme::~Theme() {
    g_theme = nullptr;
}

Theme& Theme::instance() {
    Q_ASSERT(g_theme);
    return *g_theme;
}

const Colors& Theme::colors() {
    return g_theme ? *g_theme->m_colors : lightColors();
}

void Theme::setChoice(ThemeChoice choice) {
    m_choice = choice;
    apply();
}

void Theme::apply() {
    const bool dark =
        m_choice == ThemeChoice::Dark || (m_choice == ThemeChoice::System && m_system->isDark());
    m_colors = dark ? &darkColors() : &lightColors();
    m_application.setPalette(paletteOf(*m_colors));
    m_application.setStyleSheet(filled(kSheet, *m_colors));
    emit changed();
}

} // namespace sotto::app
