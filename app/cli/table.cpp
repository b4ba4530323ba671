// SPDX-License-Identifier: GPL-3.0-or-later
#include "table.h"

#include "printable.h"

#include <algorithm>

namespace sotto::cli {

Table::Table(const QStringList& header) {
    if (!header.isEmpty())
        m_rows.append(header);
}

void Table::addRow(const QStringList& cells) {
    QStringList row;
    for (const QString& cell : cells)
        row += printable(cell);
    m_rows.append(row);
}

QString Table::text() const {
    QList<qsizetype> widths;
    for (const QStringList& row : m_rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    QString result;
    for (const QStringList& row : m_rows) {
        QString line;
        for (qsizetype i = 0; i < row.size(); ++i)
            line += i + 1 < row.size() ? row[i].leftJustified(widths[i] + 2) : row[i];
        while (line.endsWith(QLatin1Char(' ')))
            line.chop(1);
        result += line + QLatin1Char('\n');
    }
    return result;
}

} // namespace sotto::cli
