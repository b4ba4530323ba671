// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/variant_map.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTest>

#include <limits>

using namespace sotto::systemdns;

namespace {

QString randomText(QRandomGenerator& random) {
    static const QString kLetters = QStringLiteral("aZ0 .:*~\"\\\n\u00e9\u4e2d{}[]");
    QString text;
    for (quint32 i = random.bounded(12U); i > 0; --i)
        text += kLetters.at(random.bounded(static_cast<int>(kLetters.size())));
    return text;
}

QVariantMap randomMap(QRandomGenerator& random, int depth);

QVariant randomValue(QRandomGenerator& random, int depth) {
    switch (random.bounded(depth < kMaxVariantDepth ? 9 : 8)) {
    case 0:
        return randomText(random);
    case 1:
        return random.bounded(2) == 1;
    case 2:
        return static_cast<int>(random.generate());
    case 3:
        return static_cast<uint>(random.generate());
    case 4:
        return static_cast<qlonglong>(random.generate64());
    case 5:
        return static_cast<qulonglong>(random.generate64());
    case 6:
        return random.generateDouble() * 1e6 - 5e5;
    case 7: {
        QStringList list;
        for (quint32 i = random.bounded(4U); i > 0; --i)
            list << randomText(random);
        return list;
    }
    default:
        return randomMap(random, depth + 1);
    }
}

QVariantMap randomMap(QRandomGenerator& random, int depth) {
    QVariantMap map;
    for (quint32 i = random.bounded(4U); i > 0; --i)
        map.insert(randomText(random), randomValue(random, depth));
    return map;
}

/// Also of the same types, which comparing variants would let pass.
bool same(const QVariant& a, const QVariant& b) {
    if (a.metaType() != b.metaType())
        return false;
    if (a.metaType().id() != QMetaType::QVariantMap)
        return a == b;
    const QVariantMap left = a.toMap();
    const QVariantMap right = b.toMap();
    if (left.keys() != right.keys())
        return false;
    for (auto entry = left.cbegin(); entry != left.cend(); ++entry) {
        if (!same(entry.value(), right.value(entry.key())))
            return false;
    }
    return true;
}

} // namespace

/// Dictionaries of the bus in a journal: all of it comes back, and nothing else is taken.
class TestVariantMap : public QObject {
    Q_OBJECT

private slots:
    void comesBackTheSame();
    void keepsTheEdges();
    void refusesOnWriting_data();
    void refusesOnWriting();
    void refusesHostileJson_data();
    void refusesHostileJson();
    void survivesMutations();
};

void TestVariantMap::comesBackTheSame() {
    QRandomGenerator random(20240229);
    for (int round = 0; round < 2000; ++round) {
        const QVariantMap map = randomMap(random, 0);
        const auto json = variantsToJson(map);
        QVERIFY(json);
        // Through text, as a journal holds it.
        const QByteArray text = QJsonDocument(*json).toJson();
        const auto back = variantsFromJson(QJsonDocument::fromJson(text).object());
        QVERIFY2(back && same(*back, map), text.constData());
        const auto received = plainMap(map);
        QVERIFY(received && same(*received, map));
    }
}

void TestVariantMap::keepsTheEdges() {
    const QVariantMap map{
        {"i", std::numeric_limits<int>::min()},
        {"u", std::numeric_limits<uint>::max()},
        {"x", std::numeric_limits<qlonglong>::min()},
        {"t", std::numeric_limits<qulonglong>::max()},
        {"", QString()},
        {"as", QStringList()},
        {"dict", QVariantMap()},
    };
    const auto json = variantsToJson(map);
    QVERIFY(json);
    const auto back = variantsFromJson(*json);
    QVERIFY(back && same(*back, map));
}

void TestVariantMap::refusesOnWriting_data() {
    QTest::addColumn<QVariantMap>("map");
    QTest::newRow("octets") << QVariantMap{{"a", QByteArray("x")}};
    QTest::newRow("a list of variants") << QVariantMap{{"a", QVariantList{1}}};
    QTest::newRow("no value") << QVariantMap{{"a", QVariant()}};
    QTest::newRow("infinity") << QVariantMap{{"a", std::numeric_limits<double>::infinity()}};
    QTest::newRow("too long") << QVariantMap{{"a", QString(kMaxVariantText + 1, 'x')}};
    QTest::newRow("NUL in a text") << QVariantMap{{"a", QString(QChar::Null)}};
    QStringList many;
    for (qsizetype i = 0; i <= kMaxVariantEntries; ++i)
        many << QStringLiteral("x");
    QTest::newRow("too many") << QVariantMap{{"a", many}};
    QVariantMap deep;
    for (int i = 0; i <= kMaxVariantDepth; ++i)
        deep = QVariantMap{{"a", deep}};
    QTest::newRow("too deep") << deep;
}

void TestVariantMap::refusesOnWriting() {
    QFETCH(QVariantMap, map);
    QVERIFY(!variantsToJson(map));
}

void TestVariantMap::refusesHostileJson_data() {
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {
             R"({"a": 1})",
             R"({"a": null})",
             R"({"a": "x"})",
             R"({"a": {}})",
             R"({"a": ["as"]})",
             R"({"a": {"s": 1}})",
             R"({"a": {"s": "x", "b": true}})",
             R"({"a": {"b": 1}})",
             R"({"a": {"i": "1"}})",
             R"({"a": {"i": 1.5}})",
             R"({"a": {"i": 2147483648}})",
             R"({"a": {"i": -2147483649}})",
             R"({"a": {"u": -1}})",
             R"({"a": {"u": 4294967296}})",
             R"({"a": {"x": 1}})",
             R"({"a": {"x": "01"}})",
             R"({"a": {"x": " 1"}})",
             R"({"a": {"x": "9223372036854775808"}})",
             R"({"a": {"t": "-1"}})",
             R"({"a": {"t": ""}})",
             R"({"a": {"d": "1"}})",
             R"({"a": {"as": "x"}})",
             R"({"a": {"as": [1]}})",
             R"({"a": {"as": [["x"]]}})",
             R"({"a": {"dict": []}})",
             R"({"a": {"dict": {"b": 1}}})",
             R"({"a": {"s": "\u0000"}})",
             R"({"\u0000": {"s": "x"}})",
             R"({"a": {"o": "/path"}})",
             R"({"a": {"v": {"s": "x"}}})",
         })
        QTest::newRow(text) << QByteArray(text);
    QByteArray deep = R"({"s": "x"})";
    for (int i = 0; i <= kMaxVariantDepth; ++i)
        deep = R"({"dict": {"a": )" + deep + "}}";
    QTest::newRow("too deep") << QByteArray(R"({"a": )" + deep + "}");
    QByteArray many = R"("x")";
    for (qsizetype i = 0; i <= kMaxVariantEntries; ++i)
        many += R"(,"x")";
    QTest::newRow("too many") << QByteArray(R"({"a": {"as": [)" + many + "]}}");
}

void TestVariantMap::refusesHostileJson() {
    QFETCH(QByteArray, text);
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    QCOMPARE(error.error, QJsonParseError::NoError);
    QVERIFY(!variantsFromJson(document.object()));
}

void TestVariantMap::survivesMutations() {
    QRandomGenerator random(4711);
    int taken = 0;
    for (int round = 0; round < 3000; ++round) {
        const auto json = variantsToJson(randomMap(random, 0));
        QVERIFY(json);
        QByteArray text = QJsonDocument(*json).toJson(QJsonDocument::Compact);
        for (quint32 i = random.bounded(1U, 4U); i > 0 && !text.isEmpty(); --i)
            text[random.bounded(static_cast<int>(text.size()))] =
                static_cast<char>(random.bounded(32, 127));
        const auto map = variantsFromJson(QJsonDocument::fromJson(text).object());
        if (!map)
            continue;
        ++taken;
        // What is taken can be kept again, and is the same then.
        const auto again = variantsToJson(*map);
        QVERIFY(again);
        const auto back = variantsFromJson(*again);
        QVERIFY(back && same(*back, *map));
    }
    QVERIFY(taken > 0);
}

QTEST_GUILESS_MAIN(TestVariantMap)
#include "test_variant_map.moc"
