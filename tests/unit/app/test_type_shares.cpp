// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/type_shares.h"

#include <QTest>

namespace sotto::app {

class TestTypeShares : public QObject {
    Q_OBJECT

private slots:
    void shares_data() {
        using Types = QList<protocol::TypeCount>;
        QTest::addColumn<Types>("types");
        QTest::addColumn<QList<Share>>("expected"); // of the top two
        QTest::newRow("none") << Types{} << QList<Share>{};
        QTest::newRow("by number")
            << Types{{"A", 1}, {"AAAA", 5}} << QList<Share>{{"AAAA", 5}, {"A", 1}};
        QTest::newRow("equal ones keep their order")
            << Types{{"A", 2}, {"AAAA", 2}} << QList<Share>{{"A", 2}, {"AAAA", 2}};
        QTest::newRow("more than fit") << Types{{"A", 9}, {"MX", 1}, {"AAAA", 5}, {"TXT", 2}}
                                       << QList<Share>{{"A", 9}, {"AAAA", 5}, {QString(), 3}};
        QTest::newRow("those without a counter are never on top")
            << Types{{"other", 50}, {"A", 9}, {"AAAA", 5}, {"MX", 1}}
            << QList<Share>{{"A", 9}, {"AAAA", 5}, {QString(), 51}};
        QTest::newRow("zero") << Types{{"A", 0}, {"other", 0}} << QList<Share>{};
    }

    void shares() {
        QFETCH(QList<protocol::TypeCount>, types);
        QFETCH(QList<Share>, expected);
        QCOMPARE(topTypes(types, 2), expected);
    }
};

} // namespace sotto::app

QTEST_GUILESS_MAIN(sotto::app::TestTypeShares)
#include "test_type_shares.moc"
