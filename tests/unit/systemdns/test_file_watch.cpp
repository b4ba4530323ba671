// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/file_watch.h"

#include <QDir>
#include <QSaveFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <memory>

using sotto::systemdns::FileWatch;

namespace {

void write(const QString& path, const QByteArray& octets) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(octets), octets.size());
}

void replace(const QString& path, const QByteArray& octets) {
    QSaveFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(octets), octets.size());
    QVERIFY(file.commit());
}

} // namespace

/// Every way in which a small file can change, one after the other: the watch outlives them.
class TestFileWatch : public QObject {
    Q_OBJECT

private slots:
    void tellsOfEveryChange();
    void followsALink();
    void isSilentBeforeItsStart();
};

void TestFileWatch::tellsOfEveryChange() {
    const QTemporaryDir folder;
    const QString deep = folder.filePath(QStringLiteral("a/b"));
    const QString path = deep + QStringLiteral("/file");
    FileWatch watch(path);
    QSignalSpy told(&watch, &FileWatch::changed);
    watch.start();

    const std::function<void()> changes[] = {
        [&] {
            QVERIFY(QDir().mkpath(deep));
            write(path, "made, with its folders");
        },
        [&] { write(path, "written in place"); },
        [&] { replace(path, "replaced"); },
        [&] { write(path, "written in place again"); },
        [&] { QVERIFY(QFile::remove(path)); },
        [&] { write(path, "made again"); },
        [&] { QVERIFY(QDir(folder.filePath(QStringLiteral("a"))).removeRecursively()); },
        [&] {
            QVERIFY(QDir().mkpath(deep));
            write(path, "made once more");
        },
    };
    for (const auto& change : changes) {
        told.clear();
        change();
        QTRY_VERIFY(!told.isEmpty());
    }
}

void TestFileWatch::followsALink() {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("link"));
    const QString first = folder.filePath(QStringLiteral("one/file"));
    QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("one")));
    write(first, "first");
    QVERIFY(QFile::link(first, path));
    FileWatch watch(path);
    QSignalSpy told(&watch, &FileWatch::changed);
    watch.start();
    write(first, "changed");
    QTRY_VERIFY(!told.isEmpty());
    told.clear();
    replace(first, "replaced");
    QTRY_VERIFY(!told.isEmpty());
}

void TestFileWatch::isSilentBeforeItsStart() {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("file"));
    FileWatch watch(path);
    QSignalSpy told(&watch, &FileWatch::changed);
    write(path, "before");
    watch.start();
    write(path, "after");
    QTRY_COMPARE(told.size(), 1);
}

QTEST_GUILESS_MAIN(TestFileWatch)
#include "test_file_watch.moc"
