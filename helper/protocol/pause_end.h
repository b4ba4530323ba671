// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>

namespace sotto::protocol {

/// When "until tomorrow" ends: with the first moment of the next day, in now's time zone. That is
/// midnight, or later where the clocks skip it. Pure.
QDateTime startOfTomorrow(const QDateTime& now);

} // namespace sotto::protocol
