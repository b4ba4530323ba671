// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/contract/check_name.h"

#include <QMessageAuthenticationCode>
#include <QRandomGenerator>

namespace sotto::lease {

namespace {

constexpr qsizetype kLabelDigits = 16;

bool areDigits(const QString& text, qsizetype count) {
    for (const QChar digit : text) {
        if (!(digit >= u'0' && digit <= u'9') && !(digit >= u'a' && digit <= u'f'))
            return false;
    }
    return text.size() == count;
}

QString randomDigits() {
    return QStringLiteral("%1").arg(QRandomGenerator::system()->generate64(), kLabelDigits, 16,
                                    QLatin1Char('0'));
}

} // namespace

QString newCheckKey() {
    return randomDigits() + randomDigits();
}

bool isCheckKey(const QString& text) {
    return areDigits(text, kCheckKeyDigits);
}

QString newCheckName() {
    return randomDigits() + QLatin1Char('.') + QLatin1String(kCheckZone);
}

QString checkAddress(const QString& name, const QString& key) {
    const QString label = name.section(QLatin1Char('.'), 0, 0);
    if (!areDigits(label, kLabelDigits) || !isCheckKey(key) ||
        name.mid(kLabelDigits + 1) != QLatin1String(kCheckZone))
        return {};
    const QByteArray code = QMessageAuthenticationCode::hash(
        label.toLatin1(), QByteArray::fromHex(key.toLatin1()), QCryptographicHash::Sha256);
    return QStringLiteral("127.83.%1.%2")
        .arg(static_cast<quint8>(code.at(0)))
        .arg(static_cast<quint8>(code.at(1)));
}

} // namespace sotto::lease
