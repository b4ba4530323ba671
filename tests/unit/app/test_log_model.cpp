// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

namespace sotto::app {

namespace {

using protocol::AnswerSource;
using protocol::LogBatch;
using protocol::LogEntry;

LogEntry entry(qint64 sequence, const QString& name = QStringLiteral("example.com")) {
    LogEntry made;
    made.sequence = sequence;
    made.name = name;
    made.type = QStringLiteral("A");
    made.rcode = QStringLiteral("NOERROR");
    made.source = sequence % 2 == 0 ? AnswerSource::Cache : AnswerSource::Upstream;
    made.upstream = sequence % 2 == 0 ? QString() : QStringLiteral("Quad9");
    made.client = QStringLiteral("127.0.0.1:4000");
    return made;
}

LogBatch batch(qint64 from, qint64 to) {
    LogBatch made;
    for (qint64 sequence = from; sequence <= to; ++sequence)
        made.entries.append(entry(sequence));
    return made;
}

} // namespace

class TestLogModel : public QObject {
    Q_OBJECT

private slots:
    void insertsABatchAtOnce() {
        LogModel model;
        QAbstractItemModelTester tester(&model);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        model.append(batch(1, 50));
        QCOMPARE(inserted.size(), 1);
        QCOMPARE(model.rowCount(), 50);
        QCOMPARE(model.entry(0).sequence, 1);
        QCOMPARE(model.entry(49).sequence, 50);
    }

    void skipsWhatItHas() {
        LogModel model;
        model.append(batch(1, 10));
        model.append(batch(5, 12)); // a backlog overlaps
        QCOMPARE(model.rowCount(), 12);
        model.append(batch(3, 4));
        QCOMPARE(model.rowCount(), 12);
    }

    void keepsToItsCapacity() {
        LogModel model(100);
        QAbstractItemModelTester tester(&model);
        for (qint64 start = 1; start <= 1000; start += 30)
            model.append(batch(start, start + 29));
        QCOMPARE(model.rowCount(), 100);
        QCOMPARE(model.entry(99).sequence, 1020);
        QCOMPARE(model.entry(0).sequence, 921);
        model.append(batch(2000, 2500));
        QCOMPARE(model.rowCount(), 100);
        QCOMPARE(model.entry(0).sequence, 2401);
    }

    void keepsToItsCapacityWhileFiltered() {
        LogModel model(100);
        QAbstractItemModelTester tester(&model);
        LogWish wish;
        wish.source = AnswerSource::Cache;
        model.setWish(wish);
        for (qint64 start = 1; start <= 1000; start += 7)
            model.append(batch(start, start + 6));
        QCOMPARE(model.rowCount(), 50);
        for (int row = 0; row < model.rowCount(); ++row)
            QCOMPARE(model.entry(row).sequence % 2, 0);
        model.setWish({});
        QCOMPARE(model.rowCount(), 100);
    }

    void filters_data() {
        QTest::addColumn<LogWish>("wish");
        QTest::addColumn<int>("rows");
        QTest::newRow("part of a name") << LogWish{"AMP", {}, {}} << 2;
        QTest::newRow("type") << LogWish{"aaaa", {}, {}} << 1;
        QTest::newRow("type is not a part") << LogWish{"aaa", {}, {}} << 0;
        QTest::newRow("client") << LogWish{"127.0.0.1", {}, {}} << 3;
        QTest::newRow("provider") << LogWish{"quad9", {}, {}} << 2;
        QTest::newRow("words together") << LogWish{"quad9 org", {}, {}} << 1;
        QTest::newRow("source") << LogWish{{}, AnswerSource::Cache, {}} << 1;
        QTest::newRow("result") << LogWish{{}, {}, "NXDOMAIN"} << 1;
    }

    void filters() {
        QFETCH(LogWish, wish);
        QFETCH(int, rows);
        LogBatch entries;
        entries.entries = {entry(1), entry(2), entry(3, "debian.org")};
        entries.entries[1].type = QStringLiteral("AAAA");
        entries.entries[2].rcode = QStringLiteral("NXDOMAIN");
        LogModel model;
        QAbstractItemModelTester tester(&model);
        model.append(entries);
        model.setWish(wish);
        QCOMPARE(model.rowCount(), rows);
        model.setWish({});
        model.clear();
        model.setWish(wish);
        for (LogEntry& later : entries.entries)
            later.sequence += 10;
        const LogBatch moved{entries};
        model.append(moved); // as they come, not only afterwards
        QCOMPARE(model.rowCount(), rows);
    }

    void waitsWhilePaused() {
        LogModel model(20);
        model.append(batch(1, 5));
        model.setPaused(true);
        model.append(batch(6, 9));
        QCOMPARE(model.rowCount(), 5);
        QCOMPARE(model.waiting(), 4);
        model.append(batch(10, 100));
        QCOMPARE(model.waiting(), 20);
        model.setPaused(false);
        QCOMPARE(model.rowCount(), 20);
        QCOMPARE(model.entry(19).sequence, 100);
        QCOMPARE(model.waiting(), 0);
    }

    void clearedOnesStayAway() {
        LogModel model;
        QAbstractItemModelTester tester(&model);
        model.append(batch(1, 10));
        model.clear();
        QCOMPARE(model.rowCount(), 0);
        model.append(batch(1, 11));
        QCOMPARE(model.rowCount(), 1);
        model.reset(); // another run of the service counts anew
        model.append(batch(1, 3));
        QCOMPARE(model.rowCount(), 3);
    }

    void countsLostOnes() {
        LogModel model;
        LogBatch lossy = batch(1, 2);
        lossy.dropped = 7;
        model.append(lossy);
        model.append(batch(3, 3));
        QCOMPARE(model.dropped(), 7);
    }

    void copiesRowsInOrder() {
        LogModel model;
        LogBatch entries;
        entries.entries = {entry(1, "first.example"), entry(2, "second.example")};
        model.append(entries);
        const QStringList lines = model.rowsAsText({1, 0, 99}).split('\n');
        QCOMPARE(lines.size(), 2);
        QVERIFY(lines[0].contains("first.example"));
        QCOMPARE(lines[0].count('\t'), LogModel::ColumnCount - 1);
    }

    void saysWhoAnswered() {
        LogModel model;
        model.append(batch(1, 2));
        QCOMPARE(model.index(0, LogModel::Source).data().toString(), QString("Quad9"));
        QCOMPARE(model.index(1, LogModel::Source).data().toString(), QString("Cache"));
    }
};

} // namespace sotto::app

QTEST_GUILESS_MAIN(sotto::app::TestLogModel)
#include "test_log_model.moc"
