// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"

#include <QList>
#include <QString>

namespace sotto::app {

/// One part of a whole.
struct Share {
    QString name;
    qint64 count = 0;
    bool operator==(const Share&) const = default;
};

/// The types that were asked for most, the most frequent one first, at most so many; all the rest
/// together comes last, without a name. Types that nobody asked for are left out. Pure.
QList<Share> topTypes(QList<protocol::TypeCount> types, qsizetype most);

} // namespace sotto::app
