// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/host_name.h"

#include "engine/endpoint.h"

#include <QStringList>

namespace sotto::service {

namespace {

constexpr qsizetype kMaxNameLength = 253;
constexpr qsizetype kMaxLabelLength = 63;

} // namespace

bool isHostName(const QString& name) {
    if (name.isEmpty() || name.size() > kMaxNameLength ||
        engine::IpAddress::parse(name.toStdString()))
        return false;
    const QStringList labels = name.split(QLatin1Char('.'));
    for (const QString& label : labels) {
        if (label.isEmpty() || label.size() > kMaxLabelLength ||
            label.startsWith(QLatin1Char('-')) || label.endsWith(QLatin1Char('-')))
            return false;
        for (const QChar c : label) {
            const char16_t u = c.unicode();
            const bool letter = (u >= u'a' && u <= u'z') || (u >= u'A' && u <= u'Z');
            if (!letter && !(u >= u'0' && u <= u'9') && u != u'-')
                return false;
        }
    }
    return true;
}

} // namespace sotto::service
