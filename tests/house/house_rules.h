// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source_tree.h"

/// The rules of CONTRIBUTING.md that a program can check. Each function gives its complaints as
/// "path:line: what is wrong", none where all is well.
namespace sotto::test {

/// Which library may include which (ARCHITECTURE.md, "The arrows"); the engine includes no Qt.
QStringList includeComplaints(const SourceTree& tree);

/// Every C++ and shell file names its licence in its first three lines.
QStringList licenceComplaints(const SourceTree& tree);

/// No file is longer than kMaxLines.
inline constexpr int kMaxLines = 800;
QStringList lengthComplaints(const SourceTree& tree);

/// Code for one operating system lives in a file that is named after it, not behind an #ifdef.
QStringList systemMacroComplaints(const SourceTree& tree);

/// Types and files are named for their role, not with a word that says nothing.
QStringList nameComplaints(const SourceTree& tree);

/// Links between the project's own pages lead somewhere, headings included.
QStringList linkComplaints(const SourceTree& tree);

/// No path of somebody's own machine.
QStringList privatePathComplaints(const SourceTree& tree);

} // namespace sotto::test
