// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/choice_policy.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace sotto::engine;

namespace sotto::test {

namespace {

using Order = std::vector<std::size_t>;

Order next(ChoicePolicy& policy, const std::vector<Candidate>& candidates) {
    Order order{99, 99, 99};
    policy.order(candidates, order);
    return order;
}

} // namespace

class TestChoicePolicy : public QObject {
    Q_OBJECT

private slots:
    void everyOrderHasAllAndTheFailingLast() {
        for (const Policy kind :
             {Policy::Sequential, Policy::RoundRobin, Policy::Random, Policy::Fastest}) {
            ChoicePolicy policy(kind, 1);
            for (unsigned failing = 0; failing < 32; ++failing) {
                std::vector<Candidate> candidates;
                for (unsigned i = 0; i < 5; ++i)
                    candidates.push_back({(failing >> i & 1U) != 0, i * 1000.0});
                for (int round = 0; round < 20; ++round) {
                    Order order = next(policy, candidates);
                    QVERIFY(std::is_partitioned(order.begin(), order.end(), [&](std::size_t i) {
                        return !candidates[i].failing;
                    }));
                    std::sort(order.begin(), order.end());
                    QVERIFY((order == Order{0, 1, 2, 3, 4}));
                }
            }
            QVERIFY(next(policy, {}).empty());
            QVERIFY((next(policy, {{true, 5}}) == Order{0}));
        }
    }

    void sequentialKeepsTheOrder() {
        ChoicePolicy policy(Policy::Sequential, 1);
        for (int i = 0; i < 3; ++i) {
            QVERIFY((next(policy, {{false, 9}, {false, 1}, {false, 0}}) == Order{0, 1, 2}));
            QVERIFY((next(policy, {{true, 9}, {false, 1}, {true, 0}}) == Order{1, 0, 2}));
        }
    }

    void roundRobinTakesTurns() {
        ChoicePolicy policy(Policy::RoundRobin, 1);
        const std::vector<Candidate> all(3);
        QVERIFY((next(policy, all) == Order{0, 1, 2}));
        QVERIFY((next(policy, all) == Order{1, 2, 0}));
        QVERIFY((next(policy, all) == Order{2, 0, 1}));
        QVERIFY((next(policy, all) == Order{0, 1, 2}));
    }

    void randomIsEven() {
        ChoicePolicy policy(Policy::Random, 1);
        std::map<Order, int> seen;
        for (int i = 0; i < 6000; ++i)
            ++seen[next(policy, std::vector<Candidate>(3))];
        QCOMPARE(seen.size(), std::size_t{6});
        for (const auto& [order, count] : seen)
            QVERIFY2(count > 800 && count < 1200, qPrintable(QString::number(count)));
    }

    void fastestPrefersTheFaster() {
        ChoicePolicy policy(Policy::Fastest, 1);
        const std::vector<Candidate> candidates{{false, 30000}, {false, 10000}, {false, 20000}};
        std::array<int, 3> first{};
        for (int i = 0; i < 3000; ++i) {
            const Order order = next(policy, candidates);
            ++first[order[0]];
            // Behind the winner the rest stands by its speed.
            QVERIFY(candidates[order[1]].smoothedRttMicros <
                    candidates[order[2]].smoothedRttMicros);
        }
        QVERIFY(first[1] > 1800 && first[1] < 2200); // in two of the three pairs
        QVERIFY(first[2] > 800 && first[2] < 1200);
    }

    void fastestLeavesTheFailingOutOfTheDraw() {
        ChoicePolicy policy(Policy::Fastest, 1);
        for (int i = 0; i < 100; ++i) {
            const Order order = next(policy, {{true, 1}, {false, 20000}, {false, 10000}});
            QVERIFY((order == Order{2, 1, 0}));
        }
    }

    void seedsDecide() {
        ChoicePolicy one(Policy::Random, 7);
        ChoicePolicy same(Policy::Random, 7);
        for (int i = 0; i < 50; ++i)
            QVERIFY(next(one, std::vector<Candidate>(4)) == next(same, std::vector<Candidate>(4)));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestChoicePolicy)
#include "test_choice_policy.moc"
