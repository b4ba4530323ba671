// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/kept_keys.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

using namespace sotto::service;

namespace sotto::test {

class TestKeptKeys : public QObject {
    Q_OBJECT

private:
    static QJsonObject upstream(const char* certificate, const QJsonValue& key) {
        return {{"address", "192.0.2.1"}, {"cert", certificate}, {"key", key}};
    }
    static QJsonArray inRoute(const QJsonValue& upstreams) {
        return {QJsonObject{{"zones", QJsonArray{"a.example"}}, {"upstreams", upstreams}}};
    }

private slots:
    void nothingButKeysIsHidden() {
        const QJsonArray upstreams{"tls://192.0.2.1", upstream("one", "SECRET"),
                                   QJsonObject{{"address", "192.0.2.2"}}};
        QJsonArray shown = upstreams;
        shown[1] = upstream("one", true);
        QCOMPARE(withoutKeys(upstreams), QJsonValue(shown));
        QCOMPARE(withoutKeys(inRoute(upstreams)), QJsonValue(inRoute(shown)));
        for (const QJsonValue& other : {QJsonValue("text"), QJsonValue(QJsonArray{"a", 5}),
                                        QJsonValue(QJsonObject{{"key", "no upstream"}})})
            QCOMPARE(withoutKeys(other), other);
    }

    void whatComesBackFindsItsKey() {
        const QJsonArray kept{upstream("one", "FIRST"), upstream("two", "SECOND")};
        const QJsonArray back{upstream("two", true), upstream("three", true),
                              upstream("one", "NEW")};
        const QJsonArray expected{upstream("two", "SECOND"), upstream("three", true),
                                  upstream("one", "NEW")};
        QCOMPARE(withKeptKeys(back, kept), QJsonValue(expected));
        QCOMPARE(withKeptKeys(inRoute(back), inRoute(kept)), QJsonValue(inRoute(expected)));
        QCOMPARE(withKeptKeys(back, {}), QJsonValue(back));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestKeptKeys)
#include "test_kept_keys.moc"
