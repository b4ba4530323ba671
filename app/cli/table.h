// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace sotto::cli {

/// Rows of text in aligned columns. Every cell is made printable.
class Table {
public:
    explicit Table(const QStringList& header = {});

    void addRow(const QStringList& cells);
    bool isEmpty() const { return m_rows.isEmpty(); }
    /// The lines, each with its line feed; the last column is not padded.
    QString text() const;

private:
    QList<QStringList> m_rows;
};

} // namespace sotto::cli
