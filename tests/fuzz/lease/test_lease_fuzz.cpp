// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease_fuzz_entries.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <random>
#include <vector>

namespace sotto::test {

namespace {

using Octets = std::vector<std::uint8_t>;

constexpr int kRounds = 20'000;
constexpr qint64 kEnoughMillis = 1500; // slower builds do fewer rounds

std::vector<Octets> corpus(const QString& folder) {
    std::vector<Octets> all;
    const QDir directory(QString(SOTTO_FUZZ_CORPUS) + u'/' + folder);
    for (const QFileInfo& info : directory.entryInfoList(QDir::Files)) {
        QFile file(info.filePath());
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray octets = file.readAll();
        all.emplace_back(octets.begin(), octets.end());
    }
    return all;
}

Octets mutated(Octets octets, std::mt19937& random) {
    const auto below = [&](std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
    };
    static const std::string kPieces[] = {"{", "[", "}",  "]",     "\"",
                                          ",", ":", "-1", "1e400", "null"};
    for (std::size_t changes = 1 + below(4); changes > 0 && !octets.empty(); --changes) {
        const auto at = octets.begin() + static_cast<std::ptrdiff_t>(below(octets.size()));
        switch (below(4)) {
        case 0:
            *at = static_cast<std::uint8_t>(below(256));
            break;
        case 1:
            octets.erase(at, at + static_cast<std::ptrdiff_t>(std::min<std::size_t>(
                                      below(20), static_cast<std::size_t>(octets.end() - at))));
            break;
        case 2: {
            const std::string& piece = kPieces[below(std::size(kPieces))];
            octets.insert(at, piece.begin(), piece.end());
            break;
        }
        case 3:
            octets.insert(at, below(200), '[');
            break;
        }
    }
    return octets;
}

} // namespace

/// Replays the corpus of the keeper's readers, and changes of it.
class TestLeaseFuzz : public QObject {
    Q_OBJECT

private slots:
    void replay_data() {
        QTest::addColumn<QString>("folder");
        QTest::newRow("requests") << "lease_request";
        QTest::newRow("journals") << "lease_journal";
    }
    void replay() {
        QFETCH(QString, folder);
        const auto all = corpus(folder);
        QVERIFY(all.size() >= 5);
        std::mt19937 random(8);
        QElapsedTimer timer;
        timer.start();
        for (const Octets& octets : all) {
            tryLeaseRequest(octets);
            tryLeaseJournal(octets);
        }
        for (int round = 0; round < kRounds && timer.elapsed() < kEnoughMillis; ++round) {
            const Octets octets = mutated(all[random() % all.size()], random);
            tryLeaseRequest(octets);
            tryLeaseJournal(octets);
        }
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestLeaseFuzz)
#include "test_lease_fuzz.moc"
