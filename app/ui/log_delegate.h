// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace sotto::app {

/// Draws a cell of the query log: one line, padded, as it is. Failures stand out by weight and
/// colour.
class LogDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    /// The font that takes the most room of those that cells are drawn in.
    static QFont heaviest(QFont font);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace sotto::app
