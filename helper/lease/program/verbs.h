// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/program/clean_start.h"
#include "lease/program/command_line.h"
#include "lease/steps.h"

/// What sotto-lease can be told to do. Each gives the exit status.
namespace sotto::lease {

inline constexpr int kDone = 0;
inline constexpr int kNotDone = 1;
inline constexpr int kWrongUse = 2;
inline constexpr int kDamaged = 3;

/// steps: none but in tests.
int serve(const CommandLine& line, const HandedOver& handedOver, const Steps& steps = {});
int restore(const CommandLine& line);
int describe(const CommandLine& line);

} // namespace sotto::lease
