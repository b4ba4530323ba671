// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/detection.h"
#include "temporary_root.h"

#include <QTest>

using namespace sotto::systemdns;

namespace sotto::test {

namespace {

/// What a mechanism would say; nothing is ever done with it.
class Stand : public Mechanism {
public:
    Stand(Finding finding, bool otherPorts)
        : m_finding(std::move(finding))
        , m_otherPorts(otherPorts) {}

    MechanismId id() const override { return m_finding.id; }
    Finding look() const override { return m_finding; }
    bool supports(const Target& target) const override {
        return m_otherPorts || target.port == Target::kDnsPort;
    }
    std::variant<QJsonObject, Fault> capture() const override { return Fault{}; }
    std::optional<Fault> apply(const Target&, const QJsonObject&) override { return Fault{}; }
    Standing standing(const Target&, const QJsonObject&) const override { return {}; }
    std::optional<Fault> restore(const Target&, const QJsonObject&) override { return Fault{}; }
    Coverage coverage(const Target&) const override { return {}; }
    void watch() override {}

private:
    Finding m_finding;
    bool m_otherPorts;
};

const QStringList kOrder{"systemd-resolved", "networkmanager", "resolvconf", "file"};

} // namespace

/// Which of the mechanisms a lease is to use.
class TestDetection : public QObject {
    Q_OBJECT

private slots:
    void chooses_data();
    void chooses();
    void knowsAllInOrder();
};

void TestDetection::chooses_data() {
    QTest::addColumn<QStringList>("usable"); // with "beside": the file passes systemd-resolved
    QTest::addColumn<int>("port");
    QTest::addColumn<QString>("wanted");
    QTest::addColumn<QStringList>("chosen");
    QTest::addColumn<QString>("reason");
    const QString& resolved = kOrder.at(0);
    const QString& networkManager = kOrder.at(1);
    const QString& resolvconf = kOrder.at(2);
    const QString& file = kOrder.at(3);

    QTest::newRow("all") << kOrder << 53 << "" << QStringList{resolved} << "saw systemd-resolved";
    QTest::newRow("resolved, and a file that passes it by")
        << QStringList{resolved, file, "beside"} << 53 << "" << QStringList{resolved, file}
        << "saw systemd-resolved; saw file";
    QTest::newRow("on another port the file cannot help")
        << QStringList{resolved, file, "beside"} << 5353 << "" << QStringList{resolved}
        << "saw systemd-resolved; programs that read /etc/resolv.conf do not come to it, and file "
           "cannot name port 5353";
    QTest::newRow("nor where it cannot be written")
        << QStringList{resolved, "beside"} << 53 << "" << QStringList{resolved}
        << "saw systemd-resolved; programs that read /etc/resolv.conf do not come to it, and saw "
           "file";
    QTest::newRow("no resolved") << QStringList{networkManager, resolvconf, file} << 53 << ""
                                 << QStringList{networkManager} << "saw networkmanager";
    QTest::newRow("without it, the file is not beside anything")
        << QStringList{networkManager, file, "beside"} << 53 << "" << QStringList{networkManager}
        << "saw networkmanager";
    QTest::newRow("resolvconf") << QStringList{resolvconf, file} << 53 << ""
                                << QStringList{resolvconf} << "saw resolvconf";
    QTest::newRow("file") << QStringList{file} << 53 << "" << QStringList{file} << "saw file";
    QTest::newRow("none") << QStringList{} << 53 << "" << QStringList{}
                          << "saw systemd-resolved; saw networkmanager; saw resolvconf; saw file";
    QTest::newRow("a port that the first cannot name")
        << QStringList{networkManager, file} << 5353 << "" << QStringList{}
        << "saw systemd-resolved; saw resolvconf; networkmanager cannot name port 5353; file "
           "cannot name port 5353";
    QTest::newRow("wanted") << kOrder << 53 << file << QStringList{file} << "saw file";
    QTest::newRow("wanted, with the file beside it")
        << QStringList{resolved, file, "beside"} << 53 << resolved << QStringList{resolved, file}
        << "saw systemd-resolved; saw file";
    QTest::newRow("wanted, but not there")
        << QStringList{resolved, file} << 53 << resolvconf << QStringList{} << "saw resolvconf";
    QTest::newRow("wanted, but not on that port")
        << kOrder << 5353 << file << QStringList{} << "file cannot name port 5353";
}

void TestDetection::chooses() {
    QFETCH(QStringList, usable);
    QFETCH(int, port);
    QFETCH(QString, wanted);
    QFETCH(QStringList, chosen);
    Mechanisms mechanisms;
    for (const QString& name : kOrder) {
        const auto id = mechanismFromText(name);
        QVERIFY(id);
        Finding finding{*id, usable.contains(name), "saw " + name};
        finding.besideResolved = *id == MechanismId::PlainFile && usable.contains("beside");
        mechanisms.push_back(std::make_unique<Stand>(finding, *id == MechanismId::Resolved));
    }
    const Target target{{"127.0.0.1"}, static_cast<quint16>(port)};
    const Detection detection = detect(mechanisms, target, mechanismFromText(wanted));
    QStringList names;
    for (const MechanismId id : detection.chosen)
        names << mechanismText(id);
    QCOMPARE(names, chosen);
    QTEST(detection.reason, "reason");
    QCOMPARE(detection.findings.size(), kOrder.size());
    for (const Finding& finding : detection.findings) {
        const QString name = mechanismText(finding.id);
        const bool lacksPort = usable.contains(name) && port != 53 && name != kOrder.at(0);
        QCOMPARE(finding.reason,
                 lacksPort
                     ? QStringLiteral("saw %1; but %1 cannot name port %2").arg(name).arg(port)
                     : "saw " + name);
    }
}

void TestDetection::knowsAllInOrder() {
    const TemporaryRoot root;
    QStringList names;
    for (const auto& mechanism : allMechanisms(root.surroundings()))
        names << mechanismText(mechanism->id());
    QStringList expected = kOrder;
    expected.removeIf([&](const QString& name) { return !names.contains(name); });
    QCOMPARE(names, expected);
    QVERIFY(names.contains("file"));
}

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestDetection)
#include "test_detection.moc"
