// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"

namespace sotto::cli {

/// How a query was answered, a line a fact: where the answer came from, which upstreams were tried
/// and what became of each, and how long each step took. Not yet printable. Pure.
QStringList explanationOf(const protocol::LogEntry& entry);

/// Where an answer came from, in a few words; marked where it came in clear text. Pure.
QString originOf(const protocol::LogEntry& entry);

} // namespace sotto::cli
