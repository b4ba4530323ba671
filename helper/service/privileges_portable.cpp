// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/privileges.h"

namespace sotto::service {

namespace {

bool refuse(QString& why) {
    why = QStringLiteral("--user is not possible on this system");
    return false;
}

} // namespace

bool makeFolderFor(const QString&, const QString&, unsigned, QString& why) {
    return refuse(why);
}

bool becomeUser(const QString&, QString& why) {
    return refuse(why);
}

} // namespace sotto::service
