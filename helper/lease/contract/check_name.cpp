// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/contract/check_name.h"

#include <QRandomGenerator>

namespace sotto::lease {

namespace {

constexpr qsizetype kLabelDigits = 16;

quint32 fnv1a(const QByteArray& octets) {
    quint32 hash = 2166136261U;
    for (const char octet : octets) {
        hash ^= static_cast<unsigned char>(octet);
        hash *= 16777619U;
    }
    return hash;
}

bool isLabel(const QString& text) {
    for (const QChar digit : text) {
        if (!(digit >= u'0' && digit <= u'9') && !(digit >= u'a' && digit <= u'f'))
            return false;
    }
    return text.size() == kLabelDigits;
}

} // namespace

QString newCheckName() {
    return QStringLiteral("%1.%2")
        .arg(QRandomGenerator::system()->generate64(), kLabelDigits, 16, QLatin1Char('0'))
        .arg(QLatin1String(kCheckZone));
}

QString checkAddress(const QString& name) {
    const QString label = name.section(QLatin1Char('.'), 0, 0);
    if (!isLabel(label) || name.mid(kLabelDigits + 1) != QLatin1String(kCheckZone))
        return {};
    const quint32 hash = fnv1a(label.toLatin1());
    return QStringLiteral("127.83.%1.%2").arg((hash >> 8U) & 0xffU).arg(hash & 0xffU);
}

} // namespace sotto::lease
