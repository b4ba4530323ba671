// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace sotto::app {

/// A provider as two lines: box, name and place of choosing; below what it filters and where it
/// is. On the far side its state and answer time while in use. Texts are drawn as they are.
class ProviderDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit ProviderDelegate(QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                     const QModelIndex& index) override;

    /// Where the box is, for a row's rectangle.
    static QRect boxRect(const QRect& row, Qt::LayoutDirection direction);
};

} // namespace sotto::app
