// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/plain_file.h"
#include "systemdns/resolv_conf.h"
#include "temporary_root.h"

#include <QJsonArray>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace sotto::systemdns;

namespace sotto::test {

namespace {

const Target kTarget{{"127.0.0.1"}, 53};
const QString kFile = QStringLiteral("/etc/resolv.conf");

QJsonObject goodFile() {
    return {
        {"kind", "file"},
        {"octets", QString::fromLatin1(QByteArray("nameserver 192.0.2.1\n").toBase64())},
        {"mode", 0644},
        {"uid", static_cast<qint64>(::geteuid())},
        {"gid", static_cast<qint64>(::getegid())},
        {"modified", QJsonObject{{"s", 1'700'000'000}, {"ns", 5}}},
        {"changed", QJsonObject{{"s", 1'700'000'000}, {"ns", 5}}},
    };
}

QJsonObject goodLink() {
    QJsonObject link = goodFile();
    link.insert("kind", "link");
    link.insert("link", "../run/NetworkManager/resolv.conf");
    return link;
}

QJsonObject with(QJsonObject json, const char* name, const QJsonValue& value) {
    json.insert(QLatin1String(name), value);
    return json;
}

} // namespace

/// What a journal says is believed no further than an enemy: apply() and restore() write nothing
/// but /etc/resolv.conf, whatever they are given, and whatever lies in its place.
class TestHostileJournal : public QObject {
    Q_OBJECT

private slots:
    void refusesMalformed_data();
    void refusesMalformed();
    void cutsRightsOff_data();
    void cutsRightsOff();
    void putsLinksButNeverFollowsThem_data();
    void putsLinksButNeverFollowsThem();
    void survivesMutations();
    void ignoresLinksInItsWay_data();
    void ignoresLinksInItsWay();
};

void TestHostileJournal::refusesMalformed_data() {
    QTest::addColumn<QJsonObject>("before");
    QTest::newRow("empty") << QJsonObject();
    QTest::newRow("no kind") << with(goodFile(), "kind", QJsonValue::Undefined);
    QTest::newRow("kind of another type") << with(goodFile(), "kind", 1);
    QTest::newRow("unknown kind") << with(goodFile(), "kind", "device");
    QTest::newRow("no octets") << with(goodFile(), "octets", QJsonValue::Undefined);
    QTest::newRow("octets no text") << with(goodFile(), "octets", QJsonArray{1});
    QTest::newRow("octets no base64") << with(goodFile(), "octets", "n*t base64");
    QTest::newRow("octets too many")
        << with(goodFile(), "octets",
                QString::fromLatin1(QByteArray(ResolvConfState::kMaxOctets + 1, '#').toBase64()));
    QTest::newRow("mode a text") << with(goodFile(), "mode", "0644");
    QTest::newRow("mode negative") << with(goodFile(), "mode", -1);
    QTest::newRow("mode too great") << with(goodFile(), "mode", 0120644);
    QTest::newRow("mode a fraction") << with(goodFile(), "mode", 420.5);
    QTest::newRow("owner negative") << with(goodFile(), "uid", -1);
    QTest::newRow("owner none") << with(goodFile(), "uid", 4294967295LL);
    QTest::newRow("owner too great") << with(goodFile(), "gid", 4294967296LL);
    QTest::newRow("no time") << with(goodFile(), "modified", QJsonValue::Undefined);
    QTest::newRow("time a number") << with(goodFile(), "modified", 5);
    QTest::newRow("time that cannot be")
        << with(goodFile(), "modified", QJsonObject{{"s", 5}, {"ns", 1'000'000'000}});
    QTest::newRow("link empty") << with(goodLink(), "link", "");
    QTest::newRow("link no text") << with(goodLink(), "link", QJsonObject());
    QTest::newRow("link with a zero")
        << with(goodLink(), "link", QString::fromLatin1(QByteArray("a\0b", 3)));
    QTest::newRow("link too long") << with(goodLink(), "link", QString(4096, 'a'));
}

void TestHostileJournal::refusesMalformed() {
    QFETCH(QJsonObject, before);
    const TemporaryRoot root;
    PlainFile file(root.surroundings());
    root.write(kFile, "nameserver 203.0.113.1\n");
    auto earlier = root.etc();
    QVERIFY(file.apply(kTarget, before));
    QCOMPARE(root.etc(), earlier);

    root.write(kFile, composeResolvConf(kTarget.addresses, {}));
    earlier = root.etc();
    QVERIFY(file.restore(kTarget, before));
    QCOMPARE(root.etc(), earlier);
    file.standing(kTarget, before);
}

void TestHostileJournal::cutsRightsOff_data() {
    QTest::addColumn<int>("mode");
    QTest::addColumn<int>("granted");
    QTest::newRow("set-user-ID") << 04755 << 0755;
    QTest::newRow("set-group-ID") << 02644 << 0644;
    QTest::newRow("sticky") << 01644 << 0644;
    QTest::newRow("writable by all") << 0666 << 0664;
    QTest::newRow("everything") << 07777 << 0775;
    QTest::newRow("private") << 0600 << 0600;
}

void TestHostileJournal::cutsRightsOff() {
    QFETCH(int, mode);
    QFETCH(int, granted);
    const TemporaryRoot root;
    PlainFile file(root.surroundings());
    root.write(kFile, composeResolvConf(kTarget.addresses, {}));
    QVERIFY(!file.restore(kTarget, with(goodFile(), "mode", mode)));
    struct stat status {};
    QCOMPARE(::lstat(qPrintable(root.path() + kFile), &status), 0);
    QCOMPARE(static_cast<int>(status.st_mode & 07777U), granted);
}

void TestHostileJournal::putsLinksButNeverFollowsThem_data() {
    QTest::addColumn<QString>("link");
    QTest::newRow("outside, relative") << "../../outside/treasure";
    QTest::newRow("outside, absolute") << "OUTSIDE/treasure";
    QTest::newRow("a new file outside") << "OUTSIDE/new";
    QTest::newRow("a folder outside") << "OUTSIDE";
    QTest::newRow("itself") << "resolv.conf";
    QTest::newRow("the temporary name") << ".resolv.conf.sotto-new";
    QTest::newRow("/proc") << "/proc/self/cwd/etc/passwd";
}

void TestHostileJournal::putsLinksButNeverFollowsThem() {
    QFETCH(QString, link);
    const TemporaryRoot root;
    link.replace("OUTSIDE", root.outside());
    const auto outside = TemporaryRoot::look(root.outside());
    PlainFile file(root.surroundings());
    root.write(kFile, composeResolvConf(kTarget.addresses, {}));
    const QJsonObject before = with(goodLink(), "link", link);
    QVERIFY(!file.restore(kTarget, before));
    QCOMPARE(root.linkTarget(kFile), link);
    QCOMPARE(root.etc().size(), 1);

    // With the link in its place, every call still keeps to the link itself.
    const auto captured = file.capture();
    QVERIFY(std::holds_alternative<QJsonObject>(captured));
    const QString octets = std::get<QJsonObject>(captured).value("octets").toString();
    QVERIFY(!QByteArray::fromBase64(octets.toLatin1()).contains("treasure"));
    QVERIFY(!file.apply(kTarget, before));
    QCOMPARE(root.read(kFile), composeResolvConf(kTarget.addresses, {}));
    QVERIFY(!file.restore(kTarget, goodFile()));
    QCOMPARE(root.read(kFile), "nameserver 192.0.2.1\n");
    QCOMPARE(TemporaryRoot::look(root.outside()), outside);
}

/// Every member replaced by every odd value, in both kinds.
void TestHostileJournal::survivesMutations() {
    const TemporaryRoot root;
    const auto outside = TemporaryRoot::look(root.outside());
    const QList<QJsonValue> odd{
        QJsonValue::Null,
        true,
        -1,
        1e300,
        9'007'199'254'740'993LL,
        "",
        "/",
        "..",
        root.outside() + "/treasure",
        QString(70'000, 'A'),
        QJsonArray{QJsonArray{QJsonObject()}},
        QJsonObject{{"s", "now"}, {"ns", -1}},
    };
    PlainFile file(root.surroundings());
    for (const QJsonObject& good : {goodFile(), goodLink()}) {
        for (const QString& name : good.keys()) {
            for (const QJsonValue& value : odd) {
                QJsonObject before = good;
                before.insert(name, value);
                root.write("/etc/.resolv.conf.blank", composeResolvConf(kTarget.addresses, {}));
                QCOMPARE(::rename(qPrintable(root.path() + "/etc/.resolv.conf.blank"),
                                  qPrintable(root.path() + kFile)),
                         0);
                file.standing(kTarget, before);
                const auto applied = file.apply(kTarget, before);
                const auto restored = file.restore(kTarget, before);
                QCOMPARE(applied.has_value(), restored.has_value());
                file.standing(kTarget, before);
                QCOMPARE(root.etc().keys(), QStringList{root.path() + kFile});
                QCOMPARE(TemporaryRoot::look(root.outside()), outside);
            }
        }
    }
}

void TestHostileJournal::ignoresLinksInItsWay_data() {
    QTest::addColumn<QString>("link");
    QTest::newRow("the new file's name") << "/etc/.resolv.conf.sotto-new";
    QTest::newRow("the folder") << "/etc";
}

void TestHostileJournal::ignoresLinksInItsWay() {
    QFETCH(QString, link);
    const TemporaryRoot root;
    const auto outside = TemporaryRoot::look(root.outside());
    PlainFile file(root.surroundings());
    if (link == QLatin1String("/etc")) {
        QVERIFY(QDir().rmdir(root.path() + link));
        root.link(link, root.outside());
        QVERIFY(!file.look().usable);
        QVERIFY(file.apply(kTarget, goodFile()));
        QVERIFY(file.restore(kTarget, goodFile()));
    } else {
        root.link(link, root.outside() + "/treasure");
        root.write(kFile, "nameserver 203.0.113.1\n");
        QVERIFY(!file.apply(kTarget, goodFile()));
        QCOMPARE(root.etc().size(), 1);
    }
    QCOMPARE(TemporaryRoot::look(root.outside()), outside);
}

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestHostileJournal)
#include "test_hostile_journal.moc"
