// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/app_state.h"
#include "protocol/messages.h"

#include <QList>
#include <QString>

#include <optional>

/// The system's DNS settings in words. Pure.
namespace sotto::app {

/// What a person can do where the settings are not as they should be.
enum class Remedy {
    None,
    TakeAgain, ///< the system's DNS is to go to Sotto
    GiveBack,  ///< the earlier settings are to come back
};

/// What is to be said in place of where answers come from, because the system does not ask Sotto
/// as the switch says.
struct SystemDnsWords {
    AppState state = AppState::Trouble;
    QString headline;
    QString sentence;
    QString detail; ///< may be empty
    Remedy remedy = Remedy::None;
    QString remedyText; ///< for its button
};

/// Nothing where look-ups go through Sotto as they should, or where they should not and do not:
/// also where the system's DNS is set by hand.
std::optional<SystemDnsWords> systemDnsWords(const protocol::Status& status);

/// "systemd-resolved", "/etc/resolv.conf", "NetworkManager", "resolvconf".
QString mechanismText(const QString& mechanism);

/// A line of what is covered: "Interfaces", "eth0 and wlan0".
struct CoverageFact {
    QString name; ///< for object names
    QString title;
    QString text;
};
QList<CoverageFact> coverageFacts(const protocol::SystemDns& system);

/// What does not ask Sotto, or asks others as well.
struct CoverageGap {
    QString title;   ///< "docker0: containers"
    QString text;    ///< what goes where, and what can be done
    QString setting; ///< a line of the settings file that closes it; empty where none does
};
/// listen: where the service listens, for the line that adds to it.
QList<CoverageGap> coverageGaps(const protocol::SystemDns& system, const QStringList& listen);

} // namespace sotto::app
