// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/session_keeper.h"
#include "service/state/install_salt.h"
#include "service/state/private_file.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace sotto::service;

namespace sotto::test {

namespace {

constexpr auto kOwn = QFile::ReadOwner | QFile::WriteOwner;

std::string text(std::span<const std::uint8_t> octets) {
    return {octets.begin(), octets.end()};
}

} // namespace

/// What the service keeps for itself in the state directory: TLS sessions and the salt.
class TestPrivateState : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_dir;

    QString sessions() const { return m_dir->filePath("sessions"); }
    void writeSessions(const QByteArray& content, QFile::Permissions rights = kOwn) const {
        QFile file(sessions());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        QVERIFY(file.setPermissions(rights));
    }

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void sessionsAreGoneBeforeTheyAreUsed() {
        writeSessions("tickets");
        SessionKeeper keeper(m_dir->path());
        QVERIFY(keeper.octets().empty());
        keeper.read();
        QVERIFY(!QFileInfo::exists(sessions()));
        QCOMPARE(text(keeper.octets()), std::string("tickets"));
        keeper.noteTaken({});
        QVERIFY(keeper.octets().empty());
        keeper.keep({'n', 'e', 'w'});
        QFile file(sessions());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), "new");
        QString why;
        QVERIFY2(isPrivateFile(sessions(), why), qPrintable(why));
    }

    void whereThereIsNothingToKeepNothingIsWritten() {
        SessionKeeper(m_dir->path()).keep({});
        QVERIFY(!QFileInfo::exists(sessions()));
    }

    void unfitSessionFiles_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("reason");
        QTest::newRow("group may read") << "group"
                                        << "others may read or write it";
        QTest::newRow("others may write") << "others"
                                          << "others may read or write it";
        QTest::newRow("link") << "link"
                              << "not an ordinary file";
        QTest::newRow("dangling link") << "dangling"
                                       << "not an ordinary file";
        QTest::newRow("large") << "large"
                               << "larger than 1 MiB";
        if (::geteuid() == 0)
            QTest::newRow("of somebody else") << "owner"
                                              << "belongs to another user";
    }

    void unfitSessionFiles() {
        QFETCH(QString, kind);
        QFETCH(QString, reason);
        if (kind == "link" || kind == "dangling") {
            if (kind == "link")
                QVERIFY(QFile(m_dir->filePath("elsewhere")).open(QIODevice::WriteOnly));
            QVERIFY(QFile::link(m_dir->filePath("elsewhere"), sessions()));
        } else {
            writeSessions(kind == "large" ? QByteArray(SessionFile::kMaxBytes + 1, 'x') : "x",
                          kind == "group"    ? kOwn | QFile::ReadGroup
                          : kind == "others" ? kOwn | QFile::WriteOther
                                             : kOwn);
        }
        if (kind == "owner")
            QCOMPARE(::chown(QFile::encodeName(sessions()).constData(), 65534, 65534), 0);
        QByteArray octets;
        QString why;
        QCOMPARE(SessionFile(m_dir->path()).take(octets, why), SessionFile::Found::Unfit);
        QVERIFY2(why.contains(reason), qPrintable(why));
        QVERIFY(octets.isEmpty());
        QVERIFY(!QFileInfo(sessions()).isSymLink() && !QFileInfo::exists(sessions()));
        QCOMPARE(QFileInfo::exists(m_dir->filePath("elsewhere")), kind == "link");
    }

    void noSessionFile() {
        QByteArray octets;
        QString why;
        QFile unfinished(sessions() + ".AbCdEf"); // of a write that was cut off
        QVERIFY(unfinished.open(QIODevice::WriteOnly));
        QCOMPARE(SessionFile(m_dir->path()).take(octets, why), SessionFile::Found::Nothing);
        QVERIFY(!unfinished.exists());
    }

    void saltIsMadeOnce() {
        QString why;
        const auto first = InstallSalt(m_dir->path()).octets(why);
        QCOMPARE(why, QString());
        QVERIFY(first != InstallSalt::Octets{});
        const QString path = m_dir->filePath("salt");
        QVERIFY(isPrivateFile(path, why));
        QVERIFY(InstallSalt(m_dir->path()).octets(why) == first);
        QTemporaryDir other;
        QVERIFY(InstallSalt(other.path()).octets(why) != first);
        QVERIFY(QFile::resize(path, 15));
        const auto anew = InstallSalt(m_dir->path()).octets(why);
        QVERIFY(anew != first);
        QVERIFY(InstallSalt(m_dir->path()).octets(why) == anew);
    }

    void saltThatCannotBeKeptHoldsForThisRun() {
        QString why;
        InstallSalt salt(m_dir->filePath("missing"));
        const auto first = salt.octets(why);
        QVERIFY(why.contains("missing/salt"));
        QVERIFY(salt.octets(why) == first);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestPrivateState)
#include "test_private_state.moc"
