// SPDX-License-Identifier: GPL-3.0-or-later
#include "temporary_root.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

#include <sys/stat.h>
#include <unistd.h>

namespace sotto::test {

namespace {

void put(const QString& path, const QByteArray& content) {
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("%s cannot be written", qPrintable(path));
}

} // namespace

TemporaryRoot::TemporaryRoot() {
    QDir().mkpath(path() + QStringLiteral("/etc"));
    put(outside() + QStringLiteral("/treasure"), "search treasure.example\n");
}

void TemporaryRoot::write(const QString& file, const QByteArray& content) const {
    put(path() + file, content);
}

void TemporaryRoot::link(const QString& file, const QString& target) const {
    const QString link = path() + file;
    QDir().mkpath(QFileInfo(link).path());
    if (::symlink(QFile::encodeName(target).constData(), QFile::encodeName(link).constData()) != 0)
        qFatal("%s cannot be made", qPrintable(link));
}

void TemporaryRoot::remove(const QString& file) const {
    if (!QFile::remove(path() + file))
        qFatal("%s cannot be removed", qPrintable(file));
}

QByteArray TemporaryRoot::read(const QString& file) const {
    QFile opened(path() + file);
    return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
}

QString TemporaryRoot::linkTarget(const QString& file) const {
    QByteArray target(4096, '\0');
    const auto length =
        ::readlink(QFile::encodeName(path() + file).constData(), target.data(), 4096);
    return length < 0 ? QString() : QFile::decodeName(target.left(length));
}

void TemporaryRoot::setMode(const QString& file, int mode) const {
    if (::chmod(QFile::encodeName(path() + file).constData(), static_cast<mode_t>(mode)) != 0)
        qFatal("the mode of %s cannot be set", qPrintable(file));
}

QHash<QString, QString> TemporaryRoot::look(const QString& folder) {
    QHash<QString, QString> seen;
    QDirIterator entries(folder,
                         QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    while (entries.hasNext()) {
        const QString path = entries.next();
        struct stat status {};
        ::lstat(QFile::encodeName(path).constData(), &status);
        QString text = QStringLiteral("mode %1 owner %2:%3")
                           .arg(status.st_mode, 0, 8)
                           .arg(status.st_uid)
                           .arg(status.st_gid);
        if (!S_ISDIR(status.st_mode))
            text += QStringLiteral(" modified %1.%2")
                        .arg(status.st_mtim.tv_sec)
                        .arg(status.st_mtim.tv_nsec);
        if (S_ISLNK(status.st_mode)) {
            QByteArray target(4096, '\0');
            const auto length =
                ::readlink(QFile::encodeName(path).constData(), target.data(), 4096);
            text += QStringLiteral(" to ") + QFile::decodeName(target.left(length));
        } else if (S_ISREG(status.st_mode)) {
            QFile file(path);
            const bool opened = file.open(QIODevice::ReadOnly);
            text += QStringLiteral(" content %1")
                        .arg(opened ? QString::fromLatin1(file.readAll().toHex())
                                    : QStringLiteral("unreadable"));
        }
        seen.insert(path, text);
    }
    return seen;
}

} // namespace sotto::test
