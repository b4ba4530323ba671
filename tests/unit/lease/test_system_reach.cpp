// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/reach/system_reach.h"

#include "lease/contract/check_name.h"
#include "private_bus.h"
#include "service_thread.h"
#include "stand_in_resolved.h"

#include <QCoreApplication>
#include <QTest>

#include <cstdio>
#include <cstring>
#include <memory>

namespace sotto::test {

using lease::Reach;
using lease::SystemReach;
using systemdns::MechanismId;

namespace {

/// Makes this program the child of a look-up, which finds what a sottod with that key says.
constexpr auto kLookUp = "--look-up";
const QString kKey(32, u'7');
const QString kOtherKey(32, u'8');
const QString kElsewhere = QStringLiteral("192.0.2.7");

QString addressOf(const QString& name, const QString& key) {
    return lease::checkAddress(name.endsWith(u'.') ? name.chopped(1) : name, key);
}

} // namespace

/// Whether the system's look-ups come to sottod: by the C library's part, a child that is this
/// program, and by a systemd-resolved that is not there, on a bus of its own.
class TestSystemReach : public QObject {
    Q_OBJECT

private:
    PrivateBus m_bus;
    ServiceThread m_thread;
    QTemporaryDir m_root;
    std::unique_ptr<StandInResolved> m_resolved;
    int m_questions = 0; ///< that came over the bus; of the thread

    void resolvedLeadsTo(std::function<QStringList(const QString&)> where) {
        m_thread.run([&] {
            m_resolved->leadsTo = [this, where = std::move(where)](const QString& name) {
                ++m_questions;
                return where(name);
            };
        });
    }
    int questions() {
        int count = 0;
        m_thread.run([&] { count = m_questions; });
        return count;
    }

    std::unique_ptr<SystemReach> reach(const QString& childKey = kKey,
                                       const QString& key = kKey) const {
        auto made = std::make_unique<SystemReach>(SystemReach::Options{
            {QCoreApplication::applicationFilePath(), QLatin1String(kLookUp), childKey},
            m_bus.address()});
        made->useKey(key);
        return made;
    }
    static Reach::Answer ask(SystemReach& reach, const QList<MechanismId>& mechanisms) {
        std::optional<Reach::Answer> answer;
        reach.askSystem(mechanisms, [&](const Reach::Answer& given) { answer = given; });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(answer, 20'000); }();
        return answer.value_or(Reach::Answer{true, QStringLiteral("no answer at all")});
    }

private slots:
    void initTestCase() {
        if (!m_bus.fault().isEmpty())
            QSKIP(qPrintable(m_bus.fault()));
    }
    void init() {
        m_thread.run([this] {
            m_questions = 0;
            m_resolved = std::make_unique<StandInResolved>(m_bus.address(), m_root.path());
            m_resolved->start();
        });
    }
    void cleanup() {
        m_thread.run([this] { m_resolved.reset(); });
    }

    void bothWaysLeadHere() {
        resolvedLeadsTo([](const QString& name) { return QStringList{addressOf(name, kKey)}; });
        const auto asker = reach();
        const auto answer = ask(*asker, {MechanismId::Resolved});
        QVERIFY2(answer.came, qPrintable(answer.reason));
        QCOMPARE(answer.reason, QString());
        QCOMPARE(questions(), 1);
    }

    void theBusLeadsElsewhere_data() {
        QTest::addColumn<QString>("key"); // of who answers on the bus; empty: nobody of Sotto's
        QTest::addColumn<QStringList>("beside");
        QTest::newRow("another address") << QString() << QStringList{kElsewhere};
        QTest::newRow("another sottod") << kOtherKey << QStringList();
        QTest::newRow("this one and another address") << kKey << QStringList{kElsewhere};
        QTest::newRow("nowhere") << QString() << QStringList();
        QTest::newRow("an address of IPv6")
            << QString() << QStringList{QStringLiteral("2001:db8::7")};
    }
    void theBusLeadsElsewhere() {
        QFETCH(const QString, key);
        QFETCH(const QStringList, beside);
        resolvedLeadsTo([key, beside](const QString& name) {
            return key.isEmpty() ? beside : QStringList{addressOf(name, key)} + beside;
        });
        const auto asker = reach();
        const auto answer = ask(*asker, {MechanismId::Resolved, MechanismId::PlainFile});
        QVERIFY(!answer.came);
        QCOMPARE(answer.reason, QStringLiteral("another program than sottod answers there"));
        QCOMPARE(questions(), 1);
    }

    void nobodyOnTheBus() {
        m_thread.run([this] { m_resolved->stop(); });
        const auto asker = reach();
        const auto answer = ask(*asker, {MechanismId::Resolved});
        QVERIFY(!answer.came);
        QVERIFY(!answer.reason.isEmpty());
    }

    void theBusIsAskedOnlyWhereItCounts() {
        resolvedLeadsTo([](const QString&) { return QStringList{kElsewhere}; });
        const auto asker = reach();
        const auto answer = ask(*asker, {MechanismId::PlainFile});
        QVERIFY2(answer.came, qPrintable(answer.reason));
        QCOMPARE(questions(), 0);
    }

    void theLibraryLeadsElsewhere() {
        resolvedLeadsTo([](const QString& name) { return QStringList{addressOf(name, kKey)}; });
        const auto asker = reach(kOtherKey);
        const auto answer = ask(*asker, {MechanismId::Resolved});
        QVERIFY(!answer.came);
        QCOMPARE(answer.reason, QStringLiteral("another program than sottod answers there"));
    }

    void withoutAKeyNothingIsReached() {
        resolvedLeadsTo([](const QString&) { return QStringList(); });
        const auto asker = reach(kKey, {});
        const auto answer = ask(*asker, {MechanismId::Resolved});
        QVERIFY(!answer.came);
        QVERIFY(answer.reason.contains(QLatin1String("has not come to the lease keeper yet")));
        QCOMPARE(questions(), 0);
    }

    /// What the reasons say goes into the keeper's log and into the status.
    void reasonsNameNoName() {
        resolvedLeadsTo([](const QString&) { return QStringList{kElsewhere}; });
        const auto asker = reach();
        const auto answer = ask(*asker, {MechanismId::Resolved});
        QVERIFY(!answer.reason.contains(QLatin1String(lease::kCheckZone)));
    }
};

} // namespace sotto::test

int main(int argc, char** argv) {
    using sotto::test::kLookUp;
    if (argc == 4 && std::strcmp(argv[1], kLookUp) == 0) {
        std::printf("%s\n", qPrintable(sotto::test::addressOf(QString::fromLatin1(argv[3]),
                                                              QString::fromLatin1(argv[2]))));
        return 0;
    }
    QCoreApplication application(argc, argv);
    sotto::test::TestSystemReach test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_system_reach.moc"
