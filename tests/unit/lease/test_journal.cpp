// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/journal/journal.h"
#include "lease/journal/state_directory.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

namespace sotto::test {

using lease::Journal;
using lease::JournalDamage;
using lease::JournalRecord;
using lease::StateDirectory;
using systemdns::MechanismId;

namespace {

JournalRecord sample() {
    JournalRecord record;
    record.phase = JournalRecord::Phase::Held;
    record.bootId = QStringLiteral("0a1b2c3d-0000-4000-8000-000000000001");
    record.target = {{QStringLiteral("127.0.0.1"), QStringLiteral("::1")}, 53};
    record.entries = {
        {MechanismId::Resolved, true, {}},
        {MechanismId::PlainFile,
         true,
         {{QStringLiteral("content"), QStringLiteral("nameserver 192.0.2.1\n# \u00e4\n")},
          {QStringLiteral("mode"), 420}}},
    };
    record.since = 1'800'000'000'000;
    return record;
}

bool isDamage(const QByteArray& octets) {
    return std::holds_alternative<JournalDamage>(lease::readRecord(octets));
}

struct Folder {
    QTemporaryDir dir;
    StateDirectory state;

    Folder() {
        if (const QString fault = state.open(dir.filePath(QStringLiteral("s"))); !fault.isEmpty())
            qFatal("%s", qPrintable(fault));
    }
    QString path(const char* name) const {
        return dir.filePath(QStringLiteral("s/") + QLatin1String(name));
    }
    QByteArray content(const char* name) const {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void write(const char* name, const QByteArray& octets) const {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(octets) != octets.size())
            qFatal("%s cannot be written", name);
    }
};

} // namespace

/// The record on disk: what is read is what was written, or nothing.
class TestJournal : public QObject {
    Q_OBJECT

private slots:
    void comesBack() {
        JournalRecord record = sample();
        record.generation = 7;
        const auto read = lease::readRecord(lease::writtenRecord(record));
        QVERIFY(std::holds_alternative<JournalRecord>(read));
        QCOMPARE(std::get<JournalRecord>(read), record);
    }

    void cutAnywhereIsDamage() {
        JournalRecord record = sample();
        record.generation = 1;
        const QByteArray whole = lease::writtenRecord(record);
        for (qsizetype size = 0; size < whole.size(); ++size)
            QVERIFY2(isDamage(whole.left(size)), qPrintable(QString::number(size)));
        QVERIFY(isDamage(whole + '\n'));
    }

    void eachFlippedBitIsDamage() {
        JournalRecord record = sample();
        record.generation = 1;
        const QByteArray whole = lease::writtenRecord(record);
        for (qsizetype bit = 0; bit < whole.size() * 8; ++bit) {
            QByteArray flipped = whole;
            flipped[bit / 8] = static_cast<char>(flipped.at(bit / 8) ^ (1 << (bit % 8)));
            QVERIFY2(isDamage(flipped), qPrintable(QString::number(bit)));
        }
    }

    void impossibleValuesAreDamage_data() {
        QTest::addColumn<JournalRecord>("record");
        const auto row = [](const char* name, auto&& change) {
            JournalRecord record = sample();
            record.generation = 1;
            change(record);
            QTest::newRow(name) << record;
        };
        row("no generation", [](JournalRecord& r) { r.generation = 0; });
        row("no boot", [](JournalRecord& r) { r.bootId.clear(); });
        row("a path as boot", [](JournalRecord& r) {
            r.bootId = QStringLiteral("/../../../../../../../etc/passwd/////");
        });
        row("no entries", [](JournalRecord& r) { r.entries.clear(); });
        row("a mechanism twice", [](JournalRecord& r) { r.entries[1].id = r.entries[0].id; });
        row("no address", [](JournalRecord& r) { r.target.addresses.clear(); });
        row("an address elsewhere",
            [](JournalRecord& r) { r.target.addresses = {QStringLiteral("192.0.2.1")}; });
        row("port 0", [](JournalRecord& r) { r.target.port = 0; });
        row("a winner of a lease that is held", [](JournalRecord& r) { r.winner = "me"; });
        row("a winner of an unknown kind", [](JournalRecord& r) {
            r.phase = JournalRecord::Phase::Yielded;
            r.winnerKind = QStringLiteral("cat");
        });
        row("a winner with control characters", [](JournalRecord& r) {
            r.phase = JournalRecord::Phase::Yielded;
            r.winnerKind = QStringLiteral("vpn");
            r.winner = QStringLiteral("a\x1b[31m");
        });
        row("a winner elsewhere", [](JournalRecord& r) {
            r.phase = JournalRecord::Phase::Yielded;
            r.winnerKind = QStringLiteral("vpn");
            r.winnerMechanism = QStringLiteral("networkmanager");
        });
        row("too much", [](JournalRecord& r) {
            r.entries[0].before = {
                {QStringLiteral("x"), QString(JournalRecord::kMaxBeforeOctets, u'x')}};
        });
        row("too deep", [](JournalRecord& r) {
            QJsonObject deep;
            for (int i = 0; i < 12; ++i)
                deep = {{QStringLiteral("x"), deep}};
            r.entries[0].before = deep;
        });
    }
    void impossibleValuesAreDamage() {
        QFETCH(JournalRecord, record);
        QVERIFY(isDamage(lease::writtenRecord(record)));
    }

    void unknownMembersAreDamage() {
        JournalRecord record = sample();
        record.generation = 1;
        QByteArray body = lease::writtenRecord(record);
        body = body.mid(body.indexOf('\n') + 1);
        body.insert(1, R"("path":"/etc/shadow",)");
        const QByteArray sum = QCryptographicHash::hash(body, QCryptographicHash::Sha256).toHex();
        QVERIFY(isDamage("sotto-lease-journal 1 " + sum + ' ' + QByteArray::number(body.size()) +
                         '\n' + body));
    }

    void theEarlierGenerationStays() {
        const Folder folder;
        Journal journal(folder.state.descriptor());
        QVERIFY(!journal.load().record);
        QCOMPARE(journal.load().damage, QString());
        JournalRecord record = sample();
        record.phase = JournalRecord::Phase::Taking;
        QCOMPARE(journal.store(record), QString());
        QCOMPARE(record.generation, 1);
        const JournalRecord first = record;
        record.phase = JournalRecord::Phase::Held;
        QCOMPARE(journal.store(record), QString());
        QCOMPARE(Journal(folder.state.descriptor()).load().record.value(), record);

        const QByteArray newest = folder.content("journal");
        for (qsizetype size = 0; size < newest.size(); size += 7) {
            folder.write("journal", newest.left(size));
            const auto loaded = Journal(folder.state.descriptor()).load();
            QVERIFY(loaded.isEarlier);
            QVERIFY(!loaded.damage.isEmpty());
            QCOMPARE(loaded.record.value(), first);
        }
        // A damaged newest one does not take the place of the good earlier one.
        Journal next(folder.state.descriptor());
        record = next.load().record.value();
        QCOMPARE(next.store(record), QString());
        QVERIFY(record.generation > 2);
        QCOMPARE(Journal(folder.state.descriptor()).load().record.value(), record);
        folder.write("journal", "damaged");
        QCOMPARE(Journal(folder.state.descriptor()).load().record.value(), first);
    }

    void bothDamagedIsAClearFault() {
        const Folder folder;
        folder.write("journal", "x");
        auto loaded = Journal(folder.state.descriptor()).load();
        QVERIFY(!loaded.record && !loaded.damage.isEmpty());
        folder.write("journal.earlier", lease::writtenRecord(sample()).left(50));
        loaded = Journal(folder.state.descriptor()).load();
        QVERIFY(!loaded.record && !loaded.damage.isEmpty());
        QVERIFY(QFile::remove(folder.path("journal")));
        loaded = Journal(folder.state.descriptor()).load();
        QVERIFY(!loaded.record && !loaded.damage.isEmpty());
    }

    void otherKindsOfFilesAreRefused() {
        const Folder folder;
        const QByteArray octets = lease::writtenRecord([] {
            JournalRecord record = sample();
            record.generation = 1;
            return record;
        }());
        folder.write("elsewhere", octets);
        QVERIFY(QFile::link(folder.path("elsewhere"), folder.path("journal")));
        QVERIFY(!Journal(folder.state.descriptor()).load().damage.isEmpty());
        QVERIFY(QFile::remove(folder.path("journal")));
        QCOMPARE(::mkfifo(QFile::encodeName(folder.path("journal")).constData(), 0600), 0);
        QVERIFY(!Journal(folder.state.descriptor()).load().damage.isEmpty());
        QVERIFY(QFile::remove(folder.path("journal")));
        folder.write("journal", octets + QByteArray(Journal::kMaxOctets, ' '));
        QVERIFY(!Journal(folder.state.descriptor()).load().damage.isEmpty());
        QVERIFY(QFile::remove(folder.path("journal")));
        folder.write("journal", octets);
        QVERIFY(Journal(folder.state.descriptor()).load().record);
    }

    void closingLeavesNothing() {
        const Folder folder;
        Journal journal(folder.state.descriptor());
        JournalRecord record = sample();
        QCOMPARE(journal.store(record), QString());
        QCOMPARE(journal.store(record), QString());
        folder.write("journal.unfinished", "x");
        QCOMPARE(journal.close(), QString());
        QCOMPARE(QDir(folder.path("")).entryList(QDir::Files | QDir::Hidden), QStringList());
        QCOMPARE(journal.close(), QString());
    }

    void whatCannotBeWrittenChangesNothing() {
        const Folder folder;
        Journal journal(folder.state.descriptor());
        JournalRecord record = sample();
        QCOMPARE(journal.store(record), QString());
        QCOMPARE(journal.store(record), QString());
        const QByteArray newest = folder.content("journal");
        const QByteArray earlier = folder.content("journal.earlier");

        // As a full disk does, but for this process alone.
        ::signal(SIGXFSZ, SIG_IGN);
        rlimit usual{};
        ::getrlimit(RLIMIT_FSIZE, &usual);
        rlimit small = usual;
        small.rlim_cur = 100;
        ::setrlimit(RLIMIT_FSIZE, &small);
        const QString why = journal.store(record);
        ::setrlimit(RLIMIT_FSIZE, &usual);
        QVERIFY(!why.isEmpty());
        QCOMPARE(folder.content("journal"), newest);
        QCOMPARE(folder.content("journal.earlier"), earlier);
        QVERIFY(!QFile::exists(folder.path("journal.unfinished")));
        QCOMPARE(journal.store(record), QString());
    }

    void theFolderIsTheKeepersAlone() {
        QTemporaryDir dir;
        const auto opened = [&](const QString& path) {
            StateDirectory state;
            return state.open(path).isEmpty() && state.exists();
        };
        const QString path = dir.filePath(QStringLiteral("s"));
        QVERIFY(opened(path));
        struct stat status {};
        QCOMPARE(::stat(QFile::encodeName(path).constData(), &status), 0);
        QCOMPARE(status.st_mode & 07777U, 0700U);
        QCOMPARE(::chmod(QFile::encodeName(path).constData(), 0750), 0);
        QVERIFY(!opened(path));
        QCOMPARE(::chmod(QFile::encodeName(path).constData(), 0700), 0);
        QVERIFY(QFile::link(path, dir.filePath(QStringLiteral("link"))));
        QVERIFY(!opened(dir.filePath(QStringLiteral("link"))));
        QCOMPARE(::chmod(QFile::encodeName(dir.path()).constData(), 0777), 0);
        QVERIFY(!opened(path));
        QCOMPARE(::chmod(QFile::encodeName(dir.path()).constData(), 0700), 0);
        QVERIFY(opened(path));
        QVERIFY(!opened(QStringLiteral("relative")));

        StateDirectory none;
        QCOMPARE(none.openExisting(dir.filePath(QStringLiteral("none"))), QString());
        QVERIFY(!none.exists());
    }

    void oneAtATime() {
        QTemporaryDir dir;
        StateDirectory first;
        StateDirectory second;
        QCOMPARE(first.open(dir.filePath(QStringLiteral("s"))), QString());
        QCOMPARE(second.open(dir.filePath(QStringLiteral("s"))), QString());
        QString why;
        QCOMPARE(first.lock(why), StateDirectory::Lock::Taken);
        QCOMPARE(first.lock(why), StateDirectory::Lock::Taken);
        QCOMPARE(second.lock(why), StateDirectory::Lock::Busy);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestJournal)
#include "test_journal.moc"
