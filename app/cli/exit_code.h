// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sotto::cli {

/// How sottoctl ends; part of its interface, listed in --help and sottoctl(1).
enum ExitCode : int {
    Done = 0,
    Refused = 1,       ///< the service refused, the query failed, or the system's DNS is amiss
    WrongUse = 2,      ///< the arguments are wrong
    NotReachable = 3,  ///< no service answers at the socket
    NotAuthorised = 4, ///< this user may not do that
    Unfinished = 5,    ///< the system's DNS is still being switched
};

} // namespace sotto::cli
