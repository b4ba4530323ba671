// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace sotto::cli {

/// How to start the service that does not answer at a socket: the installed one by its service
/// manager, else one of one's own. root: ahead of every path, for tests.
QString startHint(const QString& socketPath, const QString& root = {});

} // namespace sotto::cli
