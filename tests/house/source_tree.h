// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace sotto::test {

/// A text file of the project: its path from the top of the tree, with '/', and its content.
struct SourceFile {
    QString path;
    QString text;

    QString fileName() const { return path.section(QLatin1Char('/'), -1); }
    /// Path without the file name; empty at the top.
    QString folder() const { return path.section(QLatin1Char('/'), 0, -2); }
    bool isCpp() const {
        return path.endsWith(QLatin1String(".cpp")) || path.endsWith(QLatin1String(".h"));
    }
    bool isShell() const;
    bool isMarkdown() const { return path.endsWith(QLatin1String(".md")); }
    QStringList lines() const { return text.split(QLatin1Char('\n')); }
};

/// The files that rules are checked on, and the paths of all that exists beside them.
struct SourceTree {
    QList<SourceFile> files; ///< C++, shell, CMake and Markdown
    QStringList paths;       ///< of all files and folders, e.g. pictures too

    /// Reads what lies under root, without the folders "build" and ".git".
    static SourceTree read(const QString& root);
};

} // namespace sotto::test
