// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

namespace sotto::app {

/// A scroll area as tall as its content is at its width, up to a limit; beyond, it scrolls. A plain
/// one does not ask its content how tall it is at a width.
class FittedScroll : public QScrollArea {
    Q_OBJECT

public:
    explicit FittedScroll(QWidget* parent);

    /// In device-independent pixels.
    void setTallest(int height);
    /// To be called when the content's texts have changed. Takes effect with the next event: within
    /// a layout's own work a new height would be lost.
    void fit();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void fitNow();

    int m_tallest = 200;
    bool m_fitting = false; ///< fitNow() is on its way
};

} // namespace sotto::app
