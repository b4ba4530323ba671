// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QLabel>
#include <QString>

namespace sotto::app {

enum class TextRole { Title, Headline, Heading, Body, Muted, Value };

/// A label that shows its text as it is, whatever is in it: never rich text, never a mnemonic.
/// Long text wraps; it can be selected with the mouse where selectable.
QLabel* plainLabel(const QString& objectName, TextRole role, QWidget* parent,
                   const QString& text = {});
void makeSelectable(QLabel* label);

/// A surface with a border that groups what belongs together.
QFrame* card(const QString& objectName, QWidget* parent);

/// A line icon that follows the theme. Decoration: screen readers skip it.
class IconLabel : public QLabel {
    Q_OBJECT

public:
    enum class Tint { Text, Muted, Accent, Warning, Bad, Good };

    IconLabel(const QString& icon, Tint tint, int size, QWidget* parent);
    void setIcon(const QString& icon, Tint tint);

protected:
    void changeEvent(QEvent* event) override;

private:
    void render();

    QString m_icon;
    Tint m_tint;
    int m_size;
};

/// A dot in the colour and shape of a state: filled, ring, cross; so that colour is not all.
QPixmap stateDot(const QColor& color, bool filled, bool cross, qreal devicePixelRatio);

} // namespace sotto::app
