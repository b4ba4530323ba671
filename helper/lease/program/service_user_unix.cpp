// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/program/service_user.h"

#include <pwd.h>

namespace sotto::lease {

std::optional<quint32> numberOfUser(const QString& user) {
    bool isNumber = false;
    const quint32 number = user.toUInt(&isNumber);
    if (isNumber)
        return number;
    const passwd* const entry = ::getpwnam(user.toLocal8Bit().constData());
    return entry ? std::optional<quint32>(entry->pw_uid) : std::nullopt;
}

} // namespace sotto::lease
