// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/methods.h"

#include <QString>

/// The system's DNS settings in words, for a terminal. Pure. Nothing in it is made printable yet.
namespace sotto::cli {

/// "managed by hand", "taken over by openvpn; …", with what to do.
QString systemStateText(const protocol::SystemDns& system);

/// Whether what was asked for has come about, or will not come about by itself soon.
bool isSettled(const protocol::SystemDns& system);
/// Whether it has come to a state that nobody asked for.
bool isAmiss(const protocol::SystemDns& system);

/// State and coverage as a table, then what is not covered; ends with a line feed.
QString systemReport(const protocol::SystemDns& system);

/// What is looked for; the mechanisms, in the order in which they are tried, and why each was
/// chosen or not.
QString explanationReport(const protocol::SystemDnsExplanation& explanation);

} // namespace sotto::cli
