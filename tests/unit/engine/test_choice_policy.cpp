// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/choice_policy.h"

#include <QTest>

#include <algorithm>
#include <functional>
#include <map>
#include <random>

using namespace sotto::engine;

namespace sotto::test {

namespace {

using Order = std::vector<std::size_t>;

Order next(ChoicePolicy& policy, const std::vector<Candidate>& candidates,
           std::uint64_t domainHash = 0) {
    Order order{99, 99, 99};
    policy.order(candidates, domainHash, order);
    return order;
}

Candidate named(std::uint64_t identity, bool failing = false) {
    return {failing, 0, identity};
}

/// Hashes of domains, as even as a keyed hash gives them, and the same in each run.
std::vector<std::uint64_t> domains(std::size_t count) {
    std::mt19937_64 random(3);
    std::vector<std::uint64_t> hashes(count);
    std::generate(hashes.begin(), hashes.end(), std::ref(random));
    return hashes;
}

} // namespace

class TestChoicePolicy : public QObject {
    Q_OBJECT

private slots:
    void everyOrderHasAllAndTheFailingLast() {
        for (const Policy kind : {Policy::Sequential, Policy::RoundRobin, Policy::Random,
                                  Policy::Fastest, Policy::Race, Policy::Hashed}) {
            ChoicePolicy policy(kind, 1);
            for (unsigned failing = 0; failing < 32; ++failing) {
                std::vector<Candidate> candidates;
                for (unsigned i = 0; i < 5; ++i)
                    candidates.push_back({(failing >> i & 1U) != 0, i * 1000.0, i});
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
            QVERIFY((next(policy, {{true, 5, 1}}) == Order{0}));
        }
    }

    void sequentialKeepsTheOrder() {
        ChoicePolicy policy(Policy::Sequential, 1);
        for (int i = 0; i < 3; ++i) {
            QVERIFY(
                (next(policy, {{false, 9, 0}, {false, 1, 0}, {false, 0, 0}}) == Order{0, 1, 2}));
            QVERIFY((next(policy, {{true, 9, 0}, {false, 1, 0}, {true, 0, 0}}) == Order{1, 0, 2}));
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
        const std::vector<Candidate> candidates{
            {false, 30000, 0}, {false, 10000, 0}, {false, 20000, 0}};
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
            const Order order = next(policy, {{true, 1, 0}, {false, 20000, 0}, {false, 10000, 0}});
            QVERIFY((order == Order{2, 1, 0}));
        }
    }

    void raceOrdersAsFastest() {
        ChoicePolicy race(Policy::Race, 5);
        ChoicePolicy fastest(Policy::Fastest, 5);
        const std::vector<Candidate> candidates{{false, 30000, 0}, {false, 10000, 0}, {true, 1, 0}};
        for (int i = 0; i < 200; ++i)
            QVERIFY(next(race, candidates) == next(fastest, candidates));
    }

    void hashedIsEvenAndTheSameEachTime() {
        ChoicePolicy policy(Policy::Hashed, 1);
        ChoicePolicy other(Policy::Hashed, 2);
        // Identities in a row are the hardest case for the mixing.
        const std::vector<Candidate> candidates{named(1), named(2), named(3), named(4)};
        std::map<Order, int> seen;
        for (const std::uint64_t domain : domains(24000)) {
            const Order order = next(policy, candidates, domain);
            QVERIFY(order == next(other, candidates, domain));
            ++seen[order];
        }
        QCOMPARE(seen.size(), std::size_t{24});
        for (const auto& [order, count] : seen)
            QVERIFY2(count > 850 && count < 1150, qPrintable(QString::number(count)));
    }

    void hashedDependsNotOnThePlace() {
        ChoicePolicy policy(Policy::Hashed, 1);
        for (const std::uint64_t domain : domains(200)) {
            Order turned = next(policy, {named(9), named(7), named(8)}, domain);
            for (std::size_t& index : turned)
                index = (index + 2) % 3;
            QVERIFY(turned == next(policy, {named(7), named(8), named(9)}, domain));
        }
    }

    void hashedMovesOnlyTheNamesOfOneThatLeaves() {
        ChoicePolicy policy(Policy::Hashed, 1);
        int moved = 0;
        for (const std::uint64_t domain : domains(3000)) {
            const Order all = next(policy, {named(7), named(8), named(9)}, domain);
            const Order without = next(policy, {named(7), named(8)}, domain);
            Order expected = all;
            std::erase(expected, std::size_t{2});
            QVERIFY(without == expected);
            moved += all[0] == 2 ? 1 : 0;
            // One that fails is like one that left, and is tried at last.
            expected.push_back(2);
            QVERIFY(next(policy, {named(7), named(8), named(9, true)}, domain) == expected);
        }
        QVERIFY(moved > 900 && moved < 1100);
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
