// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/search_field.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QAction>
#include <QKeyEvent>

namespace sotto::app {

SearchField::SearchField(const QString& objectName, const QString& hint, QWidget* parent)
    : QLineEdit(parent)
    , m_glass(addAction(QIcon(), QLineEdit::LeadingPosition)) {
    setObjectName(objectName);
    setPlaceholderText(hint);
    setAccessibleName(hint);
    setClearButtonEnabled(true);
    setMinimumWidth(160);
    tint();
}

void SearchField::tint() {
    m_glass->setIcon(lineIcon(QStringLiteral("search"), Theme::colors().muted));
}

bool SearchField::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && !text().isEmpty() &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QLineEdit::event(event);
}

void SearchField::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
        clear();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

void SearchField::changeEvent(QEvent* event) {
    QLineEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        tint();
}

} // namespace sotto::app
