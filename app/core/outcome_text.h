// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace sotto::app {

/// How far a provider was from giving an answer, by the name of an attempt's outcome.
enum class Obstacle {
    None,        ///< it answered, or nothing is known yet
    Unreachable, ///< there was no connection
    Unusable,    ///< there was one, but no answer that can be used
    Untrusted,   ///< it did not prove who it is, so nothing was sent
};
Obstacle obstacleOf(const QString& outcome);

/// Whether a wrong date on this computer would explain the outcome.
bool mayBeTheClock(const QString& outcome);

/// An outcome of protocol::Attempt as a phrase in the language of the application, which speaks of
/// the provider as "it"; for one that this program does not know the fallback. Pure.
QString outcomeText(const QString& outcome, const QString& fallback);

} // namespace sotto::app
