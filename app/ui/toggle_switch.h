// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QVariantAnimation>

namespace sotto::app {

/// A large on/off switch. Space toggles it; screen readers see a check box. A mark (line or ring)
/// on it says the state without colour.
class ToggleSwitch : public QAbstractButton {
    Q_OBJECT

public:
    explicit ToggleSwitch(QWidget* parent = nullptr);

    /// Shows the state without telling anybody.
    void showState(bool on);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void checkStateSet() override;
    void nextCheckState() override;
    bool hitButton(const QPoint& position) const override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void slide();

    QVariantAnimation m_slide;
    qreal m_place = 0; ///< 0 off … 1 on
};

} // namespace sotto::app
