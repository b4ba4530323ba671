// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease_world.h"

#include <QTest>

namespace sotto::test {

using lease::State;
using Holder = systemdns::Standing::Holder;

namespace {

const QString& kService = kEarlier.at(0);
const QString& kFile = kEarlier.at(1);

using Story = std::function<void(LeaseWorld&)>;

struct Ending {
    const char* name;
    std::function<void(LeaseWorld&)> begin;
};

/// What may come after the keeper was killed.
const QList<Ending> kEndings{
    {"the service goes on", [](LeaseWorld&) {}},
    {"the service is gone", [](LeaseWorld& world) { world.reach.listens = false; }},
    {"another boot", [](LeaseWorld& world) { world.reboot(); }},
    {"another boot without the service",
     [](LeaseWorld& world) {
         world.reboot();
         world.reach.listens = false;
     }},
};

} // namespace

/// The keeper is killed at every step of every story, and a new one starts: in the end the settings
/// are ours and somebody listens, or they are the earlier ones to the letter.
class TestLeaseKills : public QObject {
    Q_OBJECT

private:
    /// allowed: what the settings may be in the end, beside ours.
    static void killEverywhere(const Story& story, const QList<QStringList>& allowed) {
        LeaseWorld whole;
        story(whole);
        QVERIFY(whole.steps > 0);
        for (const Ending& ending : kEndings) {
            for (int step = 1; step <= whole.steps; ++step) {
                LeaseWorld world;
                world.killAt = step;
                bool killed = false;
                try {
                    story(world);
                } catch (const Killed&) {
                    killed = true;
                }
                QVERIFY(killed);
                const QString where = world.passed.last();
                world.killAt = 0;
                world.endKeeper();
                ending.begin(world);
                world.startKeeper();
                world.advance(11'000);
                QString fault = world.faultOfEnd(allowed.first());
                for (const QStringList& also : allowed.mid(1))
                    fault = fault.isEmpty() ? fault : world.faultOfEnd(also);
                QVERIFY2(fault.isEmpty(),
                         qPrintable(QStringLiteral("%1, killed at step %2 (%3): %4")
                                        .arg(QLatin1String(ending.name))
                                        .arg(step)
                                        .arg(where, fault)));
                QVERIFY(!world.service.capturedOurs && !world.file.capturedOurs);

                // And whatever it is, it can be ended.
                world.lease().giveBack();
                QVERIFY(!world.service.isOurs() && !world.file.isOurs());
                QVERIFY(!world.hasJournal());
            }
        }
    }

private slots:
    void whileTaking() {
        killEverywhere([](LeaseWorld& world) { world.take(); }, {{kService, kFile}});
    }

    void whileTakingFails() {
        killEverywhere(
            [](LeaseWorld& world) {
                world.file.applyFault = QStringLiteral("no");
                world.take();
                world.file.applyFault.clear();
            },
            {{kService, kFile}});
    }

    void whileLookUpsGoElsewhere() {
        killEverywhere(
            [](LeaseWorld& world) {
                world.reach.leads = false;
                world.take();
            },
            {{kService, kFile}});
    }

    void whileGivingBack() {
        killEverywhere(
            [](LeaseWorld& world) {
                world.take();
                world.lease().giveBack();
            },
            {{kService, kFile}});
    }

    void whileAnAgentWrites() {
        const QString newest = QStringLiteral("the new network");
        killEverywhere(
            [newest](LeaseWorld& world) {
                world.take();
                world.write(world.file, newest, Holder::Agent);
            },
            {{kService, kFile}, {kService, newest}});
    }

    void whileTheFileLeadsToTheService() {
        killEverywhere(
            [](LeaseWorld& world) {
                world.file.content = FakeSetting::stub();
                world.take();
                world.lease().giveBack();
            },
            {{kService, FakeSetting::stub()}});
    }

    void whileAnAgentTakesTheFileFromTheService() {
        const QString newest = QStringLiteral("of dhclient");
        killEverywhere(
            [newest](LeaseWorld& world) {
                world.file.content = FakeSetting::stub();
                world.take();
                world.write(world.file, newest, Holder::Agent);
            },
            {{kService, FakeSetting::stub()}, {kService, newest}});
    }

    void whileAPersonTakesTheFileFromTheService() {
        const QString theirs = QStringLiteral("by hand");
        killEverywhere(
            [theirs](LeaseWorld& world) {
                world.file.content = FakeSetting::stub();
                world.take();
                world.write(world.file, theirs, Holder::Person);
            },
            {{kService, FakeSetting::stub()}, {kService, theirs}});
    }

    /// Once the newest values were seen, the older ones never come back.
    void newestValuesAreNotLost() {
        const QString newest = QStringLiteral("the new network");
        LeaseWorld whole;
        whole.take();
        const int before = whole.steps;
        whole.write(whole.file, newest, Holder::Agent);
        whole.lease().giveBack();
        for (int step = before + 1; step <= whole.steps; ++step) {
            LeaseWorld world;
            world.take();
            world.killAt = step;
            try {
                world.write(world.file, newest, Holder::Agent);
                world.lease().giveBack();
                QFAIL("not killed");
            } catch (const Killed&) {
            }
            world.killAt = 0;
            world.startKeeper();
            world.advance(1'000);
            world.lease().giveBack();
            QVERIFY2(world.file.content == newest,
                     qPrintable(world.file.content + u' ' + whole.passed.at(step - 1)));
        }
    }

    void whileYielding() {
        const QString theirs = QStringLiteral("by hand");
        killEverywhere(
            [theirs](LeaseWorld& world) {
                world.take();
                world.write(world.file, theirs, Holder::Person);
            },
            {{kService, kFile}, {kService, theirs}});
    }

    void whileTakingOver() {
        const QString theirs = QStringLiteral("by hand");
        killEverywhere(
            [theirs](LeaseWorld& world) {
                world.take();
                world.write(world.file, theirs, Holder::Person);
                lease::Request request = LeaseWorld::request();
                request.takeOver = true;
                world.take(request);
            },
            {{kService, kFile}, {kService, theirs}});
    }

    /// And then the VPN puts back what it found, which is ours, and no service is there.
    void whileAVpnIsWaitedFor() {
        const auto story = [](LeaseWorld& world) {
            world.file.mayReturn = true;
            world.take();
            world.write(world.file, QStringLiteral("of a VPN"), Holder::Vpn);
            world.lease().giveBack();
        };
        LeaseWorld whole;
        story(whole);
        QCOMPARE(whole.report().state, State::Yielded);
        for (int step = 1; step <= whole.steps; ++step) {
            LeaseWorld world;
            world.killAt = step;
            try {
                story(world);
                QFAIL("not killed");
            } catch (const Killed&) {
            }
            world.killAt = 0;
            world.endKeeper();
            if (world.file.content == QLatin1String("of a VPN"))
                world.file.content = kOurs;
            world.reach.listens = false;
            world.startKeeper();
            world.advance(11'000);
            const QString fault = world.faultOfEnd(kEarlier);
            QVERIFY2(fault.isEmpty(), qPrintable(whole.passed.at(step - 1) + ": " + fault));
            QVERIFY2(!world.hasJournal(), qPrintable(whole.passed.at(step - 1)));
        }
    }

    /// A keeper that is killed while it puts right what a killed one has left.
    void twice() {
        LeaseWorld whole;
        whole.take();
        for (int first = 1; first <= whole.steps; ++first) {
            for (int second = 1;; ++second) {
                LeaseWorld world;
                world.killAt = first;
                try {
                    world.take();
                } catch (const Killed&) {
                }
                world.endKeeper();
                world.reach.listens = false;
                world.killAt = first + second;
                bool killed = false;
                try {
                    world.startKeeper();
                    world.advance(11'000);
                } catch (const Killed&) {
                    killed = true;
                }
                world.killAt = 0;
                world.startKeeper();
                world.advance(11'000);
                const QString fault = world.faultOfEnd({kService, kFile});
                QVERIFY2(
                    fault.isEmpty(),
                    qPrintable(QStringLiteral("%1, %2: %3").arg(first).arg(second).arg(fault)));
                if (!killed)
                    break;
            }
        }
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestLeaseKills)
#include "test_lease_kills.moc"
