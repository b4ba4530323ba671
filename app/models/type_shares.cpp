// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/type_shares.h"

#include <algorithm>

namespace sotto::app {

QList<Share> topTypes(QList<protocol::TypeCount> types, qsizetype most) {
    std::ranges::stable_sort(types, std::ranges::greater{}, &protocol::TypeCount::queries);
    QList<Share> shares;
    qint64 rest = 0;
    for (const protocol::TypeCount& type : types) {
        if (type.type == protocol::TypeCount::kOther || shares.size() == most)
            rest += type.queries;
        else if (type.queries > 0)
            shares.append({type.type, type.queries});
    }
    if (rest > 0)
        shares.append({QString(), rest});
    return shares;
}

} // namespace sotto::app
