// SPDX-License-Identifier: GPL-3.0-or-later
// The library holds files only; a static library needs one translation unit of its own.
namespace sotto::resources {}
