// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/// Quantities in the unit that suits their size. Pure.
namespace sotto::cli {

/// "0 µs", "300 µs", "1.2 ms", "12.3 ms", "123 ms", "1.8 s".
QString durationText(double millis);

/// "512 bytes", "4 KiB", "1.5 MiB", "32 MiB".
QString sizeText(qint64 bytes);

/// "1 answer", "2 answers".
QString answersText(qint64 count);

} // namespace sotto::cli
