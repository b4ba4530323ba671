// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/setting_text.h"

#include <QStringList>

#include <algorithm>
#include <array>

namespace sotto::service {

namespace {

struct Unit {
    QLatin1String name;
    qint64 factor;
};

// From the largest to the smallest; "ms" is recognised before "m" by its length.
constexpr std::array kDurationUnits{
    Unit{QLatin1String("h"), 3600000},
    Unit{QLatin1String("m"), 60000},
    Unit{QLatin1String("s"), 1000},
    Unit{QLatin1String("ms"), 1},
};

constexpr std::array kSizeUnits{
    Unit{QLatin1String("GiB"), qint64{1} << 30},
    Unit{QLatin1String("MiB"), qint64{1} << 20},
    Unit{QLatin1String("KiB"), qint64{1} << 10},
    Unit{QLatin1String("B"), 1},
};

constexpr qsizetype kMaxDigits = 9;

bool isDigit(QChar c) {
    return c >= QLatin1Char('0') && c <= QLatin1Char('9');
}

/// Takes the digits at the front of text; -1 where there are none or too many.
qint64 takeNumber(QStringView& text, qsizetype maxDigits) {
    qsizetype digits = 0;
    while (digits < text.size() && isDigit(text[digits]))
        ++digits;
    if (digits == 0 || digits > maxDigits)
        return -1;
    const qint64 number = text.first(digits).toLongLong();
    text = text.sliced(digits);
    return number;
}

QStringView takeLetters(QStringView& text) {
    qsizetype letters = 0;
    while (letters < text.size() && !isDigit(text[letters]))
        ++letters;
    const QStringView taken = text.first(letters);
    text = text.sliced(letters);
    return taken;
}

} // namespace

std::optional<std::chrono::milliseconds> durationFromText(QStringView text) {
    if (text.isEmpty())
        return std::nullopt;
    qint64 total = 0;
    std::size_t nextUnit = 0;
    while (!text.isEmpty()) {
        const qint64 number = takeNumber(text, kMaxDigits);
        const QStringView name = takeLetters(text);
        if (number < 0)
            return std::nullopt;
        while (nextUnit < kDurationUnits.size() && kDurationUnits[nextUnit].name != name)
            ++nextUnit;
        if (nextUnit == kDurationUnits.size())
            return std::nullopt;
        total += number * kDurationUnits[nextUnit++].factor;
    }
    return std::chrono::milliseconds(total);
}

QString durationText(std::chrono::milliseconds duration) {
    qint64 rest = duration.count();
    QString text;
    for (const Unit& unit : kDurationUnits) {
        if (rest >= unit.factor)
            text += QString::number(rest / unit.factor) + unit.name;
        rest %= unit.factor;
    }
    return text.isEmpty() ? QStringLiteral("0s") : text;
}

std::optional<quint64> sizeFromText(QStringView text) {
    const qint64 number = takeNumber(text, 2 * kMaxDigits - 3);
    if (number < 0)
        return std::nullopt;
    if (text.isEmpty())
        return static_cast<quint64>(number);
    for (const Unit& unit : kSizeUnits) {
        if (text == unit.name) {
            if (number > std::numeric_limits<qint64>::max() / unit.factor)
                return std::nullopt;
            return static_cast<quint64>(number * unit.factor);
        }
    }
    return std::nullopt;
}

} // namespace sotto::service
