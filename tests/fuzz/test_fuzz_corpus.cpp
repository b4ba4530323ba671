// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_entries.h"

#include <QDir>
#include <QFile>
#include <QTest>

namespace sotto::test {

/// Replays what was written as seeds and what the fuzzers once found.
class TestFuzzCorpus : public QObject {
    Q_OBJECT

private slots:
    void replay_data() {
        QTest::addColumn<QString>("folder");
        for (const char* folder : {"client_request", "upstream_response", "names", "special_names",
                                   "cache", "cache_snapshot", "session_store", "tcp_stream"})
            QTest::newRow(folder) << QString(folder);
    }
    void replay() {
        QFETCH(QString, folder);
        const QDir directory(QString(SOTTO_FUZZ_CORPUS) + '/' + folder);
        const auto files = directory.entryInfoList(QDir::Files);
        QVERIFY2(files.size() >= 5, qPrintable(directory.path()));
        for (const QFileInfo& info : files) {
            QFile file(info.filePath());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray octets = file.readAll();
            const FuzzInput input(reinterpret_cast<const std::uint8_t*>(octets.data()),
                                  static_cast<std::size_t>(octets.size()));
            tryClientRequest(input);
            tryUpstreamResponse(input);
            tryNames(input);
            trySpecialNames(input);
            tryCache(input);
            tryTcpStream(input);
            tryCacheSnapshot(input);
            trySessionStore(input);
        }
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestFuzzCorpus)
#include "test_fuzz_corpus.moc"
