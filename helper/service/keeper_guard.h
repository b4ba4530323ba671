// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace sotto::service {

/// Does for the lease keeper what a service manager would: a small process of root's starts it, by
/// the path that it is installed at, and starts it again where it dies. Both outlive this process;
/// while this one runs the keeper stays, afterwards until nothing of ours is in the system.
///
/// To be called by root before rights are given up, with one thread. False with the reason where
/// the keeper cannot be started.
[[nodiscard]] bool startGuardedKeeper(const QString& user, QString& why);

} // namespace sotto::service
