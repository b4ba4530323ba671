// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace sotto::app {

/// One page of the main window. Polls and subscribes only while it is visible.
class Page : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// Puts the cursor in the page's search field; false where it has none.
    virtual bool focusSearch() { return false; }
    /// Whether the page shows all that it asked the service for.
    virtual bool isSettled() const = 0;
};

} // namespace sotto::app
