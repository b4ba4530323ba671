// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease_stories.h"
#include "systemdns/plain_file.h"
#include "temporary_root.h"

#include <QFile>
#include <QFileInfo>
#include <QTest>

#include <algorithm>

namespace sotto::test {

using lease::State;

namespace {

const QString kNewest = QStringLiteral("state/journal");
const QString kEarlierFile = QStringLiteral("state/journal.earlier");

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void put(const QString& path, const QByteArray& octets) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(octets) != octets.size() ||
        !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner))
        qFatal("%s cannot be written", qPrintable(path));
}

/// What a power cut leaves: the settings, and two generations of the record.
struct Wreck {
    QString service;
    QString file;
    QByteArray newest;
    QByteArray earlier;

    explicit Wreck(const LeaseWorld& world)
        : service(world.service.content)
        , file(world.file.content)
        , newest(contentOf(world.stateFile(kNewest)))
        , earlier(contentOf(world.stateFile(kEarlierFile))) {}
    bool operator==(const Wreck&) const = default;
};

/// The story's own: not those that an earlier story has as well.
QList<Wreck> wrecksOf(const LeaseStory& story) {
    static QList<Wreck> known;
    QList<Wreck> wrecks;
    for (int step = 1;; ++step) {
        LeaseWorld world;
        world.killAt = step;
        try {
            story.tell(world);
            break;
        } catch (const Killed&) {
        }
        const Wreck wreck(world);
        if (!wreck.newest.isEmpty() && !known.contains(wreck)) {
            known.append(wreck);
            wrecks.append(wreck);
        }
    }
    return wrecks;
}

/// As it was, or taken away because it was ours.
bool isSpared(const FakeSetting& now, const QString& then) {
    FakeSetting before;
    before.content = then;
    return now.content == then || (before.isOurs() && !now.isOurs());
}

QString faultOf(const LeaseStory& story, LeaseWorld& world, const Wreck& wreck) {
    const auto report = world.report();
    if (report.state == State::Failed && report.fault.contains(QLatin1String("is damaged")))
        return isSpared(world.service, wreck.service) && isSpared(world.file, wreck.file)
                   ? QString()
                   : QStringLiteral("something was guessed");
    return story.faultOfEnd(world);
}

} // namespace

/// The newest record is cut off at every octet, as a disk that lost its last writes may have it,
/// after every step of every story. Then either the earlier settings are back, or ours with a
/// record and somebody who listens, or the damage is told and nothing was touched.
class TestJournalCut : public QObject {
    Q_OBJECT

private:
    static void stories() {
        QTest::addColumn<int>("story");
        for (int i = 0; i < leaseStories().size(); ++i)
            QTest::newRow(leaseStories()[i].name) << i;
    }

private slots:
    void aNewKeeper_data() { stories(); }
    void aNewKeeper() {
        QFETCH(const int, story);
        const LeaseStory& told = leaseStories()[story];
        const QList<Wreck> wrecks = wrecksOf(told);
        int damaged = 0;
        int mended = 0;
        LeaseWorld world;
        for (const Wreck& wreck : wrecks) {
            for (qsizetype size = 0; size < wreck.newest.size(); ++size) {
                for (const bool hasEarlier : {false, true}) {
                    if (hasEarlier && wreck.earlier.isEmpty())
                        continue;
                    world.endKeeper();
                    world.service.content = wreck.service;
                    world.file.content = wreck.file;
                    put(world.stateFile(kNewest), wreck.newest.left(size));
                    if (hasEarlier)
                        put(world.stateFile(kEarlierFile), wreck.earlier);
                    else
                        QFile::remove(world.stateFile(kEarlierFile));
                    world.reach.listens = size % 2 == 0; // whether the service lives, too
                    world.startKeeper();
                    world.advance(11'000);
                    const QString fault = faultOf(told, world, wreck);
                    QVERIFY2(fault.isEmpty(), qPrintable(QStringLiteral("%1 of %2 octets: %3 (%4)")
                                                             .arg(size)
                                                             .arg(wreck.newest.size())
                                                             .arg(fault, world.report().fault)));
                    QVERIFY(!world.service.capturedOurs && !world.file.capturedOurs);
                    const bool isDamaged =
                        world.report().fault.contains(QLatin1String("is damaged"));
                    QCOMPARE(isDamaged, !hasEarlier);
                    isDamaged ? ++damaged : ++mended;
                    world.lease().giveBack();
                    if (isDamaged)
                        continue;
                    QVERIFY(!world.service.isOurs() && !world.file.isOurs());
                    QVERIFY(!world.hasJournal());
                }
            }
        }
        // A story that is the beginning of another one may have none of its own.
        QVERIFY(story > 0 || (damaged > 0 && mended > 0));
    }

    /// The same with a real /etc/resolv.conf, for "sotto-lease restore" alone.
    void restoreAlone() {
        const QByteArray before = "nameserver 192.0.2.53\nsearch before.example\n";
        const QByteArray newest = "# Generated by NetworkManager\nnameserver 192.0.2.54\n";
        if (!QFileInfo(QStringLiteral("/dev/shm")).isWritable())
            QSKIP("needs /dev/shm: every write is synced, thousands of times");
        const QByteArray usual = qgetenv("TMPDIR");
        qputenv("TMPDIR", "/dev/shm");
        const TemporaryRoot root;
        const QTemporaryDir folder;
        usual.isNull() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", usual);
        root.write(QStringLiteral("/etc/resolv.conf"), before);
        const QString path = folder.filePath(QStringLiteral("state"));
        const auto file = [&](const char* name) { return path + u'/' + QLatin1String(name); };
        const FakeClock clock;
        const auto onKeeper = [&](const lease::Steps& steps, const auto& work) {
            lease::StateDirectory state;
            const QString fault = state.open(path);
            if (!fault.isEmpty())
                qFatal("%s", qPrintable(fault));
            lease::Journal journal(state.descriptor(), steps);
            systemdns::Mechanisms mechanisms;
            mechanisms.push_back(std::make_unique<systemdns::PlainFile>(root.surroundings()));
            lease::Switchover switchover(journal, mechanisms, clock, LeaseWorld::kBootA, steps);
            work(switchover);
        };

        struct Moment {
            QString step;
            QByteArray resolvConf;
            QByteArray newest;
            QByteArray earlier;

            bool isAs(const Moment& other) const {
                return resolvConf == other.resolvConf && newest == other.newest &&
                       earlier == other.earlier;
            }
        };
        QList<Moment> moments;
        int steps = 0;
        onKeeper(
            [&](const char* step) {
                ++steps;
                const Moment now{QLatin1String(step), root.read(QStringLiteral("/etc/resolv.conf")),
                                 contentOf(file("journal")), contentOf(file("journal.earlier"))};
                if (std::none_of(moments.begin(), moments.end(),
                                 [&](const Moment& other) { return other.isAs(now); }))
                    moments.append(now);
            },
            [&](lease::Switchover& switchover) {
                const systemdns::Target target{{QStringLiteral("127.0.0.1")}, 53};
                QCOMPARE(switchover.load(), QString());
                QCOMPARE(switchover.take(target, {systemdns::MechanismId::PlainFile},
                                         lease::WhenLost::Open),
                         QString());
                QCOMPARE(switchover.hold(), QString());
                root.write(QStringLiteral("/etc/resolv.conf"), newest);
                QVERIFY(switchover.look().holder == systemdns::Standing::Holder::Agent);
                QCOMPARE(switchover.applyAgain(), QString());
                QCOMPARE(switchover.giveBack(), QString());
            });
        QVERIFY(steps > 20);
        QCOMPARE(root.read(QStringLiteral("/etc/resolv.conf")), newest);

        for (const Moment& moment : moments) {
            for (qsizetype size = 0; size < moment.newest.size(); ++size) {
                for (const bool hasEarlier : {false, true}) {
                    if (hasEarlier && moment.earlier.isEmpty())
                        continue;
                    root.write(QStringLiteral("/etc/resolv.conf"), moment.resolvConf);
                    put(file("journal"), moment.newest.left(size));
                    QFile::remove(file("journal.earlier"));
                    if (hasEarlier)
                        put(file("journal.earlier"), moment.earlier);
                    QString damage;
                    QString left;
                    onKeeper({}, [&](lease::Switchover& switchover) {
                        damage = switchover.load();
                        left = switchover.giveBack();
                    });
                    const QByteArray now = root.read(QStringLiteral("/etc/resolv.conf"));
                    const QByteArray where =
                        moment.step.toLatin1() + ' ' + QByteArray::number(size) + ": " + now;
                    QCOMPARE(damage.isEmpty(), hasEarlier);
                    QVERIFY2(left.isEmpty(), qPrintable(left));
                    if (damage.isEmpty())
                        QVERIFY2(now == before || now == newest, where.constData());
                    else
                        QVERIFY2(now == moment.resolvConf, where.constData());
                }
            }
        }
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestJournalCut)
#include "test_journal_cut.moc"
