// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/contract/lease_messages.h"
#include "lease/journal/journal_record.h"
#include "lease/state/leftovers.h"
#include "systemdns/detection.h"

namespace sotto::lease {

/// What these mechanisms cover together.
systemdns::Coverage coverageOf(const systemdns::Mechanisms& mechanisms,
                               const QList<systemdns::MechanismId>& ids,
                               const systemdns::Target& target);

/// A report of what is in the journal, or else left of ours, and what was found, within what a
/// packet can hold; without the state, the fault and the time, which only a running lease knows.
Report described(const std::optional<JournalRecord>& record, const Leftovers& left,
                 const systemdns::Detection& detection, const systemdns::Coverage& coverage);

/// Cut where it is longer than a report may carry.
QString boundedText(const QString& text);

} // namespace sotto::lease
