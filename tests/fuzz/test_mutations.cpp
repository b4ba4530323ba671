// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_entries.h"
#include "golden_packets.h"

#include <QElapsedTimer>
#include <QTest>

#include <random>

namespace sotto::test {

namespace {

constexpr int kRounds = 20000;
constexpr qint64 kEnoughMillis = 1500; // slower builds do fewer rounds

/// Changes a packet as broken and hostile programs do: octets, counts, lengths, pointers, cuts.
Bytes mutated(Bytes wire, std::mt19937& random) {
    const auto below = [&](std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
    };
    for (std::size_t changes = 1 + below(4); changes > 0 && !wire.empty(); --changes) {
        const std::size_t at = below(wire.size());
        switch (below(7)) {
        case 0:
            wire[at] = static_cast<std::uint8_t>(below(256));
            break;
        case 1:
            wire[at] ^= static_cast<std::uint8_t>(1U << below(8));
            break;
        case 2: // a pointer to anywhere
            wire[at] = static_cast<std::uint8_t>(0xc0 | below(2));
            if (at + 1 < wire.size())
                wire[at + 1] = static_cast<std::uint8_t>(below(wire.size()));
            break;
        case 3:
            wire.resize(at);
            break;
        case 4:
            wire.insert(wire.begin() + static_cast<std::ptrdiff_t>(at), 1 + below(4),
                        static_cast<std::uint8_t>(below(256)));
            break;
        case 5: // a part twice
            wire.insert(wire.end(), wire.begin() + static_cast<std::ptrdiff_t>(at), wire.end());
            break;
        case 6:
            if (wire.size() >= 12)
                ++wire[7 + 2 * below(3)];
            break;
        }
    }
    return wire;
}

template <class Try>
int run(const std::vector<NamedPacket>& packets, std::uint32_t seed, Try&& attempt) {
    std::mt19937 random(seed);
    QElapsedTimer timer;
    timer.start();
    int done = 0;
    for (; done < kRounds && timer.elapsed() < kEnoughMillis; ++done)
        attempt(mutated(packets[random() % packets.size()].wire, random));
    return done;
}

} // namespace

class TestMutations : public QObject {
    Q_OBJECT

private slots:
    void ofRequests() { QVERIFY(run(goldenRequests(), 1, tryClientRequest) > 100); }
    void ofResponses() { QVERIFY(run(goldenResponses(), 2, tryUpstreamResponse) > 100); }
    void ofCacheOperations() { QVERIFY(run(goldenResponses(), 4, tryCache) > 100); }
    void ofStreams() { QVERIFY(run(goldenResponses(), 5, tryTcpStream) > 100); }
    void ofNames() { QVERIFY(run(goldenResponses(), 3, tryNames) > 100); }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestMutations)
#include "test_mutations.moc"
