// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/cache_keeper.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <memory>

using namespace sotto::service;

namespace sotto::test {

/// The cache on disk, with a cache that is made up and an interval as short as need be.
class TestCacheKeeper : public QObject {
    Q_OBJECT

private:
    static constexpr std::size_t kCacheBytes = std::size_t{1} << 20;
    static constexpr std::chrono::milliseconds kShort{5};
    static constexpr std::chrono::milliseconds kNever = std::chrono::hours(24);

    std::unique_ptr<QTemporaryDir> m_dir;
    QByteArray m_content; ///< of the cache
    QByteArray m_taken;   ///< what it was given back
    bool m_refuses = false;
    std::uint64_t m_answered = 0;

    QString path() const { return m_dir->filePath("cache.snapshot"); }
    QStringList files() const { return QDir(m_dir->path()).entryList(QDir::Files | QDir::Hidden); }
    QByteArray onDisk() const {
        QFile file(path());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void put(const QString& name, const QByteArray& content) {
        QFile file(m_dir->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(content), content.size());
    }
    std::unique_ptr<CacheKeeper> keeper(std::chrono::milliseconds interval) {
        return std::make_unique<CacheKeeper>(
            m_dir->path(),
            CacheKeeper::Cache{
                [this] { return std::vector<std::uint8_t>(m_content.begin(), m_content.end()); },
                [this](std::span<const std::uint8_t> octets) -> engine::Result<std::size_t> {
                    if (m_refuses)
                        return engine::Error{engine::ErrorCode::InvalidArgument, {}, "damaged"};
                    m_taken = QByteArray(reinterpret_cast<const char*>(octets.data()),
                                         static_cast<qsizetype>(octets.size()));
                    return std::size_t{1};
                },
                [this] { return m_answered; }},
            interval);
    }
    static bool waits(const CacheKeeper& keeper) {
        return keeper.findChild<QTimer*>("cacheSnapshotTimer")->isActive();
    }

private slots:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        m_content = "names and answers";
        m_taken.clear();
        m_refuses = false;
        m_answered = 0;
    }

    void isWrittenOnStopAndReadAgain() {
        auto first = keeper(kNever);
        first->apply(true, kCacheBytes);
        QCOMPARE(m_taken, QByteArray());
        ++m_answered;
        first->stop();
        QCOMPARE(onDisk(), m_content);
        const auto others =
            QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
        QVERIFY(!(QFileInfo(path()).permissions() & others));
        QCOMPARE(files(), QStringList{"cache.snapshot"});

        auto second = keeper(kNever);
        second->apply(true, kCacheBytes);
        QCOMPARE(m_taken, m_content);
        m_content = "later";
        second->stop(); // nothing was asked meanwhile
        QCOMPARE(onDisk(), m_taken);
        QCOMPARE(second->notice(), QString());
    }

    void isWrittenWhileQuestionsAreAnswered() {
        auto keeper = this->keeper(kShort);
        keeper->apply(true, kCacheBytes);
        QVERIFY(!waits(*keeper)); // an idle service has no timer
        ++m_answered;
        keeper->noteActivity();
        QVERIFY(waits(*keeper));
        QTRY_COMPARE(onDisk(), m_content);
        QTRY_VERIFY(!waits(*keeper)); // and has none again
        m_content = "newer";
        ++m_answered;
        keeper->noteActivity();
        QTRY_COMPARE(onDisk(), m_content);
    }

    void isNotWrittenWithoutQuestions() {
        auto keeper = this->keeper(kShort);
        keeper->apply(true, kCacheBytes);
        keeper->noteActivity();
        QVERIFY(waits(*keeper));
        QTRY_VERIFY(!waits(*keeper));
        keeper->stop();
        QCOMPARE(files(), QStringList());
    }

    void whatIsDamagedIsPassedOverAndRemoved() {
        put("cache.snapshot", "no cache at all");
        m_refuses = true;
        auto keeper = this->keeper(kNever);
        keeper->apply(true, kCacheBytes);
        QCOMPARE(keeper->notice(), QString());
        QCOMPARE(files(), QStringList());
    }

    void whatOthersMayReadIsMadePrivate() {
        put("cache.snapshot", "names");
        const auto own = QFile::ReadOwner | QFile::WriteOwner;
        const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup |
                            QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
        QVERIFY(QFile::setPermissions(path(), own | QFile::ReadGroup | QFile::ReadOther));
        auto keeper = this->keeper(kNever);
        keeper->apply(true, kCacheBytes);
        QCOMPARE(m_taken, QByteArray("names"));
        QVERIFY(!(QFileInfo(path()).permissions() & others));
        QCOMPARE(QFileInfo(path()).permissions() & own, own);
    }

    void whatIsTooLargeIsNotRead() {
        put("cache.snapshot", QByteArray(4 * kCacheBytes, 'x'));
        auto keeper = this->keeper(kNever);
        keeper->apply(true, kCacheBytes);
        QCOMPARE(m_taken, QByteArray());
        QCOMPARE(files(), QStringList());
    }

    void offLeavesNothingOnDisk_data() {
        QTest::addColumn<bool>("first"); // what was in force before
        QTest::newRow("from the start") << false;
        QTest::newRow("switched off") << true;
    }

    void offLeavesNothingOnDisk() {
        QFETCH(bool, first);
        put("cache.snapshot", "names");
        put("cache.snapshot.AbCdEf", "nam"); // of a write that was cut off
        put("settings.toml", "");
        auto keeper = this->keeper(kNever);
        if (first) {
            keeper->apply(true, kCacheBytes);
            QCOMPARE(files(), QStringList({"cache.snapshot", "settings.toml"}));
        }
        keeper->apply(false, kCacheBytes);
        QCOMPARE(files(), QStringList{"settings.toml"});
        ++m_answered;
        keeper->noteActivity();
        QVERIFY(!waits(*keeper));
        keeper->stop();
        QCOMPARE(files(), QStringList{"settings.toml"});
    }

    void switchedOnKeepsWhatIsThere() {
        auto keeper = this->keeper(kNever);
        keeper->apply(false, kCacheBytes);
        ++m_answered;
        keeper->apply(true, kCacheBytes);
        QVERIFY(waits(*keeper));
        keeper->stop();
        QCOMPARE(onDisk(), m_content);
    }

    void whatIsForgottenIsForgottenOnDisk() {
        put("cache.snapshot", "names");
        auto keeper = this->keeper(kNever);
        keeper->apply(true, kCacheBytes);
        m_content = "the rest";
        keeper->forget();
        QCOMPARE(files(), QStringList());
        keeper->stop();
        QCOMPARE(onDisk(), m_content);
    }

    void aFailedWriteIsToldAndTriedAgain() {
        QVERIFY(QDir(m_dir->path()).mkdir("cache.snapshot")); // no file can take its place
        auto keeper = this->keeper(kShort);
        keeper->apply(true, kCacheBytes);
        ++m_answered;
        keeper->noteActivity();
        QTRY_VERIFY2(keeper->notice().contains("could not be kept"), qPrintable(keeper->notice()));
        QVERIFY(QDir(m_dir->path()).rmdir("cache.snapshot"));
        QTRY_COMPARE(onDisk(), m_content); // without another question
        QTRY_COMPARE(keeper->notice(), QString());
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestCacheKeeper)
#include "test_cache_keeper.moc"
