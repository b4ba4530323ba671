// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/provider_filter.h"
#include "models/provider_model.h"
#include "ui/tray.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

namespace sotto::app {

namespace {

using protocol::Provider;
using protocol::Upstream;
using protocol::UpstreamState;

Provider provider(const QString& id, const QString& tlsName, const QString& filter) {
    Provider made;
    made.id = id;
    made.name = QStringLiteral("Name of ") + id;
    made.tlsName = tlsName;
    made.country = QStringLiteral("CH");
    made.ipv4 = {QStringLiteral("192.0.2.") + QString::number(id.size())};
    made.ipv6 = {QStringLiteral("2001:db8::") + QString::number(id.size())};
    made.filter = filter;
    return made;
}

QList<Provider> three() {
    return {provider("one", "dns.quad9.net", "malware"),
            provider("second", "cloudflare-dns.com", "none"),
            provider("third", "dns.example", "ads")};
}

Upstream upstream(const QString& providerId, UpstreamState state, double rtt) {
    Upstream made;
    made.provider = providerId;
    made.label = providerId;
    made.state = state;
    made.rttMillis = rtt;
    if (state == UpstreamState::Failing)
        made.lastError = QStringLiteral("refused");
    return made;
}

} // namespace

class TestProviderModel : public QObject {
    Q_OBJECT

private slots:
    void keepsTheOrderOfChoosing() {
        ProviderModel model;
        QAbstractItemModelTester tester(&model);
        model.setProviders(three());
        model.setApplied({"one"});
        model.setChangeable(true);
        QVERIFY(!model.isChanged());
        QVERIFY(model.setData(model.index(2), Qt::Checked, Qt::CheckStateRole));
        QVERIFY(model.setData(model.index(1), Qt::Checked, Qt::CheckStateRole));
        QVERIFY(model.setData(model.index(0), Qt::Unchecked, Qt::CheckStateRole));
        QCOMPARE(model.chosen(), QStringList({"third", "second"}));
        QCOMPARE(model.index(1).data(ProviderModel::PlaceRole).toInt(), 2);
        QVERIFY(model.isChanged());
        model.discard();
        QCOMPARE(model.chosen(), QStringList{"one"});
        QVERIFY(!model.isChanged());
    }

    void followsWhatIsInUseUntilChosen() {
        ProviderModel model;
        model.setProviders(three());
        model.setChangeable(true);
        model.setApplied({"one"});
        model.setApplied({"second"});
        QCOMPARE(model.chosen(), QStringList{"second"});
        QVERIFY(model.setData(model.index(2), Qt::Checked, Qt::CheckStateRole));
        model.setApplied({"one"});
        QCOMPARE(model.chosen(), QStringList({"second", "third"}));
        model.setApplied({"second", "third"});
        QVERIFY(!model.isChanged());
    }

    void cannotBeTickedWhenFixed() {
        ProviderModel model;
        model.setProviders(three());
        model.setApplied({"one"});
        QVERIFY(!model.setData(model.index(1), Qt::Checked, Qt::CheckStateRole));
        QVERIFY(!(model.flags(model.index(1)) & Qt::ItemIsUserCheckable));
        QCOMPARE(model.chosen(), QStringList{"one"});
    }

    void tellsOnlyRowsThatMoved() {
        ProviderModel model;
        QAbstractItemModelTester tester(&model);
        model.setProviders(three());
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setUpstreams({upstream("second", UpstreamState::Ready, 12)});
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed[0][0].toModelIndex().row(), 1);
        model.setUpstreams({upstream("second", UpstreamState::Ready, 12)});
        QCOMPARE(changed.size(), 1);
    }

    void keepsRowsWhenTheListIsReadAgain() {
        ProviderModel model;
        model.setProviders(three());
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QList<Provider> again = three();
        again[1].description = QStringLiteral("new words");
        model.setProviders(again);
        QCOMPARE(reset.size(), 0);
        QCOMPARE(model.provider("second")->description, QString("new words"));
        model.setProviders(again.mid(1));
        QCOMPARE(reset.size(), 1);
    }

    void clearsEverything() {
        ProviderModel model;
        QAbstractItemModelTester tester(&model);
        model.setProviders(three());
        model.setApplied({"one"});
        model.clear();
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(model.chosen().isEmpty());
        QVERIFY(!model.isChanged());
    }

    void showsHowEachDoes() {
        const QList<Upstream> upstreams{upstream("a", UpstreamState::Ready, 20),
                                        upstream("b", UpstreamState::Failing, 0),
                                        upstream("", UpstreamState::Idle, 0)};
        QCOMPARE(providerLive(upstreams, "a").rttMillis, 20.0);
        QCOMPARE(providerLive(upstreams, "b").error, QString("refused"));
        QVERIFY(!providerLive(upstreams, "c").inUse);
        QCOMPARE(upstreamRows(upstreams).size(), 3);
    }

    void listsServersOfOnesOwnFirst() {
        ProviderModel model;
        QAbstractItemModelTester tester(&model);
        model.setProviders(three());
        model.setChangeable(true);
        Upstream own = upstream("", UpstreamState::Ready, 5);
        own.label = QStringLiteral("dns.home.example");
        own.spec = QStringLiteral("tls://192.0.2.1%dns.home.example");
        model.setUpstreams({upstream("one", UpstreamState::Ready, 9), own});
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(model.index(0).data().toString(), QString("dns.home.example"));
        QVERIFY(model.index(0).data(ProviderModel::OwnRole).toBool());
        QCOMPARE(model.index(0).data(ProviderModel::TargetRole).toString(), own.spec);
        QVERIFY(!model.setData(model.index(0), Qt::Checked, Qt::CheckStateRole));
        QVERIFY(model.setData(model.index(1), Qt::Checked, Qt::CheckStateRole));
        QCOMPARE(model.chosen(), QStringList{"one"});
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        own.rttMillis = 6;
        model.setUpstreams({own});
        QCOMPARE(removed.size(), 0); // in place
        QCOMPARE(model.index(0).data(ProviderModel::LiveRole).value<ProviderLive>().rttMillis, 6.0);
        model.setUpstreams({});
        QCOMPARE(model.rowCount(), 3);
    }

    void finds_data() {
        QTest::addColumn<ProviderWish>("wish");
        QTest::addColumn<int>("rows");
        QTest::newRow("all") << ProviderWish{} << 3;
        QTest::newRow("id") << ProviderWish{"SECOND", {}, false, false} << 1;
        QTest::newRow("country") << ProviderWish{"switzerland", {}, false, false} << 3;
        QTest::newRow("tls name") << ProviderWish{"quad9.net", {}, false, false} << 1;
        QTest::newRow("address") << ProviderWish{"192.0.2.6", {}, false, false} << 1;
        QTest::newRow("IPv6") << ProviderWish{"2001:db8::3", {}, false, false} << 1;
        QTest::newRow("two words") << ProviderWish{"name third", {}, false, false} << 1;
        QTest::newRow("nothing") << ProviderWish{"third quad9", {}, false, false} << 0;
        QTest::newRow("filter") << ProviderWish{{}, "ads", false, false} << 1;
        QTest::newRow("claims") << ProviderWish{{}, {}, true, false} << 1;
        QTest::newRow("no logs") << ProviderWish{{}, {}, false, true} << 1;
    }

    void finds() {
        QFETCH(ProviderWish, wish);
        QFETCH(int, rows);
        QList<Provider> list = three();
        list[0].dnssec = true;
        list[1].dnssec = false; // saying no is not claiming
        list[2].noLog = true;
        ProviderModel model;
        model.setProviders(list);
        ProviderFilter filter;
        filter.setSourceModel(&model);
        QAbstractItemModelTester tester(&filter);
        filter.setWish(wish);
        QCOMPARE(filter.rowCount(), rows);
        filter.setWish({});
        QCOMPARE(filter.rowCount(), 3);
    }

    void offersWhatIsInUseFirstInTheTray() {
        const QList<TrayChoice> choices = trayChoices(three(), {"third", "one"});
        QCOMPARE(choices[0].ids, QStringList({"third", "one"}));
        QCOMPARE(choices[0].text, QString("Name of third and Name of one"));
        QVERIFY(choices[0].current);
        QCOMPARE(choices[1].ids, QStringList{"one"});
        for (qsizetype i = 1; i < choices.size(); ++i)
            QVERIFY(!choices[i].current);
        QCOMPARE(trayChoices(three(), {"one"}).count({"Name of one", {"one"}, false}), 0);
        QVERIFY(trayChoices({}, {}).isEmpty());
    }
};

} // namespace sotto::app

QTEST_GUILESS_MAIN(sotto::app::TestProviderModel)
#include "test_provider_model.moc"
