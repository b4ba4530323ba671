// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

namespace sotto::app {

/// A field to search with: a magnifying glass, a button that empties it, and Esc that does so too
/// before it means anything else to the window.
class SearchField : public QLineEdit {
    Q_OBJECT

public:
    SearchField(const QString& objectName, const QString& hint, QWidget* parent);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void tint();

    QAction* m_glass;
};

} // namespace sotto::app
