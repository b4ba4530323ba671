// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/type_shares.h"

#include <QWidget>

namespace sotto::app {

/// Parts of a whole as a list: each with its name, a bar as long as its share, and the share in
/// per cent; with the count too where there is room. A part without a name is "others". Screen
/// readers get the list as the description.
class ShareBars : public QWidget {
    Q_OBJECT

public:
    /// Room is kept for so many parts.
    explicit ShareBars(int parts, QWidget* parent = nullptr);

    void setShares(const QList<Share>& shares);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int rowHeight() const;
    QString nameOf(const Share& share) const;
    double partOf(const Share& share) const;

    int m_parts;
    QList<Share> m_shares;
    qint64 m_total = 0;
};

} // namespace sotto::app
