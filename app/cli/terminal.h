// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sotto::cli {

/// Whether somebody sees what is written to standard error at once.
bool standardErrorIsTerminal();

} // namespace sotto::cli
