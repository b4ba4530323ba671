// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_tree.h"

#include <QDir>
#include <QFile>

namespace sotto::test {

namespace {

bool isText(const SourceFile& file) {
    return file.isCpp() || file.isShell() || file.isMarkdown() ||
           file.path.endsWith(QLatin1String(".cmake")) ||
           file.path.endsWith(QLatin1String("CMakeLists.txt"));
}

bool isLeftOut(const QString& path) {
    return path == QLatin1String("build") || path == QLatin1String(".git") ||
           path == QLatin1String(".cache");
}

void readFolder(const QDir& root, const QString& folder, SourceTree& tree) {
    const QDir dir(root.filePath(folder));
    const QFileInfoList entries = dir.entryInfoList(QDir::Files | QDir::Dirs | QDir::Hidden |
                                                    QDir::NoDotAndDotDot | QDir::NoSymLinks);
    for (const QFileInfo& entry : entries) {
        const QString path =
            folder.isEmpty() ? entry.fileName() : folder + QLatin1Char('/') + entry.fileName();
        if (isLeftOut(path))
            continue;
        tree.paths << path;
        if (entry.isDir()) {
            readFolder(root, path, tree);
            continue;
        }
        SourceFile file{path, {}};
        if (!isText(file))
            continue;
        QFile content(entry.filePath());
        if (content.open(QIODevice::ReadOnly))
            file.text = QString::fromUtf8(content.readAll());
        tree.files << file;
    }
}

} // namespace

bool SourceFile::isShell() const {
    return path.endsWith(QLatin1String(".sh")) || path.endsWith(QLatin1String(".bash")) ||
           path == QLatin1String("dev") || path == QLatin1String(".ci/run");
}

SourceTree SourceTree::read(const QString& root) {
    SourceTree tree;
    readFolder(QDir(root), QString(), tree);
    return tree;
}

} // namespace sotto::test
